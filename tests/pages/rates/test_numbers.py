"""Numbers and lines of the pages on rates are what the models and the images give when they are worked out again."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
import torch
from scipy.stats import binomtest, sem
from streamlit.testing.v1 import AppTest

from pages.rates import cached as rates
from tests.harness import CPU, charts, method_of, numbers_in, numbers_of, opened, value_of, values, words
from vae_core import data
from vae_core.drawing.theme import mark
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.explore.rates import latent_dim
from vae_core.explore.rates.frontier import Dot
from vae_core.models import LatentModel, default_spec
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.passes import per_image
from vae_core.store import Store
from vae_core.units import earned_places, rounded_to, with_interval

BENT = VAESpec(dataset="digits", latent_dim=4, hidden=(32,), likelihood="gaussian", scale=0.4, n_epochs=5, batch_size=32)


@pytest.fixture(scope="module", autouse=True)
def bent(checkpoints: Store) -> LatentModel:
    """A network with a Gaussian likelihood, σ = 0.4: the one model of digits that has a water level."""
    checkpoints.train(BENT, device=CPU)
    return checkpoints.load(BENT)


@cache
def variances() -> np.ndarray:
    """λ of the covariance of the training digits, (64,), largest first."""
    x = data.load("digits").train.x.reshape(-1, 64) / 255
    return np.linalg.eigvalsh(np.cov(x.T, bias=True))[::-1]


def linear_rate(tau: float) -> float:
    """Σ ½ ln(λⱼ/τ) of what stands above the water."""
    return sum(0.5 * np.log(v / tau) for v in variances() if v > tau)


def linear_error(tau: float) -> float:
    """Σ min(λⱼ, τ)."""
    return float(np.minimum(variances(), tau).sum())


def trace_named(app: AppTest, name: str) -> dict:
    return next(trace for trace in charts(app)[0]["data"] if trace.get("name", "").startswith(name))


def chosen_dot() -> Dot:
    """A model of the plane with β ≠ 1, whose loss is not its ELBO."""
    dots = [dot for dot in rates.frontier_dots("MNIST Bernoulli") if dot.has_weights and dot.spec.beta > 1 and dot.spec.latent_dim > 2]
    if not dots:
        pytest.skip("train it first: python -m vae_core ship checkpoints/shipped/frontier.json")
    return dots[0]


def readout(dot: Dot) -> str:
    app = opened("rates/frontier", beta=f"{dot.spec.beta:g}", d=dot.spec.latent_dim)
    return next(markdown.value for markdown in app.main.markdown if markdown.value.startswith("R "))


def test_the_readout_of_the_plane_is_rate_plus_distortion_of_the_chosen_model() -> None:
    dot = chosen_dot()
    metrics = Store().find(dot.spec).metrics
    errors = [1.96 * metrics[f"{name}_standard_error"] for name in ("rate", "distortion", "elbo")]
    means = (rate := sum(metrics["kl_per_dim"])), -metrics["elbo"] - rate, -metrics["elbo"]
    assert readout(dot) == "R {}, D {}: **−ELBO {} nats**".format(*map(with_interval, means, errors))


@pytest.mark.data
def test_the_readout_of_the_plane_is_what_the_weights_score_on_every_test_image_each_with_its_own_interval() -> None:
    dot = chosen_dot()
    model = Store().load(dot.spec)
    terms = elbo_per_image(model, as_observed(model, data.load("mnist").test.x))
    columns = (terms.rate.numpy(), terms.distortion.numpy(), -terms.elbo.numpy())
    assert readout(dot) == "R {}, D {}: **−ELBO {} nats**".format(*(with_interval(one.mean(), 1.96 * sem(one)) for one in columns))


@pytest.mark.parametrize(("unit", "nats"), [("nats", 1.0), ("bits", np.log(2))])
def test_the_tangent_touches_the_curve(unit: str, nats: float) -> None:
    app = opened("rates/water_filling", dataset="digits", rate_unit=unit)
    slider = app.main.select_slider(key="tau")
    tau = float(next(option for option in slider.options if float(option) < 0.12))
    slider.set_value(f"{tau:g}").run()
    (x0, x1), (y0, y1) = (values(trace_named(app, "tangent")[axis]) for axis in "xy")
    low, high = 0.999 * tau, 1.001 * tau
    slope = (linear_error(high) - linear_error(low)) / (linear_rate(high) - linear_rate(low)) * nats
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, rel=1e-3)
    assert y0 + slope * (linear_rate(tau) / nats - x0) == pytest.approx(linear_error(tau), rel=1e-3)


@torch.no_grad()
def test_a_network_is_worth_what_it_saves_on_the_linear_model_of_its_own_rate(bent: LatentModel) -> None:
    x = data.load("digits").train.x
    q = bent.encode(model_input(x, CPU))
    rates = (0.5 * (q.mean**2 + q.variance - q.variance.log() - 1)).sum(1).double().numpy()
    rate = rates.mean()
    low, high = 1e-6, float(variances()[0])
    for _ in range(60):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if linear_rate(middle) > rate else (low, middle)
    errors = per_image(bent, x, lambda model, part, noise: model.expected_sse(part, noise))
    linear, own, half_widths = linear_error(low), errors.mean(), [1.96 * sem(column) for column in (rates, errors)]
    app = opened("rates/water_filling", dataset="digits")
    said = f"R = {with_interval(rate, half_widths[0])} nats, expected SSE {with_interval(own, half_widths[1])}"
    assert f"{said}; the best linear model has {rounded_to(linear, earned_places(half_widths[1]))}." in method_of(app, "SSE saved by")
    assert any(said in text for trace in charts(app)[0]["data"] for text in np.ravel(trace.get("text", [])))
    assert numbers_in(value_of(app, "SSE saved by"))[0] == f"{linear - own:.2f}".replace("-", "−")


def test_the_doctor_draws_half_the_logarithm_that_a_linear_model_would_spend() -> None:
    app = opened("rates/doctor", dataset="digits", latent_dim=4)
    patients = app.selectbox(key="patient")
    patients.select(next(option for option in patients.options if "Gaussian 0.4" in option)).run()
    tau = BENT.beta * BENT.scale**2
    expected = [0.5 * np.log(max(v, tau) / tau) for v in variances()[: BENT.latent_dim]]
    assert expected[0] > 0.1
    assert values(trace_named(app, "linear model")["y"]) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("preset", "variance", "beta"), [("4 KL, SSE", 1 / 2, 4), ("mean MSE + 0.00025 KL", 64 / 2, 0.00025)])
def test_a_preset_brings_its_weight_of_the_kl(preset: str, variance: float, beta: float) -> None:
    app = opened("rates/collapse", dataset="digits", latent_dim=10)
    app.selectbox(key="loss_preset").select(preset).run()
    assert app.selectbox(key="loss_preset").value == preset
    assert float(app.select_slider(key="loss_kl_weight").value) == beta
    shown, tau = numbers_of(app), variance * beta
    assert (shown["σ"], shown["β"], shown["τ = βσ²"]) == (f"{variance**0.5:.4g}", f"{beta:g}", f"{tau:g}")
    assert value_of(app, "Lost, linear model") == f"{(variances()[:10] <= tau).sum()} of 10"


def test_the_whiskers_of_the_probe_are_wilsons_interval_of_a_share(checkpoints: Store) -> None:
    images = data.load("digits")
    (chart,) = charts(opened("rates/latent_dim", dataset="digits", latent_dim=2))
    panel = next(i for i, note in enumerate(chart["layout"]["annotations"], start=1) if "probe" in note["text"])
    for family in ("pca", "vae"):
        right = latent_dim.probe(checkpoints.load(default_spec(family, "digits", 2)), images).accuracy
        traces = [trace for trace in chart["data"] if trace["xaxis"] == f"x{panel}"]
        trace = next(trace for trace in traces if trace.get("name") == mark(family).short)
        at_two = trace["x"].index(2)
        assert trace["y"][at_two] == pytest.approx(100 * right, abs=0.01)
        wilson = binomtest(round(right * len(images.test)), len(images.test)).proportion_ci(method="wilson")
        above, below = (values(trace["error_y"][side])[at_two] for side in ("array", "arrayminus"))
        assert (above, below) == (pytest.approx(100 * (wilson.high - right), rel=1e-3), pytest.approx(100 * (right - wilson.low), rel=1e-3))


def test_the_rows_of_images_name_their_lambda() -> None:
    app = opened("rates/rda", dataset="digits", rda_sigma=0.5)
    dial = app.main.select_slider(key="rda_beta")
    dial.set_value(dial.options[len(dial.options) // 3]).run()
    tau = float(app.main.select_slider(key="rda_beta").value) * 0.25
    named = [float(value) for value in re.findall(r"λ\s*=\s*([\d.e+−-]*\d)", "\n".join(re.findall(r"(?:linear|mlp), λ.*", words(app))))]
    assert named == pytest.approx([1 / (2 * tau), 1 / (2 * BENT.beta * BENT.scale**2)], rel=5e-3)
