"""PCA of images: how many components hold how much, what K of them keep, and one image moved along the first.

λ are the eigenvalues of the training images' covariance, (P,), largest first; vⱼ unit eigenvectors. Pixels are byte/255, not clipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.errors import require
from vae_core.models.pca import Spectrum

SHARES = (0.90, 0.95, 0.99)
"""Shares of the variance whose numbers of components are told."""


def components_for(eigenvalues: np.ndarray, share: float) -> int:
    """The least number of components that hold at least this share of the variance."""
    held = np.cumsum(eigenvalues) / eigenvalues.sum()
    return int((held < share).sum()) + 1


def train_sse(eigenvalues: np.ndarray) -> np.ndarray:
    """Mean squared error per training image with K = 0 … P components, Σ_{j>K} λⱼ, (P + 1,)."""
    return np.concatenate([np.cumsum(eigenvalues[::-1])[::-1], [0.0]])


def codes(exact: Spectrum, x: np.ndarray, n_components: int) -> np.ndarray:
    """z = Vᵀ(x − x̄) in the first K components, (N, K).

    Args:
        exact: of the training images.
        x: uint8 (N, C, H, W).
        n_components: K.
    """
    return _apart(exact, x) @ exact.components[:n_components].T


def _apart(exact: Spectrum, x: np.ndarray) -> np.ndarray:
    """x − x̄, (N, P)."""
    return x.reshape(len(x), -1) / 255 - exact.mean


def sse_of(exact: Spectrum, x: np.ndarray, n_components: int, *, at_once: int = 500) -> np.ndarray:
    """Squared error of each image with the first K components, (N,); so many images are held as floats together."""
    parts = (x[first : first + at_once] for first in range(0, len(x), at_once))
    return np.concatenate([_sse_of(exact, part, n_components) for part in parts])


def _sse_of(exact: Spectrum, x: np.ndarray, n_components: int) -> np.ndarray:
    error = reconstructions(exact, x, n_components)
    error -= x / 255
    return np.square(error, out=error).reshape(len(x), -1).sum(1)


def reconstructions(exact: Spectrum, x: np.ndarray, n_components: int) -> np.ndarray:
    """x̂ = x̄ + VVᵀ(x − x̄) with the first K components, float (N, C, H, W).

    Raises:
        ValueError: if there are fewer components.
    """
    most = len(exact.components)
    require(0 <= n_components <= most, "n_components", f"be from 0 to {most}", n_components)
    z = codes(exact, x, n_components)
    return (exact.mean + z @ exact.components[:n_components]).reshape(x.shape)


def kept(exact: Spectrum, x: np.ndarray, n_components: int) -> float:
    """How much of what sets images apart from the mean the first K components hold, Σ‖z‖²/Σ‖x − x̄‖² over all of them."""
    apart = _apart(exact, x)
    z = apart @ exact.components[:n_components].T
    return float(np.square(z).sum() / np.square(apart, out=apart).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """A picture that the first components are mixed into: base + Σⱼ (aⱼ − oⱼ)·√λⱼ·vⱼ, a in standard deviations.

    Attributes:
        base: what is moved, the mean or an image, (P,).
        steps: √λⱼ·vⱼ as rows, (k, P).
        origin: o, the base's own codes in standard deviations, rounded to 0.01, (k,).
    """

    base: np.ndarray
    steps: np.ndarray
    origin: np.ndarray

    def at(self, a: np.ndarray) -> np.ndarray:
        """The picture, (P,)."""
        return self.base + (a - self.origin) @ self.steps


def mixture(exact: Spectrum, x: np.ndarray | None, n_components: int) -> Mixture:
    """The first components of an image, uint8 (C, H, W), to be moved, or of the mean where `x` is None."""
    k = min(n_components, exact.rank)
    spread = np.sqrt(exact.eigenvalues[:k])
    steps = spread[:, None] * exact.components[:k]
    if x is None:
        return Mixture(exact.mean, steps, np.zeros(k))
    return Mixture(x.ravel() / 255, steps, np.round(codes(exact, x[None], k)[0] / spread, 2))
