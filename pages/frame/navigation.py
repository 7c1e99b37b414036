"""The pages of the explorer as a visitor goes through them: a menu of the header for each section, and what stands round a page."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import streamlit as st

from pages.frame import fit, lecture_bar, presenter, sidebar, streamlit_patches
from pages.shared import controls, fetching, links
from pages.shared.controls import choice
from pages.shared.labels import VALUES
from vae_core.data import DatasetUnavailable
from vae_core.errors import sentence
from vae_core.identities import is_own, own_names
from vae_core.store.checkpoints import DamagedCheckpoint

SECTIONS = {
    "start": "Start",
    "linear": "Linear",
    "autoencoders": "Autoencoders",
    "latent": "Latent space",
    "elbo": "ELBO",
    "rates": "Rate and β",
    "beyond": "Beyond",
    "own": "Your images",
    "training": "Models",
}
"""Folder of a section → title of its menu, in the order of a lecture. A section without a page has no menu."""
RENAMED = {
    "photograph": {"across": "photo_across", "down": "photo_down"},
    "exact-curve": {"distortion_unit": "error_unit"},
}
"""Address → what parameters of links of before are called now."""
RETITLED = {
    "frontier": {"plane": {"MNIST conv": "MNIST convolutional"}},
    "frontier-training": {"sweep": {"digits, live": "Digits 8 × 8, live"}},
    "manifold-toys": {"toy_activation": VALUES},
    "train": {f"train_{name}": VALUES for name in ("network", "activation", "likelihood", "augmentation", "corruption")},
}
"""Address → parameter → what its values in links of before are called now."""
WITHOUT_DATA: dict[str, tuple[str, set[str | None]]] = {
    "linear/fitting": ("fit_part", {None, "points"}),
    "elbo/evidence": ("evidence_part", {"Curve", "Ising", "Surprise"}),
    "elbo/inside": ("inside_part", {"Noise"}),
}
"""Folder of a page of several parts → the parameter that chooses one, and those on which the sidebar's choices play no part, None for what
it opens with.
"""
SIDEBAR = 240
"""Width of the sidebar, in pixels; a window of 768 or less begins with it folded."""
MOVED = {"": ("start/families", {"image", "draw"})}
"""Address → folder of the page that stood there before, and parameters that its links have."""
REMOVED = "The data set of this page was removed from this computer: another one is shown."
AT_HAND = "page_at_hand"
"""In the session: address of the page that was drawn last."""
LOGO = Path(__file__).with_name("logo.svg").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the explorer.

    Attributes:
        folder: its section and itself, such as `latent/pad`.
        title: in the menu of its section.
        icon: its name among the Material Symbols.
        address: path of its URL; the page without one opens first.
        uses_data: whether the sidebar's data set, latent dimension and model play a part on it, or on some of its parts; where not, the
            sidebar opens folded.
        help: what one sees or does there, in one sentence: the menu shows it beside the title.
    """

    folder: str
    title: str
    icon: str
    address: str
    uses_data: bool = True
    help: str = field(kw_only=True)

    @property
    def section(self) -> str:
        """Title of its section."""
        return SECTIONS[self.folder.partition("/")[0]]

    @property
    def uses_data_now(self) -> bool:
        """Whether they play a part on what of it is shown."""
        if self.folder not in WITHOUT_DATA:
            return self.uses_data
        key, parts = WITHOUT_DATA[self.folder]
        return st.session_state.get(key, st.query_params.get(key)) not in parts


def show(pages: tuple[Page, ...]) -> None:
    """Draw what stands around the page that the address names, then the page."""
    st.set_page_config("VAE Explorer", "🧭", layout="wide")  # before the navigation, which would fetch the page's symbol from elsewhere
    entry = st.navigation(entries(pages), position="top", expanded=True)
    page = next(page for page in pages if page.address == entry.url_path)
    is_presented = presenter.begin()
    uses_data = page.uses_data_now
    st.set_page_config(initial_sidebar_state=SIDEBAR if uses_data and not is_presented else "collapsed")
    if not links.has_begun():  # a link opens this session: afterwards a parameter may be another page's
        moved = moved_to(page.address, st.query_params.to_dict())
        if moved:
            st.switch_page(links.page(moved), query_params=st.query_params.to_dict())
        present = renamed(page.address, st.query_params.to_dict())
        if present:
            st.query_params.update(present)
            st.rerun()  # widgets are restored by what a run begins with
    st.html(streamlit_patches.STYLE + streamlit_patches.marked_menu(list(by_section(pages)).index(page.section)))
    if is_presented:
        st.html(presenter.STYLE)
    st.logo(LOGO, size="large")
    sidebar.draw(uses_data=uses_data)
    lecture_bar.draw(page.folder)
    with st.sidebar:
        if not is_presented:
            presenter.button()
        st.html(streamlit_patches.SCROLL + fit.script(), unsafe_allow_javascript=True)
    if st.session_state.get(AT_HAND) != page.address:
        streamlit_patches.keep_what_the_address_leaves_open()
        st.session_state.pop(controls.UNFOLDED, None)
    st.session_state[AT_HAND] = page.address
    st.session_state[links.ADDRESSES] = {page.folder: page.address for page in pages}
    st.fragment(_body)(page, entry, _state(controls.sets_of_the_sidebar(), uses_data=uses_data))


def renamed(address: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """What parameters of a link of before, or their values, are called now; what has its present name wins."""
    names, values = RENAMED.get(address, {}), RETITLED.get(address, {})
    present = {new: parameters[old] for old, new in names.items() if old in parameters and new not in parameters}
    return present | {name: values[name][value] for name, value in parameters.items() if value in values.get(name, {})}


def moved_to(address: str, parameters: Mapping[str, str]) -> str | None:
    """The folder of the page that a link of before means, if another one stands at its address now."""
    folder, its_own = MOVED.get(address, (None, set()))
    return folder if its_own & set(parameters) else None


def entries(pages: tuple[Page, ...]) -> dict[str, list[st.Page]]:
    """What `st.navigation` takes: copies, since it marks the page that it chooses.

    Streamlit looks for each page's file whenever it is told of the page, which would be a tenth of an answer.
    """
    return {section: [streamlit_patches.unmarked(_entry(page)) for page in those] for section, those in by_section(pages).items()}


def by_section(pages: tuple[Page, ...]) -> dict[str, list[Page]]:
    """Title of each section → its pages."""
    sections: dict[str, list[Page]] = {}
    for page in pages:
        sections.setdefault(page.section, []).append(page)
    return sections


@lru_cache(maxsize=128)
def _entry(page: Page) -> st.Page:
    return st.Page(
        links.page(page.folder),
        title=page.title,
        icon=f":material/{page.icon}:",
        url_path=page.address or None,
        default=not page.address,
        help=page.help,
    )


def _body(page: Page, entry: st.Page, state_of_frame: Hashable) -> None:
    """The page itself, below what fetches its images where they are not here.

    What is moved on it draws it again alone; the frame too, where it shows what has changed meanwhile.
    """
    if sidebar.is_changed_by_the_page():
        st.rerun()
    if is_own(choice().dataset) and choice().dataset not in own_names():  # removed in another tab since the sidebar was drawn
        st.toast(REMOVED, icon=":material/delete:")
        st.rerun()
    if page.uses_data_now and not choice().has_data:
        fetching.offer(choice().dataset)
    streamlit_patches.let_run_again(entry)
    controls.begin()
    try:
        entry.run()
    except streamlit_patches.Stopped:
        pass  # the page ends here: no part of it was interrupted
    except (DatasetUnavailable, DamagedCheckpoint, OSError) as error:
        st.error(f"{sentence(error)}.")
    controls.end()
    if presenter.is_on():
        presenter.corner()
    if _state(controls.image_sets(), uses_data=page.uses_data_now) != state_of_frame:
        st.rerun()


def _state(here: dict[str, bool], *, uses_data: bool) -> Hashable:
    """What the frame shows beside the page: where a page has changed it, the frame is drawn again."""
    return sidebar.state(here), presenter.is_on(), uses_data
