"""Which training to see as a film, and how to get the film of one that has none."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, live, page, rights, words
from pages.shared.controls import Choice, called, follow, settle
from pages.shared.labels import label
from pages.shared.links import bound
from pages.training import cached as trainings
from pages.training import numbers
from pages.training.film import findings
from pages.training.film.cached import film_files, filmed
from pages.training.film.picture_film.picture_film import chosen_epoch, picture_film
from vae_core import data
from vae_core.explore.means import mean_of_few, to_earned
from vae_core.explore.training import training_figure as figures
from vae_core.specs import ModelSpec

RUN = "film_run"


def run(choice: Choice) -> ModelSpec | None:
    """Choose a training: that of the model in focus, or any of which there are snapshots; one that can be seen comes first."""
    focus = cached.specs(choice.dataset, choice.latent_dim).get(choice.family)
    specs = {spec.fingerprint: spec for spec in ([focus] if focus else []) + filmed()}
    if not specs:
        return None
    first = min(specs, key=lambda name: _order(specs[name], choice, focus))
    follow(RUN, first, choice)
    settle(RUN, specs, first)
    place = list(specs).index(first)
    name = st.selectbox("Training", list(specs), place, format_func=lambda name: label(specs[name]), **bound(RUN))
    return specs[name]


def _order(spec: ModelSpec, choice: Choice, focus: ModelSpec | None) -> tuple[bool, bool, bool]:
    """What is recorded of the chosen data set comes first; among these the model in focus, then one at d = 2, which shows a plane."""
    return spec.dataset != choice.dataset or not is_recorded(spec), spec != focus, spec.latent_dim != 2


def has_data(spec: ModelSpec) -> bool:
    """Whether the training's data set is on this machine; a sentence if it is not."""
    if data.available(spec.dataset):
        return True
    st.info(f"{called(spec.dataset)} is not on this machine: its pictures cannot be drawn.")
    return False


def history(spec: ModelSpec) -> list[dict]:
    """Every epoch of the trained model, or of its training so far."""
    checkpoint = cached.checkpoint(spec)
    return live.progress(spec).history if checkpoint is None else checkpoint.history


def is_recorded(spec: ModelSpec) -> bool:
    """Whether there are snapshots of this training."""
    return bool(trainings.snapshots(spec))


def record(spec: ModelSpec, *, has_data: bool) -> None:
    """Where a training has no snapshots: train it again for them, with progress. The model that is kept stays."""
    state = live.progress(spec)
    has_film = len(trainings.snapshots(spec)) > 1 or spec.n_epochs == 1
    if state.is_alive:
        live.follow(state, lambda: live.progress(spec), live.standing)
        if rights.may_change():
            live.stop_button(live.job(spec))
    elif not has_film:
        st.caption("This model was trained without snapshots; only its final state is available.")
        if has_data and live.may_change() and numbers.estimate(spec):
            look = {"icon": ":material/videocam:", "type": "secondary", "help": "Trains it again from the same spec and seed."}
            live.start_button("Record it", lambda: live.train(spec, again=state.is_trained), **look)


def error_shown(spec: ModelSpec) -> None:
    """Of a training whose scores are not kept: the error of what is shown after its last epoch."""
    if not history(spec) and (film := trainings.film(spec)):
        last = film[-1]
        n = f"n = {len(last.sse)} test {findings.things(last)}"
        how = f"Squared error through the posterior mean after epoch {last.epoch}. Mean over {n} ± 95 % confidence interval."
        page.number("Error of what is shown", str(mean_of_few(last.sse)), how, of=spec)


def draw(spec: ModelSpec, history: list[dict]) -> tuple[int, bytes] | None:
    """The film with the curves below it; the epoch that was last released and the film as a GIF, or None without snapshots."""
    snapshots = trainings.film(spec)
    if not snapshots:
        st.info(f"{label(spec)} has no snapshots yet: record it, or train it on the page *Train a model*.")
        return None
    theme = "light" if spec.identity.is_images else page.theme()
    packed, gif = film_files(spec, tuple(line(spec, history, shot.epoch) for shot in snapshots), theme)
    epoch = chosen_epoch(snapshots[-1].epoch)
    picture_film(packed, epoch=epoch)
    if history:
        choices = (spec.fingerprint, len(history), repr(history[-1]), epoch)
        look = {"family": spec.family, "n_epochs": history[-1]["n_epochs"], "at": epoch, "height": 190}
        page.chart(cached.lasting_chart("film", choices, lambda: figures.learning_curves(history, **look), tools=False))
    return epoch, gif


def section(spec: ModelSpec) -> str:
    """Which of the page's lines for a notebook make this picture."""
    return ("film" if spec.identity.is_images else "film-points") if is_recorded(spec) else "end"


def in_code(spec: ModelSpec, film: tuple[int, bytes] | None) -> dict[str, str | int]:
    """What the lines for a notebook need: the spec, its data set, and the epoch that is shown."""
    return {"spec": words.in_code(spec), "dataset": spec.dataset, "epoch": film[0] if film else 1}


def line(spec: ModelSpec, history: list[dict], epoch: int) -> str:
    """What one epoch scored on the test images, to the digits that its intervals earn."""
    row = next((event for event in history if event["epoch"] == epoch), None)
    if row is None:
        return ""
    terms = figures.terms_of([row])
    values = {term: float(figures.curve([row], term, "test")[0]) for term in terms}
    scores = [f"{figures.TERMS[term]} {to_earned(value, numbers.spread(spec, term, row))}" for term, value in values.items()]
    return "Test images: " + ", ".join(scores) + (" nats" if "rate" in terms else "")
