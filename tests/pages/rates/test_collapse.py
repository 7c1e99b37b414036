"""The switchboard of losses: what each must do, presets, and which model is shown."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.stats import bernoulli, sem

from tests.harness import assert_answers, assert_sound, charts, link_of, numbers_of, opened, words
from vae_core import data
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.units import with_interval

LOSSES = "rates/collapse"
pytestmark = pytest.mark.usefixtures("gaussian_models")


def test_the_mean_loss_is_tau_392_and_must_collapse() -> None:
    app = opened(LOSSES, dataset="mnist", latent_dim=10)
    assert_sound(app)
    assert charts(app)
    assert numbers_of(app)["τ = βσ²"] == "392"
    assert numbers_of(app)["Lost, linear model"] == "10 of 10"
    assert numbers_of(app)["KL at most, nats"] == "0.0673"


def test_a_preset_sets_every_switch() -> None:
    app = opened(LOSSES, dataset="mnist", latent_dim=10)
    app.selectbox(key="loss_preset").select("½ SSE + KL").run()
    assert numbers_of(app)["τ = βσ²"] == "1"
    assert (app.selectbox(key="loss_error").value, app.button_group(key="loss_over_pixels").value) == ("½ squared error", "sum")
    assert link_of(app)["loss_error"] == "½ squared error"


def test_switches_name_the_loss_that_they_make() -> None:
    app = opened(LOSSES, dataset="mnist", latent_dim=10, loss_error="½ squared error", loss_over_pixels="sum")
    assert app.selectbox(key="loss_preset").value == "½ SSE + KL"
    app.select_slider(key="loss_kl_weight").set_value("16").run()
    assert app.selectbox(key="loss_preset").value == "otherwise"


def test_the_rate_of_a_trained_model_has_its_interval_under_the_pointer(checkpoints: Store) -> None:
    spec = default_spec("vae", "digits", 2)
    model = checkpoints.load(spec)
    rate = elbo_per_image(model, as_observed(model, data.load("digits").test.x)).rate.numpy()
    app = opened(LOSSES, dataset="digits", latent_dim=2, loss_error="cross-entropy")
    texts = [text for trace in charts(app)[0]["data"] for text in trace.get("text", ())]
    name = "fully connected, d = 2, β = 1"
    assert {f"{name}: 2", f"{name}: {with_interval(rate.mean(), 1.96 * sem(rate))} nats"} <= set(texts)


@pytest.mark.parametrize("error", ["absolute error", "cross-entropy"])
def test_errors_without_a_linear_theory_have_their_bound(error: str) -> None:
    app = opened(LOSSES, dataset="digits", latent_dim=2, loss_error=error)
    assert_answers(app)
    assert numbers_of(app)["Lost, linear model"] == "no theory"


def test_every_trained_model_lies_within_the_axes_and_no_words_stand_on_it() -> None:
    (chart,) = charts(opened(LOSSES, dataset="mnist", latent_dim=20, loss_error="cross-entropy"))
    low, high = chart["layout"]["xaxis"]["range"]
    trained = [np.log10(x) for trace in chart["data"] if trace.get("name") == "trained network" for x in trace["x"]]
    assert len(trained) > 60
    assert low < min(trained) and max(trained) < high
    assert not chart["layout"].get("annotations")  # which would stand on the models


def test_cross_entropy_of_grey_pixels_is_said_to_be_no_likelihood() -> None:
    p = data.load("digits").train.x / 255
    least = bernoulli(p).entropy().sum((1, 2, 3)).mean()
    said = words(opened(LOSSES, dataset="digits", latent_dim=2, loss_error="cross-entropy"))
    assert f"at least {least:.2f} nats per image, even for x̂ = x" in said
    assert "even for x̂ = x" not in words(opened(LOSSES, dataset="digits", latent_dim=2))


def test_pixels_that_no_error_allows_are_given_up() -> None:
    app = opened(LOSSES, dataset="digits", latent_dim=2, loss_pixels="standardised each")
    assert_answers(app)
    large = words(opened(LOSSES, dataset="digits", latent_dim=2, loss_pixels="0 … 255"))
    assert not re.search(r"\de\+\d", large)
    app.selectbox(key="loss_error").select("cross-entropy").run()
    assert [exception.message for exception in app.exception] == []
    assert app.selectbox(key="loss_pixels").options == ["[0, 1]"]


def test_the_model_shown_is_of_this_loss_or_said_not_to_be() -> None:
    app = opened(LOSSES, dataset="digits", latent_dim=2, loss_error="½ squared error", loss_over_pixels="sum", loss_pixels="[0, 1]")
    said = next(caption.value for caption in app.main.caption if "trained" in caption.value and "d = " in caption.value)
    assert "not this loss" in said
