"""The overview in a browser: its cards open their models, and it loads no more than it shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.windows import Visit

pytestmark = pytest.mark.browser


def test_a_card_of_the_overview_opens_its_model(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/?dataset=digits&latent_dim=2&family=vae")
    one.page.get_by_text("Linear AE", exact=False).first.click()
    one.page.wait_for_function("() => location.pathname === '/compare'")
    one.settle()
    assert one.choices() == ["Digits 8 × 8", "Linear autoencoder", "2"]


def test_the_landing_page_does_not_load_plotly(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/?dataset=digits&latent_dim=2")
    assert not [url for url in one.requests if "plotly" in url.lower()]
