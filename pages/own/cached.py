"""What a model says of a person's own picture: computed anew, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pages.shared import cached
from vae_core.data import class_names
from vae_core.explore.codes import named
from vae_core.explore.means import Mean, mean_of_few
from vae_core.explore.own import own_images as explore
from vae_core.specs import ModelSpec


def score(spec: ModelSpec, x: np.ndarray) -> Mean:
    """`explore.own.own_images.scores` of one picture, (C, H, W), with its interval over draws, if it is drawn; not kept."""
    draws = explore.score_draws(cached.model(spec), x[None], explore.N_OWN_DRAWS)[:, 0]
    return mean_of_few(draws) if len(draws) > 1 else Mean(float(draws[0]), None, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a classifier reads of a picture: the label, and in words how probable it is, and how often the classifier is right."""

    label: str
    how: str
    accuracy: str


def reading(dataset: str, x: np.ndarray) -> Reading | None:
    """What the classifier of a data set reads of a picture, (C, H, W); None where there is none. Not kept."""
    judge = cached.classifier(dataset)
    if judge is None:
        return None
    found = judge.read(x[None])
    (label,) = named(found.labels, class_names(dataset))
    how = f"Probability {found.confidence[0]:.2f}, by the data set's classifier."
    return Reading(str(label), how, f"Of this classifier: {judge.accuracy.in_words}.")


def score_name(spec: ModelSpec) -> explore.ScoreName:
    """`explore.own.own_images.score_name` of a trained model."""
    return explore.score_name(cached.model(spec))
