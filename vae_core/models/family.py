"""What a family of models says of itself, in the file that holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vae_core.models.base import LatentModel
from vae_core.specs import ModelSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One family of models.

    Attributes:
        name: on the command line, in links and in files, and what its mark in figures is found by.
        title: what a person reads.
        equation: what it is, in one line.
        spec: its spec class.
        model: its model class.
        recipe: (dataset, latent_dim, network) -> the spec of the shipped recipe.
        is_linear: whether encoder and decoder are linear maps.
    """

    name: str
    title: str
    equation: str
    spec: type[ModelSpec]
    model: type[LatentModel]
    recipe: Callable[[str, int, str | None], ModelSpec]
    is_linear: bool = False

    @property
    def is_probabilistic(self) -> bool:
        """Whether the family defines log p(x)."""
        return self.model.has_density

    @property
    def needs_labels(self) -> bool:
        """Whether its models are of images of given labels, and so of data sets that have labels only."""
        return self.model.needs_labels
