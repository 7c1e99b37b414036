"""Making a data set of one's own on the page: the files, how they are cut, and what only some may do."""

from __future__ import annotations

from collections import Counter

import numpy as np
import streamlit as st

from pages.own.dataset import cached as caches
from pages.shared import cached, controls, page, rights
from pages.shared.links import bound
from pages.shared.uploads import empty, handed_over, key_of
from vae_core.data import own
from vae_core.data.classes import INNERMOST
from vae_core.data.images import ENDINGS
from vae_core.errors import sentence
from vae_core.explore.eigenimages_figure import preview
from vae_core.identities import is_own, own_record
from vae_core.jobs import deletion
from vae_core.store import Store

SIZES, USUALLY = (8, 16, 28, 32, 48, 64), 32
"""Sides of the images that can be chosen, in pixels, and that with which the page opens."""
MOST_CLASSES_SAID = 12
FILES, REFUSAL = "own_data_files", "own_said"


def new_images() -> own.Prepared | None:
    """Draw the controls of a data set in the making; the images that it would hold, or None where there are none."""
    if not rights.may_change():
        st.caption(rights.why_not())
        return None
    types = ["zip", *ENDINGS]
    files = handed_over(st.file_uploader, "Your images, or a ZIP of folders", key=FILES, type=types, accept_multiple_files=True)
    if refusal := st.session_state.pop(REFUSAL, None):
        st.error(refusal)
    if not files:
        st.caption("Folders of a ZIP file become labels. Images stay in memory until you make a data set of them.")
        return None
    handed = [(file.name, file.getvalue()) for file in files]
    place = st.container()
    size, colour, cut = _form()
    try:
        with place:
            level = _level(caches.ways_to_label(handed), f"{key_of(FILES)}_level")
        return caches.prepared(handed, size, colour == "colour", cut, level)
    except ValueError as error:
        st.error(f"{error}.")
        return None


def _form() -> tuple[int, str, str]:
    """Draw what its images are like: their side in pixels, their channels, and how they are cut."""
    channels, cuts = ("colour", "grey"), ("squares", "patches")
    with controls.advanced({"own_size": USUALLY, "own_colour": channels[0], "own_cut": cuts[0]}):
        left, right = st.columns((2, 3), gap="small")
        cut = controls.segmented("Cut", cuts, key="own_cut", help="One square per picture, or all that tile it.")
    with left:
        size = st.selectbox("Side, pixels", SIZES, index=SIZES.index(USUALLY), **bound("own_size"))
    with right:
        return size, controls.segmented("Channels", channels, key="own_colour"), cut


def _level(ways: dict[int | None, dict[str, int]], key: str) -> int | None:
    """Which folder's name is the label, with the classes that each choice makes; None where folders tell nothing apart."""
    if len(ways) == 1:
        return None
    fixed = {INNERMOST: "Folder of each image", None: "No labels"}
    levels = {fixed.get(level, f"Folder {(level or 0) + 1} from outside"): level for level in ways}
    level = levels[st.selectbox("Labels", list(levels), key=key, help="Folders that all images lie in are not counted.")]
    if level is not None:
        st.caption(_listed(ways[level]))
    return level


def _listed(number: dict[str, int]) -> str:
    """Classes by name with how many images are of each, in one line."""
    first = ", ".join(f"{name}: {n:,}" for name, n in list(number.items())[:MOST_CLASSES_SAID])
    rest = len(number) - MOST_CLASSES_SAID
    return f"{len(number)} classes. {first}" + (f", and {rest} more." if rest > 0 else ".")


def make(prepared: own.Prepared) -> None:
    """Name it and make it: it becomes the data set of the sidebar, and of every page."""
    title = st.text_input("Title", "My images", max_chars=60, key="own_title")
    st.button("Make the data set", type="primary", icon=":material/add_box:", width="stretch", on_click=_make, args=(prepared, title))


def _make(prepared: own.Prepared, title: str) -> None:
    state = st.session_state
    try:
        state["dataset"] = own.keep(prepared, title)
    except (ValueError, OSError) as error:
        state[REFUSAL] = f"{sentence(error)}."
        return
    empty(FILES)
    title = own_record(state["dataset"])["title"]
    st.toast(f"{title} is a data set now: its models can be trained in the sidebar.")


def show_new(prepared: own.Prepared) -> None:
    """The images as the data set would hold them, how many there are of each label, and what was left out."""
    captions = [""] * len(prepared.x) if prepared.labels is None else [prepared.classes[label] for label in prepared.labels]
    order = np.random.default_rng(0).permutation(len(prepared.x)) if prepared.labels is None else np.argsort(prepared.labels, kind="stable")
    shown = np.sort(order[:: max(1, len(order) // 40)][:40]) if prepared.labels is None else order[:: -(-len(order) // 40)]
    page.image_table(preview(prepared.x[shown], [captions[k] for k in shown]))
    st.caption(counts(prepared))
    if prepared.refused:
        with st.expander(f"Left out: {len(prepared.refused)}", icon=":material/block:"):
            st.text("\n".join(prepared.refused[:50]))


def counts(prepared: own.Prepared) -> str:
    """How many images there are, of each label, and how many were there twice."""
    n_test = int(own.is_test(len(prepared.x)).sum())
    line = f"n = {len(prepared.x):,} images: {len(prepared.x) - n_test:,} to train on, {n_test:,} to test on."
    if prepared.labels is not None:
        number = Counter(prepared.classes[label] for label in prepared.labels)
        line += " " + ", ".join(f"{name}: {n:,}" for name, n in sorted(number.items())) + "."
    return line + (f" {prepared.n_duplicates:,} more were there already." if prepared.n_duplicates else "")


def about(dataset: str) -> None:
    """What is known of the sidebar's data set if it is one's own, and a way to delete it."""
    if not is_own(dataset):
        return
    record = own_record(dataset)
    labels = ", ".join(f"{k} {name}" for k, name in enumerate(record["classes"]))
    st.caption(f"**{dataset}**, of {record['n_train'] + record['n_test']:,} {record['cut']}." + (f" Labels: {labels}." if labels else ""))
    if rights.may_change():
        with st.popover("Delete this data set", icon=":material/delete:", width="stretch"):
            st.markdown(f"Delete **{record['title']}**, and the models that were trained on it, from this machine?")
            st.button("Delete it", type="primary", on_click=_delete, args=(dataset,))


def _delete(dataset: str) -> None:
    try:
        deletion.delete_dataset(dataset, Store())
    except (ValueError, OSError) as error:
        st.session_state[REFUSAL] = f"{sentence(error)}."
        return
    cached.forget_models()
    st.session_state["dataset"] = controls.first_dataset()


def explained(dataset: str, n: int) -> None:
    """How much of the variance the components that are shown hold."""
    eigenvalues = cached.spectrum(dataset).eigenvalues
    n_train, total = len(cached.dataset(dataset).train), max(float(eigenvalues.sum()), np.finfo(float).tiny)
    method = f"Σ λⱼ over j ≤ {n}, of all: exact PCA of n = {n_train:,} training images."
    page.number(f"Variance in {n} components", f"{100 * eigenvalues[:n].sum() / total:.1f} %", method)
