"""Every private name of the platform that the program uses, in one place, and why: a new version may rename any of them."""

from __future__ import annotations

import asyncio
import copy
import importlib
import logging
import sys
from dataclasses import replace
from typing import Any

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime import app_session
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state.query_params import parse_url_param
from streamlit.runtime.state.session_state import SessionState, Value, WStates

STYLE = """<style>
[data-testid="stHeader"] { height: 2.4rem; min-height: 2.4rem; border-bottom: 1px solid rgb(128 128 128 / 0.25) }
[data-testid="stTopNav"] { padding-inline: 0.75rem }
[data-testid="stTopNavSection"] { padding: 0 0.4rem; font-size: 0.9rem }
[data-testid="stMainBlockContainer"] { padding: 2.7rem 1.5rem 0.2rem }
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: 0.75rem }
[data-testid="stColumn"] > [data-testid="stVerticalBlock"] { gap: 0.6rem }
.st-key-fields [data-testid="stColumn"] > [data-testid="stVerticalBlock"] > * > [data-testid="stVerticalBlock"] { gap: 0.2rem }
[data-testid="stMain"] h1 { padding: 0 0 0.6rem 0; line-height: 1.1 }
[data-testid="stMain"] [data-testid="stCaptionContainer"] { margin-top: -0.6rem }
[data-testid="stMain"] [data-testid="stCaptionContainer"] p { line-height: 1.35 }
[data-testid="stSidebar"][data-collapsed="false"][style*="width: 300px"] { width: 240px !important } /* it began folded */
[data-testid="stSidebarContent"] { display: flex; flex-direction: column }
[data-testid="stSidebarHeader"] { height: 3.2rem; margin-bottom: 0 }
[data-testid="stSidebarUserContent"] { padding-top: 0.4rem; padding-bottom: 0.4rem }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.6rem }
[data-testid="stSidebar"] [data-testid="stCaptionContainer"] { margin-top: -0.6rem }
[data-testid="stButtonGroup"] button { padding-left: 0.2rem; padding-right: 0.2rem }
[data-testid="stMain"] [data-testid="stButtonGroup"] button p { font-size: 0.82rem }
[data-testid="stSelectbox"] input { text-overflow: ellipsis }
[data-testid="stMetricLabel"], [data-testid="stMetricLabel"] :is(div, p) { white-space: normal; overflow: visible }
[data-testid="stMetricValue"] :is(div, p) { white-space: normal; overflow: visible }
[data-testid] kbd { opacity: 0.8 }
@media (max-width: 500px) {
  [data-testid="stHeaderLogo"] { width: 2rem; object-fit: cover; object-position: left }
}
@media (max-width: 640px) { /* columns stand below one another: the controls right after the picture, and only then what is folded */
  [data-testid="stHorizontalBlock"]:has(> * > * > * > .st-key-footer) > [data-testid="stColumn"],
  [data-testid="stHorizontalBlock"]:has(> * > * > * > .st-key-footer) > * > [data-testid="stVerticalBlock"] { display: contents }
  [data-testid="stLayoutWrapper"]:has(> .st-key-footer) { order: 1 }
  .st-key-fields [data-testid="stColumn"] { min-width: 40% }
  [data-testid="stColumn"] [data-testid="stColumn"]:has(> * > :only-child :is([data-testid="stButton"], input)) { min-width: 40% }
  [data-testid="stColumn"] [data-testid="stColumn"]:has(> * > :only-child > [data-testid="stMetric"]) { min-width: 28% }
}
@media (max-width: 640px), (pointer: coarse) { /* a finger needs 24 pixels: they reach over nothing that is pressed, too */
  [data-testid="stTooltipIcon"] button[aria-label^="Help"] { position: relative }
  [data-testid="stTooltipIcon"] button[aria-label^="Help"]::after { content: ""; position: absolute; inset: -5px -13px }
}
@media (max-width: 1100px) {
  [data-testid="stButtonGroup"] > div { flex-wrap: wrap; overflow: visible }
  html { font-size: 14px !important }
  [data-testid="stTopNavSection"] > :nth-child(2) { display: none }
  [data-testid="stMetricValue"] { font-size: 1.3rem }
  .st-key-footer button :has(> [data-testid="stIconMaterial"]) { display: none }
  [data-testid="stColumn"] [data-testid="stColumn"] button :has(> [data-testid="stIconMaterial"]) { display: none }
  [data-testid="stColumn"] button kbd { display: none }
  .st-key-fields label [data-testid="stTooltipIcon"] { display: none }
  .st-key-fields label p { font-size: 0.82rem }
  [data-testid="stColumn"] [role="combobox"] { font-size: 0.82rem; padding-left: 0.4rem; padding-right: 0 }
  [data-testid="stColumn"] [data-testid="stSelectbox"] button { padding: 0 }
}
.st-key-advanced [data-testid="stExpanderDetails"] { padding-block: 0.4rem 0 }
.st-key-advanced [data-testid="stSlider"] { margin-bottom: -0.6rem }
.st-key-footer:has(> :nth-child(7)) [data-testid="stDownloadButton"] button :has(> [data-testid="stIconMaterial"]) { display: none }
.st-key-footer button { padding: 0.15rem 0.6rem; min-height: calc(2.1rem + 2px) }
.st-key-footer button p { font-size: 0.9rem }
.st-key-footer > :has(> [data-testid="stExpander"]) { width: auto; flex: 0 0 auto }
.st-key-footer > :has(details[open]) { flex: 1 0 100%; order: 1; max-width: 52rem }
.st-key-footer details:not([open]) [data-testid="stExpanderDetails"] { display: none }
.st-key-footer .terms {
  columns: 19rem; column-gap: 1.2rem; margin: 0 0 0.4rem; padding: 0;
  font-size: max(0.875rem, var(--least-type, 0px)); line-height: 1.4; opacity: 0.85;
}
.st-key-footer .terms > div { margin-bottom: 0.3rem; break-inside: avoid }
.st-key-footer .terms :is(dt, dd) { display: inline; margin: 0 }
.st-key-footer .terms dt { font-weight: 600; padding-right: 0.4em }
.st-key-footer summary { padding: 0.15rem 0.6rem; min-height: 2.1rem }
.st-key-footer summary p { font-size: 0.9rem; white-space: nowrap }
[data-testid="stMarkdownContainer"] .katex { font-size: 1.02em }
[data-testid="stFileUploaderDropzoneInstructions"] :is(div, span) { white-space: normal; overflow: visible }
[data-testid="stColumn"] table :is(td, th) { padding: 0.25rem 0.3rem; font-size: 0.82rem; line-height: 1.3 }
[data-testid="stPopoverBody"] { max-width: min(46rem, 92vw) }
[data-testid="stCaptionContainer"] { opacity: 0.75 }
[data-testid="stWidgetLabel"][disabled] { color: inherit; opacity: 0.75 }
[data-testid="stSelectbox"] input:disabled { -webkit-text-fill-color: currentcolor; color: inherit; opacity: 0.75 }
.stApp :is([data-testid="stBaseButton-primary"], [data-tag], [data-tag] *) { color: light-dark(#ffffff, #0f1419) }
[data-testid="stPopoverBody"] [data-testid="stBaseButton-primary"] { background-image: linear-gradient(rgb(0 0 0 / 0.42) 0 0) }
</style>"""
"""What the theme has no options for. Sizes and gaps: the picture and its controls fit 1280 × 800 together. Contrast: what is read reaches
4.5 : 1, white on the dark theme's primary colour had 2.4; a popover lies outside of what knows the theme, so that its button is darkened.
"""


def import_ahead() -> None:
    """Import and ask what Streamlit does at the first page: a table of emojis for a symbol, whose patterns take a tenth of a second to
    compile; pandas, to see whether a component's data are its tables; and whether this is a console, for which it looks up the files of all
    modules."""
    importlib.import_module("streamlit.emojis")
    importlib.import_module("pandas")
    importlib.import_module("streamlit.env_util").is_repl()


def marked_menu(index: int) -> str:
    """The style that tells the menu of the section at hand from the others."""
    menu = f'[data-testid="stTopNav"] > :nth-child({index + 1}) [data-testid="stTopNavSection"]'
    return f"<style>{menu} {{ color: inherit; font-weight: 650; box-shadow: inset 0 -2px var(--st-primary-color, #1f5fbf) }}</style>"


SCROLL = """<script>
if (!document.documentElement.dataset.showsOpened) {
  document.documentElement.dataset.showsOpened = "yes";
  const acts = ["pointerdown", "wheel", "touchmove", "keydown"];
  const show = ({ target }) => {
    if (!target.open || !target.closest?.(".st-key-footer")) return;
    let later;
    const grown = new ResizeObserver(() => {
      clearTimeout(later);
      later = setTimeout(() => target.scrollIntoView({ block: "nearest", behavior: "smooth" }), 400);
    });
    const end = () => {
      grown.disconnect();
      clearTimeout(later);
      acts.forEach((act) => removeEventListener(act, end, true));
    };
    acts.forEach((act) => addEventListener(act, end, true));
    grown.observe(target);
  };
  document.addEventListener("toggle", show, true);
}
</script>"""
"""What is opened below a picture covers nothing, and comes into view whenever it has got its height, an equation's late one too, until the
visitor does something else."""


SHOWN = "shown_by_the_browser"
"""In the session: identity of a widget → what the browser last said that it shows."""
Stopped = StopException
"""What `st.stop` raises."""


def is_visit() -> bool:
    """Whether a visit runs the program; the server, when it starts, imports it."""
    return get_script_run_ctx(suppress_warning=True) is not None


def apply() -> None:
    """Set what the platform has no settings for.

    Raises:
        AttributeError: if the installed version has none of it any more.
    """
    # A folder `pages/` beside the program would switch on the older way of finding pages until a first visitor has run st.navigation:
    # a deep link, as the first request to a server, would show its page without the frame.
    _set(PagesManager, "uses_pages_directory", False)
    # A link may ask for what a widget cannot hold.
    _set(SessionState, "_seed_widget_from_url", _begin)
    # A run that is interrupted tells the browser nothing of what it has set.
    _set(SessionState, "set_widgets_from_proto", _receive)
    _set(SessionState, "register_widget", _register)
    # Uploads stay in memory: the server's library would write those above 1 MB to a temporary file while they arrive.
    _set(MultiPartParser, "spool_max_size", sys.maxsize)
    # Whom a browser has left is kept for two minutes, in case it comes back, with the three open files of an event loop that no page uses;
    # and after them until the next one leaves.
    _need(app_session, "_close_script_event_loop")
    _set(MemorySessionStorage, "save", _save)
    _set(MemorySessionStorage, "get", _get)
    # What is read before the first visitor, or beside one, has nobody to show its spinner to; the platform would print a warning of it.
    logging.getLogger(script_run_context.__name__).addFilter(_is_of_a_visit)


def _is_of_a_visit(record: logging.LogRecord) -> bool:
    return "missing ScriptRunContext" not in record.getMessage()


def unmarked(entry: st.Page) -> st.Page:
    """A copy of an entry, for `st.navigation` to mark the page that it chooses."""
    _need(entry, "_can_be_called")
    return copy.copy(entry)


def let_run_again(entry: st.Page) -> None:
    """Streamlit lets a page be called once a run, and counts no run of a fragment."""
    _need(entry, "_can_be_called")
    entry._can_be_called = True


_saved, _got = MemorySessionStorage.save, MemorySessionStorage.get
SECONDS_TO_STOP = 1.0
"""How long a script that is told to stop is given before it is looked at again."""


def _save(storage: MemorySessionStorage, info: SessionInfo) -> None:
    """Keep the session of whom a browser has left, without its open files, and not a second longer than it is of use."""
    _saved(storage, info)
    loop = asyncio.get_running_loop()
    loop.call_later(storage._cache.ttl + 1, storage._cache.expire)
    _close_files(storage, info, loop)


def _close_files(storage: MemorySessionStorage, info: SessionInfo, loop: asyncio.AbstractEventLoop) -> None:
    session = info.session
    if _got(storage, session.id) is not info:  # the browser is back, or the session gone
        return
    if session._scriptrunner is None:
        app_session._close_script_event_loop(session._script_event_loop)
    else:
        loop.call_later(SECONDS_TO_STOP, _close_files, storage, info, loop)


def _get(storage: MemorySessionStorage, session_id: str) -> SessionInfo | None:
    """The session that a browser comes back to, with an event loop again, without which Streamlit would warn."""
    info = _got(storage, session_id)
    if info is not None and info.session._script_event_loop.is_closed():
        info.session._script_event_loop = asyncio.new_event_loop()
    return info


def keep_what_the_address_leaves_open() -> None:
    """Let the widgets that are drawn from here on keep what they hold, unless the address says otherwise, on the browser's way back, too.

    Streamlit takes from the address what a page has set before the page is left, so that Back finds an address that says nothing of it, and
    would set it to what it is when the page opens.
    """
    run = get_script_run_ctx()
    _need(run, "is_history_navigation")
    run.is_history_navigation = False


def unbind(key: str) -> None:
    """Let a parameter of the address be written that a widget of the page before was bound to, and which is not drawn now."""
    run = get_script_run_ctx()
    _need(run, "session_state")
    with run.session_state.query_params() as parameters:
        for name in ("_bindings_by_param", "unbind_widget"):
            _need(parameters, name)
        binding = parameters._bindings_by_param.get(key)
        if binding is not None:
            parameters.unbind_widget(binding.widget_id)


_begun, _received, _registered = SessionState._seed_widget_from_url, SessionState.set_widgets_from_proto, SessionState.register_widget


def _begin(state: SessionState, widget: Any, key: str, identity: str, asked: Any) -> bool:
    """Begin a widget with what the address says, unless it cannot hold that: then as if the address said nothing of it.

    Streamlit lets `?draw=1e999` through to `int(inf)`, and empties a segmented control that requires a choice for `?show=`.

    Args:
        state: of the session.
        widget: what Streamlit knows of the widget.
        key: of the widget, and name of the parameter.
        identity: of the widget, Streamlit's own.
        asked: what the address says.
    """
    try:
        value = widget.deserializer(parse_url_param(asked, widget.value_type))
        can_be_held = value is not None or widget.deserializer(None) is None
    except (ValueError, TypeError, IndexError, OverflowError):
        can_be_held = False
    if not can_be_held:
        state.query_params.remove_param(key)
    return can_be_held and _begun(state, widget, key, identity, asked)


def _receive(state: SessionState, widgets: Any) -> None:
    """Note what a browser says that its widgets show, when it asks for a run."""
    state[SHOWN] = {widget.id: widget for widget in widgets.widgets}
    _received(state, widgets)


def _register(state: SessionState, widget: Any, key: str | None) -> Any:
    """Register a widget, and have the browser told its value wherever it shows another one.

    Streamlit has it told in the very run that sets the value: if that run is interrupted by the next, the widget would go on showing what
    the page is not about, and what its link does not say.
    """
    result, shown = _registered(state, widget, key), state[SHOWN].get(widget.id) if SHOWN in state else None
    if shown is None or widget.bind is None:
        return result
    held = WStates({widget.id: Value(result.value)}, {widget.id: widget}).get_serialized(widget.id)
    return replace(result, value_changed=result.value_changed or held != shown)


def _set(owner: type, name: str, value: object) -> None:
    _need(owner, name)
    setattr(owner, name, value)


def _need(owner: object, name: str) -> None:
    if not hasattr(owner, name):
        raise AttributeError(f"{owner} must have {name}, which this version of Streamlit lacks: install requirements.txt")
