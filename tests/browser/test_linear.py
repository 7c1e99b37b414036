"""PCA of images and the linear autoencoder in a browser: an image moves under its sliders, a training is scrubbed, and links hold both."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.browser.windows import Visit
from vae_core import data
from vae_core.explore.linear.pca_images import mixture
from vae_core.models.pca import spectrum

pytestmark = pytest.mark.browser
HERE = "dataset=faces_25&latent_dim=2"


def test_a_face_moves_along_its_components_and_a_link_holds_where(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/pca-of-images?{HERE}&pca_show=move&mix_from=the+mean")
    page, mixer = one.page, one.page.locator(".mixer")
    mixer.locator('input[type="range"]').first.fill("2.5")
    mixer.locator(".component button").nth(2).click()
    mixer.locator(".component button").nth(1).click(modifiers=["Shift"])
    page.locator('.mixer[data-a="2.5,-1,1,0,0,0"]').wait_for()
    exact = mixture(spectrum(data.load("faces_25").train.x), None, 6).at(np.array([2.5, -1, 1, 0, 0, 0]))
    assert float(mixer.get_attribute("data-middle")) == pytest.approx(exact[len(exact) // 2], abs=1e-4)
    page.wait_for_url("**mix_codes=**")
    one.settle()
    assert visit().open(page.url).page.locator(".mixer").get_attribute("data-a") == "2.5,-1,1,0,0,0"
    assert one.complaints == []


def test_a_training_is_scrubbed_and_a_link_holds_the_step(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/linear-autoencoder?{HERE}&lae_start=2")
    film = one.page.locator(".film")
    at_last = float(film.get_attribute("data-angle"))
    one.page.locator('[data-part="epoch"]').fill("10")
    one.page.wait_for_url("**line_step=**")
    one.settle()
    assert float(film.get_attribute("data-angle")) > 10 * max(at_last, 0.1)
    step = film.get_attribute("data-epoch")
    assert visit().open(one.page.url).page.locator(".film").get_attribute("data-epoch") == step
    assert one.complaints == []
