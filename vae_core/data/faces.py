"""The Frey faces and the Olivetti faces: one file each, a MATLAB file as published or an .npz of the same images."""

from __future__ import annotations

import io

import numpy as np

from vae_core.data.base import Provenance, Split
from vae_core.data.files import RemoteFile
from vae_core.data.recipe import Recipe
from vae_core.specs import DATASETS

NPZ_SIGNATURE = b"PK"
N_FREY_TEST = 365
PERSONS, PICTURES, PICTURES_TRAIN = 40, 10, 8


def frey_images(data: bytes) -> bytes:
    """The bytes of all 1965 frames, (1965, 28, 20), from either kind of file."""
    if data.startswith(NPZ_SIGNATURE):
        return npz_images(data)
    return matlab_array(data, "ff").T.reshape(1965, 28, 20).astype(np.uint8).tobytes()


def olivetti_images(data: bytes) -> bytes:
    """The bytes of all 400 pictures, (400, 64, 64), in 0..242 as scikit-learn scales them, from either kind of file."""
    if data.startswith(NPZ_SIGNATURE):
        return npz_images(data)
    faces = matlab_array(data, "faces").T.astype(np.float64)
    scaled = (faces - faces.min()) / (faces.max() - faces.min())
    return np.round(242 * scaled).astype(np.uint8).reshape(400, 64, 64).transpose(0, 2, 1).tobytes()  # MATLAB goes by columns


def npz_images(data: bytes) -> bytes:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return arrays["images"].astype(np.uint8, casting="safe").tobytes()


def matlab_array(data: bytes, key: str) -> np.ndarray:
    from scipy.io import loadmat

    return loadmat(io.BytesIO(data), variable_names=[key])[key]


def frey_splits(content: bytes) -> tuple[Split, Split]:
    """Train and test of the film's frames in their order."""
    x = np.frombuffer(content, np.uint8).reshape(-1, *DATASETS["frey_faces"].shape)
    return Split(x[:-N_FREY_TEST], None), Split(x[-N_FREY_TEST:], None)


def olivetti_splits(content: bytes) -> tuple[Split, Split]:
    """Train and test; a label is a person."""
    shape = DATASETS["olivetti_faces"].shape
    x = np.frombuffer(content, np.uint8).reshape(PERSONS, PICTURES, *shape)
    labels = np.repeat(np.arange(PERSONS), PICTURES).reshape(PERSONS, PICTURES)
    train, test = np.s_[:, :PICTURES_TRAIN], np.s_[:, PICTURES_TRAIN:]
    return tuple(Split(x[part].reshape(-1, *shape), labels[part].reshape(-1)) for part in (train, test))


FREY_FACES = Recipe(
    "frey_faces",
    Provenance(
        title="Frey faces",
        source="Brendan Frey's face on film, published by Sam Roweis, https://cs.nyu.edu/~roweis/data.html",
        licence="Unclear: no licence or terms are stated where it is published",
        split="The first 1,600 frames of the film are training images, the last 365 test images.",
    ),
    frey_splits,
    (
        RemoteFile(
            "frey_rawface.mat",
            ("https://cs.nyu.edu/~roweis/data/frey_rawface.mat",),
            1_100_000,
            f"sha256:{DATASETS['frey_faces'].content}",
            other_names=("frey_faces.npz",),
            unpack=frey_images,
        ),
    ),
)

OLIVETTI_FACES = Recipe(
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
)
