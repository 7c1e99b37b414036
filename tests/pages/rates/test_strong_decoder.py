"""Strong decoders on the page: an empty code, and a bound that is better for it."""

from __future__ import annotations

import re

from pages.rates.strong_decoder.cached import best_models
from tests.harness import answer_of, assert_answers, charts, conclusion_of, link_of, numbers_of, opened
from vae_core.explore.rates.strong_decoder import CONTEXTS

PAGE = "rates/strong_decoder"


def test_the_page_says_how_much_code_is_left_and_that_the_bound_gains() -> None:
    app = opened(PAGE, strong_context="8", strong_level="0.1")
    assert_answers(app)
    model, blind = (best_models()[0][0.1, k] for k in (8, 0))
    assert f"**{model.rate:.2f} nats** per image, {100 * model.rate / blind.rate:.0f} %" in conclusion_of(app)
    assert f"{blind.minus_elbo - model.minus_elbo:.2f} nats higher" in conclusion_of(app)
    assert numbers_of(app)["Rate R"] == f"{model.rate:.2f} nats"
    assert link_of(app)["strong_context"] == "8"
    assert len(charts(app)[0]["layout"]["shapes"]) == 2


def test_a_full_context_empties_the_code_at_a_high_level_and_not_at_a_low_one() -> None:
    app = opened(PAGE, strong_context="63", strong_level="0.1")
    assert "the best code is **empty**" in conclusion_of(app)
    assert numbers_of(app)["Rate R"] == "0.00 nats"
    app = opened(PAGE, strong_context="63", strong_level="0.05")
    left = best_models()[0][0.05, 63].rate
    assert f"**{left:.2f} nats**" in conclusion_of(app)
    assert f"keeps {left:.2f} nats" in answer_of(app)


def test_the_steepest_fall_is_the_pixel_above() -> None:
    app = opened(PAGE, strong_level="0.1")
    before, after, fall = re.search(r"fastest from k = (\d+) to (\d+): by ([\d.]+) nats", answer_of(app)).groups()
    rates = [best_models()[0][0.1, k].rate for k in CONTEXTS]
    slopes = [(a - b) / (j - i) for a, b, i, j in zip(rates, rates[1:], CONTEXTS, CONTEXTS[1:], strict=False)]
    assert (int(before), int(after)) == (CONTEXTS[slopes.index(max(slopes))], 8)
    assert float(fall) == round(max(slopes), 2)
