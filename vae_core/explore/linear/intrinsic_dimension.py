"""Data of many values may fill few dimensions: distances to nearest neighbours, and the dimension that they tell.

In δ dimensions the number of points within a distance grows as its δ-th power. So in many dimensions the nearest point is hardly nearer
than the average one, unless the data lie close to a surface of few dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

NONE_BELOW = 1e-6
"""Distances below this share of the mean one are of copies of one image: rounding, of which a root is taken, and no neighbours."""
HEIGHTS = (1, 2, 3, 4, 5, 7, 10, 14, 20, 28, 40, 64)
"""Heights, in pixels, that images are shrunk to."""
OF_TORI = (1, 2, 5, 10, 20, 50)
"""Dimensions of the tori on which the estimator is tried."""
NEAR = 0.95
"""Share of the test images that count as near to the training images; what is no farther than the farthest of these is as near."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """An intrinsic dimension with its 95 % confidence interval, from n points."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the distances between points say.

    Attributes:
        contrast: mean distance to the nearest point, as a share of the mean distance to all.
        dimension: `two_nn`.
    """

    contrast: float
    dimension: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class AtSize:
    """Images of a size, beside images whose values are uniform on [0, 1].

    Attributes:
        shape: (C, h, w).
        images: of the training images, shrunk to it.
        uniform: of as many uniform ones.
        near: how many of the uniform ones are as near to a training image as `NEAR` of the test images are.
    """

    shape: tuple[int, int, int]
    images: Neighbours
    uniform: Neighbours
    near: int

    @property
    def n_values(self) -> int:
        """P."""
        c, h, w = self.shape
        return c * h * w


def squared_distances(x: np.ndarray, to: np.ndarray) -> np.ndarray:
    """‖x − x′‖² between rows of (N, D) and (M, D), (N, M), in float64."""
    squares = np.square(x).sum(1)[:, None] + np.square(to).sum(1) - 2 * (x @ to.T)
    return np.maximum(squares, 0)


def nearest(x: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Distance of each row of (N, D) to the nearest of (M, D): (N,)."""
    return np.sqrt(squared_distances(x, to).min(1))


def neighbours(x: np.ndarray) -> Neighbours:
    """What the distances between points, (N, D), say."""
    squares = squared_distances(x, x)
    mean = float(np.sqrt(squares).sum() / (len(x) * (len(x) - 1)))
    np.fill_diagonal(squares, np.inf)
    two = np.sqrt(np.partition(squares, 1, axis=1)[:, :2])
    return Neighbours(float(two[:, 0].mean()) / mean if mean else 0.0, two_nn(two[two[:, 0] > NONE_BELOW * mean]))


def two_nn(distances: np.ndarray) -> Estimate:
    """The dimension δ from the ratio μ of the distances to the second nearest and to the nearest neighbour.

    Where points are even at that scale, whatever their density, ln μ is exponential with mean 1/δ (Facco et al. 2017). So n points have
    the unbiased estimate (n − 1)/Σ ln μ, and 2δ Σ ln μ follows χ² with 2n degrees of freedom, as far as the ratios are independent.

    Args:
        distances: to the nearest and the second nearest, (n, 2), none of them 0.
    """
    n, total = len(distances), float(np.log(distances[:, 1] / distances[:, 0]).sum())
    if n < 2 or total <= 0:
        return Estimate(0.0, 0.0, 0.0, n)
    low, high = chi2.ppf((0.025, 0.975), 2 * n) / (2 * total)
    return Estimate((n - 1) / total, float(low), float(high), n)


def torus(n: int, dim: int, n_values: int, seed: int) -> np.ndarray:
    """n points of a flat torus of that dimension in a space of more: (n, n_values). It is curved and has no border.

    Each of its angles, uniform on the circle, is a cosine and a sine; the space is turned at random, which leaves all distances alone.
    """
    rng = np.random.default_rng(seed)
    angles = rng.uniform(0, 2 * np.pi, (n, dim))
    turn = np.linalg.qr(rng.standard_normal((max(n_values, 2 * dim), 2 * dim)))[0]  # columns are orthonormal
    return np.concatenate([np.cos(angles), np.sin(angles)], 1) @ turn.T


def on_tori(n: int, seed: int = 0) -> dict[int, Estimate]:
    """Known dimension → what `two_nn` makes of n points of a torus."""
    return {dim: neighbours(torus(n, dim, 2 * dim, seed)).dimension for dim in OF_TORI}


def shrunk(x: np.ndarray, height: int, width: int) -> np.ndarray:
    """Images, uint8 (N, C, H, W), with each pixel the mean over its area, in [0, 1]: float64 (N, C, height, width)."""
    rows, columns = _areas(x.shape[2], height), _areas(x.shape[3], width)
    return np.einsum("hH,ncHW,wW->nchw", rows, x / 255, columns, optimize=True)


def _areas(n_before: int, n_after: int) -> np.ndarray:
    """Weights of the pixels before in each pixel after, along one side, (n_after, n_before): rows sum to 1."""
    ends = np.arange(n_after + 1) * n_before / n_after
    low, high = np.maximum.outer(ends[:-1], np.arange(n_before)), np.minimum.outer(ends[1:], np.arange(1, n_before + 1))
    return np.maximum(high - low, 0) * n_after / n_before


def sizes(shape: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """The sizes (C, h, w) that images of a shape are looked at in, their own the last."""
    c, height, width = shape
    smaller = [(c, h, max(1, round(h * width / height))) for h in HEIGHTS if h < height]
    return [*smaller, (c, height, width)]


def uniform_images(shape: tuple[int, int, int], n: int, seed: int = 0) -> np.ndarray:
    """n images whose values are uniform on [0, 1], float64 (n, C, h, w)."""
    return np.random.default_rng(seed).random((n, *shape))


def at_size(x_train: np.ndarray, x_test: np.ndarray, shape: tuple[int, int, int]) -> AtSize:
    """What neighbours say at a size.

    Args:
        x_train: uint8 (N, C, H, W).
        x_test: uint8, as well.
        shape: the size, (C, h, w).
    """
    train, test = (shrunk(x, *shape[1:]).reshape(len(x), -1) for x in (x_train, x_test))
    uniform = uniform_images(shape, len(train)).reshape(len(train), -1)
    far = np.quantile(nearest(test, train), NEAR)
    return AtSize(shape, neighbours(train), neighbours(uniform), int((nearest(uniform, train) <= far).sum()))
