"""The 8 × 8 digits that scikit-learn brings along: always there."""

from __future__ import annotations

import gzip

import numpy as np

from vae_core.data.base import Provenance, Split
from vae_core.data.bundled import bundled_file, every_fifth, require_published
from vae_core.data.recipe import Frame, Recipe


def digits_splits() -> tuple[Split, Split]:
    """Train and test; a grey level 0..16 becomes the byte round(255 · level / 16).

    Raises:
        DatasetUnavailable: if scikit-learn lacks the file.
        FileRefused: if scikit-learn's copy is not the one that this project knows.
    """
    lines = gzip.decompress(bundled_file("sklearn", "datasets/data/digits.csv.gz")).decode().splitlines()
    table = np.loadtxt(lines, np.int64, delimiter=",")  # (N, 65): the grey levels, and which digit it is
    x = np.round(table[:, :-1] * 255 / 16).astype(np.uint8).reshape(-1, 1, 8, 8)
    require_published("digits", x.tobytes(), "scikit-learn")
    return every_fifth(x, table[:, -1], first=4)


RECIPE = Recipe(
    "digits",
    Provenance(
        title="Digits 8 × 8",
        source="Ethem Alpaydin and Cenk Kaynak, 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
        "https://doi.org/10.24432/C50P49; its test part, bundled with scikit-learn",
        licence="CC BY 4.0",
        split="Every fifth image (rows 4, 9, 14, …) is a test image.",
    ),
    digits_splits,
    place=7,
    n_classes=10,
    usual_dims=(2, 10),
    frame=Frame(8, strokes=(0.8, 1.49, 2.52), brightness=(59.3, 101.1)),  # every digit touches the top and the bottom row
    likelihood="bernoulli",
    sizes={"mlp": {"hidden": (128, 64), "n_epochs": 200, "batch_size": 64}},
    sizes_of={"autoencoder": {"linear": {"n_epochs": 600, "batch_size": 64, "learning_rate": 1e-2}}},
)
