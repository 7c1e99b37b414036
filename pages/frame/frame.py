"""What stands around every page: the house's small corrections of the layout, the sidebar, and errors as sentences."""

from __future__ import annotations

import copy
from collections.abc import Hashable
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import controls, machine
from vae_core.data import DatasetUnavailable
from vae_core.errors import sentence
from vae_core.store.checkpoints import DamagedCheckpoint

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

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
# Sizes and gaps only, which the theme has no options for: the picture and its controls fit 1280 × 800 together.

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="190" height="32" viewBox="0 0 190 32">
<g fill="#4a86d8"><path d="M2 3 L15 11 V21 L2 29 Z"/><path d="M34 3 L21 11 V21 L34 29 Z"/></g>
<circle cx="18" cy="16" r="2.6" fill="#d55e00"/>
<text x="44" y="22" font-family="Segoe UI, Roboto, Noto Sans, Liberation Sans, Arial, sans-serif" font-size="18" font-weight="650"
fill="#4a86d8">VAE Explorer</text></svg>"""


def entries(table: dict[str, dict[str, tuple[str, str, str]]]) -> dict[str, list[StreamlitPage]]:
    """What `st.navigation` takes, from section → file → title, icon and path: copies, since it marks the page that it chooses.

    Streamlit looks for each page's file whenever it is told of the page, which would be a tenth of an answer.
    """
    return {
        section: [copy.copy(_page(file, title, icon, path)) for file, (title, icon, path) in pages.items()]
        for section, pages in table.items()
    }


@lru_cache(maxsize=128)
def _page(file: str, title: str, icon: str, path: str) -> StreamlitPage:
    return st.Page(file, title=title, icon=icon, url_path=path or None, default=not path)


def run(page: StreamlitPage, *, uses_data: bool) -> None:
    """Draw the sidebar, whose choices thereby outlive every change of page, then the page.

    Args:
        page: what `st.navigation` chose.
        uses_data: whether data set, latent dimension and model play a part on it.
    """
    st.html(STYLE)
    st.logo(LOGO, size="large")
    with st.sidebar:
        choice = controls.global_choices(disabled=not uses_data, when_absent=machine.fetch_box)
        if uses_data:
            machine.models_box(choice)
    st.fragment(_body)(page, machine.state())


def _body(page: StreamlitPage, machine_of_frame: Hashable) -> None:
    """The page itself. What is moved on it draws it again alone; the frame too, where it shows what has changed meanwhile."""
    if controls.is_changed_by_the_page():
        st.rerun()
    page._can_be_called = True  # Streamlit lets a page be called once a run, and counts no run of a fragment
    try:
        page.run()
    except (DatasetUnavailable, DamagedCheckpoint, OSError) as error:
        st.error(f"{sentence(error)}.")
    if machine.state() != machine_of_frame:
        st.rerun()
