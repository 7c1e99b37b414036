"""The answers to steps of lectures on labels; what a part of the page concludes stands with the part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.beyond.labels import cached as caches
from pages.beyond.labels.cvae import DIM, Subject, of_state
from vae_core.explore.means import Share
from vae_core.specs import ModelSpec


def read_as_asked(state: Mapping[str, Any]) -> dict[str, float | str | Share]:
    """For a lecture: how many test images, decoded with a label that is not their own, are read as it, in percent; how slant is kept."""
    changed = with_another_label(of_state(str(state["dataset"]), str(state[DIM])).spec)
    return {"value": changed["share"].in_percent[0], "n": changed["share"].n, **changed}


def labels_left_in_codes(state: Mapping[str, Any]) -> dict[str, float | Share]:
    """For a lecture: how often the label is told from the code of a model that knew it, in percent, and from that of one that did not."""
    left = labels_left(of_state(str(state["dataset"]), str(state[DIM])))
    return {"value": left["own"].in_percent[0], **left}


def labels_left(subject: Subject) -> dict[str, Any]:
    """For how many test images the nearest codes tell the label: of the model that was told it, and of the VAE that was not; guessing."""
    other = None if subject.beside is None else caches.probed(subject.beside).by_neighbours
    return {"own": caches.probed(subject.spec).by_neighbours, "other": other, "chance": 100 / len(subject.names)}


def right_by_bayes(state: Mapping[str, Any]) -> dict[str, float | Share]:
    """For a lecture: how many points the classifier is right more often than Bayes' rule; 0 where the same images do not tell."""
    both = both_ways(of_state(str(state["dataset"]), str(state[DIM])))
    gap = 100 * (both["classifier"].share - both["bayes"].share)
    return {"value": gap if both["bayes"].is_below(both["classifier"]) else 0.0, "n": both["bayes"].n, **both}


def both_ways(subject: Subject) -> dict[str, Share]:
    """How many test images each way reads right: Bayes' rule with p(x|y), and the classifier."""
    accuracy = subject.classifier.accuracy
    read = Share(round(accuracy.share * accuracy.n_images), accuracy.n_images)
    return {"bayes": caches.of_all(subject.spec).right, "classifier": read}


def with_another_label(spec: ModelSpec) -> dict[str, Any]:
    """How many test images are read as the label that is not their own, and how their slant correlates with that of the originals."""
    changed = caches.changed(spec)
    low, high = changed.slant_kept.interval
    return {"share": changed.as_wanted, "r": changed.slant_kept.value, "low": low, "high": high}
