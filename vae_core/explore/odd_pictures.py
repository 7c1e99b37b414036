"""Pictures that are no images of the data, made of those that are: how sure a model is of them, and whether it finds them unlike."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

Kind = Literal["test image", "negative", "upside down", "two at once", "noise", "blank"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SURE = 0.9
"""From this probability of a class on, a way to tell is called sure."""
UNLIKE = 0.01
"""A picture is unlike the test images if at most this share of them has as small a log p(x)."""


def pictures(x: np.ndarray, kind: Kind) -> np.ndarray:
    """What is made of images, uint8 (N, C, H, W): as many, uint8. `two at once` are an image and the one half of them away."""
    if kind == "noise":
        return np.random.default_rng(0).integers(0, 256, x.shape, dtype=np.uint8)
    made = {
        "test image": lambda: x,
        "negative": lambda: 255 - x,
        "upside down": lambda: np.ascontiguousarray(x[..., ::-1, ::-1]),
        "two at once": lambda: ((x.astype(np.uint16) + np.roll(x, len(x) // 2, axis=0)) // 2).astype(np.uint8),
        "blank": lambda: np.zeros_like(x),
    }
    return made[kind]()


def n_sure(p: np.ndarray) -> int:
    """Of how many pictures one class has a probability of at least `SURE`, p (N, C)."""
    return int((p.max(1) >= SURE).sum())


def share_below(test: np.ndarray, log_px: np.ndarray) -> np.ndarray:
    """The share of test images, (M,), that have a smaller log p(x) than each picture, (N,)."""
    return np.searchsorted(np.sort(test), log_px) / len(test)
