"""Home in a browser: the picture moves until it is touched, its parts open their pages, and it loads no more than it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlparse

import pytest

from pages.frame.navigation import SIDEBAR
from tests.browser.windows import Visit, served

pytestmark = pytest.mark.browser

A_WHILE = 40
"""Frames in which a point that wanders is somewhere else."""
SIDEBAR_IS = "(width) => document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().width === width"
SIZE_OF_DECODED = """() => [...document.querySelectorAll('*')].map((one) => one.shadowRoot?.querySelector('canvas[data-part=decoded]'))
  .filter(Boolean).flatMap(({ width, height }) => [width, height])"""


def home(server: str, one: Visit) -> Visit:
    """The first page, once its decoder has drawn."""
    return drawn(one.open(server))


def drawn(one: Visit) -> Visit:
    one.page.locator('[data-part="z"]:not(:empty)').wait_for()
    return one


def follow(one: Visit, part: str, path: str) -> None:
    """Click on a part of the picture, which opens a page."""
    one.page.get_by_role("link", name=part).first.click()
    one.page.wait_for_function("path => location.pathname === path", arg=path)
    one.settle()
    assert one.faults() == []
    assert one.complaints == []


def place(one: Visit) -> str:
    """Where the point is, as the page says."""
    return one.page.locator('[data-part="z"]').inner_text()


def until_it_moved(one: Visit, before: str) -> None:
    one.page.locator(f'[data-part="z"]:not(:text-is("{before}"))').wait_for()


def test_the_point_moves_until_it_is_dragged_and_the_link_keeps_where_it_was_left(server: str, visit: Callable[..., Visit]) -> None:
    one = home(server, visit())
    before = place(one)
    until_it_moved(one, before)
    box = one.page.locator('[data-part="plane"]').bounding_box()
    one.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"], steps=5)
    one.page.mouse.up()
    one.settle()
    left, first = place(one), [*one.requests]
    one.draw(A_WHILE)
    assert place(one) == left
    link = one.link()
    assert one.query()["z"] == parse_qs(urlparse(link).query)["z"]
    again = visit().open(link)
    assert place(again) == left
    assert one.complaints == again.complaints == []
    heavy = ("plotly", "katex", "SyntaxHighlighter", "Selectbox", "Slider")  # of all that is fetched before the link is opened
    assert not [url for url in first for name in heavy if name.lower() in url.lower()]
    assert one.strangers(server) == set()


def test_nothing_moves_for_whom_motion_disturbs(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.emulate_media(reduced_motion="reduce")
    before = place(home(server, one))
    one.draw(A_WHILE)
    assert place(one) == before


PROMISES = {
    "encoder": ("where it puts every image", "/manifold-codes", "Where does the encoder put the images?", ".vae-chart"),
    "decoder": ("at every d, with every model", "/manifold-pad", "What lies between the images?", '[data-part="plane"]'),
    "Compare models": ("through five models", "/compare", "What does each model keep of an image?", ".head:nth-of-type(6)"),
    "Draw a digit": ("Your own digit", "/own-images", "What do the models make of your picture?", ".drawing canvas"),
    "Follow a lecture": ("with a prediction each", "/lectures", "What comes next in this lecture?", '[data-testid="stRadio"]'),
}
"""Part of the picture, or way on → of what it promises, the page's path and question, and what the page has that keeps the promise."""


@pytest.mark.parametrize("part", PROMISES)
def test_parts_of_the_picture_and_ways_on_open_what_their_words_promise(part: str, server: str, visit: Callable[..., Visit]) -> None:
    promise, path, question, what = PROMISES[part]
    one = home(server, visit())
    assert promise in one.page.get_by_role("link", name=part).first.inner_text()
    follow(one, part, path)
    one.page.get_by_role("heading", level=1, name=question).wait_for()
    one.page.locator('[data-testid="stMain"]').locator(what).first.wait_for()
    if path != "/lectures":
        one.page.wait_for_function(SIDEBAR_IS, arg=SIDEBAR)  # as where a page with a sidebar is opened first
    drawn(one.back("/"))


@pytest.fixture(scope="module")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server as after an installation: nothing was fetched or trained, and nobody answers from outside."""
    cache, models = (str(tmp_path_factory.mktemp(name)) for name in ("cache", "models"))
    nobody = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    with served(VAE_EXPLORER_DATA="", VAE_EXPLORER_CACHE=cache, VAE_EXPLORER_CHECKPOINTS=models, **nobody) as address:
        yield address


def test_without_data_or_network_a_drawn_digit_is_rebuilt_three_clicks_from_the_first_page(
    bare_server: str, visit: Callable[..., Visit]
) -> None:
    one = visit()
    one.page.add_init_script("window.presses = 0; addEventListener('pointerdown', () => (window.presses += 1), true)")
    home(bare_server, one)
    assert [round(side) for side in one.page.evaluate(SIZE_OF_DECODED)] == [28, 28]
    follow(one, "Draw a digit", "/own-images")
    box = one.page.locator(".drawing canvas").bounding_box()
    one.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    one.page.mouse.up()
    one.page.locator(".own-steps .input img").wait_for()
    one.settle()
    assert one.page.evaluate("window.presses") <= 3
    assert one.page.locator(".tile img").count() >= 2 * 6
    assert one.faults() == one.complaints == []
    assert one.strangers(bare_server) == set()


def test_buttons_that_fetch_say_what_to_do_where_there_is_no_network_and_the_page_goes_on(
    bare_server: str, visit: Callable[..., Visit]
) -> None:
    for query, place, button in (("mnist_5k", "stSidebar", "All of MNIST"), ("fashion_mnist", "stMain", "Download 30.9 MB")):
        one = visit().open(f"{bare_server}/compare?dataset={query}&latent_dim=10")
        before = one.page.get_by_role("heading", level=1).inner_text()
        there = one.page.get_by_test_id(place)
        there.get_by_role("button", name=button).click()
        there.get_by_text("Not downloaded: no connection to").wait_for()
        there.get_by_role("button", name="Without a download").click()
        one.page.get_by_test_id("stPopoverBody").get_by_text("Put ").wait_for()
        one.settle()
        assert one.page.get_by_role("heading", level=1).inner_text() == before
        assert one.page.get_by_test_id("stException").count() == 0
        assert one.complaints == []
