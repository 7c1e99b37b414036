"""The frontier while it trains: a kept training can be scrubbed, a grid of digits trains live."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.stats import sem

from pages.rates import cached as rates
from pages.rates.frontier_training import findings
from pages.rates.frontier_training.cached import grid_runs
from pages.shared.words import beside
from tests.harness import assert_answers, assert_sound, charts, conclusion_of, link_of, method_of, opened, value_of, wait_for
from vae_core import data
from vae_core.explore.rates.frontier_numbers import read
from vae_core.explore.rates.frontier_training import Sweep, digits_grid, sweep_of_frames
from vae_core.store import Store
from vae_core.training.grids import specs_of_grid
from vae_core.units import with_interval

TRAINING = "rates/frontier_training"
pytestmark = pytest.mark.usefixtures("checkpoints")


@pytest.mark.usefixtures("shipped_grid")
def test_the_training_can_be_scrubbed_and_the_link_keeps_the_epoch() -> None:
    app = opened(TRAINING, epoch=2)
    assert_answers(app)
    found = rates.frontier_dots("MNIST Bernoulli")[0]
    curve = next(t for t in charts(app)[0]["data"] if t.get("name") == str(found.spec.latent_dim))
    assert any(x == pytest.approx(found.own.history["rate"][1], rel=1e-3) for x in curve["x"])
    assert link_of(app)["epoch"] == "2"


@pytest.fixture
def runs() -> Iterator[None]:
    yield
    for run in grid_runs()._runs.values():
        run.cancel()
    grid_runs.clear()


def test_the_models_that_train_live_are_those_of_the_picture_in_its_order(runs: None) -> None:
    app = opened(TRAINING, sweep="Digits 8 × 8, live", sweep_epochs=20)
    assert float(value_of(app, "Best model without z").split()[0]) < 0.7 * 64 * math.log(2)  # where a model that draws grey begins
    assert "begins far above the star" in conclusion_of(app)
    next(button for button in app.main.button if button.label == "Train all 35").click().run()
    (asked,) = grid_runs()._runs
    assert specs_of_grid(json.loads(asked)) == specs_of_grid(digits_grid(20, 0))


@pytest.mark.slow
def test_a_grid_trains_live_and_can_be_scrubbed_afterwards(runs: None) -> None:
    app = opened(TRAINING, sweep="Digits 8 × 8, live", sweep_epochs=20)
    assert [exception.message for exception in app.exception] == []
    assert app.metric[-1].value.startswith("26.8")
    next(button for button in app.main.button if button.label == "Train all 35").click().run()
    assert any(button.label == "Stop" for button in app.main.button)
    second = opened(TRAINING, sweep="Digits 8 × 8, live", sweep_epochs=20)
    assert any(button.label == "Stop" for button in second.main.button)  # a second visitor joins the same run
    (run,) = grid_runs()._runs.values()
    for holds in (lambda: run.frames, lambda: not run.is_alive):
        wait_for(holds)
        assert_sound(app.run())
    assert app.slider(key="epoch").value == 20
    last = sweep_of_frames(specs_of_grid(digits_grid(20, 0)), run.frames)
    total = last.minus_elbo[-1]
    error = last.elbo_error[-1, total.argmin()]
    assert error > 0.1
    assert value_of(app, "Smallest −ELBO") == f"{with_interval(total.min(), 1.959964 * error)} nats"
    assert "± 95 % confidence interval" in method_of(app, "Smallest −ELBO")
    before = charts(app)[0]["data"]
    for curve in (trace for trace in before if trace.get("mode") == "lines+markers"):
        assert curve["x"][0] > curve["x"][-1]  # β rises along a curve, and R falls
    app.slider(key="epoch").set_value(3).run()
    assert charts(app)[0]["data"] != before
    assert any("35 models, 20 epochs" in caption.value for caption in app.main.caption)


def test_a_visitor_joins_a_grid_but_starts_none(at: type) -> None:
    at.address = "192.168.1.7"
    app = opened(TRAINING, sweep="Digits 8 × 8, live", sweep_epochs=120)
    assert [exception.message for exception in app.exception] == []
    assert not any(button.label.startswith("Train all") for button in app.main.button)
    assert any("Only someone with this server's PIN" in caption.value for caption in app.main.caption)


def test_the_smallest_bound_of_kept_models_has_the_interval_of_its_model() -> None:
    models = [one for one in read().models.values() if (one.spec.dataset, one.spec.network, one.spec.seed) == ("mnist", "conv", 0)]
    ends = {one.spec: one.history["rate"][-1] + one.history["distortion"][-1] for one in models}
    best = min(ends, key=lambda spec: ends[spec])
    half_width = 1.959964 * Store().find(best).metrics["elbo_standard_error"]
    app = opened(TRAINING, sweep="MNIST convolutional")
    assert value_of(app, "Smallest −ELBO") == f"{with_interval(ends[best], half_width)} nats"
    assert "± 95 % confidence interval" in method_of(app, "Smallest −ELBO")
    assert f"smallest −ELBO is {with_interval(ends[best], half_width)} nats" in conclusion_of(app)
    x = data.load("mnist").test.x.reshape(10_000, -1) / 255 if data.available("mnist") else None
    if x is not None:
        p = (data.load("mnist").train.x.reshape(60_000, -1) / 255).mean(0).clip(0.5 / 60_000, 1 - 0.5 / 60_000)
        cost = -(x @ np.log(p) + (1 - x) @ np.log1p(-p))
        assert value_of(app, "Best model without z") == f"{with_interval(cost.mean(), 1.959964 * sem(cost))} nats"


def sweep_with_errors(rate_error: float, elbo_error: float) -> Sweep:
    specs = specs_of_grid(digits_grid(20, 0))
    parts = (4.56789, 20.12345, rate_error, elbo_error)
    return Sweep(specs, 20, 359, *(np.full((2, len(specs)), part) for part in parts))


def test_numbers_of_a_training_whose_standard_errors_are_not_kept_have_three_digits() -> None:
    sweep, text = sweep_with_errors(np.nan, np.nan), beside(findings.__file__)
    assert "smallest −ELBO is 24.7 nats" in findings.conclusion(sweep, text)
    assert "lie between 4.57 and 4.57 nats" in findings.answer(sweep, text)
    assert findings.smallest(sweep)[1].half_width is None


def test_numbers_of_a_live_training_have_their_own_intervals() -> None:
    sweep, text = sweep_with_errors(0.05, 0.3), beside(findings.__file__)
    assert "smallest −ELBO is 24.7 ± 0.6 nats" in findings.conclusion(sweep, text)
    assert "lie between 4.57 ± 0.10 and 4.57 ± 0.10 nats" in findings.answer(sweep, text)
