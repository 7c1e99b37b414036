"""The shapes of images: outlines, which way edges run where, and what the shapes of training images span."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import linalg, ndimage

N_WAYS = 8
"""Directions, evenly spread over the circle, among which that of an edge is shared."""
PLACES = 7
"""Places a side, about, over which edges are gathered: every fourth pixel of 28."""
FINE = 0.7
"""Pixels: the σ by which an image is blurred before its edges are found."""
LEAST = 1e-3
"""Length of outlines below which there are none."""
N_DIRECTIONS = 30
"""Directions in which the shapes of one label may differ from their mean, at most; a fourth of their number, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """What shapes of one label are made of: their mean, (K,), and the directions in which they vary most, (K, Q), of length 1."""

    mean: np.ndarray
    directions: np.ndarray


def outlines(x: np.ndarray, *, at_once: int = 500) -> np.ndarray:
    """How much edge of each direction there is at each place of images as bytes, uint8 (N, C, H, W): float32 (N, K), of length 1 each.

    As histograms of oriented gradients (Dalal & Triggs 2005): an edge, whose sign counts, is shared between the two nearest of `N_WAYS`
    and gathered by a Gaussian about `PLACES` × `PLACES` places; of these sums the square roots are taken. All are 0 where there is no edge.

    Args:
        x: the images.
        at_once: of them, held as floats together.
    """
    return np.concatenate([_outlines(x[first : first + at_once]) for first in range(0, len(x), at_once)])


def _outlines(x: np.ndarray) -> np.ndarray:
    down, across = np.gradient(ndimage.gaussian_filter(x.mean(1, dtype=np.float32) / 255, (0, FINE, FINE)), axis=(1, 2))
    much, way = np.hypot(down, across), np.arctan2(down, across) * (N_WAYS / (2 * math.pi))  # from −N_WAYS/2 to N_WAYS/2
    step = max(1, round(min(x.shape[2:]) / PLACES))
    rows, columns = (_gathering(side, step) for side in x.shape[2:])
    parts = []
    for k in range(N_WAYS):
        away = np.abs(way - k)
        away = np.minimum(away, np.abs(away - N_WAYS))  # in steps between two ways, the short way around
        gathered = rows @ (much * np.maximum(0, 1 - away)) @ columns.T
        parts.append(gathered.reshape(len(x), -1))
    roots = np.sqrt(np.concatenate(parts, 1))
    return roots / np.maximum(np.linalg.norm(roots, axis=1, keepdims=True), LEAST)


def _gathering(n: int, step: int) -> np.ndarray:
    """The weights of n pixels in a row at each place of it, by a Gaussian whose σ is half a step, float32 (P, N)."""
    return np.ascontiguousarray(ndimage.gaussian_filter1d(np.eye(n, dtype=np.float32), step / 2, axis=0)[step // 4 :: step])


def spans(shapes: np.ndarray, labels: np.ndarray | None) -> tuple[Span, ...]:
    """What shapes, (N, K), span, label by label, (N,), or all of them together where there are no labels."""
    groups = [shapes] if labels is None else [shapes[labels == label] for label in np.unique(labels)]
    return tuple(_span(group) for group in groups)


def _span(some: np.ndarray) -> Span:
    mean, n = some.mean(0), min(N_DIRECTIONS, len(some) // 4, some.shape[1])
    if n == 0:
        return Span(mean, np.zeros((len(mean), 0), some.dtype))
    spread = (some - mean).T @ (some - mean)
    return Span(mean, linalg.eigh(spread, subset_by_index=(len(mean) - n, len(mean) - 1))[1])


def away_from(known: tuple[Span, ...], shapes: np.ndarray) -> np.ndarray:
    """Euclidean distance of shapes, (N, K), from the nearest span, (N,)."""
    rests = []
    for span in known:
        rest = shapes - span.mean
        rests.append(np.linalg.norm(rest - rest @ span.directions @ span.directions.T, axis=1))
    return np.min(rests, 0)
