"""Every private name of the platform that the program uses, in one place, and why: a new version may rename any of them."""

from __future__ import annotations

import asyncio
import copy
import sys

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime import app_session
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import SessionInfo

STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-left: 1.5rem; padding-right: 1.5rem }
[data-testid="stMain"] h1 { padding: 0 0 0.6rem 0 }
[data-testid="stMain"] [data-testid="stCaptionContainer"] { margin-top: -0.6rem }
[data-testid="stMain"] [data-testid="stCaptionContainer"] p { line-height: 1.35 }
[data-testid="stSidebarContent"] { display: flex; flex-direction: column }
[data-testid="stSidebarHeader"] { height: 3.2rem; margin-bottom: 0 }
[data-testid="stSidebarNav"] { order: 2 }
[data-testid="stSidebarNavItems"] { padding-bottom: 0 }
[data-testid="stSidebarNavSeparator"] { display: none }
[data-testid="stNavSectionHeader"] { margin-top: 0.5rem; margin-bottom: 0; padding-bottom: 0 }
[data-testid="stSidebarNavLink"] { padding-top: 0.05rem; padding-bottom: 0.05rem; line-height: 1.5; margin: 0 }
[data-testid="stSidebarUserContent"] { padding-top: 0.4rem; padding-bottom: 0.4rem }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.6rem }
[data-testid="stSidebar"] [data-testid="stCaptionContainer"] { margin-top: -0.6rem }
[data-testid="stButtonGroup"] button { padding-left: 0.2rem; padding-right: 0.2rem }
[data-testid="stMain"] [data-testid="stButtonGroup"] button p { font-size: 0.82rem }
[data-testid="stMarkdownContainer"] .stMarkdownBadge { font-size: 0.8rem }
@media (max-width: 1100px) {
  .st-key-footer button :has(> [data-testid="stIconMaterial"]) { display: none }
  .st-key-fields label [data-testid="stTooltipIcon"] { display: none }
  .st-key-fields label p { font-size: 0.82rem }
  .st-key-fields [role="combobox"] { font-size: 0.82rem; padding-left: 0.4rem; padding-right: 0 }
  .st-key-fields [data-testid="stSelectbox"] button { padding: 0 }
}
.st-key-footer:has(> :nth-child(7)) [data-testid="stDownloadButton"] button :has(> [data-testid="stIconMaterial"]) { display: none }
.st-key-footer button { padding: 0.15rem 0.6rem; min-height: 2.1rem }
.st-key-footer button p { font-size: 0.9rem }
[data-testid="stMarkdownContainer"] .katex { font-size: 1.02em }
[data-testid="stPopoverBody"] { max-width: min(46rem, 92vw) }
[data-testid="stPopoverBody"]:has(.katex-display) { min-height: min(17rem, 60vh) }
</style>"""
"""Sizes and gaps only, which the theme has no options for: the picture and its controls fit 1280 × 800 together."""


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
    # Uploads stay in memory: the server's library would write those above 1 MB to a temporary file while they arrive.
    _set(MultiPartParser, "spool_max_size", sys.maxsize)
    # Whom a browser has left is kept for two minutes, in case it comes back, with the three open files of an event loop that no page uses;
    # and after them until the next one leaves.
    _need(app_session, "_close_script_event_loop")
    _set(MemorySessionStorage, "save", _save)
    _set(MemorySessionStorage, "get", _get)


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


def _set(owner: type, name: str, value: object) -> None:
    _need(owner, name)
    setattr(owner, name, value)


def _need(owner: object, name: str) -> None:
    if not hasattr(owner, name):
        raise AttributeError(f"{owner} must have {name}, which this version of Streamlit lacks: install requirements.txt")
