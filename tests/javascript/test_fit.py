"""How high pictures may be, so that a page and its window are of one height, in JavaScript."""

from __future__ import annotations

import pytest

from tests.javascript.engine import evaluate

FIT = ("pages/frame/fit.js",)
OWN = 800
RUN = """
const tries = [{ height: own }];
for (;;) {
  const last = tries[tries.length - 1];
  last.excess = excess(last.height);
  const next = nextHeight(tries, own);
  if (tries.some((one) => one.height === next)) return [next, excess(next), tries.length];
  tries.push({ height: next });
}
"""


def fitted(excess: str) -> tuple[int, float, int]:
    """The height that is found, by how much the page is higher than its window then, and how many were tried."""
    height, left, n = evaluate(FIT, f"const excess = (height) => {excess};\n{RUN}", own=OWN)
    return height, left, n


@pytest.mark.parametrize("share", [0.4, 1, 1.6])
@pytest.mark.parametrize("excess", [80, 20, -60])
def test_pictures_take_what_is_left_and_no_more(share: float, excess: float) -> None:
    _, left, n = fitted(f"{excess} + {share} * (height - 800)")
    assert -8 <= left <= 0
    assert n <= 5


def test_pictures_stay_as_they_are_where_something_else_is_too_high() -> None:
    assert fitted("50")[:2] == (OWN, 50)


def test_a_picture_that_was_made_larger_before_it_was_seen_is_made_smaller_again() -> None:
    late = RUN.replace("[{ height: own }]", "[{ height: 1.3 * own }]")
    height, left, _ = evaluate(FIT, f"const excess = (height) => Math.min(60, height - 830);\n{late}", own=OWN)
    assert left <= 0 and height > OWN


def test_a_picture_that_is_as_wide_as_it_may_be_does_not_grow_for_ever() -> None:
    height, left, n = fitted("Math.min(-40, height - 900)")
    assert (left, n) == (-40, 3)
    assert height <= 1.3 * OWN


def test_a_pixel_that_has_to_be_scrolled_is_one_too_many() -> None:
    tries = [{"height": 800, "excess": -20}, {"height": 820, "excess": 1}]
    assert evaluate(FIT, "return best(tries);", tries=tries) == 800
