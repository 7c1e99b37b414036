"""Paths through latent space, and the images at their ends."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pages.latent.paths import findings
from tests.harness import answer_of, assert_answers, conclusion_of, mean_by_scipy, method_of, opened, pictures, value_of
from vae_core import data
from vae_core.drawing.images import as_bytes
from vae_core.explore.latent.paths import images_between, scores_along
from vae_core.explore.reconstructions import reconstructions
from vae_core.models import default_spec
from vae_core.store import Store

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
    spherical = scores_along(model, images_between(model, *x, 5, "spherical")).astype(float)
    paths = {"straight": straight, "spherical": spherical, "pixels": pixels}
    where = {name: 1 + int(of.mean(0)[1:-1].argmin()) for name, of in paths.items()}  # the ends of the pixels are no blends
    least = {name: of[:, where[name]] for name, of in paths.items()}
    told = {name: mean_by_scipy(of, few=True) for name, of in least.items()}
    apart = least["straight"] - least["pixels"]
    app = opened(PATHS, dataset="digits", latent_dim=2, family="vae", second_image=9, n_path=5)
    assert apart.mean() > 0
    assert f"({told['straight']}) is {mean_by_scipy(apart, few=True)} better than" in conclusion_of(app)
    first, second = (mean_by_scipy(end, few=True) for end in pixels.T[[0, -1]])
    assert f"pixels ({told['pixels']}). The test images at the ends have {first} and {second}" in conclusion_of(app)
    is_no_worse = least["pixels"].mean() >= min(pixels.mean(0)[[0, -1]])
    assert ("no blend is worse" in conclusion_of(app)) == is_no_worse
    assert value_of(app, "Least bound") == f"{told['straight']} nats"
    assert f"straight path; {told['pixels']} in pixels: mean over 8 binarisations" in method_of(app, "Least bound")
    sections = {"straight": "the straight path is", "spherical": "the spherical path it is", "pixels": "the blend of pixels it is"}
    for name, section in sections.items():
        assert f"{section} {told[name]}, at t = {where[name] / 4:.2f}" in answer_of(app)
    state = {"dataset": "digits", "latent_dim": 2, "first_image": 0, "second_image": 9, "n_path": 5}
    assert findings.straight_beside_pixels(state) == {"value": pytest.approx(apart.mean()), **told}


def test_an_exact_error_on_the_way_is_the_largest_and_has_no_interval(checkpoints: Store) -> None:
    model, x = checkpoints.load(default_spec("autoencoder", "digits", 2)), data.load("digits").test.x[[0, 9]]
    paths = images_between(model, *x, 5, "straight"), np.linspace(x[0] / 255, x[1] / 255, 5, dtype=np.float32)
    straight, pixels = (max(((one - model.reconstruct(one[None])[0].numpy()) ** 2).sum() for one in path[1:-1]) for path in paths)
    app = opened(PATHS, dataset="digits", latent_dim=2, family="autoencoder", second_image=9, n_path=5)
    assert value_of(app, "Largest error") == f"{straight:.1f} SSE"
    assert method_of(app, "Largest error") == f"Straight path; {pixels:.1f} in pixels: exact, of the image and its reconstruction."
