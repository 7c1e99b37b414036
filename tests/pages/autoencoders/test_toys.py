"""*Toys, live*: the linear answer is there at once, a toy learns while one looks, is stopped and begun again, joined by visitors."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from scipy.stats import sem
from streamlit.testing.v1 import AppTest

from pages.autoencoders.toys import findings
from pages.autoencoders.toys.cached import toy_runs
from tests.harness import (
    At,
    answer_of,
    assert_answers,
    assert_sound,
    charts,
    conclusion_of,
    labels,
    link_of,
    opened,
    press,
    values,
    wait_for,
    words,
)
from vae_core import data
from vae_core.data import drawn
from vae_core.models import build
from vae_core.models.ppca import PPCASpec
from vae_core.units import signed, with_interval

TOYS = "autoencoders/toys"


@pytest.fixture
def runs() -> Iterator[None]:
    """Nothing goes on afterwards."""
    yield
    for run in toy_runs()._runs.values():
        run.cancel()
    toy_runs.clear()


@pytest.fixture
def short_toy(runs: None) -> AppTest:
    return press(opened(TOYS, toy="moons", toy_epochs=10, toy_width=16), "Train")


def test_before_anything_is_trained_the_best_line_is_there_with_its_exact_number(runs: None) -> None:
    app = opened(TOYS, toy="moons")
    assert_sound(app)
    assert "Train" in labels(app)
    assert toy_runs()._runs == {}
    log_px = ppca_of("moons").double().numpy()
    exact = with_interval(float(log_px.mean()), 1.959964 * sem(log_px))
    assert f"log p(x) = {exact} nats per point" in words(app)
    straight = re.compile(r"straight line stretches evenly, ([\d.]+)")
    assert straight.findall(answer_of(app)) == straight.findall(answer_of(opened(TOYS, toy="moons", toy_dim=2)))  # no flat sheet's area
    curve = next(trace for trace in charts(app)[0]["data"] if trace["name"] == "g(z)")
    bend = np.diff(np.stack([values(curve["x"]), values(curve["y"])]).astype(float), 2)
    assert np.abs(bend).max() < 1e-12


def ppca_of(toy: str) -> torch.Tensor:
    """log p(x) of the test points under probabilistic PCA with one dimension."""
    points, model = data.load(toy), build(PPCASpec(dataset=toy, latent_dim=1))
    model.solve(points.train.x)
    return model.log_px(torch.tensor(points.test.x[:2000]))


def test_an_autoencoder_begins_beside_the_best_line_and_has_no_density(runs: None) -> None:
    app = opened(TOYS, toy="moons", toy_model="Autoencoder", toy_depth=1, toy_activation="tanh", toy_width=32, toy_epochs=10)
    assert_sound(app)
    x = data.load("moons")
    mean = x.train.x.astype(float).mean(0)
    v = np.linalg.svd(x.train.x - mean, full_matrices=False)[2][0]
    away = x.test.x[:2000] - mean
    sse = float(np.square(away - np.outer(away @ v, v)).sum(1).mean())
    errors = np.square(away - np.outer(away @ v, v)).sum(1)
    assert f"SSE {with_interval(sse, 1.959964 * sem(errors))} per point" in conclusion_of(app)
    assert "σ of the likelihood" not in [group.label for group in app.get("button_group")]
    link = link_of(app)
    assert (link["toy_model"], link["toy_depth"], link["toy_activation"], link["toy_width"]) == ("Autoencoder", "1", "tanh", "32")
    pca = next(trace for trace in charts(app)[1]["data"] if trace["name"] == "PCA")
    assert values(pca["y"]) == pytest.approx([sse, sse])
    whole = opened(TOYS, toy="moons", toy_model="Autoencoder", toy_dim=2)
    assert_sound(whole)
    assert "With 2 numbers per point PCA loses nothing" in conclusion_of(whole)


def test_the_swiss_roll_may_have_three_dimensions_and_the_plane_two(runs: None) -> None:
    app = opened(TOYS, toy="swiss_roll", toy_model="Autoencoder", toy_dim=3)
    assert_sound(app)
    assert "its axes span the whole space" in conclusion_of(app)
    app.selectbox(key="toy").set_value("moons").run()
    assert_sound(app)
    assert link_of(app)["toy_dim"] == "1"


@pytest.mark.slow
def test_the_notebook_of_an_autoencoder_runs(runs: None) -> None:
    app = opened(TOYS, toy="drawn", toy_model="Autoencoder", toy_epochs=10, toy_width=16, drawn=drawn.presets()["circle"])
    assert_answers(app)
    assert "exactly" not in words(app)  # of the most that p(x) can reach


def test_a_lecture_is_answered_by_a_training_of_its_link() -> None:
    state = {"toy": "moons", "toy_model": "Autoencoder", "toy_dim": "1", "toy_epochs": 4, "toy_width": 16}
    told, none_lost = findings.error_beside_a_line(state), findings.error_without_a_bottleneck(state)
    assert told["value"] == pytest.approx(100 * told["sse"].value / told["line"].value)
    assert none_lost["value"] < none_lost["one"].value == told["share"].value
    assert 0 < told["of_line"].half_width < 100 * np.hypot(*(told[name].half_width / told["line"].value for name in ("sse", "line")))


@pytest.mark.slow
def test_a_toy_learns_while_one_looks(short_toy: AppTest) -> None:
    app = short_toy
    assert len(charts(app)) == 3
    assert any(button.label == "Stop" for button in app.main.button)
    (run,) = toy_runs()._runs.values()
    for holds in (lambda: run.frames, lambda: not run.is_alive):
        wait_for(holds)
        assert_sound(app.run())
    assert app.main.metric[0].label == "Test ELBO"
    assert app.slider(key="toy_epoch").value == 10
    last = charts(app)[1]
    app.slider(key="toy_epoch").set_value(1).run()
    assert charts(app)[1] != last
    assert link_of(app)["toy_epoch"] == "1"


def test_a_toy_can_be_stopped_and_begun_again(short_toy: AppTest) -> None:
    app = short_toy
    next(button for button in app.main.button if button.label == "Stop").click().run()
    for label in ("Train", "Stop"):
        wait_for(lambda label=label: any(button.label == label for button in app.run().main.button))
        assert [exception.message for exception in app.exception] == []
        next(button for button in app.main.button if button.label == label).click().run()


def test_a_visitor_joins_a_toy_but_starts_none(at: type[At]) -> None:
    at.address = "192.168.1.7"
    app = opened(TOYS, toy="ring", toy_epochs=10)
    assert [exception.message for exception in app.exception] == []
    assert not any(button.label in ("Stop", "Train") for button in app.main.button)
    assert any("Only someone with this server's PIN" in caption.value for caption in app.main.caption)
    assert len(charts(app)) == 3


def test_points_drawn_by_hand_come_with_the_link_and_with_the_most_that_a_model_can_reach(runs: None) -> None:
    code = drawn.presets()["spiral"]
    app = opened(TOYS, toy="drawn", drawn=code, toy_epochs=10, toy_width=16)
    assert_answers(app)
    assert link_of(app)["drawn"] == code
    assert f"log p(x) = {signed(-drawn.entropy(code))} nats, exactly" in words(app)
    shown = np.stack([values(charts(app)[0]["data"][0][axis]) for axis in "xy"], 1)
    assert shown == pytest.approx(drawn.points(code).train.x[: len(shown)])


@pytest.mark.parametrize("code", ["", "nonsense", "A" * 171, "9" * 5000, "<script>" * 22])
def test_what_is_no_drawing_is_one_sentence_and_two_moons(code: str, runs: None) -> None:
    app = opened(TOYS, toy="drawn", drawn=code)
    assert_sound(app)
    assert sum("cannot be read" in caption.value for caption in app.main.caption) == 1
    assert link_of(app)["drawn"] == drawn.presets()["two moons"]


@pytest.mark.slow
def test_the_weight_of_the_rate_is_moved_while_it_trains_and_is_kept_nowhere(runs: None) -> None:
    app = press(opened(TOYS, toy="moons", toy_epochs=120, toy_width=16), "Train")
    (run,) = toy_runs()._runs.values()
    app.select_slider(key="toy_beta_now").set_value(30.0).run()
    assert_sound(app)
    assert run.steered == {"beta": 30}
    wait_for(lambda: run.frames and run.frames[-1].metrics["beta"] == 30)
    app.run()
    assert "at β = 30. The water level is τ = βσ² = 0.3" in words(app)
    assert "toy_beta_now" not in link_of(app)
    run.cancel()
    wait_for(lambda: not run.is_alive)
    assert "Train again, with β = 1" in labels(app.run())
