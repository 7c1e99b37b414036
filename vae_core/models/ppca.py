"""Probabilistic PCA: the linear model whose log p(x) and posterior are known exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from vae_core.distributions import LOG_2PI, DiagonalGaussian, Gaussian
from vae_core.errors import require
from vae_core.models.base import LatentModel
from vae_core.models.family import Family
from vae_core.models.pca import spectrum
from vae_core.specs import Likelihood, ModelSpec
from vae_core.terms import ElboTerms


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PPCASpec(ModelSpec):
    """Maximum-likelihood probabilistic PCA; nothing to choose but the number of components."""

    kind: ClassVar[str] = "ppca"

    @property
    def likelihood(self) -> Likelihood:
        """A Gaussian of one variance for all pixels, which is solved for."""
        return "gaussian"

    @property
    def largest_latent_dim(self) -> int:
        """Less than the largest rank that centred data of this size can have; `PPCA.solve` refuses what their own rank does not allow."""
        return min(self.identity.n_features - 1, self.identity.n_train - 2)


class PPCA(LatentModel):
    """z ~ N(0, I), x = Wz + x̄ + noise, noise ~ N(0, σ²I) (Tipping & Bishop 1999).

    Everything is computed in float64: log p(x) is a difference of large numbers.
    """

    has_density = True
    has_exact_log_px = True
    spec: PPCASpec
    mean: Tensor
    weight: Tensor
    noise_variance: Tensor

    def __init__(self, spec: PPCASpec) -> None:
        super().__init__(spec)
        n_features = spec.identity.n_features
        self.register_buffer("mean", torch.zeros(n_features))
        self.register_buffer("weight", torch.zeros(n_features, spec.latent_dim))
        self.register_buffer("noise_variance", torch.ones(()))

    def posterior(self, x: Tensor) -> DiagonalGaussian:
        """The exact posterior N(M⁻¹Wᵀ(x − x̄), σ²M⁻¹), M = WᵀW + σ²I (Tipping & Bishop 1999, Eq. (6)); M is diagonal here."""
        mu = self._posterior_mean(x).to(x.dtype)
        variance = self.noise_variance.double() / self._inner().diagonal()
        return DiagonalGaussian(mu, variance.log().to(x.dtype).expand_as(mu))

    def likelihood(self, z: Tensor) -> Gaussian:
        """N(Wz + x̄, σ²I), over (..., *shape)."""
        mean = z @ self.weight.T + self.mean
        return Gaussian(mean.unflatten(-1, self.shape), self.noise_variance.sqrt(), len(self.shape))

    def terms(self, x: Tensor, generator: torch.Generator | None = None) -> ElboTerms:
        """Distortion ‖x − x̂‖²/2σ² + ½ tr(W M⁻¹ Wᵀ) + ½D ln 2πσ² and rate, both in closed form: nothing is sampled."""
        mu, weight, noise = self._posterior_mean(x), self.weight.double(), self.noise_variance.double()
        variance = noise / self._inner().diagonal()
        residual = self._centred(x) - mu @ weight.T
        expected_sse = (residual**2).sum(-1) + (variance * (weight**2).sum(0)).sum()
        n_features = weight.shape[0]
        distortion = expected_sse / (2 * noise) + 0.5 * n_features * (LOG_2PI + noise.log())
        rate = DiagonalGaussian(mu, variance.log().expand_as(mu)).kl_per_dim().sum(-1)
        return ElboTerms(distortion, rate)

    def log_px(self, x: Tensor) -> Tensor:
        """log N(x; x̄, WWᵀ + σ²I), (B,), by the matrix inversion and determinant lemmas."""
        r, weight, noise = self._centred(x), self.weight.double(), self.noise_variance.double()
        n_features, latent_dim = weight.shape
        explained = ((r @ weight) * self._posterior_mean(x)).sum(-1)
        log_det = torch.logdet(self._inner()) + (n_features - latent_dim) * noise.log()
        return -0.5 * (n_features * LOG_2PI + log_det + ((r**2).sum(-1) - explained) / noise)

    def expected_sse(self, x: Tensor, generator: torch.Generator | None = None, n_samples: int = 1) -> Tensor:
        """E_q‖x − Wz − x̄‖² in closed form, (B,)."""
        noise = self.noise_variance.double()
        constant = 0.5 * self.weight.shape[0] * (LOG_2PI + noise.log())
        return 2 * noise * (self.terms(x).distortion - constant)

    def solve(self, x: np.ndarray) -> None:
        """Maximum likelihood: σ² is the mean of the discarded λ, W = V(Λ − σ²I)^½ (Tipping & Bishop 1999, Eq. (7), (8)).

        Raises:
            ValueError: if d components span all images, so that no variance is left for the noise.
        """
        exact, d = spectrum(x), self.spec.latent_dim
        require(d < exact.rank, "latent_dim", f"be below the rank of the training images ({exact.rank}) for ppca", d)
        noise = exact.eigenvalues[d:].mean()
        weight = exact.components[:d].T * (exact.eigenvalues[:d] - noise).clip(min=0) ** 0.5
        self.mean.copy_(torch.from_numpy(exact.mean))
        self.weight.copy_(torch.from_numpy(weight))
        self.noise_variance.fill_(float(noise))

    def _centred(self, x: Tensor) -> Tensor:
        return x.flatten(1).double() - self.mean.double()

    def _inner(self) -> Tensor:
        """M = WᵀW + σ²I, (D, D)."""
        weight = self.weight.double()
        return weight.T @ weight + self.noise_variance.double() * torch.eye(weight.shape[1], device=weight.device, dtype=weight.dtype)

    def _posterior_mean(self, x: Tensor) -> Tensor:
        """M⁻¹Wᵀ(x − x̄), (B, D), float64."""
        return self._centred(x) @ torch.linalg.solve(self._inner(), self.weight.double().T).T


def recipe(dataset: str, latent_dim: int, network: str | None = None) -> PPCASpec:
    """The shipped recipe; pPCA has no network."""
    return PPCASpec(dataset=dataset, latent_dim=latent_dim)


FAMILIES = (
    Family(
        name="ppca",
        title="Probabilistic PCA",
        equation="x = Wz + x̄ + ε, ε ~ N(0, σ²I)",
        spec=PPCASpec,
        model=PPCA,
        recipe=recipe,
        is_linear=True,
    ),
)
