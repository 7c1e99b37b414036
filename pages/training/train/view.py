"""A training as it goes on: its progress, its curves and pictures as they form, and whether z is used."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.shared import cached, live, page
from pages.shared.chart.chart import packed
from pages.shared.words import Words
from pages.training import cached as trainings
from pages.training.numbers import in_words
from pages.training.train import findings
from pages.training.train.cached import eigenvalues, latest
from vae_core.explore import training_collapse
from vae_core.explore.training import training_figure as figures
from vae_core.explore.training import training_film
from vae_core.jobs.progress import Progress
from vae_core.specs import ModelSpec


def draw(spec: ModelSpec, seen: Progress, text: Words, *, has_data: bool) -> None:
    """Progress, curves, alarm and pictures, as the training goes on from where the page has seen it."""
    live.follow(seen, lambda: live.progress(spec), lambda state: _draw(spec, state, text, has_data))


def _draw(spec: ModelSpec, state: Progress, text: Words, has_data: bool) -> None:
    left = state.seconds_left
    live.standing(state, more=f", about {in_words(left)} left" if left else "")
    if not state.history:
        if not state.is_alive:
            st.info("Not trained yet. **Start** trains it beside this page: leave, reload or come back, it goes on.")
        if has_data:
            _expected(spec)
        _conclude(spec, [], text, has_data=has_data)
        return
    epoch = (spec.fingerprint, len(state.history), repr(state.history[-1]))
    page.chart(cached.fleeting("curves", (*epoch, has_data), lambda: _curves(spec, state.history, has_data)))
    if has_data:
        cached.fleeting("training", (*epoch, trainings.snapshots(spec)), lambda: _pictures(spec))
    _conclude(spec, state.history, text, has_data=has_data)


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


def _expected(spec: ModelSpec) -> None:
    """Before there is anything to see: the images that will be shown, and what can be said beforehand."""
    test = cached.dataset(spec.dataset).test
    st.html(figures.originals_table(test.x, test.spread(training_film.N_IMAGES)).to_html(beside=325, charts=235, most=140))
    free = cached.z_free(spec)
    if free is not None:
        st.caption(
            f"Best model without z, in closed form: −ELBO {free.mean} nats on the test images ± 95 % confidence interval ({free.how})."
        )


def _theory(spec: ModelSpec) -> training_collapse.LinearTheory | None:
    if spec.is_closed_form or spec.likelihood != "gaussian":
        return None
    values = eigenvalues(spec.dataset)
    return training_collapse.linear_theory(values, latent_dim=spec.latent_dim, beta=spec.beta, scale=spec.scale)


def _pictures(spec: ModelSpec) -> None:
    """The last snapshot: fixed test images and what comes back, and for d = 2 the manifold."""
    snapshot = latest(spec)
    if snapshot is None:
        return
    x = cached.dataset(spec.dataset).test.x
    rows, plane = st.columns((5, 2), gap="small") if snapshot.manifold is not None else (st.container(), None)
    with rows:
        table = figures.snapshot_table(x, snapshot.indices, snapshot.reconstructions, snapshot.sse, snapshot.epoch)
        st.html(table.to_html(beside=325, charts=235, most=140))
    if plane is not None:
        plane.html(figures.manifold_html(snapshot.manifold, snapshot.epoch, side=200))


def _conclude(spec: ModelSpec, history: list[dict], text: Words, *, has_data: bool) -> None:
    """Whether z is used, or what the theory says beforehand; as a warning where it is a symptom."""
    sentence, is_symptom = findings.conclusion(spec, history, text, has_data=has_data)
    bell = partial(st.warning, icon=":material/notification_important:")
    page.conclude(sentence, draw=bell if is_symptom else st.caption)
