"""Small squares of two colour photographs that scikit-learn brings along: what models of whole photographs learn from.

The left halves are for training, the right halves for testing, so that a right half is a photograph that no model has seen.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

from vae_core.data.base import Provenance, Split
from vae_core.data.bundled import bundled_file, require_published
from vae_core.data.recipe import Recipe

PHOTOGRAPHS = ("china", "flower")
"""Their names; a patch's label is the place of its photograph here."""
TRAIN_PER_PHOTOGRAPH, SEED = 15_000, 0


def photograph(name: str) -> np.ndarray:
    """One of scikit-learn's photographs, uint8 (427, 640, 3).

    Raises:
        ValueError: if there is none of that name.
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"photograph must be one of {', '.join(PHOTOGRAPHS)}, got {name!r}")
    return np.asarray(Image.open(io.BytesIO(bundled_file("sklearn", f"datasets/images/{name}.jpg"))))


def halves(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The left half of a photograph, for training, and the right half, which no model is trained on: (427, 320, 3) each."""
    whole = photograph(name)
    middle = whole.shape[1] // 2
    return whole[:, :middle], whole[:, middle:]


def grid_patches(photograph: np.ndarray, size: int) -> np.ndarray:
    """The patches that tile a photograph from its upper left corner, row by row; what is left at its edges is left out.

    Args:
        photograph: uint8 (H, W, C).
        size: side of a patch, in pixels.

    Returns:
        uint8 (N, C, size, size).
    """
    rows, columns, channels = photograph.shape[0] // size, photograph.shape[1] // size, photograph.shape[2]
    tiles = photograph[: rows * size, : columns * size].reshape(rows, size, columns, size, channels)
    return np.ascontiguousarray(tiles.transpose(0, 2, 4, 1, 3).reshape(-1, channels, size, size))


def random_patches(photograph: np.ndarray, size: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """Patches at corners drawn uniformly, with replacement: uint8 (H, W, C) → (n, C, size, size)."""
    windows = np.lib.stride_tricks.sliding_window_view(photograph, (size, size), axis=(0, 1))  # (H', W', C, size, size)
    rows, columns = rng.integers(0, windows.shape[0], n), rng.integers(0, windows.shape[1], n)
    return windows[rows, columns]


def patch_splits(size: int) -> tuple[Split, Split]:
    """Train and test.

    Raises:
        FileRefused: if scikit-learn's photographs are not those that this project knows.
    """
    rng, parts = np.random.default_rng(SEED), [halves(name) for name in PHOTOGRAPHS]
    train = np.concatenate([random_patches(left, size, TRAIN_PER_PHOTOGRAPH, rng) for left, _ in parts])
    test = [grid_patches(right, size) for _, right in parts]
    x = np.concatenate(test)
    require_published(f"patches_{size}", train.tobytes() + x.tobytes(), "scikit-learn")
    labels = np.repeat(np.arange(len(PHOTOGRAPHS)), TRAIN_PER_PHOTOGRAPH)
    return Split(train, labels), Split(x, np.repeat(np.arange(len(PHOTOGRAPHS)), [len(part) for part in test]))


def patch_recipe(size: int, **suits: Any) -> Recipe:
    """The recipe of patches of that size, with what else suits them."""
    provenance = Provenance(
        title=f"Photo patches {size} × {size}",
        source="china.jpg by danielbuechele, https://www.flickr.com/photos/danielbuechele/6061409035, and flower.jpg by vultilion, "
        "https://www.flickr.com/photos/vultilion/6056698931; bundled with scikit-learn",
        licence="CC BY 2.0",
        split=f"{TRAIN_PER_PHOTOGRAPH:,} patches at random places of each photograph's left half (fixed seed) are training images, "
        "the patches that tile the right halves are test images.",
    )
    linear = {"n_epochs": 30, "batch_size": 256, "learning_rate": 1e-2}
    suits = {"n_classes": len(PHOTOGRAPHS), "classes": PHOTOGRAPHS, "sizes_of": {"autoencoder": {"linear": linear}}, **suits}
    return Recipe(f"patches_{size}", provenance, lambda: patch_splits(size), **suits)
