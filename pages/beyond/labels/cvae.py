"""Which class-conditional VAE the page is about: it has a label for every image, as the sidebar's models need none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.shared import cached, controls
from pages.shared.controls import Choice
from vae_core import data
from vae_core.explore.codes import named
from vae_core.models import default_spec
from vae_core.models.classifier import Classifier
from vae_core.specs import ModelSpec

FAMILY, USUAL = "conditional-vae", "mnist_5k"
"""The family, and the data set of the page where that of the sidebar has no such model."""
DIM = "label_dim"


@dataclass(frozen=True, slots=True)
class Subject:
    """A trained class-conditional VAE.

    Attributes:
        spec: its identity.
    """

    spec: ModelSpec

    @property
    def dataset(self) -> str:
        """Name of its data set."""
        return self.spec.dataset

    @property
    def names(self) -> list[str]:
        """Of the labels, in their order."""
        return [str(name) for name in named(np.arange(data.recipe_of(self.dataset).n_classes), data.class_names(self.dataset))]

    @property
    def beside(self) -> ModelSpec | None:
        """The VAE of the same data and d, which is told no label, if it is trained."""
        vae = cached.specs(self.dataset, self.spec.latent_dim).get("vae")
        return vae if vae is not None and cached.is_trained(vae) else None

    def at_every_d(self) -> list[Subject]:
        """Those of the same data set, the smallest d first."""
        return [of_state(self.dataset, f"d = {d}") for d in reversed(dims(self.dataset))]

    @property
    def classifier(self) -> Classifier:
        """Who reads the pictures."""
        return cached.classifier(self.dataset)


def dims(dataset: str) -> list[int]:
    """Latent dimensions at which the model of a data set is trained, the largest first; none where no picture of it could be read."""
    if not data.available(dataset) or cached.classifier(dataset) is None:
        return []
    here = {c.spec for c in cached.checkpoints() if (c.spec.dataset, c.spec.family) == (dataset, FAMILY)}
    known = [spec.latent_dim for spec in here if spec == default_spec(FAMILY, dataset, spec.latent_dim) and cached.is_trained(spec)]
    return sorted(known, reverse=True)


def choose_plane(choice: Choice) -> Subject:
    """That of the sidebar's data set at d = 2, where a plane shows the whole code; where there is none, say which is shown."""
    dataset = choice.dataset if 2 in dims(choice.dataset) else USUAL
    if dataset != choice.dataset:
        st.caption(f"No model of {choice.title} that is told labels is trained here at d = 2: this page shows {controls.called(dataset)}.")
    return of_state(dataset, "d = 2")


def of_state(dataset: str, dim: str) -> Subject:
    """That of a data set, at the size of the code that a link names."""
    return Subject(default_spec(FAMILY, dataset, int(dim.removeprefix("d = "))))


def choose(choice: Choice) -> Subject:
    """Draw the choice of d; where the sidebar's data set has no such model, say which is shown."""
    dataset = choice.dataset if dims(choice.dataset) else USUAL
    if dataset != choice.dataset:
        st.caption(f"No model of {choice.title} that is told labels is trained here: this page shows {controls.called(dataset)}.")
    options = tuple(f"d = {d}" for d in dims(dataset))
    controls.settle(DIM, options, options[0])
    return of_state(dataset, controls.segmented("Size of the code", options, DIM, help="The sidebar's d and model play no part here."))
