"""The view for a projector in a browser: its type, what it leaves away, its keys, and the QR code of the view."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pages.frame.presenter import PRESENT
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser

SMALL = """() => {
  const small = [];
  const look = (root) => root.querySelectorAll("*").forEach((one) => {
    if (one.shadowRoot) look(one.shadowRoot);
    const says = [...one.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim());
    if (!says || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return;
    if (one.closest("style, script, [data-testid*='Icon'], .katex, sub, sup, tspan[dy]")) return; // icons, indices
    if (one.matches("msub > :nth-child(2), msup > :nth-child(2)")) return;
    const size = parseFloat(getComputedStyle(one).fontSize);
    if (size < 18 && one.getBoundingClientRect().width > 2) small.push(`${size}: ${one.textContent.trim().slice(0, 40)}`);
  });
  look(document);
  return small;
}"""
"""What is written on the screen in type of less than 18 pixels, in components and charts, too."""
ON_CANVAS = """(() => {
  const write = CanvasRenderingContext2D.prototype.fillText;
  window.small = new Set();
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    const { a, b } = this.getTransform(), wide = this.canvas.getBoundingClientRect().width;
    const size = parseFloat(this.font.match(/[0-9.]+(?=px)/)[0]) * Math.hypot(a, b) * wide / this.canvas.width;
    if (wide && size < 17.9) window.small.add(`${size}: ${text}`);
    return write.call(this, text, ...place);
  };
})()"""
"""Notes what is written on canvases in smaller type, the classes of points and the platform's table, too."""
WITH_CHARTS = """() => [...document.querySelectorAll('.vae-chart')].every((one) => !one.checkVisibility() || one.querySelector('text'))"""


OTHERS = (
    "lectures",
    "families",
    "kl",
    "library",
    "manifold-codes",
    "manifold-smoothness",
    "which-posterior",
    "pca-by-hand",
    "linear-autoencoder",
    "expressiveness-learned",
    "bound",
    "collapse",
    "frontier-training",
    "training-film",
)
"""Pages on each of which another kind of text was once smaller."""


@pytest.mark.parametrize("path", ["", "compare", "manifold-pad", "exact-curve", "expressiveness", *OTHERS])
def test_type_is_large_and_what_a_projector_does_not_need_is_gone(path: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.add_init_script(ON_CANVAS)
    one.open(f"{server}/{path}?present=1&dataset=digits&latent_dim=2")
    one.page.wait_for_function(WITH_CHARTS)
    assert one.page.evaluate(SMALL) == []
    assert one.page.evaluate("[...window.small]") == []
    main = one.page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    for gone in (".st-key-footer", '[data-testid="stSidebar"]', '[data-testid="stExpandSidebarButton"]'):
        assert one.page.locator(gone).first.is_hidden()
    assert one.page.get_by_role("img", name="QR code of this view").is_visible()
    assert one.faults() == one.complaints == []


def test_further_settings_are_left_away_unless_the_link_sets_one_of_them(server: str, visit: Callable[..., Visit]) -> None:
    for query, is_shown in (("", False), ("&n_images=6", True)):
        one = visit().open(f"{server}/compare?present=1&dataset=digits&latent_dim=2{query}")
        assert one.page.locator(".st-key-advanced").is_visible() is is_shown
        assert one.page.get_by_role("slider", name="How many").is_visible() is is_shown
        assert one.faults() == one.complaints == []


def test_a_key_begins_and_ends_it_and_it_outlives_a_change_of_page(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?dataset=digits&latent_dim=2")
    corner = one.page.locator(".st-key-presenter")
    assert corner.count() == 0
    one.page.keyboard.press("p")
    corner.wait_for()
    one.settle()
    assert one.query()[PRESENT] == ["1"]
    one.go_to("doctor")
    assert corner.is_visible()
    one.page.keyboard.press("p")
    corner.wait_for(state="detached")
    one.settle()
    assert PRESENT not in one.query()
    assert one.page.locator(".st-key-footer").is_visible()
    assert one.faults() == one.complaints == []


def test_the_keys_to_left_and_right_move_the_first_slider_or_a_lecture(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/exact-curve?present=1&dataset=digits&latent_dim=2")
    slider = one.page.locator('[data-testid="stMain"] input[type="range"]').first
    begun = int(slider.input_value())
    for key, place in (("ArrowRight", begun + 1), ("ArrowRight", begun + 2), ("ArrowLeft", begun + 1)):
        one.page.keyboard.press(key)
        one.settle()
        assert int(slider.input_value()) == place
        assert "tau" in one.query()
    one.open(f"{server}/lectures?present=1&lecture=ttic&step=4")
    for key, step in (("ArrowRight", "5"), ("ArrowLeft", "4")):
        one.page.keyboard.press(key)
        one.settle()
        assert one.query()["step"] == [step]
    assert one.faults() == one.complaints == []
