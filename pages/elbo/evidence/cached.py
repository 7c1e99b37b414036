"""Caches of why p(x) is hard."""

from __future__ import annotations

from pages.shared import cached
from pages.shared.cached import keep
from vae_core.explore.elbo import guessing
from vae_core.explore.elbo.guessing import Decoder, Draws, Ladder, Quadratic
from vae_core.models.ppca import PPCASpec


def is_trained(dataset: str, latent_dim: int) -> bool:
    """Whether the model is here, so that nothing has to be fitted."""
    return cached.is_trained(PPCASpec(dataset=dataset, latent_dim=latent_dim))


@keep(most=32, of_models=True, spinner="Fitting probabilistic PCA …")
def decoder(dataset: str, latent_dim: int) -> Decoder | None:
    """`explore.elbo.guessing.decoder` of the trained model, else fitted in closed form; None where the images leave no noise."""
    spec = PPCASpec(dataset=dataset, latent_dim=latent_dim)
    if cached.is_trained(spec):
        return guessing.decoder(cached.model(spec))
    try:
        return guessing.fitted(spec, cached.dataset(dataset).train.x)
    except ValueError:
        return None


@keep(most=256, of_models=True)
def quadratic(dataset: str, latent_dim: int, index: int) -> Quadratic:
    """`explore.elbo.guessing.quadratic` of a test image; its decoder must be there."""
    return guessing.quadratic(decoder(dataset, latent_dim), cached.dataset(dataset).test.x[index].ravel() / 255)


@keep(most=32, of_models=True)
def draws(dataset: str, latent_dim: int, index: int, n: int, seed: int, posterior: bool) -> Draws:
    """So many draws of a seed for a test image, from the prior or from the exact posterior."""
    draw = guessing.from_posterior if posterior else guessing.from_prior
    return draw(quadratic(dataset, latent_dim, index), n, seed)


@keep(most=256, of_models=True, spinner="Drawing from 20 seeds …")
def ladder(dataset: str, latent_dim: int, index: int, most: int, posterior: bool) -> Ladder:
    """`explore.elbo.guessing.ladder` of a test image."""
    return guessing.ladder(quadratic(dataset, latent_dim, index), most=most, posterior=posterior)
