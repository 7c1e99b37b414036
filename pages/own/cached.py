"""Caches of the pages on a person's own pictures: of test images only. What comes from a picture is computed anew, and kept nowhere."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore import codes as latents
from vae_core.explore.own import own_images as explore
from vae_core.specs import ModelSpec


def passage(spec: ModelSpec, x: np.ndarray) -> explore.Passage:
    """`explore.own_images.passage` of a trained model; not kept."""
    return explore.passage(cached.model(spec), x)


def score(spec: ModelSpec, x: np.ndarray) -> tuple[float, float | None]:
    """`explore.own_images.scores` of one picture, (C, H, W), and its standard error over draws, if it is drawn; not kept."""
    draws = explore.score_draws(cached.model(spec), x[None])[:, 0]
    return float(draws.mean()), explore.standard_error(draws)


def score_name(spec: ModelSpec) -> explore.ScoreName:
    """`explore.own_images.score_name` of a trained model."""
    return explore.score_name(cached.model(spec))


def code(spec: ModelSpec, x: np.ndarray) -> latents.Codes:
    """`explore.latents.codes` of one picture, (C, H, W); not kept."""
    return latents.codes(cached.model(spec), x[None])


@cached.of_model(most=32, spinner="Scoring every test image …")
def test_scores(spec: ModelSpec) -> np.ndarray:
    """`explore.own_images.scores` of every test image, (N,)."""
    return cached.fixed(explore.scores(cached.model(spec), cached.dataset(spec.dataset).test.x))
