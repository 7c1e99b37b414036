"""A mean is never printed with the interval of another figure: it has the standard error that was kept under its own name, or none."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from scipy.stats import sem

from pages.training import numbers
from vae_core import data
from vae_core.evaluation import NAMES, as_observed, elbo_per_image
from vae_core.explore.autoencoders.toys import ToyFrame
from vae_core.explore.latent import films
from vae_core.explore.means import Mean, mean_of_metrics, part_of_metrics
from vae_core.explore.rates.frontier_training import Sweep
from vae_core.models import default_spec
from vae_core.passes import per_image
from vae_core.statistics import Z_95
from vae_core.store import Store
from vae_core.terms import squared_error
from vae_core.units import with_interval

ENDING = "_standard_error"
FIGURES = tuple(name.removesuffix(ENDING) for name in NAMES if name.endswith(ENDING) and not name.startswith("kl_per_dim"))
"""Every mean of an evaluation that is one number."""
OF_TOYS, OF_FILMS = ("elbo", "rate", "sse", "distortion"), ("log_px", "kl", "elbo", "rmse")


def every_figure(names: tuple[str, ...], ending: str) -> dict[str, float]:
    """Figures and standard errors, each a number that no other is."""
    means = {name: 10.0 + k for k, name in enumerate(names)}
    return means | {f"{name}{ending}": 0.01 * (k + 1) for k, name in enumerate(names)}


def toy_frame(metrics: dict[str, float]) -> ToyFrame:
    others = [np.empty(0)] * (len(inspect.signature(ToyFrame).parameters) - 3)
    return ToyFrame(1, 1, metrics, *others)


def film_frame(metrics: dict[str, float]) -> films.Frame:
    return films.Frame("vae", 1, 1, metrics, *[np.empty(0)] * len(films.ARRAYS))


WAYS = {
    "an evaluation": (FIGURES, ENDING, lambda metrics, name: mean_of_metrics(metrics | {"n_images": 100}, name)),
    "a toy's frame": (OF_TOYS, ENDING, lambda metrics, name: toy_frame(metrics).mean(name)),
    "a film's frame": (OF_FILMS, "_se", lambda metrics, name: film_frame(metrics).mean(name)),
}
CASES = [(way, name) for way, (names, *_) in WAYS.items() for name in names]


@pytest.mark.parametrize(("way", "name"), CASES)
def test_the_interval_of_a_figure_is_its_own_or_none(way: str, name: str) -> None:
    names, ending, mean = WAYS[way]
    metrics = every_figure(names, ending)
    found: Mean = mean(metrics, name)
    assert (found.value, found.half_width) == (metrics[name], pytest.approx(Z_95 * metrics[f"{name}{ending}"]))
    without = {key: value for key, value in metrics.items() if key != f"{name}{ending}"}
    assert mean(without, name).half_width is None
    assert mean(without | {f"{name}{ending}": None}, name).half_width is None


@pytest.mark.parametrize("name", ["rate", "distortion"])
def test_a_part_of_the_elbo_that_has_no_interval_borrows_digits_and_says_none(name: str) -> None:
    metrics = every_figure(FIGURES, ENDING) | {"n_images": 100}
    assert part_of_metrics(metrics, name) == with_interval(metrics[name], Z_95 * metrics[f"{name}{ENDING}"])
    assert "±" not in part_of_metrics(metrics | {f"{name}{ENDING}": None}, name)


def test_a_sweep_gives_rates_and_sums_their_own_intervals() -> None:
    parts = np.arange(1.0, 25.0).reshape(4, 2, 3)
    sweep = Sweep([default_spec("vae", "digits", d) for d in (2, 5, 10)], 2, 100, *parts)
    rate, distortion, rate_error, elbo_error = parts
    for epoch, model in np.ndindex(2, 3):
        at = epoch, model
        assert sweep.mean("rate", epoch + 1, model) == Mean(rate[at], Z_95 * rate_error[at], 100)
        assert sweep.mean("minus_elbo", epoch + 1, model) == Mean((rate + distortion)[at], Z_95 * elbo_error[at], 100)


@pytest.mark.parametrize("term", ["rate", "distortion", "elbo", "sse"])
def test_a_score_of_a_training_has_the_interval_of_the_same_figure_of_its_model(term: str) -> None:
    """The second way: the standard error of what each test image scores."""
    spec = default_spec("vae", "digits", 2)
    model, x = Store().load(spec), data.load("digits").test.x
    if term == "sse":
        column = per_image(model, x, lambda model, part, _: squared_error(part, model.reconstruct(part)))
    else:
        column = getattr(elbo_per_image(model, as_observed(model, x)), term).numpy()
    assert numbers.spread(spec, term, {}) == pytest.approx(1.96 * sem(column), rel=1e-3)
    assert numbers.score(float(column.mean()), spec, term, {}) == with_interval(column.mean(), 1.96 * sem(column))
