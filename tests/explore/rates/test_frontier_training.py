"""A grid that trains in one pass: its frames, its sweep, and the picture of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import sem

from tests.explore.rates.frontier_grid import GRID
from tests.harness import CPU
from vae_core import data as datasets
from vae_core.explore.rates import frontier, frontier_numbers, frontier_training
from vae_core.explore.rates import frontier_training_figure as frontier_sweep
from vae_core.models import build
from vae_core.store import Store
from vae_core.training.fit import fit
from vae_core.training.grids import specs_of_grid
from vae_core.training.loop import EVALUATION_SEED


def test_a_grid_that_trains_in_one_pass_is_the_models_alone() -> None:
    specs = specs_of_grid(GRID)
    frames = list(frontier_training.train_grid(specs))
    sweep = frontier_training.sweep_of_frames(specs, frames)
    assert sweep.n_done == sweep.n_epochs == 4
    alone = [event.test for event in fit(build(specs[3]), datasets.load("digits"), device=CPU)]
    assert sweep.rate[:, 3] == pytest.approx([test["rate"] for test in alone], rel=1e-3)
    assert sweep.distortion[:, 3] == pytest.approx([test["distortion"] for test in alone], rel=1e-3)


def test_a_training_in_one_pass_knows_its_standard_errors_after_every_epoch() -> None:
    """The second way: the models alone, with the noise that their test images are given, one number an image."""
    specs, images = specs_of_grid(GRID), datasets.load("digits")
    sweep = frontier_training.sweep_of_frames(specs, frontier_training.train_grid(specs))
    for m, spec in enumerate(specs):
        model = build(spec)
        for event in fit(model, images, device=CPU):
            noise = torch.Generator().manual_seed(EVALUATION_SEED)
            with torch.no_grad():
                terms = model.terms(model.observed(torch.tensor(images.test.x), noise), noise)
            for name, column in {"rate": terms.rate.numpy(), "minus_elbo": -terms.elbo.numpy()}.items():
                mean = sweep.mean(name, event.epoch, m)
                assert mean.value == pytest.approx(column.mean(), rel=1e-3)
                assert mean.half_width == pytest.approx(1.96 * sem(column), rel=1e-2)


def test_a_kept_training_has_the_intervals_of_its_models_alone(grid: tuple[Path, Store], numbers_file: Path) -> None:
    found = frontier.dots(specs_of_grid(GRID), {}, frontier_numbers.read(numbers_file).models)
    sweep = frontier_training.sweep_of_dots(found)
    assert sweep.mean("rate", 4, 1).half_width == pytest.approx(1.96 * found[1].own.metrics["rate_standard_error"], rel=1e-3)
    assert sweep.mean("minus_elbo", 4, 1).half_width == pytest.approx(1.96 * found[1].own.metrics["elbo_standard_error"], rel=1e-3)
    assert [sweep.mean(name, 1, 1).half_width for name in ("rate", "minus_elbo")] == [None, None]


def test_the_sweep_shows_each_model_where_it_was_after_the_epoch(grid: tuple[Path, Store], numbers_file: Path) -> None:
    found = frontier.dots(specs_of_grid(GRID), {}, frontier_numbers.read(numbers_file).models)
    sweep = frontier_training.sweep_of_dots(found)
    dims, betas = [spec.latent_dim for spec in sweep.specs], [spec.beta for spec in sweep.specs]
    whole = frontier_sweep.frontier_sweep(dims, betas, sweep.rate, sweep.distortion)
    figure = whole.at(2, animated=True).figure()  # which checks every part of it
    curve = next(trace for trace in figure.data if trace.name == "4")
    assert list(curve.x) == pytest.approx([found[m].own.history["rate"][1] for m in (2, 3)], rel=1e-4)
    assert [frame.name for frame in figure.frames] == ["1", "2", "3", "4"]
    assert list(figure.frames[1].data[3].y) == list(curve.y)
    before = whole.at(0).figure()
    assert (len(before.data), len(before.frames), before.data[3].x) == (len(figure.data), 0, ())


def test_frames_of_a_grid_survive_their_journey() -> None:
    frame = frontier_training.GridFrame(1, 3, 0.5, 359, [1.0, None], [2.0, None], [0.1, None], [0.2, None])
    assert frontier_training.from_bytes(frontier_training.to_bytes(frame)) == frame
    assert np.isnan(frontier_training.sweep_of_frames(specs_of_grid(GRID)[:2], [frame]).rate[0, 1])
