"""The ring: what a link restores, what is exact beside what was sampled, the film."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.latent.ring import view as ring_view
from tests.harness import assert_answers, assert_sound, charts, conclusion_of, link_of, opened, words
from vae_core.data import drawn
from vae_core.explore.latent.ring import Ring
from vae_core.store import Store
from vae_core.units import signed

RING = "latent/ring"


def said_to_the_picture(app: AppTest) -> dict:
    return next(json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.component_name == "ring_morph")


def test_the_lectures_numbers_stand_beside_the_samples() -> None:
    app = opened(RING)
    assert_sound(app)
    said = words(app)
    for exact in ("1.125331", "0.065514", "0.864665", "0.593742"):
        assert exact in said
    assert "sample ± 95 %" in said and len(re.findall(r"\d ± 0\.0\d+", said)) == 4


def test_the_picture_and_the_numbers_follow_the_parameters_of_a_link() -> None:
    app = opened(RING, ring_a=5, ring_b=0.5, ring_t=0.25, ring_follow=7, ring_map="Ring", ring_dim=3)
    assert_sound(app)
    start = said_to_the_picture(app)["start"]
    assert (start["values"], start["t"], start["follow"]) == ({"a": 5, "b": 0.5}, 0.25, 7)
    assert f"{Ring(5, 0.5, 3).radius.mean:.6f}" in words(app)
    wanted = {"ring_a": "5.0", "ring_b": "0.5", "ring_t": "0.25", "ring_follow": "7.0", "ring_dim": "3"}
    assert {key: link_of(app)[key] for key in wanted} == wanted


@pytest.mark.parametrize("value", ["nonsense", "-3", "1e9", "nan"])
def test_a_link_with_a_value_out_of_range_opens_with_the_default(value: str) -> None:
    app = opened(RING, ring_a=value)
    assert_sound(app)
    assert said_to_the_picture(app)["start"]["values"]["a"] == 10


@pytest.mark.parametrize("title", ["Ring", "Linear", "Inverse of whitening", "Spiral twist"])
@pytest.mark.parametrize("dim", [2, 3])
def test_every_map_has_every_chart_in_the_plane_and_in_space(title: str, dim: int) -> None:
    for plot in ("radius", "density p(y)", "Jacobian"):
        app = opened(RING, ring_map=title, ring_dim=dim, ring_plot=plot, ring_points=500)
        assert_sound(app)
        assert len(charts(app)) == 1
    assert len(app.get("latex")) >= 2  # determinant and inverse


def test_the_decoder_of_a_cached_vae_is_a_map_of_the_plane(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tiny_store.local))
    app = opened(RING, ring_points=500)
    learned = [option for option in app.selectbox(key="ring_map").options if option.startswith("decoder: VAE of Digits")]
    assert learned
    app.selectbox(key="ring_map").set_value(learned[0]).run()
    assert_sound(app)
    assert said_to_the_picture(app)["map"] == "learned"
    assert app.metric[0].label == "Variance in the picture"
    held = float(app.metric[0].value.split()[0])
    assert 0 < held <= 100
    assert f"Its two axes hold {held} % of the variance" in conclusion_of(app)
    assert ("has bent" in conclusion_of(app)) == (held < 99)
    assert link_of(app)["ring_map"] == learned[0]


@pytest.mark.parametrize("dim", [2, 3])
def test_the_numbers_are_those_of_the_dimension_of_the_radius_law(dim: int) -> None:
    app = opened(RING, ring_dim=dim, **{f"ring_law_{dim}d": 10})
    assert_sound(app)
    law, said = Ring(10, 1, 10).radius, words(app)
    assert all(f"{number:.6f}" in said for number in (law.mean, law.sd, law.share(1, 1.2), Ring(10, 1, 10).entropy()[0]))
    assert "d = 10. Exact" in said
    assert f"{Ring(10, 1, dim).radius.mean:.6f}" not in said


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("is_joined", [False, True], ids=["alone", "a model is ready meanwhile"])
def test_the_film_is_made_when_it_is_asked_for(dim: int, is_joined: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    if is_joined:
        make = ring_view.gif
        monkeypatch.setattr(ring_view, "gif", lambda *asked: ((tmp_path / "new.lock").touch(), make(*asked))[1])
    app = opened(RING, ring_points=500, ring_dim=dim)
    app.slider(key="ring_film_frames").set_value(4).run()
    next(button for button in app.button if button.label == "Make the film").click().run()
    assert_sound(app)
    assert any(re.fullmatch(r"Save \d+\.\d MB", button.proto.label) for button in app.get("download_button"))


@pytest.mark.parametrize("plot", ["radius", "density p(y)"])
def test_a_drawing_is_the_image_of_the_prior_with_its_exact_numbers(plot: str) -> None:
    code = drawn.presets()["clusters"]
    app = opened(RING, ring_map="Drawn by hand", drawn=code, ring_points=500, ring_plot=plot)
    assert_answers(app)
    assert said_to_the_picture(app)["map"] == "drawn"
    assert f"500 of 500 points lie on the {drawn.decoded(code).sum()} painted cells" in words(app)
    assert f"ln area = {signed(drawn.entropy(code))} nats" in words(app)
    assert (link_of(app)["drawn"], link_of(app)["ring_map"]) == (code, "Drawn by hand")
    assert len(charts(app)) == 1
