"""The film of a morph, in the plane and in space."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image

from vae_core.explore.latent import morph
from vae_core.explore.latent.morph_figure import Film, morph_gif
from vae_core.explore.latent.ring import Ring


def test_the_film_has_the_pictures_that_were_asked_for() -> None:
    cloud = morph.cloud(2000, 2)
    y = Ring().forward(cloud.z.astype(np.float64))
    lines = [(cloud.lines, Ring().forward(cloud.lines))]
    colours = np.full((2000, 3), (30, 60, 200), np.uint8)
    film = Image.open(io.BytesIO(morph_gif(cloud.z, y, colours, lines=lines, film=Film(n_frames=7, size=200))))
    assert (film.n_frames, film.size) == (7, (200, 200))
    first = np.asarray(film.convert("RGB"), int)
    film.seek(6)
    last = np.asarray(film.convert("RGB"), int)
    assert (np.abs(first - last).sum(-1) > 30).mean() > 0.05
    centre = last[95:105, 60:90]  # within the hole at the end
    assert (np.abs(centre - 255).sum(-1) < 40).mean() > 0.8
    with pytest.raises(ValueError, match="n_frames must be between 2 and 90, got 1"):
        morph_gif(cloud.z, y, colours, film=Film(n_frames=1))


@pytest.mark.parametrize("turned", [(0.6, 0.45), (2.0, -0.3)])
def test_the_film_in_space_is_turned_as_the_camera_is_and_shows_the_near_side(turned: tuple[float, float]) -> None:
    cloud, red, blue = morph.cloud(4000, 3), (200, 30, 30), (30, 30, 200)
    y = Ring(10, 1, 3).forward(cloud.z.astype(np.float64))
    yaw, pitch = turned
    towards = np.array([math.sin(yaw) * math.cos(pitch), -math.cos(yaw) * math.cos(pitch), math.sin(pitch)])  # to the eye
    colours = np.where((y @ towards > 0)[:, None], red, blue).astype(np.uint8)
    film = Image.open(io.BytesIO(morph_gif(cloud.z, y, colours, film=Film(n_frames=3, size=240, dot=8, turned=turned))))
    film.seek(2)
    middle = np.asarray(film.convert("RGB"), int)[90:150, 90:150]
    assert (middle[..., 0] > middle[..., 2] + 20).mean() > 0.6
    assert (middle[..., 2] > middle[..., 0] + 20).mean() < 0.15
