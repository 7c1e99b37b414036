"""The frontier: sliders stop at trained models, axes and lines belong together, cards are there before anyone asks."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.rates import cached as rates
from pages.rates.frontier import cached, view
from pages.shared import words
from tests.harness import ROOT, SECONDS, answer_of, assert_answers, charts, conclusion_of, link_of, opened
from vae_core.explore.rates import frontier, frontier_numbers
from vae_core.explore.rates.frontier import Axes

FRONTIER = "rates/frontier"
pytestmark = pytest.mark.usefixtures("checkpoints")


def chart(app: AppTest) -> dict:
    return charts(app)[0]


def ring(app: AppTest) -> tuple[float, float]:
    """Where the chosen dot is on the plane."""
    trace = next(t for t in chart(app)["data"] if t.get("marker", {}).get("symbol") == "circle-open")
    return trace["x"][0], trace["y"][0]


@pytest.mark.usefixtures("shipped_grid")
@pytest.mark.parametrize("query", [{}, {"distortion_unit": "PSNR", "rate_unit": "bits per pixel"}, {"distortion_unit": "expected SSE"}])
def test_the_dot_of_the_sliders_is_on_the_plane_in_every_unit(query: dict) -> None:
    dot = rates.frontier_dots("MNIST Bernoulli")[0]
    beta = f"{dot.spec.beta:g}"
    app = opened(FRONTIER, beta=beta, d=dot.spec.latent_dim, **query)
    assert_answers(app)
    axes = Axes(query.get("rate_unit", "nats"), query.get("distortion_unit", "nats"))
    assert ring(app) == pytest.approx(dot.point(axes))
    assert link_of(app)["beta"] == beta
    has_tangent = any(t.get("line", {}).get("color") == "#e5484d" and t["mode"] == "lines" for t in chart(app)["data"])
    assert has_tangent == (not query)
    assert any("No tangent" in caption.value for caption in app.main.caption) == bool(query)


@pytest.mark.parametrize(("axis", "written"), [("nats", "205.8 ± 0.9"), ("expected SSE", "52.9"), ("PSNR", "11.7")])
def test_the_best_model_without_z_is_written_with_its_interval_where_that_is_known(axis: str, written: str) -> None:
    plane = chart(opened(FRONTIER, distortion_unit=axis))
    assert f"without z: {written}" in [note["text"] for note in plane["layout"]["annotations"]]
    assert f"best model without z: R = 0, {written}<extra></extra>" in [trace.get("hovertemplate") for trace in plane["data"]]


@pytest.mark.usefixtures("shipped_grid")
def test_moving_beta_moves_the_dot_the_pictures_and_the_number() -> None:
    specs = [dot.spec for dot in rates.frontier_dots("MNIST Bernoulli")]
    same = [spec for spec in specs if spec.latent_dim == specs[0].latent_dim]
    if len(same) < 2:
        pytest.skip("needs two models of one latent dimension")
    app = opened(FRONTIER, beta=f"{same[0].beta:g}", d=same[0].latent_dim)
    before = ring(app), card(app), total(app)
    other = int(same[-1].beta) if same[-1].beta.is_integer() else same[-1].beta
    app.select_slider(key="beta").set_value(other).run()
    assert [exception.message for exception in app.exception] == []
    after = ring(app), card(app), total(app)
    assert all(a != b for a, b in zip(before, after, strict=True))
    assert link_of(app)["beta"] == f"{same[-1].beta:g}"


def total(app: AppTest) -> str:
    return next(markdown.value for markdown in app.main.markdown if markdown.value.startswith("R "))


def card(app: AppTest) -> str:
    return next(element.proto.body for element in app.main.get("html") if "rdcard" in element.proto.body)


@pytest.mark.usefixtures("shipped_grid")
def test_the_card_shows_the_rate_of_each_dimension_of_the_chosen_model() -> None:
    dot = rates.frontier_dots("MNIST Bernoulli")[0]
    app = opened(FRONTIER, beta=f"{dot.spec.beta:g}", d=dot.spec.latent_dim)
    assert card(app).count('nats"></i>') == dot.spec.latent_dim
    assert f"{dot.own.metrics['active_units']} of {dot.spec.latent_dim} active" in card(app)


@pytest.mark.usefixtures("shipped_grid")
def test_what_each_model_of_a_plane_shows_is_made_before_anyone_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    opened(FRONTIER)
    dots = rates.frontier_dots("MNIST Bernoulli")
    view.prepare("MNIST Bernoulli", dots, Axes(), "svg", words.beside(view.__file__)).join(60)

    def refuse(*_: object) -> str:
        raise AssertionError("a card or a plane was made anew")

    monkeypatch.setattr(cached.figures, "card", refuse)
    monkeypatch.setattr(cached, "in_focus", refuse)
    assert all("rdcard" in cached.card(dot.own, frontier.dims_by_rate(dot.own)[:2], 0) for dot in dots if dot.has_weights)
    assert len({cached.plane("MNIST Bernoulli", Axes(), dot, "svg") for dot in dots}) == len(dots)


OPEN_AND_END = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("explorer_app.py", default_timeout=60).run().switch_page("pages/rates/frontier/page.py").run()
assert not app.exception
"""


@pytest.mark.slow
@pytest.mark.usefixtures("shipped_grid")
def test_a_server_that_is_stopped_while_it_makes_cards_ends_at_once_and_in_order() -> None:
    ended = subprocess.run([sys.executable, "-c", OPEN_AND_END], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
    assert (ended.returncode, "terminate called" in ended.stderr) == (0, False)


@pytest.mark.usefixtures("shipped_grid")
def test_without_the_images_the_page_shows_what_needs_none(no_images: None) -> None:
    app = opened(FRONTIER)
    assert_answers(app)
    assert "images of MNIST are not on this machine" in card(app)
    first = app.main.button[0]
    assert (first.label, first.proto.type) == ("Download 11.6 MB", "primary")
    assert [box.label for box in app.selectbox if box.label.startswith("Codes")] == []
    assert card(app).count("<img") == 1  # draws from the prior
    assert "rdcard" in card(app)


@pytest.mark.usefixtures("shipped_grid")
def test_the_csv_holds_every_model_at_every_seed_in_nats() -> None:
    found = rates.frontier_dots("MNIST Bernoulli")
    lines = list(csv.DictReader(io.StringIO(view.downloads("MNIST Bernoulli", found)[0].data().decode())))
    assert len(lines) == sum(len(dot.seeds) for dot in found)
    for line in lines:
        total = float(line["rate_nats"]) + float(line["distortion_nats"])
        assert total == pytest.approx(-float(line["elbo_nats"]), abs=1e-3)


@pytest.mark.usefixtures("shipped_grid")
@pytest.mark.parametrize("title", list(frontier.planes()))
def test_every_plane_answers(title: str) -> None:
    app = opened(FRONTIER, plane=title)
    if not rates.frontier_dots(title):
        assert "is trained yet" in app.info[0].value
        return
    assert_answers(app)


@pytest.mark.usefixtures("shipped_grid")
@pytest.mark.parametrize("beta", ["1", "0.1"])
def test_the_question_is_answered_by_the_slope_to_the_next_model(beta: str) -> None:
    row = {one.spec.beta: one.own.metrics for one in rates.frontier_dots("MNIST Bernoulli") if one.spec.latent_dim == 8}
    more, less = (row[0.5], row[1]) if beta == "1" else (row[0.1], row[0.25])
    slope = (less["distortion"] - more["distortion"]) / (more["rate"] - less["rate"])
    answer = answer_of(opened(FRONTIER, beta=beta, d=8))
    value, half_width = map(float, re.search(r"an image ([\d.]+) ± ([\d.]+) nats better", answer).groups())
    assert value == pytest.approx(slope, abs=half_width / 2) and half_width < 0.1


@pytest.mark.usefixtures("shipped_grid")
@pytest.mark.parametrize(("beta", "said"), [("1", "still rises up to d = 32, the largest"), ("8", "rises no more from d = 8 on")])
def test_an_elbo_that_is_largest_at_the_largest_d_still_rises(beta: str, said: str) -> None:
    assert said in answer_of(opened(FRONTIER, beta=beta, d=8))


def test_the_numbers_that_are_kept_are_read_when_they_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "numbers.json"
    monkeypatch.setattr(frontier_numbers, "SHIPPED", path)
    assert rates.frontier_ends() == {}
    frontier_numbers.add(path, ends={"digits bernoulli 1.0": frontier_numbers.End(26.8, 5.0, 359)})
    assert rates.frontier_ends()["digits bernoulli 1.0"].distortion == 26.8


def test_an_elbo_that_test_images_do_not_tell_from_the_largest_is_not_said_to_be_below_it() -> None:
    said = conclusion_of(opened(FRONTIER, plane="Frey Gaussian", d=8, beta="1"))
    value, half_width = map(float, re.search(r"\(([\d.]+) ± ([\d.]+) nats below\)", said).groups())
    assert "Its ELBO is not told from the largest, at d = 8, β = 0.5" in said and value < half_width
