"""Caches of the trainings on toys."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.autoencoders import toys
from vae_core.jobs.live_runs import LiveRuns


@cached.keep(most=1)
def toy_runs() -> LiveRuns:
    """The trainings on toys that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.autoencoders.toys", read=toys.from_bytes)


@cached.keep(most=16)
def linear_toy(training_json: str) -> toys.ToyFrame:
    """`explore.autoencoders.toys.linear_frame`: what there is to see before anything is trained."""
    return toys.linear_frame(toys.ToyTraining.from_json(training_json))


@cached.keep(most=64)
def kept_dimensions(training_json: str, beta: float, scale: float) -> tuple[np.ndarray, int]:
    """`explore.autoencoders.toys.kept_dimensions`: what a linear model makes of a weight of the rate."""
    return toys.kept_dimensions(toys.ToyTraining.from_json(training_json), beta, scale)


@cached.keep(most=16)
def train_points(training_json: str) -> np.ndarray:
    """The training points, (N, P)."""
    return toys.ToyTraining.from_json(training_json).points().train.x


@cached.keep(most=16)
def test_points(training_json: str) -> np.ndarray:
    """The test points, (N, P)."""
    return toys.ToyTraining.from_json(training_json).points().test.x


@cached.keep(most=8, spinner="Training for a second or two …")
def trained_toy(training_json: str) -> toys.ToyFrame:
    """The last frame of a training that nobody watches, for an answer."""
    *_, frame = toys.toy_frames(toys.ToyTraining.from_json(training_json))
    return frame
