"""The Frey faces: one file, a MATLAB file as published or an .npz of the same images."""

from __future__ import annotations

import numpy as np

from vae_core.data.array_files import NPZ_SIGNATURE, matlab_array, npz_images
from vae_core.data.base import Provenance, Split
from vae_core.data.files import RemoteFile
from vae_core.data.recipe import Recipe
from vae_core.identities import DATASETS

N_TEST = 365
WIDE_CODE = {
    "hidden": (200,),
    "activation": "silu",
    "n_epochs": 150,
    "batch_size": 64,
    "scale": 0.08,
    "augmentation": "warp_then_none",
}
"""Of VAEs of many dimensions, chosen on the last 160 training frames (docs/performance.md): a σ that is learned falls to what the learned
frames ask for, and leaves posteriors too narrow for others."""


def frey_images(data: bytes) -> bytes:
    """The bytes of all 1965 frames, (1965, 28, 20), from either kind of file."""
    if data.startswith(NPZ_SIGNATURE):
        return npz_images(data)
    return matlab_array(data, "ff").T.reshape(1965, 28, 20).astype(np.uint8).tobytes()


def frey_splits(content: bytes) -> tuple[Split, Split]:
    """Train and test of the film's frames in their order."""
    x = np.frombuffer(content, np.uint8).reshape(-1, *DATASETS["frey_faces"].shape)
    return Split(x[:-N_TEST], None), Split(x[-N_TEST:], None)


RECIPE = Recipe(
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
    place=4,
    sizes={"mlp": {"hidden": (200,), "n_epochs": 300, "batch_size": 64}},
    sizes_of={"autoencoder": {"linear": {"n_epochs": 600, "batch_size": 64, "learning_rate": 1e-2}}},
    sizes_at={("vae", "mlp", d): WIDE_CODE for d in (10, 20)},
)
