"""Reconstructions side by side in a browser: each pixel a square, and brought back by a link."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.windows import Visit

pytestmark = pytest.mark.browser


SIZES = """all => all.map(one => {
  const shown = one.getBoundingClientRect();
  return [one.naturalWidth, one.naturalHeight, shown.width, shown.height];
})"""
"""Width and height of each image: in its file, and on the screen."""
SQUARES = """(one, side) => {
  const times = one.naturalWidth / side, canvas = document.createElement("canvas");
  canvas.width = one.naturalWidth;
  canvas.height = one.naturalHeight;
  const paper = canvas.getContext("2d");
  paper.drawImage(one, 0, 0);
  const levels = new Uint32Array(paper.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const of = (x, y) => levels[y * canvas.width + x];
  return levels.every((level, k) => {
    const x = k % canvas.width, y = Math.floor(k / canvas.width);
    return level === of(x - (x % times), y - (y % times));
  });
}"""
"""Whether an image's file holds squares of one colour, `side` of them a row."""


def test_every_pixel_is_a_square_no_image_is_larger_than_its_file_and_a_link_restores_the_view(
    server: str, visit: Callable[..., Visit]
) -> None:
    """An image that the browser enlarges would be blurred; those it makes smaller keep the edges of their pixels."""
    one = visit().open(f"{server}/compare?dataset=digits&latent_dim=2&family=pca")
    images = one.page.locator('[data-testid="stHtml"] img')
    assert images.count() == 24
    sizes = images.evaluate_all(SIZES)
    for width, height, shown_width, shown_height in sizes:
        assert width == height
        assert width % 8 == 0
        assert 4 * 8 <= shown_width <= width
        assert shown_height == pytest.approx(shown_width, abs=0.1)
    assert all(images.nth(k).evaluate(SQUARES, 8) for k in range(24))
    assert set(images.evaluate_all("all => all.map(one => getComputedStyle(one).imageRendering)")) == {"auto"}
    assert len(set(images.evaluate_all("all => all.map(one => one.src)"))) > 12
    one.page.get_by_role("radio", name="hardest", exact=True).click()
    one.settle()
    hardest = one.page.locator('[data-testid="stHtml"] img').first.get_attribute("src")
    link = one.link()
    assert link.startswith(f"{server}/compare?")
    other = visit().open(link)
    assert other.choices() == ["Digits 8 × 8", "PCA", "2"]
    assert other.page.locator('[data-testid="stHtml"] img').first.get_attribute("src") == hardest
