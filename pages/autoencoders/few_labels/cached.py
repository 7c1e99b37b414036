"""Caches of the page on few labels: what each representation reads, once for all visitors."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.autoencoders import few_labels
from vae_core.explore.autoencoders.few_labels import Accuracies
from vae_core.specs import ModelSpec


@cached.keep(most=2, of=lambda: cached.written_at(few_labels.SHIPPED))
def shipped() -> dict[str, Accuracies]:
    """`explore.autoencoders.few_labels.read` of what came with the program."""
    return few_labels.read()


@cached.keep(most=8, spinner="Fitting classifiers to the pixels …")
def of_pixels(name: str) -> Accuracies:
    """`explore.autoencoders.few_labels.of_pixels` of a data set: as shipped, else fitted."""
    known = shipped().get(few_labels.key_of_pixels(name))
    return few_labels.of_pixels(cached.dataset(name)) if known is None else known


@cached.of_model(most=64, spinner="Fitting classifiers to the codes …")
def of_codes(spec: ModelSpec) -> Accuracies:
    """`explore.autoencoders.few_labels.of_codes` of a trained model: as shipped, else fitted."""
    checkpoint = cached.checkpoint(spec)
    known = None if checkpoint is None else shipped().get(checkpoint.weights_sha256[:16])
    if known is not None:
        return known
    return few_labels.of_codes(cached.model(spec), cached.dataset(spec.dataset))
