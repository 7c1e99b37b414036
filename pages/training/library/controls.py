"""The models of this machine on the page: which to look at, and what can be done with one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.shared import cached, links, rights
from pages.shared.controls import Choice, called, latent_dims, settle
from pages.shared.labels import in_words, label
from pages.shared.links import bound
from pages.shared.uploads import handed_over
from pages.training.fields import show
from pages.training.library.cached import exported
from vae_core.drawing.theme import mark
from vae_core.errors import sentence
from vae_core.explore.means import mean_of_metrics
from vae_core.jobs import deletion, jobs
from vae_core.models import FAMILIES, default_spec
from vae_core.plain import plain
from vae_core.specs import ModelSpec
from vae_core.store import Store, archive
from vae_core.store.checkpoints import Checkpoint
from vae_core.units import earned_places

SCOPE, MODELS = "library_of", "library_models"
MOST_COMPARED = 8


def scope(choice: Choice) -> list[Checkpoint]:
    """Choose between the models of the sidebar's data set and all; those models."""
    options = ("this data set", "all")
    scope_name = st.segmented_control("Models of", options, default=options[0], required=True, **bound(SCOPE), width="stretch")
    return [c for c in cached.checkpoints() if scope_name == "all" or c.spec.dataset == choice.dataset]


def chosen(candidates: list[Checkpoint], choice: Choice) -> list[Checkpoint]:
    """Choose the models to compare; at first the recipes of the sidebar's data set and family, whose numbers have one unit."""
    by_name = {c.spec.fingerprint: c for c in candidates}
    recipes = [default_spec(choice.family, choice.dataset, d).fingerprint for d in latent_dims(choice.dataset)]
    usual = [name for name in recipes if name in by_name]
    before = st.session_state.get(MODELS)
    if before is not None and not set(before) <= set(by_name):
        st.session_state[MODELS] = [name for name in before if name in by_name] or usual[:MOST_COMPARED]
    names = st.multiselect(
        "Compare",
        list(by_name),
        usual[:MOST_COMPARED],
        format_func=_label_among(candidates, by_name),
        **bound(MODELS),
        max_selections=MOST_COMPARED,
        placeholder="Choose models",
    )
    return [by_name[name] for name in names]


def nothing_chosen() -> None:
    """What stands where the chart would be."""
    st.info("Choose models under **Compare** to see how they were trained.")


def table(checkpoints: list[Checkpoint]) -> None:
    """Everything that is cached, a line a model."""
    columns = rows(checkpoints)
    if len({c.spec.dataset for c in checkpoints}) == 1:
        del columns["data set"]
    height = min(248, 38 + 35 * max(1, len(checkpoints)))
    st.dataframe(columns, height=height, row_height=35, hide_index=True, width="stretch", placeholder="–")


def rows(checkpoints: list[Checkpoint]) -> dict[str, list[Any]]:
    """The table's columns."""
    metrics = [c.metrics for c in checkpoints]
    return {
        "model": [f"{mark(c.spec.family).glyph} {mark(c.spec.family).short}" for c in checkpoints],
        "data set": [called(c.spec.dataset) for c in checkpoints],
        "d": [c.spec.latent_dim for c in checkpoints],
        "network": [in_words(c.spec.network) if c.spec.has("network") else "–" for c in checkpoints],
        "β": [c.spec.beta if c.spec.has("beta") else None for c in checkpoints],
        "epochs": [c.spec.n_epochs if c.spec.has("n_epochs") else None for c in checkpoints],
        "SSE": [_as_earned(m, "sse") for m in metrics],
        "ELBO, nats": [None if m["elbo"] is None else _as_earned(m, "elbo") for m in metrics],
        "active": [m["active_units"] for m in metrics],
        "kB": [round(c.size / 1e3) for c in checkpoints],
        "where": ["shipped" if c.is_shipped else "local" for c in checkpoints],
        "fingerprint": [c.spec.fingerprint for c in checkpoints],
    }


def _as_earned(metrics: dict[str, Any], figure: str) -> float:
    """A mean over test images to the digits that its interval earns; a number, so that the table sorts by it."""
    mean = mean_of_metrics(metrics, figure)
    return round(mean.value, earned_places(mean.half_width) if mean.half_width else 2)


def caveat(compared: list[Checkpoint]) -> None:
    """Say so where nats of different likelihoods stand side by side."""
    laws = {in_words(c.spec.likelihood) for c in compared if c.metrics["rate"] is not None}
    if len(laws) > 1:
        st.caption(f"Likelihoods differ ({', '.join(sorted(laws))}): their distortions and ELBOs have scales of their own; compare rates.")


def one(candidates: list[Checkpoint], choice: Choice) -> Checkpoint | None:
    """Choose one of them, at first the model in focus; None if there is none."""
    by_name = {c.spec.fingerprint: c for c in candidates}
    key = "library_model"
    if not by_name:
        return None
    focus = next((k for k, c in enumerate(candidates) if c.spec.family == choice.family), 0)
    settle(key, by_name, list(by_name)[focus])
    return by_name[st.selectbox("One model", list(by_name), focus, format_func=_label_among(candidates, by_name), key=key)]


def _label_among(candidates: list[Checkpoint], by_name: dict[str, Checkpoint]) -> Callable[[str], str]:
    """Names of models by fingerprint, as short as they may be: the data set is said where there are several."""
    several = len({c.spec.dataset for c in candidates}) > 1
    return lambda name: label(by_name[name].spec, with_dataset=several)


def actions(checkpoint: Checkpoint) -> None:
    """Open, download, delete."""
    spec = checkpoint.spec
    st.caption(f"{'Shipped' if checkpoint.is_shipped else 'Local'}, {checkpoint.size / 1e3:.0f} kB.")
    left, right = st.columns(2, gap="xsmall")
    if left.button("Open", width="stretch", help=_why(spec), on_click=show, args=(spec,)):
        st.switch_page(links.page(_where(spec)), query_params={})
    right.download_button(
        "File",
        exported(spec),
        archive.file_name(spec),
        "application/zip",
        width="stretch",
        on_click="ignore",
    )
    if not checkpoint.is_shipped and rights.may_change():
        with st.popover("Delete", icon=":material/delete:", width="stretch"):
            st.markdown(f"Delete **{label(spec)}** from this machine?")
            st.button("Delete it", type="primary", key=f"delete-{spec.fingerprint}", on_click=_delete, args=(checkpoint,))


def is_recipe(spec: ModelSpec) -> bool:
    """Whether the other pages show this model: they show the recipes."""
    try:
        return spec == default_spec(spec.family, spec.dataset, spec.latent_dim)
    except ValueError:
        return False


def _where(spec: ModelSpec) -> str:
    """The page that a model is opened on."""
    if FAMILIES[spec.family].needs_labels:
        return "beyond/labels"
    return "autoencoders/compare" if is_recipe(spec) else "training/train"


def _why(spec: ModelSpec) -> str:
    if FAMILIES[spec.family].needs_labels:
        return "Its analogies: the label changed at the code of an image."
    if is_recipe(spec):
        return "Its reconstructions; the data set, dimension and model of every page are set to it."
    return "How it was trained: this model differs from the one that the other pages show."


def _delete(checkpoint: Checkpoint) -> None:
    try:
        deletion.delete_model(checkpoint, Store())
        cached.forget_models()
        st.toast(f"Deleted: {label(checkpoint.spec)}.")
    except (ValueError, OSError) as error:
        st.session_state["library_error"] = f"{sentence(error)}."


def importing() -> None:
    """Take in a model's file, after checking it; say what was wrong with one that is refused."""
    if refusal := st.session_state.pop("library_error", None):
        st.error(refusal)
    if success := st.session_state.pop("library_kept", None):
        st.success(success)
    if not rights.may_change():
        st.caption(rights.why_not())
        return
    with st.popover("Import a model", icon=":material/upload:", width="stretch"):
        st.caption("A ZIP file from a library's **File**. Checked: spec, SHA-256, shapes; nothing in it is executed.")
        uploads = handed_over(st.file_uploader, "Model file", key="library_file", type=["zip"], label_visibility="collapsed")
        if uploads and st.button("Import it", type="primary"):
            try:
                checkpoint = archive.imported(uploads[0].getvalue(), Store())
            except (ValueError, OSError) as error:
                st.error(plain(f"{sentence(error)}."))  # a file's own words may stand in it
                return
            cached.forget_models()
            st.session_state["library_kept"] = f"Kept: {label(checkpoint.spec)}."
            st.rerun()  # the frame counts it, too


def stopped() -> None:
    """Stopped trainings, each with a button that shows where it can be resumed or discarded."""
    for spec in jobs.stopped(Store()):
        if FAMILIES[spec.family].needs_labels:  # a command trains it, and goes on with it
            continue
        name = label(spec)
        on_press = {"on_click": show, "args": (spec,)}
        if st.button(f"Stopped: {name}", key=f"stopped-{spec.fingerprint}", icon=":material/pause_circle:", width="stretch", **on_press):
            st.switch_page(links.page("training/train"), query_params={})
