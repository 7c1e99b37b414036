"""What holds on every page, seen in one visit: it opens in the frame, fits its window, says what it draws, shows the focus of its keys, and
every control of it can be moved.

One visit for all of it, because a browser spends most of a test on opening the page.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pages.frame import presenter
from pages.shared.controls import ADVANCED
from tests.browser.walk import walk
from tests.browser.windows import A_LINK, Visit, assert_is_inside_the_frame
from tests.harness import PAGES, PAGES_WITH_DATA

pytestmark = pytest.mark.browser

WINDOWS = {"usual": (1280, 800), "small": (1024, 768)}
SCROLLS = {"usual": (), "small": ()}
"""Pages that are read from top to bottom, by window: their picture and controls are in sight, what follows is not."""
TELEPHONE = (390, 844)
ROOM = "() => { const main = document.querySelector('[data-testid=stMain]'); \
return [main.scrollWidth - main.clientWidth, main.scrollHeight - main.clientHeight]; }"
"""By how many pixels the page is wider and higher than its window."""
PRESENTED = """async (style) => {
  document.getElementById('presented')?.remove();
  if (style) document.body.insertAdjacentHTML('beforeend', style.replace('<style>', '<style id="presented">'));
  document.documentElement.dataset.fits = 'not yet';
  dispatchEvent(new Event('resize'));
  while (document.documentElement.dataset.fits !== 'yes') await new Promise((done) => setTimeout(done, 30));
}"""
"""The page as a projector shows it, or as usual again, at once: `?present=1` would ask the server for it anew. Pictures grow or shrink."""

SILENT = """() => {
  const silent = [], main = document.querySelector('[data-testid=stMain]');
  const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const said = (e, name) => e?.getAttribute(name)?.trim();
  const name = (e) => said(e, 'aria-label') || said(e, 'alt') || said(e, 'title')
    || [...(e.labels ?? [])].some((label) => label.textContent.trim()) || (e.matches('button') && e.textContent.trim());
  const told = (e) => said(e.closest('[role=img], [role=application], [role=figure]'), 'aria-label');
  const visit = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) visit(e.shadowRoot);
      if (!seen(e) || e.closest('[aria-hidden=true], [data-testid=stDataFrame]')) continue;
      const isPicture = e.matches('img, canvas, .vae-chart');
      const isControl = root !== main && e.matches('button, input, select, textarea, [tabindex="0"]');
      if ((isPicture && !name(e) && !told(e)) || (isControl && !name(e))) silent.push(e.outerHTML.slice(0, 160));
    }
  };
  visit(main);
  return silent;
}"""
"""Pictures of the page that nothing is said of, and controls of its parts that have no name. The platform's table is readable by itself."""

TORN = r"""() => {
  const torn = [], texts = document.createTreeWalker(document.querySelector('[data-testid=stMain]'), NodeFilter.SHOW_TEXT);
  const lines = (range) => new Set([...range.getClientRects()].filter((box) => box.width).map((box) => Math.round(box.top / 6))).size;
  while (texts.nextNode()) {
    const text = texts.currentNode, parent = text.parentElement;
    if (parent.closest('svg, style, script, code, .katex, [data-testid*=Icon]')) continue;
    for (const { 0: word, index } of text.textContent.matchAll(/[\p{L}\p{N}]{2,}/gu)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const upright = getComputedStyle(parent).writingMode !== 'horizontal-tb';
      if (!upright && lines(range) > 1) torn.push(`${word} in ${text.textContent.trim().slice(0, 40)}`);
    }
  }
  return torn;
}"""
"""Words that are broken from one line to the next."""
FOLDED_ABOVE = """() => {
  const main = document.querySelector('[data-testid=stMain]'), footer = main.querySelector('.st-key-footer');
  const labels = [...main.querySelectorAll('[data-testid=stWidgetLabel]')].filter((one) => one.checkVisibility() && !footer?.contains(one));
  return labels.filter((one) => footer?.getBoundingClientRect().top < one.getBoundingClientRect().bottom).map((one) => one.textContent);
}"""
"""Controls that stand below what is folded: on a telephone they follow their picture."""

NARROW_HELP = """() => [...document.querySelectorAll('[data-testid=stMain] button[aria-label^=Help]')].filter((one) => {
  if (!one.checkVisibility()) return false;
  one.scrollIntoView({ block: 'center' });
  const { left, top, width, height } = one.getBoundingClientRect(), [x, y] = [left + width / 2, top + height / 2];
  const isHit = ([across, up]) => document.elementFromPoint(x + across, y + up)?.closest('button') === one;
  const reaches = [[0, -11.5], [0, 11.5], [-11.5, 0], [11.5, 0]];
  const isOfOthers = [...document.querySelectorAll('button, input, [role=slider]')].some((other) => {
    const { left, right, top, bottom } = other.getBoundingClientRect();
    const isOn = ([across, up]) => x + across > left && x + across < right && y + up > top && y + up < bottom;
    return other !== one && other.checkVisibility() && reaches.some(isOn);
  });
  return !reaches.every(isHit) || isOfOthers;
}).map((one) => one.ariaLabel)"""
"""Help that a finger has less than 24 pixels for, or less than that without what else is pressed."""
OVER_PANELS = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap((chart) => {
  const corner = chart.getBoundingClientRect(), panels = Object.values(chart._fullLayout._plots ?? {});
  const titles = [...chart.querySelectorAll('.infolayer [class*=ytitle], .infolayer [class*=xtitle]')].filter((one) => one.textContent);
  const shared = (from, to, start, length) => Math.min(to, start + length) - Math.max(from, start);
  const meets = (title, { xaxis, yaxis }) => {
    const { left, right, top, bottom } = title.getBoundingClientRect();
    const across = shared(left, right, corner.left + xaxis._offset, xaxis._length);
    return across > 1 && shared(top, bottom, corner.top + yaxis._offset, yaxis._length) > 1;
  };
  return titles.filter((title) => panels.some((panel) => meets(title, panel))).map((title) => title.textContent);
})"""
"""Titles of axes that stand over a panel of their chart."""

UNSEEN_FOCUS = """() => {
  const unseen = [];
  const visit = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) visit(e.shadowRoot);
      if (root === document || e.disabled || !e.matches('button, input, select, [tabindex="0"]') || !e.getClientRects().length) continue;
      e.focus({ focusVisible: true });
      const { outlineStyle, outlineWidth } = getComputedStyle(e);
      if (outlineStyle === 'none' || parseFloat(outlineWidth) < 1) unseen.push(e.outerHTML.slice(0, 120));
    }
  };
  visit(document);
  return unseen;
}"""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_inside_the_frame_fits_its_window_is_for_everyone_and_its_controls_move(
    page: str, server: str, visit: Callable[..., Visit]
) -> None:
    one = visit().open(f"{server}/{PAGES[page]}?{A_LINK}&own_way=sample&fit_part=images")
    assert_is_inside_the_frame(one, server, PAGES[page])
    assert one.page.evaluate(SILENT) == []
    one.page.evaluate(PRESENTED, presenter.STYLE)
    wider, higher = one.page.evaluate(ROOM)
    assert wider <= 0 and higher <= 0, "for a projector"
    one.page.evaluate(PRESENTED, "")
    for window, size in WINDOWS.items():
        wider, higher = room(one, size)
        assert wider <= 0, window
        assert higher <= 0 or page in SCROLLS[window], window
        assert one.page.evaluate(OVER_PANELS) == [], window
    assert one.page.evaluate(UNSEEN_FOCUS) == []
    assert room(one, TELEPHONE)[0] <= 0
    assert one.page.evaluate(TORN) == one.page.evaluate(FOLDED_ABOVE) == one.page.evaluate(NARROW_HELP) == []
    room(one, WINDOWS["usual"])
    if page in PAGES_WITH_DATA:
        focus_on_a_vae(one)
    walk(one)


@pytest.mark.parametrize("page", ["latent/grid", "latent/pad", "latent/codes", "latent/smoothness"])
def test_a_plane_that_opens_at_two_dimensions_fits_its_window_wherever_the_sidebar_stands(
    page: str, server: str, visit: Callable[..., Visit]
) -> None:
    one = visit().open(f"{server}/{PAGES[page]}?dataset=mnist_5k&latent_dim=10&family=vae").settle()
    for window, size in WINDOWS.items():
        assert max(room(one, size)) <= 0, window


@pytest.mark.parametrize("setting", ["compare?n_images=6", "compare?n_images=6&show=errors", "manifold-samples?n_side=4"])
@pytest.mark.parametrize("of", ["dataset=mnist_5k&latent_dim=10", "dataset=faces_25&latent_dim=10", "dataset=digits&latent_dim=2"])
def test_a_page_fits_its_window_where_a_link_opens_its_further_settings(
    setting: str, of: str, server: str, visit: Callable[..., Visit]
) -> None:
    one = visit().open(f"{server}/{setting}&{of}&family=vae").settle()
    assert one.page.locator(f".st-key-{ADVANCED} details[open]").count() == 1
    for window, size in WINDOWS.items():
        assert max(room(one, size)) <= 0, window


def focus_on_a_vae(one: Visit) -> None:
    """In the sidebar: with a code of ten numbers a page has more to move than with two."""
    folded = one.page.locator('[data-testid="stExpandSidebarButton"]')  # as it is on a telephone
    if folded.count():
        folded.click()
    sidebar = one.page.locator('[data-testid="stSidebar"]')
    sidebar.locator('input[type="range"]').first.press("ArrowRight")
    one.settle()
    sidebar.locator('[data-testid="stSelectbox"] input').last.click()
    one.page.get_by_role("option", name="VAE", exact=True).click()
    one.settle()
    assert one.choices() == ["Digits 8 × 8", "VAE", "10"]


def room(one: Visit, size: tuple[int, int]) -> tuple[int, int]:
    """By how many pixels the page is wider and higher than a window of that size."""
    width, height = size
    if one.page.viewport_size != {"width": width, "height": height}:
        one.page.set_viewport_size({"width": width, "height": height})
        one.settle()
    return tuple(one.page.evaluate(ROOM))
