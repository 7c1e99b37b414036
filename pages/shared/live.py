"""A training beside a page, whichever it is: who may start and stop it, the buttons that do, and how it is followed while it lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import rights
from vae_core.errors import sentence
from vae_core.jobs import jobs
from vae_core.jobs.live_runs import LiveRuns
from vae_core.jobs.process import Status
from vae_core.jobs.progress import Progress
from vae_core.jobs.progress import progress as progress_of
from vae_core.specs import ModelSpec
from vae_core.store import Store

POLL_SECONDS = 1.0
WAITS = "waits for its turn"


class Training(Protocol):
    """A `Job` or a `LiveRun`."""

    def status(self) -> Status:
        """How it stands."""

    def cancel(self) -> None:
        """Ask it to stop."""


class Standing(Protocol):
    """How a training stands, or several do: a `Status`, a `Progress`."""

    @property
    def is_alive(self) -> bool:
        """Whether there is more to come."""


S = TypeVar("S", bound=Standing | None)


def progress(spec: ModelSpec) -> Progress:
    """How the training of a spec stands."""
    return progress_of(spec, Store())


def job(spec: ModelSpec) -> jobs.Job | None:
    """The training of a spec that was started beside the pages; None if there is none."""
    return jobs.find(spec, Store())


def may_change(*, has_data: bool = True) -> bool:
    """Whether this visitor may start and stop a training here; if not, a line says why."""
    if not rights.may_change():
        st.caption(rights.why_not())
    elif not has_data:
        st.caption("Training needs the data set.")
    return rights.may_change() and has_data


def train(*specs: ModelSpec, again: bool = False) -> None:
    """Train specs in processes beside the server, or join those that do. Such a start is given to a button.

    Args:
        specs: what to train.
        again: as for `jobs.start`.
    """
    for spec in specs:
        jobs.start(spec, Store(), again=again)


def start(runs: LiveRuns, spec_json: str) -> None:
    """Start a training of `runs` beside the server, or join it. Such a start, too, is given to a button."""
    runs.start(spec_json, Store().local)


def _begin(start: Callable[[], object]) -> bool:
    """Start a training; where the folder of models refuses that, a line says why. Whether it was started."""
    try:
        start()
    except OSError as error:
        st.error(f"{sentence(error)}.")
        return False
    return True


def start_button(label: str, start: Callable[[], object], *, place: DeltaGenerator | None = None, **look: Any) -> None:
    """Draw the button that starts a training, and then draws the page anew.

    Args:
        label: its words.
        start: starts it.
        place: where it stands; here, if that is not said.
        look: as `st.button` takes it; a training's icon and colour, where it says nothing.
    """
    look = {"icon": ":material/model_training:", "type": "primary"} | look
    if (place or st).button(label, width="stretch", **look) and _begin(start):
        st.rerun()


def stop_button(*trainings: Training, label: str = "Stop") -> None:
    """Draw the button that stops trainings; the page is drawn anew when they have ended, by `follow`."""
    if st.button(label, icon=":material/stop_circle:", width="stretch"):
        for training in trainings:
            training.cancel()


def buttons(training: Training | None, now: Status | None, label: str, start: Callable[[], object], *, stays: bool = False) -> None:
    """Draw the button that stops a training while it lives, else the one that starts it; where this visitor may not, a line says why.

    Args:
        training: what was started, if anything was.
        now: how it stands, by `status`; what the page draws further down, by `follow`, is of the same moment.
        label: words of the button that starts it.
        start: starts it.
        stays: whether that button is still there, though not to be pressed, when the training is done.
    """
    if training is not None and now is not None and now.is_alive:
        if rights.may_change():
            stop_button(training)
    elif now is None or now.state != "done":
        if may_change():
            start_button(label, start)
    elif stays and rights.may_change():
        start_button(label, start, disabled=True)


def status(training: Training | None) -> Status | None:
    """How a training stands; None if there is none."""
    return training.status() if training is not None else None


def follow(seen: S, state: Callable[[], S], draw: Callable[[S], None]) -> None:
    """Draw how a training stands: again and again while it lives, and the whole page anew when that has begun or ended.

    Args:
        seen: how it stood, or None, as the page drew the buttons beside it. A page asks once: where a training ended between its buttons
            and this, nothing would be followed, and *Stop* would stay.
        state: how it stands at each later drawing.
        draw: draws it.
    """
    is_alive = _is_alive(seen)
    st.fragment(_follow, run_every=POLL_SECONDS if is_alive else None)([seen], state, draw, is_alive)


def _follow(seen: list[S], state: Callable[[], S], draw: Callable[[S], None], was_alive: bool) -> None:
    now = seen.pop() if seen else state()
    if _is_alive(now) != was_alive:
        st.rerun()
    draw(now)


def _is_alive(state: Standing | None) -> bool:
    return state is not None and state.is_alive


def bar(status: Status, share: float, text: str, *, name: str = "") -> None:
    """How far a training is, and what was said on its way; or that it waits, while another one trains on this machine.

    Args:
        status: how it stands.
        share: of its epochs, that is done.
        text: what is said of it while it trains.
        name: stands before either.
    """
    st.progress(share, name + (WAITS if status.state == "queued" else text))
    if status.sentence:
        st.caption(status.sentence)


def share_done(event: dict[str, Any] | None) -> float:
    """Share of a job's epochs that is done, of its last epoch or None before the first."""
    return event["epoch"] / event["n_epochs"] if event else 0.0


def standing(state: Progress, *, more: str = "") -> None:
    """One line on the training of a spec: which epoch and whatever more, that it waits, or how it ended."""
    event = state.history[-1] if state.history else None
    if state.is_alive:
        text = f"Epoch {event['epoch'] if event else 0} of {state.n_epochs}{more}" if event or more else "reading the images"
        bar(state.job, share_done(event), text)
    elif state.job is not None and state.job.sentence and (not state.is_trained or state.job.state == "done"):
        st.caption(state.job.sentence)


def failure(status: Status | None) -> None:
    """Why a training that is watched has failed, if it has."""
    if status is not None and status.state == "failed":
        st.error(f"The training failed: {status.sentence}")
