"""The view for a projector: large type, the picture and what moves it, nothing else; a QR code that brings the view to every seat."""

from __future__ import annotations

from functools import lru_cache

import segno
import streamlit as st

from pages.shared import controls, links

PRESENT = "present"
"""In the session and in the address: 1 while the view is for a projector."""
KEY = "p"
"""Key that begins and ends it."""
STYLE = """<style>
:root { --least-type: 18px }
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], .st-key-footer, .st-key-fine_print { display: none }
.st-key-advanced:not(:has(details[open])) { display: none }
[data-testid="stMain"] :is([data-tag], h3, h4, p, label, li, td, th, input, button, summary, select, kbd),
[data-testid="stMain"] [data-testid="stSliderThumbValue"] { font-size: 18px !important; line-height: 1.3 }
[data-testid="stFileUploaderDropzoneInstructions"], [data-testid="stFileUploaderDropzone"] small { display: none }
[data-testid="stMain"] [data-testid="stMetricValue"] :is(p, div) { font-size: 26px !important }
[data-testid="stTopNavSection"], [data-testid="stTopNavDropdownLink"] p { font-size: 18px }
[data-testid="stElementContainer"]:has([data-testid="stDataFrame"]) { zoom: 1.29; width: 77.5% !important } /* its canvas has 14 pixels */
[data-testid="stTopNavSection"] > :nth-child(2) { display: none }
[data-testid="stMain"] button kbd { display: none }
[data-testid="stMain"] .katex { font-size: 18.4px !important }
[data-testid="stMain"] .katex-display { margin: 0 0 0.5rem }
[data-testid="stCaptionContainer"] { opacity: 0.85 }
[data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem }
[data-testid="stSlider"] [data-testid="stWidgetLabel"] { margin-bottom: 0.5rem }
[data-testid="stColumn"] > [data-testid="stVerticalBlock"] { gap: 0.35rem }
[data-testid="stColumn"] [data-testid="stCaptionContainer"] { margin-top: -0.4rem }
[data-testid="stColumn"] [data-testid="stCaptionContainer"] p { line-height: 1.22 }
[data-testid="stColumn"] button { min-height: 2.1rem; padding-block: 0 }
[data-testid="stButtonGroup"] > div { flex-wrap: wrap; overflow: visible }
.st-key-presenter { position: fixed; right: 0.75rem; top: 0; height: 2.4rem; z-index: 1000000; width: auto; flex-direction: row;
  align-items: center; gap: 0.5rem }
[data-testid="stLayoutWrapper"]:has(> .st-key-presenter) { position: absolute }
@media (max-width: 1100px) {
  [data-testid="stHeaderLogo"] { width: 2rem; object-fit: cover; object-position: left }
  [data-testid="stMetricValue"] :is(p, div), [data-testid="stMetricValue"] { white-space: normal; overflow: visible; line-height: 1.15 }
  [data-testid="stColumn"] [data-testid="stColumn"] button :has(> [data-testid="stIconMaterial"]) { display: none }
  [data-testid="stElementContainer"]:has(> [data-testid="stMetric"]) + :has([data-testid="stCaptionContainer"]) { display: none }
}
.st-key-presenter > * { width: auto }
.st-key-presenter button { min-height: 1.8rem; padding: 0 0.5rem }
.st-key-presenter summary { list-style: none; cursor: zoom-in; line-height: 0 !important }
.st-key-presenter img { height: 2.2rem; image-rendering: pixelated; border-radius: 0.2rem }
.st-key-presenter details[open] { position: fixed; right: 0.75rem; top: 3rem }
.st-key-presenter details[open] img { height: min(80vh, 80vw) }
.st-key-presenter details[open] summary { cursor: zoom-out }
</style>"""
"""The least size of type holds inside components, too: what they write is `max(…, var(--least-type, 0px))`."""
KEYS = """<script>
if (!document.documentElement.dataset.keysMoveTheSlider) {
  document.documentElement.dataset.keysMoveTheSlider = "yes";
  const sliders = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    one.matches('input[type="range"]:not(:disabled)') ? [one] : one.shadowRoot ? sliders(one.shadowRoot) : []);
  const deepest = () => {
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return one;
  };
  document.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], main = document.querySelector('[data-testid="stMain"]');
    if (!by || !document.querySelector(".st-key-presenter") || ![document.body, main, null].includes(deepest())) return;
    const slider = sliders(main).find((one) => one.checkVisibility());
    event.preventDefault();
    if (!slider) {
      document.querySelector(`.st-key-step_${by < 0 ? "back" : "forth"} button:not(:disabled)`)?.click();
      return;
    }
    slider.focus(); // from the next press on the slider hears the keys itself
    if (slider.getRootNode() === document) { // the platform's own: it moves by keys
      slider.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true }));
      slider.dispatchEvent(new KeyboardEvent("keyup", { key: event.key, bubbles: true }));
    } else { // a component's
      slider.value = String(+slider.value + by * (+slider.step || 1));
      for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  });
}
</script>"""
"""The keys ← and → move the first slider of a page, or a lecture step by step where there is none, from wherever the page has no use of its
own for them."""


def begin() -> bool:
    """Whether the view is for a projector: the address says so, or did when it was begun, on whichever page."""
    if st.query_params.get(PRESENT) == "1":
        st.session_state[PRESENT] = True
    if is_on():
        links.write(PRESENT, 1)
    return is_on()


def is_on() -> bool:
    """Whether it is on in this session."""
    return bool(st.session_state.get(PRESENT))


def button() -> None:
    """What begins it, in the sidebar; the key does so on every page."""
    st.button("Present", icon=":material/present_to_all:", shortcut=KEY, on_click=_turn, args=(True,), width="stretch", type="tertiary")


def corner() -> None:
    """The QR code of the view, and what ends it; drawn after the page, whose link is known by then."""
    with st.container(key="presenter"):
        code = f'<img src="{_code(links.link(**controls.choice().values()))}" alt="QR code of this view">'
        st.html(f'<details title="QR code of this view"><summary>{code}</summary></details>{KEYS}', unsafe_allow_javascript=True)
        st.button("Leave", shortcut=KEY, on_click=_turn, args=(False,), width="stretch")


def _turn(is_on: bool) -> None:
    st.session_state[PRESENT] = is_on
    links.write(PRESENT, int(is_on), usual=0)


@lru_cache(maxsize=64)
def _code(link: str) -> str:
    """The QR code of an address, as the address of an image."""
    return segno.make(link, error="l", micro=False).svg_data_uri(border=2, light="#ffffff")
