"""The film of a training in a browser: played, dragged, stepped by keys, and found again by its link."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import SECONDS, Visit
from tests.harness import wait_for

pytestmark = pytest.mark.browser

FILM = "digits&latent_dim=2&family=vae"


def epoch(one: Visit) -> int:
    return int(one.page.locator(".film").get_attribute("data-epoch") or "-1")


def until(holds: Callable[[], bool]) -> None:
    """Playwright's events go on meanwhile."""
    wait_for(holds, SECONDS)


def test_a_film_is_stepped_by_keys_dragged_and_played(own_server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{own_server}/training-film?dataset={FILM}&film_epoch=1")
    stage = one.page.locator('.film [data-part="stage"]')
    until(lambda: epoch(one) == 1)
    stage.press("ArrowRight")
    until(lambda: epoch(one) > 1)
    second = epoch(one)
    stage.press("ArrowLeft")
    until(lambda: epoch(one) == 1)
    box = stage.bounding_box()
    assert box is not None
    one.page.mouse.move(box["x"] + 20, box["y"] + 20)
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=5)
    one.page.mouse.up()
    until(lambda: epoch(one) > second)
    wait_for_query(one.page, "film_epoch", str(epoch(one)))
    dragged = epoch(one)
    one.page.locator('.film [data-part="play"]').click()
    until(lambda: epoch(one) > dragged)
