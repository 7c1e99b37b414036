"""Paths through latent space, and the images at their ends."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import stats

from tests.harness import assert_answers, conclusion_of, opened, pictures
from vae_core import data
from vae_core.drawing.images import as_bytes
from vae_core.explore.latent.paths import images_between, scores_along
from vae_core.explore.reconstructions import reconstructions
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.units import with_interval

PATHS = "latent/paths"
pytestmark = pytest.mark.usefixtures("more_models")


@pytest.mark.parametrize("query", [{"second_image": 9, "n_path": 5}, {"path": "traversal", "span": "posterior"}, {"film": "true"}])
@pytest.mark.parametrize("family", ["vae", "autoencoder"])
def test_every_path_answers(query: dict, family: str) -> None:
    app = opened(PATHS, dataset="digits", latent_dim=2, family=family, **query)
    assert_answers(app)
    if "film" in query:
        told = [film.proto.imgs[0].alt for film in app.get("image")]
        assert [re.search(r"path: (\w+)", one)[1] for one in told] == ["straight", "spherical", "pixels"]
        assert all(re.search(r"from test image 0 to \d+ .* least −?\d+\.\d", one) for one in told), told


def test_a_path_begins_at_the_reconstruction_beside_the_original(checkpoints: Store) -> None:
    app = opened(PATHS, dataset="digits", latent_dim=2, first_image=5, second_image=8)
    x = data.load("digits").test.x[[5, 8]]
    x_hat = reconstructions(checkpoints.load(default_spec("vae", "digits", 2)), x)
    row = pictures(app)[:11]
    assert np.array_equal(row[0], x[0, 0])
    assert np.array_equal(row[-1], x[1, 0])
    for shown, expected in ((row[1], x_hat[0]), (row[-2], x_hat[1])):
        assert np.abs(shown.astype(int) - as_bytes(expected)).max() <= 1


def test_the_worst_images_of_two_paths_are_compared_draw_by_draw(checkpoints: Store) -> None:
    model, x = checkpoints.load(default_spec("vae", "digits", 2)), data.load("digits").test.x[[0, 9]]
    blends = np.linspace(x[0] / 255, x[1] / 255, 5)
    straight, pixels = (scores_along(model, images).astype(float) for images in (images_between(model, *x, 5, "straight"), blends))
    apart = straight[:, straight.mean(0).argmin()] - pixels[:, pixels.mean(0).argmin()]
    half_width = stats.t.ppf(0.975, 7) * stats.sem(apart)
    said = conclusion_of(opened(PATHS, dataset="digits", latent_dim=2, family="vae", second_image=9, n_path=5))
    assert f"is {with_interval(abs(apart.mean()), half_width)} {'better' if apart.mean() > 0 else 'worse'} than" in said
