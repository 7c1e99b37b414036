"""Caches of the page on linear autoencoders."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.linear import linear_autoencoder
from vae_core.explore.linear.linear_autoencoder import Training
from vae_core.explore.linear.pca_by_hand import cloud
from vae_core.models.pca import Spectrum, spectrum

N_STEPS_ON_POINTS = 600


@cached.keep(most=16)
def on_points(points_seed: int, seed: int) -> tuple[Spectrum, Training]:
    """The points' spectrum, and a training with one latent dimension on them by plain gradient descent."""
    exact = spectrum(cloud(points_seed))
    return exact, linear_autoencoder.train(exact.eigenvalues, 1, n_steps=N_STEPS_ON_POINTS, seed=seed, momentum=0.0)


@cached.keep(most=8, spinner="Training a linear autoencoder …")
def on_images(name: str, latent_dim: int, seed: int) -> Training:
    """`explore.linear.linear_autoencoder.train` on a data set's training images, in their principal basis."""
    exact = cached.spectrum(name)
    return linear_autoencoder.train(exact.eigenvalues[: exact.rank], latent_dim, seed=seed)
