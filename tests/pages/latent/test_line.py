"""A line that becomes a curve: its length, its density, its film."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from pages.latent.line.view import film
from tests.harness import assert_sound, conclusion_of, link_of, opened, words
from vae_core.explore.latent.line_to_curve import CURVES, PRIORS

LINE = "latent/line"


def test_a_line_can_be_kept_as_a_film() -> None:
    assert "Film (GIF)" in [button.proto.label for button in opened(LINE).get("download_button")]


@pytest.mark.parametrize("prior", PRIORS)
def test_the_film_of_a_curve_ends_on_the_curve(prior: str) -> None:
    pictures = Image.open(io.BytesIO(film("circle", prior, "light")))
    pictures.seek(pictures.n_frames - 1)
    drawn = np.argwhere((255 - np.asarray(pictures.convert("L"), int))[60:] > 60)  # below the line of text
    radius = np.linalg.norm(drawn - [180, 240], axis=1) / (240 / 1.35)
    assert len(drawn) > 1000
    assert np.abs(radius - 1).max() < 0.05


@pytest.mark.parametrize("name", CURVES)
def test_every_curve_has_its_length_and_density(name: str) -> None:
    app = opened(LINE, curve_name=CURVES[name].title, curve_z=0.4)
    assert_sound(app)
    if CURVES[name].length is not None:
        assert app.metric[0].value == f"{CURVES[name].length:.6f}"
    assert "z = 0.400" in words(app)
    assert link_of(app)["curve_z"] == "0.4"


def test_a_curve_of_one_speed_leaves_the_density_to_the_prior() -> None:
    said = conclusion_of(opened(LINE, curve_name="Circle", curve_prior="start"))
    assert "is the same everywhere, 6.3. So this prior alone decides" in said
    assert "goes from" in conclusion_of(opened(LINE, curve_name="Wave", curve_prior="start"))
