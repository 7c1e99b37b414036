"""The Olivetti faces: one file, a MATLAB file as published or an .npz of the same images."""

from __future__ import annotations

import numpy as np

from vae_core.data.array_files import NPZ_SIGNATURE, matlab_array, npz_images
from vae_core.data.base import Provenance, Split
from vae_core.data.files import RemoteFile
from vae_core.data.recipe import Recipe
from vae_core.identities import DATASETS

PERSONS, PICTURES, PICTURES_TRAIN = 40, 10, 8
WIDE_CODE = {
    "hidden": (64,),
    "activation": "silu",
    "n_epochs": 150,
    "batch_size": 32,
    "scale": 0.5,
}
"""Of VAEs of many dimensions, chosen on one training picture in eight (docs/performance.md): where σ is learned, 320 codes lie so far apart
that what is drawn between them is noise."""


def olivetti_images(data: bytes) -> bytes:
    """The bytes of all 400 pictures, (400, 64, 64), in 0..242 as scikit-learn scales them, from either kind of file."""
    if data.startswith(NPZ_SIGNATURE):
        return npz_images(data)
    faces = matlab_array(data, "faces").T.astype(np.float64)
    scaled = (faces - faces.min()) / (faces.max() - faces.min())
    return np.round(242 * scaled).astype(np.uint8).reshape(400, 64, 64).transpose(0, 2, 1).tobytes()  # MATLAB goes by columns


def olivetti_splits(content: bytes) -> tuple[Split, Split]:
    """Train and test; a label is a person."""
    shape = DATASETS["olivetti_faces"].shape
    x = np.frombuffer(content, np.uint8).reshape(PERSONS, PICTURES, *shape)
    labels = np.repeat(np.arange(PERSONS), PICTURES).reshape(PERSONS, PICTURES)
    parts = np.s_[:, :PICTURES_TRAIN], np.s_[:, PICTURES_TRAIN:]
    train, test = (Split(x[part].reshape(-1, *shape), labels[part].reshape(-1)) for part in parts)
    return train, test


RECIPE = Recipe(
    "olivetti_faces",
    Provenance(
        title="Olivetti faces",
        source="AT&T Laboratories Cambridge, 1992 to 1994, https://cam-orl.co.uk/facedatabase.html; scaled to 64 × 64 by Sam Roweis",
        licence="Unclear: no licence is stated, only 'When using these images, please give credit to AT&T Laboratories Cambridge'",
        split="Of each of the 40 persons the first 8 pictures are training images, the last 2 test images.",
    ),
    olivetti_splits,
    (
        RemoteFile(  # the file that scikit-learn's fetch_olivetti_faces downloads, then the place it was copied from
            "olivettifaces.mat",
            ("https://ndownloader.figshare.com/files/5976027", "https://cs.nyu.edu/~roweis/data/olivettifaces.mat"),
            4_260_000,
            f"sha256:{DATASETS['olivetti_faces'].content}",
            other_names=("olivetti_faces.npz",),
            unpack=olivetti_images,
        ),
    ),
    place=5,
    n_classes=40,
    sizes={"conv": {"hidden": (16, 32, 64, 64), "n_epochs": 400, "batch_size": 32}},
    sizes_of={"autoencoder": {"linear": {"n_epochs": 1000, "batch_size": 32, "learning_rate": 1e-2}}},
    sizes_at={("vae", "mlp", d): WIDE_CODE for d in (10, 20)},
)
