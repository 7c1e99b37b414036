"""Which training to see as a film, and how to get the film of one that has none."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, live, page, rights, training_controls
from pages.shared.controls import Choice, called, follow, settle
from pages.shared.links import bound
from pages.training import cached as trainings
from pages.training import training_run
from pages.training.film.picture_film.picture_film import chosen_epoch, picture_film
from vae_core import data as datasets
from vae_core.explore.training import training_figure as figures
from vae_core.explore.training import training_film
from vae_core.jobs import jobs
from vae_core.jobs.progress import progress
from vae_core.specs import ModelSpec
from vae_core.store import Store

RUN = "film_run"


def run(choice: Choice) -> ModelSpec | None:
    """Choose a training: that of the model in focus, or any of which there are snapshots."""
    focus = cached.specs(choice.dataset, choice.latent_dim).get(choice.family)
    found = {spec.fingerprint: spec for spec in ([focus] if focus else []) + training_film.filmed(Store())}
    if not found:
        return None
    first = next(iter(found))
    follow(RUN, first, choice)
    settle(RUN, found, first)
    name = st.selectbox("Training", list(found), format_func=lambda name: training_controls.label(found[name]), **bound(RUN))
    return found[name]


def has_data(spec: ModelSpec) -> bool:
    """Whether the training's data set is on this machine; a sentence if it is not."""
    if datasets.available(spec.dataset):
        return True
    st.info(f"{called(spec.dataset)} is not on this machine: its pictures cannot be drawn.")
    return False


def history(spec: ModelSpec) -> list[dict]:
    """Every epoch of the trained model, or of its training so far."""
    found = cached.checkpoint(spec)
    return progress(spec, Store()).history if found is None else found.history


def is_recorded(spec: ModelSpec) -> bool:
    """Whether there are snapshots of this training."""
    return bool(training_film.files(spec, Store()))


def record(spec: ModelSpec, *, has_data: bool) -> None:
    """Where a training has no snapshots: train it again for them, with progress. The model that is kept stays."""
    state = progress(spec, Store())
    has_film = len(training_film.files(spec, Store())) > 1 or spec.n_epochs == 1
    if state.is_alive:
        live.follow(lambda: progress(spec, Store()), live.standing)
        if rights.may_change():
            live.stop_button(jobs.find(spec, Store()))
    elif not has_film:
        st.caption("Of this training only the end is known: no snapshots were kept on its way.")
        if has_data and live.may_change():
            training_run.estimate(spec)
            look = {"icon": ":material/videocam:", "type": "secondary", "help": "Trains it again from the same spec and seed."}
            live.start_button("Record it", lambda: live.train(spec, again=state.is_trained), **look)


def draw(spec: ModelSpec, history: list[dict]) -> tuple[int, bytes] | None:
    """The film with the curves below it; the epoch that was last released and the film as a GIF, or None without snapshots."""
    taken = trainings.film(spec)
    if not taken:
        st.info(f"{training_controls.label(spec)} has no snapshots yet: record it, or train it on the page *Train a model*.")
        return None
    packed, gif = trainings.film_files(spec, tuple(line(history, shot.epoch) for shot in taken))
    epoch = chosen_epoch(taken[-1].epoch)
    picture_film(packed, epoch=epoch)
    if history:
        choices = (spec.fingerprint, len(history), repr(history[-1]), epoch)
        look = {"family": spec.family, "n_epochs": history[-1]["n_epochs"], "at": epoch, "height": 220}
        page.chart(cached.lasting_chart("film", choices, lambda: figures.learning_curves(history, **look), tools=False))
    return epoch, gif


def line(history: list[dict], epoch: int) -> str:
    """What one epoch scored on the test images."""
    found = next((event for event in history if event["epoch"] == epoch), None)
    if found is None:
        return ""
    terms = figures.terms_of([found])
    said = [f"{figures.TERMS[term]} {page.signed(figures.curve([found], term, 'test')[0])}" for term in terms]
    return "Test images: " + ", ".join(said) + (" nats" if "rate" in terms else "")
