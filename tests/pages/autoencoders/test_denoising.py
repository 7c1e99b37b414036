"""Denoising on its page: every view answers, and what it concludes is in the numbers beside it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.stats import sem

from pages.autoencoders.denoising import findings
from tests.harness import (
    answer_of,
    assert_answers,
    assert_sound,
    charts,
    conclusion_of,
    html_of,
    link_of,
    mean_by_scipy,
    method_of,
    opened,
    pictures,
    value_of,
    values,
    words,
)
from vae_core import data
from vae_core.explore.autoencoders import denoising
from vae_core.explore.autoencoders.denoising_figure import NOISES, TITLES
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
    assert "loses against that best one" in conclusion_of(app)
    app.select_slider(key="dn_strength").set_value(0.1).run()
    assert_sound(app)
    assert "the best linear denoiser is better" in conclusion_of(app)


@pytest.fixture(scope="module")
def of_digits() -> dict[str, dict[str, np.ndarray]]:
    """Denoiser → noise → squared errors of the test images, worked out here."""
    x, exact = data.load("digits").test.x, spectrum(data.load("digits").train.x)
    models = {name: Store().load(spec) for name, spec in denoising.specs("digits").items()}
    of = {
        name: {kind: denoising.errors(model, x, kind, s) for kind, s in denoising.STRENGTHS_TRIED.items()} for name, model in models.items()
    }
    best = {kind: denoising.errors(denoising.best_linear(exact, kind, s), x, kind, s) for kind, s in denoising.STRENGTHS_TRIED.items()}
    return {"best": best, **of}


def test_errors_of_images_have_their_intervals_and_are_compared_image_by_image(of_digits: dict[str, dict[str, np.ndarray]]) -> None:
    app, of = opened(PAGE, dn_data="digits"), {name: by_noise["gaussian"] for name, by_noise in of_digits.items()}
    own, best, x = of["gaussian"], of["best"], data.load("digits").test.x
    assert (value_of(app, "Best linear"), value_of(app, "AE, Gaussian")) == (mean_by_scipy(best), mean_by_scipy(own))
    assert method_of(app, "AE, Gaussian") == f"{mean_by_scipy(best - own)} below it on the same images."
    assert f"SSE {mean_by_scipy(own)} against {mean_by_scipy(best)}." in conclusion_of(app)
    (html,) = [body for body in html_of(app) if "test mean SSE" in body]
    before = np.square(denoising.noisy(x, "gaussian", 0.5) - x / 255).reshape(len(x), -1).sum(1)
    assert [mean for mean in map(mean_by_scipy, (before, *of.values())) if mean not in html] == []


def test_the_matrix_has_the_interval_of_each_of_its_cells_and_the_answer_that_of_each_lead(
    of_digits: dict[str, dict[str, np.ndarray]],
) -> None:
    app = opened(PAGE, dn_data="digits", dn_show="matrix")
    (cells,) = charts(app)[0]["data"]
    written = {
        (row, column): re.sub("</?b>", "", text).replace("<br>", " ")
        for row, of_row in zip(cells["y"], cells["text"], strict=True)
        for column, text in zip(cells["x"], of_row, strict=True)
    }
    lines = [line for of_row in cells["text"] for text in of_row for line in re.sub("</?b>", "", text).split("<br>")]
    assert max(map(len, lines)) < 8  # on a telephone a cell is 40 pixels wide
    expected = {(TITLES[name], NOISES[kind]): mean_by_scipy(e) for name, of in of_digits.items() for kind, e in of.items()}
    assert written == expected | {(TITLES["best"], NOISES["none"]): "0"}
    trained = {name: of for name, of in of_digits.items() if name != "best"}
    for kind in denoising.STRENGTHS_TRIED:
        first, second, *_ = sorted((of[kind] for of in trained.values()), key=np.mean)
        assert f"(the next is {mean_by_scipy(second - first)} above)" in answer_of(app)
    mask, plain = (mean_by_scipy(trained[name]["none"]) for name in ("mask", "plain"))
    assert f"trained with *mask* has SSE {mask}, and the one without noise {plain}." in answer_of(app)


def test_codes_that_move_and_errors_without_noise_have_their_intervals(of_digits: dict[str, dict[str, np.ndarray]]) -> None:
    app, sets = opened(PAGE, dn_data="digits", dn_show="codes"), data.load("digits")
    models = {name: Store().load(denoising.specs("digits")[name]) for name in ("plain", "gaussian")}
    moved = {name: 100 * denoising.drift(model, sets.test.x, "gaussian", 0.5) for name, model in models.items()}
    plain, own = (mean_by_scipy(moved[name]) for name in ("plain", "gaussian"))
    assert (value_of(app, "Codes moved, AE without"), value_of(app, "Codes moved, AE trained")) == (f"{plain} %", f"{own} %")
    assert f"plain autoencoder by {plain} % of their variance, and those of **AE, Gaussian** by {own} %." in conclusion_of(app)
    rng, gaps = np.random.default_rng(0), {}
    for name, model in models.items():
        train, test = denoising.errors(model, sets.train.x, "none", 0.0), of_digits[name]["none"]
        again = [
            test[rng.integers(len(test), size=len(test))].mean() / train[rng.integers(len(train), size=len(train))].mean()
            for _ in range(4000)
        ]
        low, high = np.quantile(again, [0.025, 0.975])
        gaps[name] = 100 * (test.mean() / train.mean() - 1), 50 * (high - low)
    said = re.search(r"test errors are (\d+) ± (\d+) % above .* first, and (\d+) ± (\d+) % above", conclusion_of(app)).groups()
    assert [float(one) for one in said] == pytest.approx([*gaps["plain"], *gaps["gaussian"]], abs=0.6)
    bars = {trace["name"]: trace for trace in charts(app)[1]["data"]}
    for split, images in (("training images", sets.train.x), ("test images", sets.test.x)):
        errors = denoising.errors(models["plain"], images, "none", 0.0)
        at = bars[split]["y"].index("AE")
        assert values(bars[split]["x"])[at] == pytest.approx(errors.mean())
        assert values(bars[split]["error_x"]["array"])[at] == pytest.approx(1.959964 * sem(errors))


def test_a_noise_of_another_kind_has_its_own_denoiser() -> None:
    app = opened(PAGE, dn_data="digits", dn_noise="mask", dn_strength=0.3)
    assert_sound(app)
    assert value_of(app, "AE, mask")
    assert "mask (30 % of the pixels)" in words(app)


def test_the_answers_of_the_lectures_are_those_of_the_page() -> None:
    beside = findings.error_beside_best_linear({"dn_data": "digits"})
    assert 0.8 < beside["value"] < 1
    assert f"has {beside['times']} times the error" in conclusion_of(opened(PAGE, dn_data="digits"))
    moved = findings.codes_moved({"dn_data": "digits"})
    assert moved["value"] == pytest.approx(moved["own"].value / moved["plain"].value)
    x, specs = data.load("digits").test.x, denoising.specs("digits")
    own, plain = (denoising.drift(Store().load(specs[name]), x, "gaussian", 0.5) for name in ("gaussian", "plain"))
    times = own.mean() / plain.mean()
    assert str(moved["times"]) == with_interval(times, 1.959964 * sem(own - times * plain) / plain.mean())
    assert (str(moved["own"]), str(moved["plain"])) == (mean_by_scipy(100 * own), mean_by_scipy(100 * plain))
    assert moved["value"] < 0.5


def test_noise_lies_where_a_link_says_that_it_was_painted() -> None:
    code = denoising.presets(8)["lower half"]
    app = opened(PAGE, dn_data="digits", dn_where="where I paint", dn_painted_8=code)
    assert_answers(app)
    assert link_of(app)["dn_painted_8"] == code
    painted, x = denoising.painted_pixels(code, 8), data.load("digits").test.x
    own = Store().load(denoising.specs("digits")["gaussian"])
    inside, outside = denoising.painted_errors(own, x, "gaussian", 0.5, painted)
    assert f"has {mean_by_scipy(inside)} in the painted pixels and {mean_by_scipy(outside)} in the others" in conclusion_of(app)
    noise = np.square(denoising.noisy(x, "gaussian", 0.5, painted=painted) - x / 255).reshape(len(x), -1).sum(1)
    assert f"makes an error of {mean_by_scipy(noise)}." in conclusion_of(app)
    best = denoising.best_linear(spectrum(data.load("digits").train.x), "gaussian", 0.5)
    models = [best, *(Store().load(spec) for spec in denoising.specs("digits").values())]
    least = min((denoising.painted_errors(model, x, "gaussian", 0.5, painted).sum(0) for model in models), key=np.mean)
    assert conclusion_of(app).endswith(f"** has the least SSE: {mean_by_scipy(least)}.")
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
