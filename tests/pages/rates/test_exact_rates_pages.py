"""Every control of the pages on exact rates, collapse and the discrete world answers, and the link carries it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from tests.harness import CPU, assert_answers, charts, link_of, numbers_of, opened, pictures, values
from vae_core import data as datasets
from vae_core.explore.rates.discrete_world import POPULATIONS, morph
from vae_core.explore.rates.rates_on_train import linear_vae
from vae_core.explore.water_filling import optimum
from vae_core.models import default_spec
from vae_core.models.pca import spectrum
from vae_core.models.vae import VAESpec
from vae_core.store import Store

EXACT, LOSSES, DOCTOR, WORLD, RDA = (f"rates/{name}" for name in ("water_filling", "collapse", "doctor", "discrete_world", "rda"))
STARVED = VAESpec(dataset="digits", latent_dim=4, hidden=(32,), likelihood="gaussian", scale=0.4, n_epochs=30, batch_size=32)


@pytest.fixture(scope="module", autouse=True)
def more_models(checkpoints: Store) -> Iterator[Store]:
    """A linear β-VAE that is barely trained, and a network that is starved of rate."""
    for spec in (replace(linear_vae("digits", tau=0.2, latent_dim=3), n_epochs=5), STARVED):
        checkpoints.train(spec, device=CPU)
    yield checkpoints


def test_the_water_level_decides_rate_error_and_active_dimensions() -> None:
    values = spectrum(datasets.load("digits").train.x).eigenvalues
    app = opened(EXACT, dataset="digits")
    slider = app.main.select_slider(key="tau")
    tau = slider.options.index(next(option for option in slider.options if float(option) < 0.12))
    slider.set_value(slider.options[tau]).run()
    assert_answers(app)
    best = optimum(values, float(slider.options[tau]))
    assert numbers_of(app)["Rate R"] == f"{best.rate:.4g} nats"
    assert numbers_of(app)["Expected SSE"] == f"{best.expected_sse:.4g}"
    assert any(f"{best.n_active} active of 64" in caption.value for caption in app.main.caption)
    assert float(link_of(app)["tau"]) == best.tau


def assert_answers_without_notebook(app: AppTest) -> None:
    """Where the data may be absent the lines cannot be executed."""
    assert [exception.message for exception in app.exception] == []
    assert [error.value for error in app.error] == []
    assert charts(app)


def test_what_needs_no_images_is_there_without_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "empty"))
    for page in (EXACT, LOSSES, RDA, DOCTOR):
        assert_answers_without_notebook(opened(page, dataset="mnist", latent_dim=20, family="vae"))
    app = opened(DOCTOR, dataset="mnist", latent_dim=20, family="vae")
    assert "needs the test images" in app.info[0].value
    metrics = Store().find(default_spec("vae", "mnist", 20)).metrics
    assert numbers_of(app)["Rate"] == f"{sum(metrics['kl_per_dim']):.2f} nats"
    for page in (EXACT, LOSSES, RDA, DOCTOR):
        app = opened(page, dataset="fashion_mnist")
        assert [exception.message for exception in app.exception] == []


def test_a_trained_linear_model_is_a_dot_and_its_level_is_on_the_slider() -> None:
    app = opened(EXACT, dataset="digits", tau=0.2, at_most=10)
    assert_answers(app)
    assert app.main.select_slider(key="tau").value == "0.2"
    assert any("trained linear, d = 3" in trace.get("name", "") for trace in charts(app)[0]["data"])
    names = [trace.get("name", "") for trace in charts(app)[0]["data"]]
    assert "exact, linear, d = 10" in names and "exact, linear, any d" in names


def test_a_network_is_compared_with_the_curve_at_its_own_rate() -> None:
    app = opened(EXACT, dataset="digits")
    worth = numbers_of(app)["Non-linearity: SSE less"]
    assert re.fullmatch(r"−?\d+\.\d+ ± \d+\.\d+", worth)
    assert any("At equal rate: mlp 32, d = 4" in caption.value for caption in app.main.caption)


@pytest.mark.parametrize(("rate", "distortion"), [("bits", "nats"), ("bits per pixel", "SSE")])
def test_the_units_of_the_plane_can_be_chosen(rate: str, distortion: str) -> None:
    app = opened(EXACT, dataset="digits", rate_unit=rate, error_unit=distortion)
    assert_answers(app)
    layout = charts(app)[0]["layout"]
    assert rate in layout["xaxis2"]["title"]["text"]
    assert ("nats" in layout["yaxis2"]["title"]["text"]) == (distortion == "nats")


def test_the_play_button_runs_through_every_level() -> None:
    figure = charts(opened(EXACT, dataset="digits"))[0]
    names = [frame["name"] for frame in figure["frames"]]
    assert figure["layout"]["updatemenus"][0]["buttons"][0]["args"][0] == names
    assert [float(name) for name in names] == sorted(map(float, names), reverse=True)


def test_a_level_is_drawn_as_its_frame_of_the_animation_says() -> None:
    app = opened(EXACT, dataset="digits")
    levels = app.select_slider(key="tau").options
    tau = float(levels[len(levels) // 2])
    figure = charts(app.select_slider(key="tau").set_value(f"{tau:g}").run())[0]
    (frame,) = (frame for frame in figure["frames"] if float(frame["name"]) == tau)
    below, above, _ = (np.array(trace["y"]) for trace in figure["data"][:3])
    eigenvalues = np.array(figure["data"][0]["customdata"])
    np.testing.assert_allclose(below + above, eigenvalues, rtol=2e-3)
    np.testing.assert_allclose(below, np.minimum(eigenvalues, tau), rtol=2e-3)
    assert [trace["y"] for trace in frame["data"]] == [trace["y"] for trace in figure["data"][:6]]
    assert figure["layout"]["title"]["text"].startswith(f"τ = {tau:g}:")
    assert figure["layout"]["updatemenus"][0]["buttons"][2]["args"][0] == [frame["name"]]
    go.Figure(figure)  # Plotly finds no fault with it


def test_the_mean_loss_is_tau_392_and_must_collapse() -> None:
    app = opened(LOSSES, dataset="mnist", latent_dim=10)
    assert_answers_without_notebook(app)
    assert numbers_of(app)["τ = βσ²"] == "392"
    assert numbers_of(app)["A linear model loses"] == "10 of 10"
    assert numbers_of(app)["Any model: KL ≤, nats"] == "0.0673"


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


@pytest.mark.parametrize("error", ["absolute error", "cross-entropy"])
def test_errors_without_a_linear_theory_have_their_bound(error: str) -> None:
    app = opened(LOSSES, dataset="digits", latent_dim=2, loss_error=error)
    assert_answers(app)
    assert numbers_of(app)["A linear model loses"] == "no theory"


def test_pixels_that_no_error_allows_are_given_up() -> None:
    app = opened(LOSSES, dataset="digits", latent_dim=2, loss_pixels="standardised each")
    assert_answers(app)
    app.selectbox(key="loss_error").select("cross-entropy").run()
    assert [exception.message for exception in app.exception] == []
    assert app.selectbox(key="loss_pixels").options == ["[0, 1]"]


def test_the_model_shown_is_of_this_loss_or_said_not_to_be() -> None:
    app = opened(LOSSES, dataset="digits", latent_dim=2, loss_error="½ squared error", loss_over_pixels="sum", loss_pixels="[0, 1]")
    said = next(caption.value for caption in app.main.caption if "trained" in caption.value and "d = " in caption.value)
    assert "not this loss" in said


def test_the_doctor_warns_of_a_starved_model_and_passes_a_healthy_one() -> None:
    app = opened(DOCTOR, dataset="digits", latent_dim=2, family="vae")
    assert_answers(app)
    assert len(app.success) == 1 and "Healthy" in app.success[0].value
    patients = app.selectbox(key="patient")
    patients.select(next(option for option in patients.options if "gaussian 0.4" in option)).run()
    assert_answers(app)
    assert len(app.warning) == 1 and "Starved of rate" in app.warning[0].value
    assert any(trace.get("name", "").startswith("linear model, exact") for trace in charts(app)[0]["data"])
    assert "gaussian 0.4" in link_of(app)["patient"]


def test_the_sum_of_information_and_entropy_is_shown_not_to_move() -> None:
    pop = np.array(POPULATIONS["skewed"])
    for share in (0.0, 0.5, 1.0):
        app = opened(WORLD, share=share)
        assert_answers(app)
        world = morph(pop, share)
        assert numbers_of(app)["I(y; z) + H(y|z)"] == f"{world.information:.3f} + {abs(world.conditional_entropy):.3f} nats"
        assert numbers_of(app)["Objective at β = 1"] == f"{world.entropy:.4f} nats"


@pytest.mark.parametrize(("beta", "best"), [("0.5", 1.0), ("2", 0.0)])
def test_beta_tips_the_optimum_to_an_end(beta: str, best: float) -> None:
    app = opened(WORLD, world_beta=beta)
    star = next(trace for trace in charts(app)[1]["data"] if trace.get("name") == "optimum")
    assert values(star["x"]) == [best]


def test_another_draw_is_another_encoder_of_the_same_bound() -> None:
    app = opened(WORLD, encoder="random")
    before = numbers_of(app)
    next(button for button in app.main.button if button.label == "Draw Q").click().run()
    assert_answers(app)
    after = numbers_of(app)
    assert before["I(y; z) + H(y|z)"] != after["I(y; z) + H(y|z)"]
    assert before["Objective at β = 1"] == after["Objective at β = 1"]


def test_the_dials_are_welded() -> None:
    app = opened(RDA, dataset="digits", rda_sigma=0.5)
    assert_answers(app)
    for key in ("rda_lambda", "rda_beta"):
        dial = app.main.select_slider(key=key)
        dial.set_value(dial.options[len(dial.options) // 3]).run()
        value, beta = (float(app.main.select_slider(key=name).value) for name in ("rda_lambda", "rda_beta"))
        assert value * 2 * beta * 0.25 == pytest.approx(1, rel=2e-3)
    assert numbers_of(app)["Cosine of the gradients"].startswith("1 − ")
    assert float(numbers_of(app)["Cosine of the gradients"].removeprefix("1 − ")) < 1e-6


def test_moving_along_a_line_of_constant_lambda_changes_no_image() -> None:
    one, other = (opened(RDA, dataset="digits", rda_sigma=sigma) for sigma in (0.5, 2.0))
    assert link_of(one)["rda_lambda"] == link_of(other)["rda_lambda"]
    assert all(np.array_equal(a, b) for a, b in zip(pictures(one), pictures(other), strict=True))
    moved = opened(RDA, dataset="digits", rda_sigma=0.5)
    dial = moved.main.select_slider(key="rda_lambda")
    dial.set_value(dial.options[1]).run()
    assert not all(np.array_equal(a, b) for a, b in zip(pictures(one), pictures(moved), strict=True))
