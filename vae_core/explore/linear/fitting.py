"""A density that is fitted to points and to pixels: one Gaussian, K of them, k-means; how it scores new data, and what it draws."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np

from vae_core.explore import em
from vae_core.explore.em import Mixture, State
from vae_core.explore.linear.intrinsic_dimension import nearest
from vae_core.explore.linear.pca_images import codes
from vae_core.models.pca import Spectrum

N_STEPS = 60
"""E and M steps of a fit: on these data, more of them change log p(x) in the third decimal at most."""
N_STEPS_ON_IMAGES = 30


# Points in the plane


def fits(x: np.ndarray, most: int, seed: int, *, is_hard: bool) -> list[State]:
    """What a fit of K = 1 … `most` Gaussians, or means of k-means, ends at.

    Args:
        x: (N, D).
        most: largest K.
        seed: of the points where the means begin.
        is_hard: whether k-means is run, which gives each point to one mean, instead of EM of a mixture.
    """
    path = em.k_means_path if is_hard else em.mixture_path
    return [path(x, k, seed, N_STEPS)[-1] for k in range(1, most + 1)]


def scores(state: State, x: np.ndarray, *, is_hard: bool) -> np.ndarray:
    """log p(x) of points that the fit may not have seen, (N, D) → (N,); of k-means, the squared distance to the nearest mean."""
    model = cast(Mixture, state.model)
    return em.squares(x, model.means).min(1) if is_hard else model.log_px(x)


def density(state: State, axis: np.ndarray) -> np.ndarray:
    """p(x) of a mixture over a square of the plane, rows upwards, (m, m)."""
    places = np.stack(np.meshgrid(axis, axis), -1)
    return np.exp(state.model.log_px(places.reshape(-1, 2))).reshape(places.shape[:2])


# Pixels


@dataclass(frozen=True, slots=True, eq=False)
class PixelMixture:
    """p(x) = Σ_k π_k N(z; μ_k, Σ_k) · N(r; 0, σ²I), with z = Vᵀ(x − x̄) in d components and r in all others.

    With one Gaussian this is probabilistic PCA (Tipping & Bishop 1999, Eq. (7), (8)): Σ = diag(λ₁ … λ_d), σ² the mean of the other λ.

    Attributes:
        exact: spectrum of the images that it was fitted to.
        mixture: of the codes z, (N, d).
        noise: σ².
    """

    exact: Spectrum
    mixture: Mixture
    noise: float

    @property
    def n_components(self) -> int:
        """d."""
        return self.mixture.means.shape[1]

    def log_px(self, x: np.ndarray) -> np.ndarray:
        """log p(x) of images, uint8 (N, C, H, W): (N,), in nats."""
        z = codes(self.exact, x, self.n_components)
        rest = np.square(x.reshape(len(x), -1) / 255 - self.exact.mean).sum(1) - np.square(z).sum(1)
        n_rest = len(self.exact.mean) - self.n_components
        return self.mixture.log_px(z) - 0.5 * (rest / self.noise + n_rest * (math.log(self.noise) + em.LOG_TAU))

    def drawn_codes(self, n: int, seed: int) -> np.ndarray:
        """z of n draws, (n, d)."""
        rng = np.random.default_rng(seed)
        of = rng.choice(len(self.mixture.weights), n, p=self.mixture.weights)
        roots = np.linalg.cholesky(self.mixture.covariances)
        return self.mixture.means[of] + (roots[of] @ rng.standard_normal((n, self.n_components, 1)))[..., 0]

    def pictures(self, z: np.ndarray) -> np.ndarray:
        """x̄ + Vz, the mean of x given z: (N, P), not clipped."""
        return self.exact.mean + z @ self.exact.components[: self.n_components]


def pixel_mixture(exact: Spectrum, x: np.ndarray, n_components: int, k: int, seed: int) -> PixelMixture:
    """K Gaussians fitted to images by EM; one in closed form. None of them is narrower in z than the noise is outside.

    Args:
        exact: of the images.
        x: uint8 (N, C, H, W).
        n_components: d.
        k: how many Gaussians.
        seed: of the images where their means begin.
    """
    z, noise = codes(exact, x, n_components), float(exact.eigenvalues[n_components:].mean())
    if k == 1:
        return PixelMixture(exact, em.fitted(z, np.ones((len(z), 1)), noise), noise)
    return PixelMixture(exact, cast(Mixture, em.mixture_path(z, k, seed, N_STEPS_ON_IMAGES, noise)[-1].model), noise)


def pixel_means(exact: Spectrum, x: np.ndarray, n_components: int, k: int, seed: int) -> PixelMixture:
    """k-means of images in their first d components, as a mixture without widths, which draws nothing but its means."""
    z = codes(exact, x, n_components)
    return PixelMixture(exact, cast(Mixture, em.k_means_path(z, k, seed, N_STEPS_ON_IMAGES)[-1].model), 0.0)


def belongs_to(model: PixelMixture, z: np.ndarray) -> np.ndarray:
    """Which Gaussian has most likely made each code, (N, d), or which mean of k-means is the nearest: (N,)."""
    is_hard = model.noise == 0
    return em.squares(z, model.mixture.means).argmin(1) if is_hard else model.mixture.posterior(z).argmax(1)


def sse_to_means(model: PixelMixture, x: np.ndarray) -> np.ndarray:
    """Squared error of each image, uint8 (N, C, H, W), to its own mean, over all pixels: (N,)."""
    means = model.pictures(model.mixture.means[belongs_to(model, codes(model.exact, x, model.n_components))])
    return np.square(x.reshape(len(x), -1) / 255 - means).sum(1)


def nearest_training(model: PixelMixture, x_train: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Distance of each code, (N, d), to the code of the nearest training image: (N,)."""
    return nearest(z, codes(model.exact, x_train, model.n_components))
