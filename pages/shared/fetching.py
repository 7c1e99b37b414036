"""Data sets that are not on this machine: what each is called in a menu, and the boxes that fetch it, with progress and a way to stop."""

from __future__ import annotations

import streamlit as st

from pages.shared import rights
from pages.shared.controls import WANTED, called
from vae_core import data
from vae_core.data import DatasetUnavailable, NotDownloaded
from vae_core.identities import identity


def in_menu(name: str, *, is_here: bool) -> str:
    """What a menu calls a data set: its title, marked where its images have to be fetched first."""
    return called(name) if is_here else f"{called(name)} ⬇"


def megabytes(name: str) -> str:
    """What the download of a data set takes."""
    return f"{data.download_size(name) / 1e6:.1f} MB"


def offer(name: str) -> None:
    """What stands above a page whose images are not here: how many there are, and a large button that fetches them."""
    images = identity(name)
    _, height, width = images.shape
    left, right = st.columns((3, 2), gap="small", vertical_alignment="center")
    left.markdown(f"**{called(name)}** is not on this machine: {images.n_train:,} training images of {height} × {width}, and test images.")
    with right:
        _button(name, f"Download {megabytes(name)}", "primary")


def offer_whole(name: str) -> None:
    """What stands in the sidebar below a part of a data set: a button that fetches the whole, which then takes its place."""
    whole = data.recipe_of(name).part_of
    if whole and not data.available(whole) and rights.may_change():
        _button(whole, f"All of {called(whole)}", "secondary")


def _button(name: str, label: str, type: str) -> None:
    """Fetches a data set when it is pressed, by whoever may."""
    if not rights.may_change():
        st.caption("Only someone with this server's PIN can fetch it.")
        return
    about = f"{megabytes(name)}. {data.info(name).source}. Licence: {data.info(name).licence}"
    if st.button(label, icon=":material/download:", type=type, key=f"fetch_{name}", width="stretch", help=about):
        _fetch(name)


def _fetch(name: str) -> None:
    """Fetch it, with its progress and a way to stop; where that fails, what happened and what to do take their place."""
    place, whose = st.empty(), ""
    with place.container():
        bar = st.progress(0.0, f"Downloading {called(name)} …")
        st.button("Stop", icon=":material/stop_circle:", width="stretch")  # any press starts a new run: this one ends at its next report

    def report(done: int, total: int) -> None:
        bar.progress(min(1.0, done / total), f"{whose}{done / 1e6:.1f} of {total / 1e6:.1f} MB")

    def wait() -> None:
        nonlocal whose
        whose = "Another visitor downloads it: "

    try:
        data.fetch(name, progress=report, waiting=wait)
    except DatasetUnavailable as error:
        with place.container():
            _failure(error)
    else:
        st.session_state[WANTED] = name
        st.rerun()


def _failure(error: DatasetUnavailable) -> None:
    """What happened and what to do, short enough for a narrow column; how else the files come here, when it is asked for."""
    if not isinstance(error, NotDownloaded):
        st.error(f"{error}.")
        return
    st.error(f"Not downloaded: {error.happened}.")
    st.caption(f"{_capital(error.remedy)}.")
    with st.popover("Without a download", icon=":material/folder_open:", width="stretch"):
        st.text(f"{_capital(error.by_hand)}.")


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
