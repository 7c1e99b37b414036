"""The page on the exact curve: the level decides, trained models are on the plane, the units can be chosen, the animation runs."""

from __future__ import annotations

import re
import threading

import numpy as np
import plotly.graph_objects as go
import pytest

from pages.rates.water_filling import view
from pages.shared import cached
from tests.harness import assert_answers, charts, link_of, numbers_of, opened
from vae_core import data as datasets
from vae_core.explore.water_filling import optimum
from vae_core.models.pca import spectrum

EXACT = "rates/water_filling"
pytestmark = pytest.mark.usefixtures("gaussian_models")


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


def test_a_trained_linear_model_is_a_dot_and_its_level_is_on_the_slider() -> None:
    app = opened(EXACT, dataset="digits", tau=0.2, at_most=10)
    assert_answers(app)
    assert app.main.select_slider(key="tau").value == "0.2"
    assert any("trained linear, d = 3" in trace.get("name", "") for trace in charts(app)[0]["data"])
    names = [trace.get("name", "") for trace in charts(app)[0]["data"]]
    assert "exact, linear, d = 10" in names and "exact, linear, any d" in names


@pytest.mark.slow
def test_a_network_is_compared_with_the_curve_at_its_own_rate() -> None:
    app = opened(EXACT, dataset="digits")
    worth = numbers_of(app)["SSE saved by the network"]
    assert re.fullmatch(r"−?\d+\.\d+ ± \d+\.\d+", worth)
    assert any("At equal rate: fully connected 32, d = 4" in caption.value for caption in app.main.caption)


@pytest.mark.parametrize(("rate", "distortion"), [("bits", "nats"), ("bits per pixel", "SSE")])
def test_the_units_of_the_plane_can_be_chosen(rate: str, distortion: str) -> None:
    app = opened(EXACT, dataset="digits", rate_unit=rate, error_unit=distortion)
    assert_answers(app)
    layout = charts(app)[0]["layout"]
    assert rate in layout["xaxis2"]["title"]["text"]
    assert ("nats" in layout["yaxis2"]["title"]["text"]) == (distortion == "nats")


def test_what_every_level_shows_is_made_before_anyone_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(EXACT, dataset="digits")
    for thread in threading.enumerate():
        if thread.name == cached.PREPARING:
            thread.join(60)

    def refuse(*_: object) -> None:
        raise AssertionError("a picture was made anew")

    monkeypatch.setattr(view, "filling", refuse)
    monkeypatch.setattr(view, "images", refuse)
    for level in app.select_slider(key="tau").options[::6]:
        assert not app.select_slider(key="tau").set_value(level).run().exception


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
    go.Figure(figure)  # Plotly finds no fault with it
