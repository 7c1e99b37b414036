"""Principal component analysis: the best linear reconstruction, without a density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from vae_core.distributions import Delta
from vae_core.models.base import LatentModel
from vae_core.models.family import Family
from vae_core.specs import ModelSpec

NONE_BELOW = 1e-12
"""An eigenvalue below this share of the largest is none: what is left of it is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PCASpec(ModelSpec):
    """Exact PCA of the training images; nothing to choose but the number of components."""

    kind: ClassVar[str] = "pca"

    @property
    def largest_latent_dim(self) -> int:
        """Pixels, or training images less one: centred data span no more."""
        return min(self.identity.n_features, self.identity.n_train - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """Mean and eigen-decomposition of the training images' covariance (divided by N), in float64.

    Attributes:
        mean: x̄, (P,).
        eigenvalues: λ, (P,), largest first, never negative.
        components: unit eigenvectors as rows, (P, P), or (N − 1, P) where images are fewer than pixels and span no more; the
            largest loading of each is positive.
    """

    mean: np.ndarray
    eigenvalues: np.ndarray
    components: np.ndarray

    @property
    def rank(self) -> int:
        """How many dimensions the images span: eigenvalues that are more than rounding."""
        return rank(self.eigenvalues)


def rank(eigenvalues: np.ndarray) -> int:
    """How many of the eigenvalues, largest first, are above `NONE_BELOW` of the largest."""
    return int((eigenvalues > NONE_BELOW * eigenvalues[0]).sum())


def spectrum(x: np.ndarray) -> Spectrum:
    """Exact spectrum of images or points, (N, *shape) as uint8 (read as byte/255) or float.

    For bytes the Gram matrix of byte − 128 is summed in float32 over blocks of 1024 rows, where every partial sum is an exact integer
    (128² · 1024 = 2²⁴), and between blocks in float64.
    """
    rows = x.reshape(len(x), -1)
    if len(rows) < rows.shape[1]:
        return _spectrum_of_few(rows)
    is_bytes = rows.dtype == np.uint8
    exact_type: type[np.floating] = np.float32 if is_bytes else np.float64
    block, origin = (1024, 128) if is_bytes else (4096, 0)
    n_features = rows.shape[1]
    gram, total = np.zeros((n_features, n_features)), np.zeros(n_features)
    for first in range(0, len(rows), block):
        part = rows[first : first + block].astype(exact_type)
        part -= origin
        gram += part.T @ part
        total += part.sum(0, dtype=np.float64)
    mean = total / len(rows)
    covariance = gram / len(rows) - np.outer(mean, mean)
    if is_bytes:
        mean, covariance = (mean + origin) / 255, covariance / 255**2
    eigenvalues, vectors = np.linalg.eigh(covariance)
    return Spectrum(mean, eigenvalues[::-1].clip(min=0), _signed(vectors.T[::-1]))


def _spectrum_of_few(rows: np.ndarray) -> Spectrum:
    """The same from the N × N products of the centred images, (N, P) with N < P: N − 1 components, and zeros after their eigenvalues.

    If u is an eigenvector of XXᵀ/N, Xᵀu is one of XᵀX/N of the same eigenvalue (Turk & Pentland 1991, Sec. 2). Made orthonormal from
    the largest down, so that rounding falls on the smallest.
    """
    x = rows / 255 if rows.dtype == np.uint8 else rows.astype(np.float64)
    mean, n_components = x.mean(0), len(x) - 1
    centred = x - mean
    values, vectors = np.linalg.eigh(centred @ centred.T / len(x))
    components, _ = np.linalg.qr(centred.T @ vectors[:, ::-1][:, :n_components])  # (P, N − 1)
    eigenvalues = np.zeros(x.shape[1])
    eigenvalues[:n_components] = values[::-1][:n_components].clip(min=0)
    return Spectrum(mean, eigenvalues, _signed(components.T))


def _signed(components: np.ndarray) -> np.ndarray:
    """Eigenvectors as rows, the largest loading of each made positive."""
    largest = np.abs(components).argmax(1)
    return components * np.sign(components[np.arange(len(components)), largest])[:, None]


class PCA(LatentModel):
    """x̂ = x̄ + VVᵀ(x − x̄) with the leading eigenvectors V of the covariance (Pearson 1901)."""

    has_density = False
    spec: PCASpec
    mean: Tensor
    components: Tensor
    eigenvalues: Tensor

    def __init__(self, spec: PCASpec) -> None:
        super().__init__(spec)
        n_features = spec.identity.n_features
        self.register_buffer("mean", torch.zeros(n_features))
        self.register_buffer("components", torch.zeros(spec.latent_dim, n_features))
        self.register_buffer("eigenvalues", torch.zeros(n_features))

    def posterior(self, x: Tensor) -> Delta:
        """z = Vᵀ(x − x̄), (B, D)."""
        return Delta((x.flatten(1) - self.mean) @ self.components.T)

    def likelihood(self, z: Tensor) -> Delta:
        """x̂ = Vz + x̄, (..., *shape)."""
        return Delta((z @ self.components + self.mean).unflatten(-1, self.shape))

    def sample(self, n: int, generator: torch.Generator) -> Delta:
        """Images at codes drawn from N(0, diag λ), the scale of PCA's own codes; PCA itself has no prior."""
        z = torch.randn((n, self.spec.latent_dim), generator=generator, device=generator.device)
        return self.likelihood(z * self.eigenvalues[: self.spec.latent_dim].sqrt())

    def solve(self, x: np.ndarray) -> None:
        """Mean, leading eigenvectors and all eigenvalues of the images' covariance."""
        exact = spectrum(x)
        self.mean.copy_(torch.from_numpy(exact.mean))
        self.components.copy_(torch.from_numpy(exact.components[: self.spec.latent_dim].copy()))
        self.eigenvalues.copy_(torch.from_numpy(exact.eigenvalues.copy()))


def recipe(dataset: str, latent_dim: int, network: str | None = None) -> PCASpec:
    """The shipped recipe; PCA has no network."""
    return PCASpec(dataset=dataset, latent_dim=latent_dim)


FAMILIES = (
    Family(
        name="pca",
        title="PCA",
        equation="x̂ = x̄ + VVᵀ(x − x̄)",
        spec=PCASpec,
        model=PCA,
        recipe=recipe,
        is_linear=True,
    ),
)
