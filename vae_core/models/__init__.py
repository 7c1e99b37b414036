"""The families of models. Adding one is one file here and one line in `FILES`."""

from __future__ import annotations

from dataclasses import MISSING
from functools import lru_cache
from importlib import import_module
from typing import Any

from vae_core.data import recipe_of
from vae_core.errors import require
from vae_core.fields import require_whole
from vae_core.identities import DatasetIdentity, identity
from vae_core.models.base import LatentModel
from vae_core.models.family import Family
from vae_core.specs import ModelSpec

FILES = (
    "pca",
    "ppca",
    "autoencoder",
    "vae",
    "conditional_vae",
)
"""The files of this folder that hold families: each declares its `FAMILIES`, which are shown in this order."""
FAMILIES: dict[str, Family] = {family.name: family for file in FILES for family in import_module(f"{__name__}.{file}").FAMILIES}
DEFAULT_FAMILY = "vae"
"""What the explorer opens with."""


def family(name: str) -> Family:
    """The family of that name.

    Raises:
        ValueError: if there is none.
    """
    require(isinstance(name, str) and name in FAMILIES, "family", f"be one of {', '.join(FAMILIES)}", name)
    return FAMILIES[name]


def unlabelled() -> dict[str, Family]:
    """The families whose models are asked with an image alone: those that are offered wherever an image may have no label."""
    return {name: one for name, one in FAMILIES.items() if not one.needs_labels}


def default_spec(name: str, dataset: str, latent_dim: int, network: str | None = None) -> ModelSpec:
    """The shipped recipe of a family for a data set.

    Raises:
        ValueError: if family, data set or latent dimension are not to be had.
    """
    require_whole("latent_dim", latent_dim)
    require(network is None or isinstance(network, str), "network", "be a name", network)
    return _recipe(name, dataset, identity(dataset), latent_dim, network)


@lru_cache(maxsize=4096)  # a page asks for hundreds of them each time it is drawn
def _recipe(name: str, dataset: str, identity: DatasetIdentity, latent_dim: int, network: str | None) -> ModelSpec:
    chosen = family(name)
    has_labels = recipe_of(dataset).n_classes > 0
    require(has_labels or not chosen.needs_labels, "dataset", f"be one with labels for {name}", dataset)
    return chosen.recipe(dataset, latent_dim, network)


def own_choices(spec: ModelSpec) -> dict[str, Any]:
    """The fields in which a spec differs from the recipe of its family, data set and latent dimension, and their values.

    Beside another network than the recipe's, they are those in which it differs from the recipe with that network.
    """
    try:
        usual = default_spec(spec.family, spec.dataset, spec.latent_dim)
        recipe = default_spec(spec.family, spec.dataset, spec.latent_dim, spec.network)
    except ValueError:  # a network that the recipe does not allow
        return {}
    network = {"network": spec.network} if spec.network != usual.network else {}
    values = {field.name: getattr(spec, field.name) for field in spec.fields()}
    return network | {name: value for name, value in values.items() if value != getattr(recipe, name)}


def spec_from_json(values: dict[str, Any]) -> ModelSpec:
    """The inverse of `ModelSpec.to_json`.

    Raises:
        ValueError: if a field is missing, the family or a field is unknown, or a value is of another type or out of its range.
    """
    require(isinstance(values, dict), "spec", "be a JSON object", values)
    chosen = dict(values)
    spec_type = family(chosen.pop("family", None)).spec
    known = {field.name for field in spec_type.fields()}
    require(set(chosen) <= known, "spec", f"hold only {', '.join(sorted(known))}", sorted(set(chosen) - known))
    needed = {field.name for field in spec_type.fields() if field.default is MISSING}
    require(needed <= set(chosen), "spec", f"hold {', '.join(sorted(needed))}", sorted(chosen))
    return spec_type(**chosen)


def build(spec: ModelSpec) -> LatentModel:
    """A new model of that spec, with weights that nothing was learned into yet."""
    return FAMILIES[spec.family].model(spec)


__all__ = [
    "DEFAULT_FAMILY",
    "FAMILIES",
    "Family",
    "LatentModel",
    "build",
    "default_spec",
    "family",
    "own_choices",
    "spec_from_json",
    "unlabelled",
]
