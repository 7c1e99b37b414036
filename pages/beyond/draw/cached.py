"""Caches of *Step by step*: the shipped DRAW models, what they write, and what each test image costs them."""

from __future__ import annotations

from typing import Any

import numpy as np

from pages.shared import cached
from vae_core.explore import paired
from vae_core.explore.beyond import draw
from vae_core.explore.beyond.draw import DATASET, Canvases, StepTerms
from vae_core.models import default_spec
from vae_core.models.draw import Draw, draw_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store
from vae_core.store.companions import folder_in

VAE_DIM = 20


@cached.keep(most=3, of_models=True)
def model(n_steps: int) -> tuple[Draw, dict[str, Any]]:
    """The DRAW model with so many steps, and its figures."""
    return draw.trained(n_steps)


def metrics(n_steps: int) -> dict[str, Any]:
    """Its figures on the test images, as they were kept."""
    return model(n_steps)[1]


def n_weights(n_steps: int) -> int:
    """How many parameters it has."""
    return model(n_steps)[0].n_weights


@cached.recall(most=1)
def are_trained() -> bool:
    """Whether all models that the page compares are here."""
    store = Store()
    return all(folder_in(store, draw_spec(DATASET, n_steps)) is not None for n_steps in draw.STEPS)


@cached.keep(most=3, of_models=True, spinner="Writing every test image …")
def step_terms(n_steps: int) -> StepTerms:
    """`explore.beyond.draw.step_terms` of the model with so many steps."""
    return draw.step_terms(model(n_steps)[0], cached.dataset(DATASET))


@cached.keep(most=1, of_models=True)
def as_vae() -> np.ndarray:
    """`explore.beyond.draw.as_vae` of the model with one step."""
    return cached.fixed(draw.as_vae(model(1)[0], cached.dataset(DATASET)))


def canvases_of_images(n_steps: int, numbers: tuple[int, ...]) -> Canvases:
    """`explore.beyond.draw.canvases_of_images`, which takes a few milliseconds, and is not kept."""
    return draw.canvases_of_images(model(n_steps)[0], cached.dataset(DATASET), numbers)


def canvases_of_prior(n_steps: int, n: int, seed: int) -> Canvases:
    """`explore.beyond.draw.canvases_of_prior`, likewise."""
    return draw.canvases_of_prior(model(n_steps)[0], n, seed)


def vae() -> ModelSpec:
    """The project's VAE of the same images."""
    return default_spec("vae", DATASET, VAE_DIM)


@cached.of_model(most=2, spinner="Encoding every test image …")
def negative_elbo_of_vae(spec: ModelSpec) -> np.ndarray:
    """−ELBO of every test image, (N,)."""
    return cached.fixed(-paired.figure_per_image(cached.model(spec), cached.dataset(DATASET), "elbo"))


def n_weights_of_vae(spec: ModelSpec) -> int:
    """How many parameters it has."""
    return sum(weight.numel() for weight in cached.model(spec).parameters())
