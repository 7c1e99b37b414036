"""The page on the divergence: its numbers, a prior that a decoder takes up, and the field for a student's formula."""

from __future__ import annotations

import pytest

from pages.elbo.kl.below import verdict
from pages.elbo.kl.controls import BELOW
from pages.shared import words as texts
from tests.harness import ROOT, answer_of, assert_sound, conclusion_of, link_of, method_of, opened, value_of, words
from vae_core.explore.elbo.gaussian import PRIOR, Gaussian, kl
from vae_core.explore.elbo.kl import best_width, draws, monte_carlo
from vae_core.units import signed

KL = "elbo/kl"
TEXT = texts.beside(str(ROOT / "pages" / KL / "page.py"))


@pytest.mark.parametrize("swapped", [0, 1])
def test_a_link_restores_q_and_the_direction_and_the_numbers_are_theirs(swapped: int) -> None:
    app = opened(KL, kl_mean=-1.5, kl_width=0.3, kl_swapped=swapped, kl_n=1000, kl_draw=4)
    assert_sound(app)
    assert {key: float(link_of(app)[key]) for key in ("kl_mean", "kl_width", "kl_swapped")} == {
        "kl_mean": -1.5,
        "kl_width": 0.3,
        "kl_swapped": swapped,
    }
    q = Gaussian(-1.5, 0.3)
    pair = (PRIOR, q) if swapped else (q, PRIOR)
    assert value_of(app, "KL(") == f"{kl(*pair):.4f} nats"
    drawn = monte_carlo(*pair, draws(1000, 4))
    away = signed((drawn.value - kl(*pair)) / drawn.standard_error, 1)
    assert f"n = 1,000 draws is {away} standard errors away" in method_of(app, "KL(")
    assert f"{kl(q, PRIOR):.2f} nats" in conclusion_of(app)


def test_the_answer_is_computed_for_the_sharpness_that_is_set() -> None:
    for sharpness in (3.0, 99.0):
        assert f"least at σ = {best_width(sharpness):.3f}" in answer_of(opened(KL, kl_sharp=sharpness))


def test_where_q_is_p_the_divergence_is_zero_both_ways() -> None:
    assert "0 both ways" in conclusion_of(opened(KL, kl_mean=0, kl_width=1))


@pytest.mark.parametrize("title", BELOW)
def test_whatever_stands_below_the_picture_is_sound(title: str) -> None:
    assert_sound(opened(KL, kl_below=title))


def test_another_prior_leaves_every_output_as_it_was() -> None:
    app = opened(KL, kl_below="another prior", kl_prior_mean=-3, kl_prior_width=0.2)
    assert_sound(app)
    assert value_of(app, "Largest difference")[-2:] in ("⁻⁶", "⁻⁷", "⁻⁸")


def test_the_field_says_what_a_formula_is_and_holds_the_solution_folded() -> None:
    app = opened(KL, kl_below="your solution", chosen_formula="(mu^2 + sigma^2 - log(sigma^2))/2")
    assert_sound(app)
    assert "divergence plus 0.5000" in words(app)
    (folded,) = [one for one in app.main.expander if one.label == "Solution"]
    assert not folded.proto.expanded
    app.text_input(key="chosen_formula").set_value("(mu^2 + sigma^2 - 1 - log(sigma^2))/2").run()
    assert "**Right**" in words(app)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("", "Write a formula"),
        ("mu^2 + sigma^2 - 1 - log(sigma^2)", "2.0000 times"),
        ("-(mu^2 + sigma^2 - 1 - log(sigma^2))/2", "**minus**"),
        ("log(mu)", "no value everywhere"),
        ("0", "Not yet: at μ ="),
        ("__import__('os')", "no formula"),
        ("![x](http://example.org/x.png)", "no formula"),
    ],
)
def test_every_verdict_is_a_sentence_that_repeats_nothing_of_the_formula(formula: str, said: str) -> None:
    found = verdict(formula, TEXT)
    assert said in found and "{" not in found
    assert "import" not in found and "example.org" not in found
