"""What a model says of a person's own picture: computed anew, and kept nowhere."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.own import own_images as explore
from vae_core.specs import ModelSpec
from vae_core.statistics import standard_error


def score(spec: ModelSpec, x: np.ndarray) -> tuple[float, float | None]:
    """`explore.own.own_images.scores` of one picture, (C, H, W), and its standard error over draws, if it is drawn; not kept."""
    draws = explore.score_draws(cached.model(spec), x[None])[:, 0]
    return float(draws.mean()), standard_error(draws) if len(draws) > 1 else None


def score_name(spec: ModelSpec) -> explore.ScoreName:
    """`explore.own.own_images.score_name` of a trained model."""
    return explore.score_name(cached.model(spec))
