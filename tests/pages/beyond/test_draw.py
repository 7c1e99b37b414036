"""*Step by step* on its page: what it says is what the models score, image by image, and a network that stops early is told as that."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pages.beyond.draw import cached as caches
from pages.beyond.draw import findings, view
from pages.beyond.draw.view import Setting
from pages.shared import words
from tests.harness import ROOT, answer_of, assert_answers, assert_sound, charts, conclusion_of, mean_by_scipy, opened, value_of, values
from tests.harness import words as said
from vae_core.explore.beyond.draw import STEPS, StepTerms
from vae_core.units import tiny

PAGE = "beyond/draw"
TEXT = words.beside(str(ROOT / "pages/beyond/draw/page.py"))
pytestmark = pytest.mark.usefixtures("checkpoints")


def negative_elbo_of_vae() -> np.ndarray:
    return caches.negative_elbo_of_vae(caches.vae())


def test_the_numbers_are_those_of_the_same_images_with_their_paired_interval() -> None:
    app = opened(PAGE)
    assert_answers(app)
    terms = caches.step_terms(8)
    own = terms.distortion[-1] + terms.rates.sum(0)
    assert value_of(app, "−ELBO, T = 8") == f"{mean_by_scipy(own)} nats"
    apart = own - negative_elbo_of_vae()
    label = "Above the VAE's" if apart.mean() > 0 else "Below the VAE's"
    assert value_of(app, label) == f"{mean_by_scipy(abs(apart.mean()) / apart.mean() * apart)} nats"
    bars = charts(app)[0]["data"]
    assert values(bars[0]["y"]) == pytest.approx(terms.rates.mean(1))
    assert values(bars[1]["y"]) == pytest.approx(-np.diff(terms.distortion.mean(1)))
    dots = charts(app)[1]["data"]
    assert list(dots[0]["y"]) == ["VAE, d = 20", "T = 1", "T = 4", "T = 8"]
    scores = [negative_elbo_of_vae().mean(), *(caches.step_terms(t).negative_elbo().mean() for t in STEPS)]
    assert values(dots[0]["x"]) == pytest.approx(scores)
    kept = [caches.metrics(t) for t in STEPS]
    assert values(dots[1]["x"])[1:] == pytest.approx([-one["iwae_bound"] for one in kept])
    assert all(bound < score for bound, score in zip(values(dots[1]["x"]), scores, strict=True))


def test_one_step_is_called_a_vae_and_differs_by_rounding_alone() -> None:
    app = opened(PAGE, draw_steps="T = 1")
    assert_sound(app)
    apart = np.abs(caches.step_terms(1).negative_elbo() - caches.as_vae()).max()
    assert apart < 1e-3  # nats of about a hundred, in float32
    assert f"−ELBO is the same to {tiny(float(apart))} nats for every image" in conclusion_of(app)


def test_stopped_early_it_says_what_the_other_steps_would_cost_and_gain() -> None:
    app = opened(PAGE, draw_steps="T = 8", draw_stop="3")
    assert_sound(app)
    terms = caches.step_terms(8)
    assert value_of(app, "−ELBO, T = 8, stopped after 3") == f"{mean_by_scipy(terms.distortion[3] + terms.rates[:3].sum(0))} nats"
    told = conclusion_of(app)
    assert (
        f"would pay {mean_by_scipy(terms.rates[3:].sum(0))} nats and gain {mean_by_scipy(terms.distortion[3] - terms.distortion[8])}"
        in told
    )
    assert "The 5 steps after step 3" in told
    assert values(charts(app)[1]["data"][2]["x"]) == pytest.approx([terms.negative_elbo(3).mean()])


def test_with_fewer_steps_the_place_to_stop_is_one_that_there_is() -> None:
    app = opened(PAGE, draw_steps="T = 8", draw_stop="7")
    app.button_group(key="draw_steps").set_value("T = 4").run()
    assert_sound(app)
    assert value_of(app, "−ELBO, T = 4").endswith("nats")


@pytest.mark.parametrize("source", view.SOURCES)
@pytest.mark.parametrize("shown", view.SHOWN)
def test_every_view_answers(source: str, shown: str) -> None:
    app = opened(PAGE, draw_source=source, draw_shown=shown, draw_images=3)
    assert_answers(app)
    assert ("Red: ink" in said(app)) == (shown == view.WRITTEN)
    assert ("−log p(x | canvas)" in said(app)) == (source == view.TEST_IMAGES)


def test_without_the_models_it_says_how_they_are_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "are_trained", lambda: False)
    app = opened(PAGE)
    assert_sound(app)
    assert "python -m vae_core draw" in app.info[0].value


def made_up(falls: list[float], rates: list[float], start: float = 100.0) -> StepTerms:
    """Terms of 200 images, all the same but for a little noise."""
    noise = np.random.default_rng(0).normal(0, 0.1, (len(falls) + 1, 200))
    distortion = start - np.concatenate([[0.0], np.cumsum(falls)])[:, None] + noise
    return StepTerms(distortion, np.array(rates)[:, None] + np.abs(noise[1:]) * 0.01)


@pytest.mark.parametrize(
    ("one", "word"), [(70.0, "higher** than in one"), (90.0, "lower** than in one"), (80.0, "do not tell 2 steps from one")]
)
def test_the_conclusion_turns_with_the_numbers(monkeypatch: pytest.MonkeyPatch, one: float, word: str) -> None:
    """Two steps end at −ELBO 80; one step at another."""
    terms = {1: made_up([110 - one], [10.0]), 2: made_up([20.0, 10.0], [6.0, 4.0])}
    terms[1].distortion[1] += terms[2].negative_elbo().mean() - terms[1].negative_elbo().mean() + one - 80
    monkeypatch.setattr(caches, "step_terms", terms.__getitem__)
    sentence = findings._beside_one_step(Setting(2, 2, view.PRIOR, view.CANVAS, 0), TEXT)
    assert word in sentence
    if one != 80:
        apart = (terms[1].negative_elbo() - terms[2].negative_elbo()) * np.sign(one - 80)
        assert f"**{mean_by_scipy(apart)} nats" in sentence


@pytest.mark.parametrize(("fall", "word"), [(9.0, "are worth"), (1.0, "they cost"), (4.0, "no difference is told")])
def test_the_steps_that_are_not_made_are_worth_what_they_gain_more_than_they_pay(
    monkeypatch: pytest.MonkeyPatch, fall: float, word: str
) -> None:
    terms = made_up([20.0, fall], [6.0, 3.9993])
    terms.rates[1] += terms.gained[1].mean() - fall if fall == 4.0 else 0.0
    monkeypatch.setattr(caches, "step_terms", lambda _: terms)
    sentence = findings._of_the_rest(Setting(2, 1, view.PRIOR, view.CANVAS, 0), TEXT)
    assert word in sentence
    assert f"would pay {mean_by_scipy(terms.rates[1])} nats and gain {mean_by_scipy(terms.gained[1])}" in sentence


def test_the_answer_names_the_step_that_gains_most_for_a_nat(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = made_up([12.0, 9.0, 2.0], [6.0, 2.0, 2.0])
    monkeypatch.setattr(caches, "step_terms", lambda _: terms)
    told = findings.answer(Setting(3, 3, view.PRIOR, view.CANVAS, 0), TEXT)
    assert re.search(r"Step 2 gains most per nat: 4\.[45]", told)
    assert "Step 3 gains least" in told
    assert len(told.splitlines()) == 7


def test_the_answer_of_the_page_has_a_line_for_each_step() -> None:
    terms = caches.step_terms(4)
    told = answer_of(opened(PAGE, draw_steps="T = 4"))
    for t in range(4):
        assert f"| {t + 1} | {mean_by_scipy(terms.rates[t])} | {mean_by_scipy(terms.gained[t])} |" in told


def test_the_best_number_of_steps_is_told_with_its_lead_on_the_same_images() -> None:
    scores = {t: caches.step_terms(t).distortion[-1] + caches.step_terms(t).rates.sum(0) for t in STEPS}
    best, second, _ = sorted(scores, key=lambda t: scores[t].mean())
    lead = mean_by_scipy(scores[second] - scores[best])
    assert f"the one with T\u00a0=\u00a0{best} has the lowest, {lead} nats below the next." in conclusion_of(opened(PAGE))
    told = findings.best_number_of_steps({})
    assert (told["value"], str(told["ahead"])) == (best, lead)
    assert [str(told[name]) for name in ("own", "one", "most")] == [mean_by_scipy(scores[t]) for t in (best, 1, 8)]


def test_no_lead_is_told_that_the_images_do_not_tell_from_none(monkeypatch: pytest.MonkeyPatch) -> None:
    alike = made_up([20.0], [6.0])
    monkeypatch.setattr(caches, "step_terms", lambda _: alike)
    assert findings._of_all(TEXT) == ""
