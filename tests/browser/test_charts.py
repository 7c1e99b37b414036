"""A chart in a browser: it stays where it is when its data change, says which points were circled, and follows window and colours."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.windows import Visit
from vae_core.models import default_spec
from vae_core.store import Store

pytestmark = pytest.mark.browser

CHART = "document.querySelector('.js-plotly-plot')"
IS_DRAWN = f"() => {CHART}?.querySelector('.xtick') != null"
CHOSEN = "() => (new URLSearchParams(location.search).get('chosen') ?? '').split(',').filter(Boolean).map(Number)"
RIGHTMOST = """() => {
  const chart = document.querySelector('.js-plotly-plot'), { xaxis, yaxis } = chart._fullLayout;
  const points = chart._fullData.flatMap((t) => t.customdata ? Array.from(t.x, (x, i) => [t.customdata[i], x, t.y[i]]) : []);
  const [index, x, y] = points.reduce((a, b) => (b[1] > a[1] ? b : a)), corner = chart.getBoundingClientRect();
  return [index, corner.x + xaxis._offset + xaxis.d2p(x), corner.y + yaxis._offset + yaxis.d2p(y)];
}"""
"""Index of the point furthest to the right, and where it is in the window."""
LINK = "exact-curve?dataset=digits&latent_dim=2"


def drawn(visit: Callable[..., Visit], address: str) -> Visit:
    one = visit().open(address)
    one.page.wait_for_function(IS_DRAWN)
    return one


def move(one: Visit, label: str) -> None:
    one.page.get_by_role("slider", name=label).focus()
    one.page.keyboard.press("ArrowLeft")


def test_a_chart_stays_where_it_is_while_its_data_change(server: str, visit: Callable[..., Visit]) -> None:
    one = drawn(visit, f"{server}/{LINK}")
    title = one.page.evaluate(f"() => {CHART}.layout.title.text")
    one.page.evaluate(f"() => {{ for (const e of [{CHART}, {CHART}.querySelector('.cartesianlayer')]) e.isMarked = true; }}")
    move(one, "Water level τ = βσ²")
    one.page.wait_for_function(f"title => {CHART}.layout.title.text !== title", arg=title)
    assert one.settle().page.evaluate(f"() => [{CHART}, {CHART}.querySelector('.cartesianlayer')].map((e) => e.isMarked)") == [True, True]
    said = one.page.get_by_role("figure", name="Rate R (nats per image)").get_attribute("aria-label")
    assert said.startswith(one.page.evaluate(f"() => {CHART}.layout.title.text")) and "Expected SSE" in said
    one.go_to("rda").page.wait_for_function(IS_DRAWN)
    assert len([url for url in one.requests if "plotly" in url.lower()]) == 1  # the library, once for all charts of the window
    assert one.complaints == []


@pytest.mark.parametrize(
    ("address", "slider"),
    [(LINK, "Water level τ = βσ²"), ("frontier", "β"), ("frontier-training", "Epoch")],
)
def test_what_a_slider_moves_is_moved_and_nothing_is_drawn_again(
    server: str, visit: Callable[..., Visit], address: str, slider: str
) -> None:
    one = drawn(visit, f"{server}/{address}")
    one.settle().page.evaluate(
        "() => { const { react } = Plotly; Plotly.react = (...all) => { window.isDrawnAgain = true; return react(...all); }; }"
    )
    seen = f"() => JSON.stringify({CHART}._fullData.map(({{ x, y }}) => [Array.from(x ?? []), Array.from(y ?? [])]))"
    first = one.page.evaluate(seen)
    move(one, slider)
    one.page.wait_for_function(f"first => ({seen})() !== first", arg=first)
    moved = one.settle().page.evaluate(seen)
    assert not one.page.evaluate("() => window.isDrawnAgain")
    one.page.reload()
    one.page.wait_for_function(IS_DRAWN)
    one.page.wait_for_function(f"moved => ({seen})() === moved", arg=moved)  # as if it had been drawn so
    assert one.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_button_brings_back_the_level_that_was_chosen(server: str, visit: Callable[..., Visit], width: int) -> None:
    """On a telephone its title stands above the legend, also while the water falls."""
    one = visit(viewport={"width": width, "height": 800}).open(f"{server}/{LINK}")
    one.page.wait_for_function(IS_DRAWN)
    place, empty = (".gtitle", ".legendtitletext") if width == 1280 else (".legendtitletext", ".gtitle")
    title = f"() => {CHART}.querySelector('{place}').textContent"
    chosen = one.page.evaluate(title)
    assert chosen.startswith("τ = ")
    play, back = (one.page.locator(".updatemenu-button", has_text=text) for text in ("τ falls", "↺"))
    play.click()
    one.page.wait_for_function(f"chosen => ({title})() !== chosen", arg=chosen)
    assert not one.page.evaluate(f"() => {CHART}.querySelector('{empty}')?.textContent")
    back.click()
    one.page.wait_for_function(f"chosen => ({title})() === chosen", arg=chosen)
    for _ in range(10):
        one.draw()
    assert one.page.evaluate(title) == chosen  # and the water falls no further


def test_a_zoom_lasts_while_the_data_change(server: str, visit: Callable[..., Visit]) -> None:
    one = drawn(visit, f"{server}/rda?dataset=digits&latent_dim=2")
    across, dial = f"() => [...{CHART}._fullLayout.xaxis.range]", f"() => {CHART}.data.find((t) => t.name === 'dials').y[0]"
    whole, beta = one.page.evaluate(across), one.page.evaluate(dial)
    box = one.page.locator(".js-plotly-plot .nsewdrag").bounding_box()
    one.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"])
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.8 * box["height"], steps=5)
    one.page.mouse.up()
    one.page.wait_for_function(f"whole => ({across})()[0] > whole[0]", arg=whole)
    zoomed = one.page.evaluate(across)
    move(one, "λ of the RDA")
    one.page.wait_for_function(f"beta => ({dial})() !== beta", arg=beta)
    assert one.settle().page.evaluate(across) == zoomed
    one.page.mouse.dblclick(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    one.page.wait_for_function(f"whole => String(({across})()) === String(whole)", arg=whole)


@pytest.mark.skipif(default_spec("vae", "digits", 2) not in Store(), reason="train it first: vae of digits at latent_dim 2")
def test_points_that_are_circled_or_clicked_choose_the_images(server: str, visit: Callable[..., Visit]) -> None:
    one = drawn(visit, f"{server}/manifold-codes?dataset=digits&latent_dim=2&family=vae")
    page = one.page
    box = page.locator(".js-plotly-plot .nsewdrag").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    corners = [(x + 60 * dx, y + 60 * dy) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=4)
        one.draw()  # the browser tells of a movement once a frame
    page.mouse.up()
    page.wait_for_function(f"() => ({CHOSEN})().length === 8")
    index, *place = page.evaluate(RIGHTMOST)
    assert index not in page.evaluate(CHOSEN)
    page.mouse.move(*place)
    page.locator(".hoverlayer .hovertext").wait_for()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function(f"index => String(({CHOSEN})()) === String(index)", arg=index)
    assert one.settle().page.get_by_text(re.compile(rf"#{index}: \d")).count() == 1
    assert one.faults() == []


def test_a_chart_fills_the_screen_and_comes_back_and_follows_the_window_and_the_page_s_colours(
    server: str, visit: Callable[..., Visit]
) -> None:
    one = drawn(visit, f"{server}/{LINK}")
    height = one.page.evaluate(f"() => {CHART}.layout.height")
    one.page.locator(".js-plotly-plot").hover()
    one.page.locator('.modebar-btn[data-title="Fullscreen"]').click()
    one.page.wait_for_function(f"height => {CHART}.layout.height > 1.5 * height", arg=height)
    one.page.evaluate("() => document.exitFullscreen()")
    one.page.wait_for_function(f"height => {CHART}.layout.height === height", arg=height)
    seen = f"() => [{CHART}.querySelector('.main-svg').clientWidth, getComputedStyle({CHART}.querySelector('.xtick text')).fill]"
    width, ink = one.page.evaluate(seen)
    one.page.set_viewport_size({"width": 1024, "height": 768})
    one.page.wait_for_function(f"width => ({seen})()[0] < width - 100", arg=width)
    one.page.emulate_media(color_scheme="dark")
    one.page.wait_for_function(f"ink => ({seen})()[1] !== ink", arg=ink)
    assert one.complaints == []


def test_a_chart_whose_library_does_not_come_says_so_and_is_drawn_once_it_comes(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.route("**/plotly-*", lambda route: route.abort())
    one.open(f"{server}/{LINK}")
    one.page.get_by_text("The server did not send what draws this chart. Reload the page to try again.").wait_for()
    one.page.unroute("**/plotly-*")
    move(one, "Water level τ = βσ²")
    one.page.wait_for_function(IS_DRAWN)
    assert one.page.get_by_text("The server did not send").count() == 0


def test_panels_of_a_chart_in_a_narrow_column_stay_side_by_side_in_a_wide_window(server: str, visit: Callable[..., Visit]) -> None:
    one = drawn(visit, f"{server}/linear-autoencoder?lae_data=images&dataset=digits&latent_dim=2")
    for width, height in ((1280, 800), (1024, 768)):
        one.page.set_viewport_size({"width": width, "height": height})
        one.settle()
        places = one.page.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map((one) => one._fullLayout.xaxis2.domain[0])")
        assert len(places) == 2 and min(places) > 0.5
        assert one.page.locator('[data-testid="stMain"]').evaluate("e => e.scrollHeight - e.clientHeight") <= 0
