"""Images drawn from a model: from its prior, or from a law fitted to the codes of its training images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import torch

from vae_core.errors import require
from vae_core.explore.latent_pad import decoded
from vae_core.models import LatentModel

CodeLaw = Literal["prior", "gaussian", "mixture"]
N_COMPONENTS = 10
MOST_DIMS = 4096
N_FITTED = 10_000
"""Training codes that a law is fitted to at most."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedLaw:
    """A mixture of Gaussians over codes; one component is a Gaussian.

    Attributes:
        weights: (K,), adding up to 1.
        means: (K, D).
        roots: lower triangular L with covariance LLᵀ, (K, D, D).
    """

    weights: np.ndarray
    means: np.ndarray
    roots: np.ndarray

    def codes(self, noise: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """z = m_k + L_k ε with k drawn by its weight.

        Args:
            noise: ε ~ N(0, I), (N, D).
            uniform: u ~ U(0, 1), (N,), which choose the components.
        """
        k = np.minimum(np.searchsorted(self.weights.cumsum(), uniform), len(self.weights) - 1)
        return self.means[k] + np.einsum("nij,nj->ni", self.roots[k], noise)


def standard_law(latent_dim: int) -> FittedLaw:
    """The prior N(0, I)."""
    return FittedLaw(np.ones(1), np.zeros((1, latent_dim)), np.eye(latent_dim)[None])


def fitted_law(codes: np.ndarray, law: CodeLaw, *, seed: int = 0) -> FittedLaw:
    """A law of codes, (N, D): `prior` ignores them, `gaussian` has their mean and covariance, `mixture` is fitted by EM.

    Args:
        codes: of training images; the first 10,000 are used.
        law: which.
        seed: of the start of EM.
    """
    require(law in get_args(CodeLaw), "law", f"be one of {', '.join(get_args(CodeLaw))}", law)
    z = codes[:N_FITTED].astype(np.float64)
    jitter = 1e-6 * np.eye(z.shape[1])
    if law == "prior":
        return standard_law(z.shape[1])
    if law == "gaussian":
        covariance = np.cov(z.T, bias=True).reshape(z.shape[1], z.shape[1])
        return FittedLaw(np.ones(1), z.mean(0)[None], np.linalg.cholesky(covariance + jitter)[None])
    from sklearn.mixture import GaussianMixture

    fitted = GaussianMixture(max(1, min(N_COMPONENTS, len(z) // 10)), reg_covar=1e-6, random_state=seed).fit(z)
    return FittedLaw(fitted.weights_, fitted.means_, np.linalg.cholesky(fitted.covariances_))


def noise(n: int, latent_dim: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """ε ~ N(0, I), (n, D), and u ~ U(0, 1), (n,), of one seed: fewer dimensions get the first columns of the same noise."""
    require(1 <= latent_dim <= MOST_DIMS, "latent_dim", f"be between 1 and {MOST_DIMS}", latent_dim)
    columns = [np.random.default_rng((seed, j)).standard_normal(n) for j in range(latent_dim)]
    return np.stack(columns, axis=1), np.random.default_rng((seed, MOST_DIMS)).random(n)


@torch.no_grad()
def images_of_codes(model: LatentModel, z: np.ndarray, *, draw_pixels: bool, seed: int) -> np.ndarray:
    """Images of codes, (N, D) → float32 (N, C, H, W): the mean E[x|z], or pixels drawn from p(x|z) where the model has it.

    Args:
        model: a trained model.
        z: the codes.
        draw_pixels: draw x ~ p(x|z) instead of the mean; a deterministic decoder has nothing to draw.
        seed: of the pixels.
    """
    if not (draw_pixels and model.has_density):
        return decoded(model, z)
    law = model.decode(torch.tensor(z, dtype=torch.float32))
    return law.sample(torch.Generator().manual_seed(seed)).numpy().astype(np.float32)


def images_from_prior(model: LatentModel, n: int, *, seed: int, draw_pixels: bool = False) -> np.ndarray:
    """`images_of_codes` of n codes from the prior, float32 (n, C, H, W)."""
    latent_dim = model.spec.latent_dim
    z = standard_law(latent_dim).codes(*noise(n, latent_dim, seed))
    return images_of_codes(model, z, draw_pixels=draw_pixels, seed=seed)
