"""Picture and controls of a page fit its window."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import PIXELS, morph
from tests.browser.windows import Visit
from tests.harness import PAGES, WITH_MODELS
from vae_core.models import default_spec
from vae_core.store import Store

pytestmark = pytest.mark.browser

WITH_A_MORPH = ("expressiveness", "expressiveness-learned", "expressiveness-curve")


@pytest.mark.parametrize("page", WITH_MODELS)
def test_picture_and_controls_fit_one_window(page: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/{PAGES[page]}?dataset=digits&latent_dim=2")
    main = one.page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


@pytest.mark.skipif(default_spec("vae", "digits", 2) not in Store(), reason="train it first: vae of digits at latent_dim 2")
@pytest.mark.parametrize("path", ["own-images", "own-place"])
def test_the_pages_fit_one_window(path: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/{path}?dataset=digits&latent_dim=2")
    main = one.page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


@pytest.mark.parametrize(
    "path",
    [
        "pca-by-hand",
        "pca-of-images",
        "linear-autoencoder",
        "exact-curve",
        "collapse",
        "doctor",
        "discrete-world",
        "rda",
        "bound",
        "kl",
        "why-hard",
    ],
)
def test_picture_and_controls_of_exact_rates_fit_one_window(path: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/{path}?dataset=digits&latent_dim=2")
    main = one.page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert one.faults() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", WITH_A_MORPH)
def test_the_pages_fit_every_window_in_both_themes(path: str, theme: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.emulate_media(color_scheme=theme)
    one.open(f"{server}/{path}?ring_t=1")
    for width, height in ((1024, 768), (1280, 800), (1920, 1080)):
        one.page.set_viewport_size({"width": width, "height": height})
        one.settle()
        morph(one.page)
        main = one.page.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        stage = one.page.locator('[data-part="stage"], .panel .stage').first.bounding_box()
        assert stage["width"] >= 220
        assert stage["y"] + stage["height"] <= height
        assert min(n for n, _ in one.page.evaluate(PIXELS)) > 200
    assert one.faults() == []
    assert one.complaints == []
    assert one.strangers(server) == set()
