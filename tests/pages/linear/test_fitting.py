"""*Fitting p(x)* on its page: points, images, dimensions; numbers equal a second computation, and a link restores the view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import sem

from pages.linear.fitting import cached as caches
from pages.linear.fitting import findings
from pages.shared import cached
from tests.harness import answer_of, assert_answers, conclusion_of, link_of, method_of, opened, pictures, value_of, words
from vae_core import data
from vae_core.data import drawn
from vae_core.explore import em, odd_pictures
from vae_core.explore.linear import by_class, fitting
from vae_core.explore.linear.intrinsic_dimension import neighbours
from vae_core.explore.means import Share
from vae_core.explore.odd_pictures import KINDS
from vae_core.models.pca import spectrum
from vae_core.units import signed, with_interval

PAGE = "linear/fitting"
HERE = {"dataset": "digits", "latent_dim": 2, "family": "pca"}
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_one_gaussian_on_points_scores_as_its_closed_form_below_the_most_that_is_possible() -> None:
    app = opened(PAGE, **HERE, fit_points="circle")
    assert_answers(app)
    points = drawn.points(drawn.presets()["circle"])
    x, new = points.train.x[:160].astype(float), points.test.x.astype(float)
    log_px = em.fitted(x, np.ones((160, 1))).log_px(new)
    score, half_width = float(log_px.mean()), 1.959964 * sem(log_px)
    most = -drawn.entropy(drawn.presets()["circle"])
    assert value_of(app, "log p(x)") == f"{with_interval(score, half_width)} nats"
    assert f"**{with_interval(most - score, half_width)} nats** below" in conclusion_of(app)
    assert f"The most that is possible is {signed(most, 3)}" in words(app)
    assert link_of(opened(PAGE, **HERE, fit_points="circle", fit_k=4))["fit_k"] == "4"


def test_k_means_on_points_says_what_it_cannot() -> None:
    app = opened(PAGE, **HERE, fit_points="clusters", fit_model="k-means", fit_k=3)
    assert_answers(app)
    assert "k-means has no p(x)" in conclusion_of(app)
    assert "squared error" in answer_of(app)


def test_one_mean_of_images_is_the_mean_image() -> None:
    app = opened(PAGE, **HERE, fit_part="images", fit_model="k-means", fit_k=1, fit_dims=10)
    assert "it is the mean image" in conclusion_of(app)
    assert len(pictures(app)) == 8 + 1  # below the test images, once


def test_the_mean_of_one_gaussian_is_drawn_once() -> None:
    assert len(pictures(opened(PAGE, **HERE, fit_part="images", fit_model="Gaussians", fit_k=1, fit_dims=10))) == 8 + 1 + 8


@pytest.mark.parametrize(("shares", "falls"), [({2: 84, 10: 41, 30: 13}, True), ({2: 83, 10: 70, 30: 86}, False)])
def test_room_between_images_is_blamed_only_where_fewer_draws_are_near(
    shares: dict[int, float], falls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = caches.measured
    near = lambda d, k: Share(shares[d], 100) if k == 1 else Share(50, 100)  # noqa: E731
    monkeypatch.setattr(caches, "measured", lambda name, d, k, seed: replace(measured(name, d, k, seed), near=near(d, k)))
    assert ("there is more room" in answer_of(opened(PAGE, **HERE, fit_part="images", fit_dims=10))) == falls


@pytest.mark.parametrize(("model", "n_rows"), [("Gaussians", 4), ("k-means", 2)])
def test_images_stand_above_the_means_and_draws_of_their_gaussians(model: str, n_rows: int) -> None:
    app = opened(PAGE, **HERE, fit_part="images", fit_model=model, fit_k=3, fit_dims=10)
    assert_answers(app)
    assert len(pictures(app)) == 8 * n_rows
    assert link_of(app)["fit_dims"] == "10"


def test_neighbours_tell_the_dimension_of_the_images_that_are_chosen() -> None:
    app = opened(PAGE, **HERE, fit_part="dimensions")
    assert_answers(app)
    train = data.load("digits").train
    x = train.x[list(train.spread(1000))].reshape(-1, 64) / 255
    own = neighbours(x).dimension
    assert value_of(app, "Intrinsic dimension").startswith(f"{own.value:.1f} ({own.low:.1f} to {own.high:.1f})")
    assert f"n = {own.n:,}" in method_of(app, "Intrinsic dimension")
    assert len(pictures(app)) == 16
    small = opened(PAGE, **HERE, fit_part="dimensions", fit_values=1)
    assert "With 1 value per image" in conclusion_of(small) and "is no dimension" in conclusion_of(small)  # of 17 grey levels
    assert int(value_of(small, "Uniform images that are near").replace(",", "")) > int(value_of(app, "Uniform images that are near"))


def test_both_ways_to_tell_a_label_say_what_they_read_and_how_often_they_are_right() -> None:
    app = opened(PAGE, **HERE, fit_part="labels", fit_picture="noise", fit_dims=10, fit_image=3)
    assert_answers(app)
    images = data.load("digits")
    train, test = images.train, images.test
    model = by_class.by_class(spectrum(train.x), train.x, train.labels, 10)
    noise = odd_pictures.pictures(test.x, "noise")[3:4]
    p, q = model.by_regression(noise)[0], model.by_density(noise)[0]
    said = conclusion_of(app)
    assert f"**{p.argmax()}**" in said and f"**{q.argmax()}**" in said
    assert f"probability of {p.max():.2f}" in said
    assert "all of the test images have a larger log p(x)" in said
    for label, read in (("Right, by p(y|x) alone", model.by_regression), ("Right, by p(x|y) p(y)", model.by_density)):
        assert value_of(app, label) == str(Share(int((read(test.x).argmax(1) == test.labels).sum()), len(test)))
    assert "| noise | " in answer_of(app)
    assert len(pictures(app)) == 6
    assert (link_of(app)["fit_picture"], link_of(app)["fit_image"]) == ("noise", "3")


def test_what_is_said_of_log_px_is_of_the_picture() -> None:
    here = HERE | {"dataset": "mnist_5k", "fit_part": "labels"}
    of = {kind: conclusion_of(opened(PAGE, **here, fit_picture=kind)) for kind in KINDS}
    assert "only p(x) says that it is unlike" in of["noise"] and "only p(x) says that it is unlike" in of["negative"]
    assert "finds nothing odd" in of["test image"]
    train, test = data.load("mnist_5k").train, data.load("mnist_5k").test.x
    density = by_class.by_class(spectrum(train.x), train.x, train.labels, 30).density
    assert (density.log_px(test) < density.log_px(np.zeros_like(test[:1]))).all()
    assert "All of the test images have a smaller log p(x)" in of["blank"]


def test_images_without_labels_are_said_to_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached, "labels", lambda name, split="test": None)
    app = opened(PAGE, **HERE, fit_part="labels")
    assert "has no two labels" in app.info[0].value
    assert not app.exception


def test_the_answers_to_lectures_are_those_of_the_page() -> None:
    one = findings.missed_by_one_gaussian({"fit_points": "circle", "fit_seed": 0})
    assert f"**{one['gap']} nats** below" in conclusion_of(opened(PAGE, **HERE, fit_points="circle"))
    state = {"dataset": "digits", "fit_dims": 10}
    assert f"**{findings.draws_that_are_near(state)['near']}**" in conclusion_of(opened(PAGE, **HERE, fit_part="images", fit_dims=10))
    assert findings.dimensions_of_images(state)["values"] == 64
    noise = findings.sure_of_noise(state)
    assert f"| noise | {noise['regression']} | {noise['sure']} |" in answer_of(opened(PAGE, **HERE, fit_part="labels", fit_dims=10))
    assert noise["unlike"] == noise["n"] == 359


def test_what_more_gaussians_gain_on_images_is_of_the_same_images() -> None:
    app = opened(PAGE, **HERE, fit_part="images", fit_k=3, fit_dims=10)
    images = data.load("digits")
    test, train = images.test.x, images.train.x
    x, exact = test[list(images.test.spread(1000))], spectrum(train)
    own, one = (fitting.pixel_mixture(exact, train, 10, k, 0).log_px(x) for k in (3, 1))
    gain = with_interval(abs(float((own - one).mean())), 1.959964 * sem(own - one))
    assert f"A test image gets {gain} nats {'more' if own.mean() > one.mean() else 'less'} than with one" in conclusion_of(app)
    assert sem(own - one) < 0.5 * np.hypot(sem(own), sem(one))
