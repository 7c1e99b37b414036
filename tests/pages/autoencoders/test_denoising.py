"""Denoising on its page: every view answers, and what it concludes is in the numbers beside it."""

from __future__ import annotations

import re

import pytest
from scipy.stats import sem

from pages.autoencoders.denoising import findings
from tests.harness import assert_answers, assert_sound, conclusion_of, link_of, opened, pictures, value_of, words
from vae_core import data
from vae_core.explore.autoencoders import denoising
from vae_core.explore.means import mean_of
from vae_core.models.pca import spectrum
from vae_core.store import Store
from vae_core.units import with_interval

PAGE = "autoencoders/denoising"
pytestmark = pytest.mark.usefixtures("checkpoints")


@pytest.mark.parametrize("show", ["matrix", "codes"])
def test_every_view_answers(show: str) -> None:
    assert_answers(opened(PAGE, dn_data="digits", dn_show=show))


def test_which_denoiser_is_better_is_computed() -> None:
    app = opened(PAGE, dn_data="digits")
    assert_answers(app)
    best, own = (float(value_of(app, label).split()[0]) for label in ("Best linear denoiser", "AE, Gaussian"))
    assert own < best
    assert f"{own:.2f}" in conclusion_of(app) and f"{best:.2f}" in conclusion_of(app)
    x = data.load("digits").test.x
    both = (
        Store().load(denoising.specs("digits")["gaussian"]),
        denoising.best_linear(spectrum(data.load("digits").train.x), "gaussian", 0.5),
    )
    errors, others = (denoising.errors(model, x, "gaussian", 0.5) for model in both)
    times = float(errors.mean() / others.mean())
    half_width = 1.959964 * sem(errors - times * others) / others.mean()  # Cochran 1977, Eq. (2.46)
    assert f"has {with_interval(times, half_width)} times the error" in conclusion_of(app)
    assert "loses against it" in conclusion_of(app)
    app.select_slider(key="dn_strength").set_value(0.1).run()
    assert_sound(app)
    assert "the best linear denoiser is better" in conclusion_of(app)


def test_a_noise_of_another_kind_has_its_own_denoiser() -> None:
    app = opened(PAGE, dn_data="digits", dn_noise="mask", dn_strength=0.3)
    assert_sound(app)
    assert value_of(app, "AE, mask")
    assert "mask (30 % of the pixels)" in words(app)


def test_the_answers_of_the_lectures_are_those_of_the_page() -> None:
    beside = findings.error_beside_best_linear({"dn_data": "digits"})
    assert 0.8 < beside["value"] < 1
    moved = findings.codes_moved({"dn_data": "digits"})
    assert moved["value"] == pytest.approx(moved["own"].value / moved["plain"].value)
    assert "±" in str(moved["times"]) and "±" in str(beside["times"])
    assert moved["value"] < 0.5


def test_noise_lies_where_a_link_says_that_it_was_painted() -> None:
    code = denoising.presets(8)["lower half"]
    app = opened(PAGE, dn_data="digits", dn_where="where I paint", dn_painted_8=code)
    assert_answers(app)
    assert link_of(app)["dn_painted_8"] == code
    painted, x = denoising.painted_pixels(code, 8), data.load("digits").test.x
    own = Store().load(denoising.specs("digits")["gaussian"])
    inside, outside = (mean_of(part) for part in denoising.painted_errors(own, x, "gaussian", 0.5, painted))
    assert f"has {inside} in the painted pixels and {outside} in the others" in conclusion_of(app)
    seen = pictures(app)[1]
    assert (seen[:4] == pictures(app)[0][:4]).all() and (seen[4:] != pictures(app)[0][4:]).any()
    app.segmented_control(key="dn_noise").set_value("mask").run()
    assert_sound(app)
    assert "mask (50 % of the pixels)" in conclusion_of(app)


def test_a_painting_that_is_none_is_one_sentence_and_the_first_shape() -> None:
    app = opened(PAGE, dn_data="digits", dn_where="where I paint", dn_painted_8="nonsense")
    assert_sound(app)
    assert sum("cannot be read" in caption.value for caption in app.main.caption) == 1


def test_of_few_faces_errors_are_told_from_those_in_training_only_where_the_interval_does() -> None:
    few = conclusion_of(opened(PAGE, dn_data="faces_25", dn_show="codes"))
    assert "test errors are not told from training errors with the first, and not told from them" in few
    many = conclusion_of(opened(PAGE, dn_data="mnist_5k", dn_show="codes"))
    assert re.search(r"test errors are \d+ ± \d+ % above training errors with the first, and [\d.]+ ± [\d.]+ % above them", many)
