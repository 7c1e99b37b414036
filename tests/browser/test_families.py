"""*Five families* in a browser: its cards open their models."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.windows import Visit

pytestmark = pytest.mark.browser


def test_a_card_of_five_families_opens_its_model(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/families?dataset=digits&latent_dim=2&family=vae")
    one.page.get_by_text("Linear AE", exact=False).first.click()
    one.page.wait_for_function("() => location.pathname === '/compare'")
    one.settle()
    assert one.choices() == ["Digits 8 × 8", "Linear autoencoder", "2"]


def test_what_the_machine_has_is_no_long_column_in_the_smallest_window(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.set_viewport_size({"width": 1024, "height": 768})
    one.open(f"{server}/families?dataset=digits&latent_dim=2&family=vae")
    words = one.page.get_by_text("This machine").locator("xpath=ancestor::*[@data-testid='stCaptionContainer']").bounding_box()
    assert words["width"] > 4 * words["height"]
