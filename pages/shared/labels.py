"""What a model is called among others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from pages.shared.controls import called
from vae_core.drawing.theme import mark
from vae_core.fields import text_of
from vae_core.models import FAMILIES, own_choices
from vae_core.specs import ModelSpec, TrainedSpec

NAMES = {"beta": "β", "scale": "σ", "n_epochs": "epochs", "latent_dim": "d"}
"""Field of a spec → what a person calls it; of every other, its own words."""
VALUES = {
    "mlp": "fully connected",
    "conv": "convolutional",
    "bernoulli": "Bernoulli",
    "continuous_bernoulli": "continuous Bernoulli",
    "gaussian": "Gaussian",
    "laplace": "Laplace",
    "relu": "ReLU",
    "silu": "SiLU",
    "warp_then_none": "warp, then none",
    "salt_and_pepper": "salt and pepper",
}
"""A word of a spec, such as a network or a likelihood → what a person calls it."""


def in_words(value: object) -> str:
    """What stands in a field of a spec, as a person says it."""
    return VALUES.get(str(value), text_of(value).replace("_", " "))


@lru_cache(maxsize=1024)  # of every cached model, each time a page with a list of them is drawn
def label(spec: ModelSpec, *, with_dataset: bool = True) -> str:
    """A spec in a few words: its family, data set unless that is known, dimension, and what sets it apart from the recipe."""
    of = f" of {called(spec.dataset)}" if with_dataset else ""
    own = [f"{NAMES.get(name, name.replace('_', ' '))} {in_words(value)}" for name, value in own_choices(spec).items()]
    return ", ".join([f"{mark(spec.family).short}{of}, d = {spec.latent_dim}", *own])


def in_full(spec: ModelSpec) -> str:
    """Which model a number is of: family, data set, dimension, and how it was made, in a sentence."""
    what = f"{FAMILIES[spec.family].title} of {called(spec.dataset)}, d = {spec.latent_dim}"
    if not isinstance(spec, TrainedSpec):
        return f"Model: {what}; computed in closed form, not trained."
    widths = "-".join(map(str, spec.hidden or ())) or "no hidden layer"
    widths += f", {in_words(spec.activation)}" if spec.activation != "relu" else ""
    beta = f"; β = {spec.beta:g}" if getattr(spec, "beta", 1.0) != 1.0 else ""
    return f"Model: {what}; {in_words(spec.network)} network ({widths}); {spec.n_epochs} epochs{beta}; seed {spec.seed}."


def of_other_recipes(specs: Iterable[ModelSpec]) -> str:
    """Of models of one family at several d, those of another network or training than most: a sentence, or nothing."""
    recipes = {spec.latent_dim: replace(spec, latent_dim=1) for spec in specs}
    usual = Counter(recipes.values()).most_common(1)[0][0] if recipes else None
    others = sorted(d for d, recipe in recipes.items() if recipe != usual)
    name = mark(usual.family).short if usual is not None else ""
    return f"The {name} at d = {', '.join(map(str, others))} has another network or training than at the other d." if others else ""
