"""A training on the page: its buttons, its progress, its curves and pictures as they form, and whether z is used."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, live, page, training_controls
from pages.shared.chart.chart import packed
from pages.training import cached as trainings
from vae_core.explore import training_collapse
from vae_core.explore.training import training_figure as figures
from vae_core.explore.training import training_film
from vae_core.jobs import jobs
from vae_core.jobs.progress import Progress, progress
from vae_core.models import FAMILIES
from vae_core.specs import ModelSpec
from vae_core.store import Store

QUEUE_SECONDS = 3.0
SHOWN = "Test images are shown, never used to choose."


def in_words(seconds: float) -> str:
    """A length of time as a person says it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def estimate(spec: ModelSpec) -> None:
    """How long it will take, from a timed fraction of an epoch."""
    if spec.is_closed_form:
        st.caption("Solved exactly, in one step.")
    else:
        pace = trainings.pace(spec)
        takes = in_words(pace.seconds_per_epoch * spec.n_epochs)
        st.caption(f"About **{takes}** here: a fraction of an epoch was timed, n = {pace.n_images:,} images, one thread.")


def buttons(spec: ModelSpec, *, has_data: bool) -> None:
    """What can be done with this training: start, stop, resume, discard; and how long it would take."""
    state = progress(spec, Store())
    if state.is_trained and not state.is_alive:
        st.caption("✓ Trained, and kept in the model library.")
    elif not live.may_change(has_data=has_data):
        return
    elif state.is_alive:
        live.stop_button(jobs.find(spec, Store()))
    elif state.is_resumable:
        resume, discard = st.columns(2, gap="xsmall")
        about = f"Goes on after epoch {state.history[-1]['epoch']}."
        live.start_button("Resume", lambda: live.train(spec), place=resume, help=about)
        if discard.button("Discard", icon=":material/delete:", width="stretch", help="Forget the epochs that were kept."):
            _discard(spec)
    else:
        estimate(spec)
        live.start_button("Start", lambda: live.train(spec))


def _discard(spec: ModelSpec) -> None:
    try:
        jobs.discard(spec, Store())
    except ValueError as error:  # a command goes on with it
        st.error(f"{error}.")
    else:
        st.rerun()


def queue(spec: ModelSpec | None) -> None:
    """Trainings that run or wait, each with a button that shows it here: one that runs is the whole class's. Looks again by itself."""
    is_alive = spec is not None and progress(spec, Store()).is_alive
    st.fragment(_queue, run_every=QUEUE_SECONDS)(spec, is_alive)


def _queue(spec: ModelSpec | None, was_alive: bool) -> None:
    found = jobs.alive(Store())
    if not was_alive and any(job.spec == spec for job in found):
        st.rerun()  # another visitor has started it
    for job in found:
        if job.spec != spec:
            status = job.status()
            now = live.WAITS if status.state == "queued" else "trains now"
            name = training_controls.label(job.spec)
            joins = st.button(
                f"Join: {name}",
                key=f"join-{job.spec.fingerprint}",
                icon=":material/group_add:",
                on_click=training_controls.show,
                args=(job.spec,),
                help=f"{name} {now}: see it here, with everybody else.",
                width="stretch",
            )
            if joins:
                st.rerun()  # a fragment redraws itself alone


def draw(spec: ModelSpec, *, has_data: bool) -> None:
    """Progress, curves, alarm and pictures, as the training goes on."""
    live.follow(lambda: progress(spec, Store()), lambda state: _draw(spec, state, has_data))


def _draw(spec: ModelSpec, state: Progress, has_data: bool) -> None:
    left = state.seconds_left
    live.standing(state, more=f", about {in_words(left)} left" if left else "")
    if not state.history:
        if not state.is_alive:
            st.info("Not trained yet. **Start** trains it beside this page: leave, reload or come back, it goes on.")
        if has_data:
            _expected(spec)
        return
    epoch = (spec.fingerprint, len(state.history), repr(state.history[-1]))
    page.chart(cached.fleeting("curves", (*epoch, has_data), lambda: _curves(spec, state.history, has_data)))
    if has_data:
        cached.fleeting("training", (*epoch, trainings.snapshots(spec)), lambda: _so_far(spec, state.history))


def _curves(spec: ModelSpec, history: list[dict], has_data: bool) -> bytes:
    """The curves after an epoch, with what the theory knows beforehand."""
    free = cached.z_free(spec) if has_data else None
    theory = _theory(spec) if has_data else None
    figure = figures.learning_curves(
        history,
        family=spec.family,
        n_epochs=history[-1]["n_epochs"],
        z_free=None if free is None else free.test,
        rate=None if theory is None else theory.rate,
    )
    return packed(figure, tools=False)


def _so_far(spec: ModelSpec, history: list[dict]) -> None:
    """The pictures after an epoch, and whether z is used."""
    _pictures(spec)
    _alarm(spec, history[-1], cached.z_free(spec))


def _expected(spec: ModelSpec) -> None:
    """Before there is anything to see: the images that will be shown, and what can be said beforehand."""
    test = cached.dataset(spec.dataset).test
    st.html(figures.originals_table(test.x, test.spread(training_film.N_IMAGES)).to_html(beside=560, most=84))
    free = cached.z_free(spec)
    if free is not None:
        st.caption(f"Best model without z, in closed form: −ELBO {page.signed(free.test)} nats on the test images ({free.how}).")
    st.caption(training_collapse.prediction(spec, trainings.eigenvalues(spec.dataset)))


def _theory(spec: ModelSpec) -> training_collapse.LinearTheory | None:
    if spec.is_closed_form or spec.likelihood != "gaussian":
        return None
    values = trainings.eigenvalues(spec.dataset)
    return training_collapse.linear_theory(values, latent_dim=spec.latent_dim, beta=spec.beta, scale=spec.scale)


def _pictures(spec: ModelSpec) -> None:
    """The last snapshot: fixed test images and what comes back, and for d = 2 the manifold."""
    taken = training_film.latest(spec, Store()) or next(reversed(trainings.film(spec)), None)
    if taken is None:
        return
    x = cached.dataset(spec.dataset).test.x
    rows, plane = st.columns((5, 2), gap="small") if taken.manifold is not None else (st.container(), None)
    with rows:
        table = figures.snapshot_table(x, taken.indices, taken.reconstructions, taken.epoch)
        st.html(table.to_html(beside=560, most=60 if plane else 84))
    if plane is not None:
        plane.html(figures.manifold_html(taken.manifold, taken.epoch, side=200))


def _alarm(spec: ModelSpec, event: dict, free: training_collapse.ZFree | None) -> None:
    """Whether z is used after an epoch, beside what the theory of linear models predicts."""
    test = event["test"]
    if "rate" not in test:
        return
    said = training_collapse.prediction(spec, trainings.eigenvalues(spec.dataset))
    if spec.is_closed_form:
        st.caption(said)
        return
    if free is None:
        st.caption(f"The best model without z has no finite −ELBO under this likelihood, or no closed form. {said}")
        return
    bound = test["distortion"] + test["rate"]
    beside = f"KL {test['rate']:.2f} nats, −ELBO {page.signed(bound)}; best model without z {page.signed(free.test)} ({free.how})"
    if training_collapse.is_nearly_unused(event, free):
        st.warning(f"**z is nearly unused**: {beside}. {said}", icon=":material/notification_important:")
    elif bound > free.test:
        st.warning(f"**z is used, and test images cost more than without it**: {beside}. {said}", icon=":material/notification_important:")
    else:
        st.caption(f"z is used: {beside}. {said}")


def numbers(spec: ModelSpec, *, has_data: bool) -> None:
    """What the last epoch scored on the test images."""
    state = progress(spec, Store())
    if not state.history or state.is_alive:
        return
    n = f"n = {len(cached.dataset(spec.dataset).test):,} test images" if has_data else "all test images"
    event = state.history[-1]
    term = figures.terms_of(state.history)[-1]
    value = figures.curve([event], term, "test")[0]
    bound = "log p(x), exact" if FAMILIES[spec.family].model.has_exact_log_px else "bound on log p(x), one sample of z an image"
    how = bound if term == "elbo" else "squared error summed over pixels"
    unit = " nats" if term == "elbo" else ""
    page.number(f"Test {figures.TERMS[term]}", f"{page.signed(value)}{unit}", f"Epoch {event['epoch']}: {how}, {n}. {SHOWN}")
