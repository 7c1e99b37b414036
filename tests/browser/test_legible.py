"""What is read has contrast, what is looked at has size, and what explains a picture does not cover it, in windows of any size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import words
from tests.browser.windows import THEMES, Visit, in_theme

pytestmark = pytest.mark.browser

CONTRAST = Path(__file__).with_name("contrast.js").read_text()
WINDOWS = ((1024, 768), (1280, 800), (1920, 1080))
A_LINK = "dataset=digits&latent_dim=2&family=vae"
OF_TEN_DIMENSIONS = "dataset=digits&latent_dim=10&family=vae&code_size=d+of+the+sidebar"
WIDTHS = {
    "compare": "() => [...document.querySelectorAll('.tile img')].map(one => one.getBoundingClientRect().width)",
    "manifold-grid": "() => [...document.querySelectorAll('.vae-chart image')].map(one => one.getBoundingClientRect().width / 11)",
    "own-images": "() => [...document.querySelectorAll('.tile img')].map(one => one.getBoundingClientRect().width)",
}
LEAST = {"compare": 96, "own-images": 64, "manifold-grid": 24}
"""Width of an image at 1280 × 800, in pixels; at 1024 × 768 two thirds of it."""


INKS = """(() => {
  const write = CanvasRenderingContext2D.prototype.fillText;
  window.inks = new Set();
  CanvasRenderingContext2D.prototype.fillText = function (...written) {
    window.inks.add(this.fillStyle);
    return write.apply(this, written);
  };
})()"""
"""Notes the colours of what is written on canvases."""
INK = """() => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.fillStyle = getComputedStyle(document.querySelector('[data-testid=stApp]')).color;
  return pen.fillStyle;
}"""
"""The page's own, as a canvas says it."""


def test_what_is_read_has_contrast_in_both_themes(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    for address in ("compare", "train", "manifold-toys", "discrete-world", "bound", "library"):
        one.open(f"{server}/{address}?{A_LINK}")
        for theme in THEMES:
            in_theme(one, theme)
            assert one.page.evaluate(CONTRAST) == [], (address, theme)


def test_words_of_a_film_are_written_in_the_ink_of_the_page(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.add_init_script(INKS)
    one.open(f"{server}/linear-autoencoder?{A_LINK}")
    for theme in THEMES:
        in_theme(one, theme)
        one.page.evaluate("window.inks.clear()")
        one.page.get_by_role("slider", name="Step").first.press("ArrowLeft")
        one.draw()
        assert one.page.evaluate("[...window.inks]") == [one.page.evaluate(INK)], theme


@pytest.mark.parametrize(("path", "link"), [*((path, A_LINK) for path in LEAST), ("manifold-grid", OF_TEN_DIMENSIONS)])
def test_images_are_as_large_as_their_window_allows(path: str, link: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/{path}?{link}&own_way=sample")
    one.page.locator(".tile img, .vae-chart image").first.wait_for(state="attached")
    for (width, height), share in zip(WINDOWS, (2 / 3, 1, 1.2), strict=True):
        one.page.set_viewport_size({"width": width, "height": height})
        one.settle()
        sizes = one.page.evaluate(WIDTHS[path])
        assert sizes
        assert min(sizes) >= share * LEAST[path], (width, height)


def test_lines_under_images_stand_apart(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/own-images?dataset=mnist_5k&latent_dim=10&family=vae&own_way=sample")
    for width, height in WINDOWS[:2]:
        one.page.set_viewport_size({"width": width, "height": height})
        one.settle()
        gaps = one.page.evaluate("""() => {
          const texts = [...document.querySelectorAll('.tile span')].filter((one) => one.textContent).map((one) => {
            const range = document.createRange();
            range.selectNodeContents(one);
            return range.getBoundingClientRect();
          });
          return texts.slice(1).map((box, k) => [box, texts[k]]).filter(([a, b]) => a.top === b.top).map(([a, b]) => a.left - b.right);
        }""")
        assert gaps and min(gaps) >= 8, width


def test_a_table_of_images_is_no_wider_than_a_telephone(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.set_viewport_size({"width": 390, "height": 844})
    one.open(f"{server}/denoising")
    assert one.page.locator(".head").count() == 8
    assert one.page.locator("div:has(> .grid)").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_the_name_of_a_model_is_read_whole_in_the_smallest_window(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.set_viewport_size({"width": 1024, "height": 768})
    one.open(f"{server}/doctor?dataset=mnist_5k&latent_dim=10&family=vae")
    name = one.page.locator('[data-testid="stMain"] [data-testid="stSelectbox"] input')
    assert name.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_buttons_say_their_words_whole_in_the_smallest_window(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.set_viewport_size({"width": 1024, "height": 768})
    for path in ("compare", "lectures"):
        words = one.open(f"{server}/{path}?{A_LINK}").page.locator('[data-testid="stColumn"] [data-testid="stButton"] button *')
        assert words.count()
        assert (
            words.evaluate_all("all => all.filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map((e) => e.innerText)") == []
        )


def test_numbers_of_the_discrete_world_do_not_collide_in_the_smallest_window(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.set_viewport_size({"width": 1024, "height": 768})
    one.open(f"{server}/discrete-world")
    one.page.locator(".vae-chart .heatmaplayer text").first.wait_for(state="attached")
    boxes = one.page.evaluate("""() => [...document.querySelectorAll('.vae-chart text')].filter(one => one.textContent.trim())
        .map(one => { const b = one.getBoundingClientRect(); return [one.textContent, b.left, b.right, b.top, b.bottom] })""")
    numbers = [box for box in boxes if box[0].startswith(".")]
    assert len(numbers) >= 16
    for text, left, right, top, bottom in numbers:
        for other, a, b, c, d in boxes:
            apart = right <= a + 1 or b <= left + 1 or bottom <= c + 1 or d <= top + 1
            assert apart or [text, left, right, top, bottom] == [other, a, b, c, d], (text, other)


@pytest.mark.parametrize(
    "view",
    [
        "bound",
        "kl",
        "em",
        "inside?inside_part=Noise&noise_of=Bernoulli",
        "which-posterior",
        "which-posterior?posterior_shown=four+approximations",
        "collapse",
    ],
)
def test_words_of_a_picture_stand_apart_and_whole_in_the_smallest_window(view: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.add_init_script(words.WORDS)
    one.page.set_viewport_size({"width": 1024, "height": 768})
    one.open(f"{server}/{view}{'&' if '?' in view else '?'}{'' if 'dataset' in view else A_LINK}")
    if "four" in view or "collapse" in view:
        one.page.locator(".vae-chart .ytick text").first.wait_for(state="attached")
    pictures = one.draw().page.evaluate("pictures()")
    assert pictures
    for picture in pictures:
        assert words.beyond(words.of(picture), picture["width"]) == []
        assert words.in_each_other(words.of(picture)) == []


def test_what_explains_a_picture_opens_below_it_and_into_view(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?{A_LINK}")
    pictures = one.page.locator(".tile img")
    one.page.get_by_text("What am I seeing?", exact=True).click()
    one.page.locator(".katex-display").wait_for()
    opened = "document.querySelector('.st-key-footer details[open]')"
    one.page.wait_for_function(f"() => {opened}.getBoundingClientRect().bottom <= innerHeight + 2")
    text = one.page.locator(".st-key-footer details[open]").bounding_box()
    lowest = max(box["y"] + box["height"] for box in (picture.bounding_box() for picture in pictures.all()))
    assert text["y"] >= lowest
