"""Reconstructions side by side in a browser: enlarged by whole pixels, and brought back by a link."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.windows import Visit

pytestmark = pytest.mark.browser


def test_images_are_enlarged_by_whole_numbers_and_without_blur(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?dataset=digits&latent_dim=2")
    images = one.page.locator('[data-testid="stHtml"] img')
    assert images.count() == 24
    sizes = images.evaluate_all("es => es.map(e => [e.clientWidth / e.naturalWidth, e.clientHeight / e.naturalHeight])")
    assert all(x == y == int(x) >= 4 for x, y in sizes)
    assert set(images.evaluate_all("es => es.map(e => getComputedStyle(e).imageRendering)")) == {"pixelated"}


def test_the_link_of_a_view_restores_it(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?dataset=digits&latent_dim=2&family=pca")
    one.page.get_by_text("hardest", exact=True).click()
    one.settle()
    hardest = one.page.locator('[data-testid="stHtml"] img').first.get_attribute("src")
    one.page.get_by_text("Link", exact=True).click()
    link = one.page.locator('[data-testid="stPopoverBody"] code').first.inner_text()
    assert link.startswith(f"{server}/compare?")
    other = visit().open(link)
    assert other.choices() == ["Digits 8 × 8", "pca", "2"]
    assert other.page.locator('[data-testid="stHtml"] img').first.get_attribute("src") == hardest
