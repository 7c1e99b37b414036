"""The film of a training in a browser: played, dragged, stepped by keys, and found again by its link."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser

FILM = "digits&latent_dim=2&family=vae"


def epoch(one: Visit) -> int:
    return int(one.page.locator(".film").get_attribute("data-epoch") or "-1")


def wait_until(one: Visit, condition: str) -> None:
    one.page.wait_for_function(f"() => {{ const epoch = +document.querySelector('.film')?.dataset.epoch; return {condition}; }}")


def test_a_film_is_stepped_by_keys_dragged_and_played(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/training-film?dataset={FILM}&film_epoch=1")
    stage = one.page.locator('.film [data-part="stage"]')
    wait_until(one, "epoch === 1")
    stage.press("ArrowRight")
    wait_until(one, "epoch > 1")
    second = epoch(one)
    stage.press("ArrowLeft")
    wait_until(one, "epoch === 1")
    box = stage.bounding_box()
    assert box is not None
    one.page.mouse.move(box["x"] + 20, box["y"] + 20)
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=5)
    one.page.mouse.up()
    wait_until(one, f"epoch > {second}")
    wait_for_query(one.page, "film_epoch", str(epoch(one)))
    dragged = epoch(one)
    one.page.locator('.film [data-part="play"]').click()
    wait_until(one, f"epoch > {dragged}")
