"""Caches of the page on few labels: what each representation reads, once for all visitors."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.autoencoders import few_labels
from vae_core.explore.autoencoders.few_labels import Accuracies
from vae_core.specs import ModelSpec


@cached.keep(most=8, spinner="Fitting classifiers to the pixels …")
def of_pixels(name: str) -> Accuracies:
    """`explore.autoencoders.few_labels.of_pixels` of a data set."""
    return few_labels.of_pixels(cached.dataset(name))


@cached.of_model(most=64, spinner="Fitting classifiers to the codes …")
def of_codes(spec: ModelSpec) -> Accuracies:
    """`explore.autoencoders.few_labels.of_codes` of a trained model."""
    return few_labels.of_codes(cached.model(spec), cached.dataset(spec.dataset))
