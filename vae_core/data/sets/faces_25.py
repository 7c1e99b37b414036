"""The 100 small faces, and as many squares without a face, that scikit-image brings along: always there."""

from __future__ import annotations

import io

import numpy as np

from vae_core.data.base import Provenance, Split
from vae_core.data.bundled import bundled_file, every_fifth, require_published
from vae_core.data.recipe import Recipe

N_OF_EACH = 100


def faces_25_splits() -> tuple[Split, Split]:
    """Train and test; a grey level from 0 to 1 becomes the byte round(255 · level).

    Raises:
        DatasetUnavailable: if scikit-image's copy is not there, or not the one that this project knows.
    """
    levels = np.load(io.BytesIO(bundled_file("skimage", "data/lfw_subset.npy")))
    x = np.round(255 * levels).astype(np.uint8)[:, None]  # (200, 1, 25, 25)
    require_published("faces_25", x.tobytes(), "scikit-image")
    return every_fifth(x, np.repeat([0, 1], N_OF_EACH), first=0)


RECIPE = Recipe(
    "faces_25",
    Provenance(
        title="Faces 25 × 25",
        source="Labeled Faces in the Wild: Gary Huang, Manu Ramesh, Tamara Berg and Erik Learned-Miller, 2007, "
        "http://vis-www.cs.umass.edu/lfw; 100 faces and 100 squares of the background, bundled with scikit-image as lfw_subset",
        licence="No licence is stated by its authors, who offer it for research; scikit-image is under the BSD 3-Clause licence",
        split="The first 100 images are faces, the last 100 are not; of each kind every fifth image (rows 0, 5, 10, …) is a test image.",
    ),
    faces_25_splits,
    place=6,
    n_classes=2,
    classes=("face", "no face"),
    usual_dims=(2, 10),
    sizes={"mlp": {"hidden": (16,), "n_epochs": 100, "batch_size": 8, "learning_rate": 3e-3, "augmentation": "warp"}},
    sizes_of={"autoencoder": {"linear": {"n_epochs": 200, "batch_size": 8, "learning_rate": 1e-2}}},
)
