"""An autoencoder or a VAE learns a toy: start, steer and stop with progress, and what was learned after each epoch."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from pages.autoencoders.toys import findings
from pages.autoencoders.toys.cached import kept_dimensions, linear_toy, test_points, toy_runs, train_points
from pages.shared import cached, live, page, rights
from pages.shared.chart.chart import packed
from pages.shared.links import bound
from pages.shared.words import Words
from vae_core.data import drawn
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import FAMILY_MARKS
from vae_core.explore.autoencoders import toys_figure as figures
from vae_core.explore.autoencoders.toys import ToyFrame, ToyTraining, side_of
from vae_core.jobs.live_runs import LiveRun
from vae_core.jobs.process import Status
from vae_core.units import signed

N_SHOWN = 1500
BETAS = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
BETA_NOW = "toy_beta_now"
"""Key of the slider of a training that goes on: the process holds its value, and no link does."""


def run(training: ToyTraining) -> tuple[LiveRun | None, Status | None]:
    """The training on this server, if anybody has started it, and how it stands; what starts, steers, stops it, or begins it again."""
    runs, what = toy_runs(), training.to_json()
    start = partial(live.start, runs, what)
    run = runs.find(what)
    seen = live.status(run)
    is_alive = seen is not None and seen.is_alive
    if run is not None and run.steered and not is_alive and rights.may_change():
        live.start_button("Train again, with β = 1", start)
    else:
        live.buttons(run, seen, "Train", start)
    if run is not None and is_alive and training.has_density and rights.may_change():
        _steer(run)
    return run, seen


def _steer(run: LiveRun) -> None:
    """The weight of the rate, which the training that goes on takes over with its next epoch; all who watch it see the same."""
    st.session_state[BETA_NOW] = run.steered.get("beta", 1.0)
    st.select_slider(
        "β, now",
        BETAS,
        key=BETA_NOW,
        format_func=lambda beta: f"{beta:g}",
        on_change=lambda: run.steer(beta=st.session_state[BETA_NOW]),
        help="Weighs the rate in the loss of the training that goes on. It is part of no link, and a model so trained is not kept.",
    )


def draw(training: ToyTraining, run: LiveRun | None, seen: Status | None, text: Words) -> None:
    """The pictures of the last epoch while it trains, of any epoch afterwards; before, what a linear model makes of the points."""
    live.follow(seen, lambda: live.status(run), lambda status: _draw(training, run, status, text))


def _draw(training: ToyTraining, run: LiveRun | None, status: Status | None, text: Words) -> None:
    frames = (run.frames if run is not None else []) or [linear_toy(training.to_json())]
    if status is not None and status.is_alive:
        frame = frames[-1]
        about = "on one core; everyone who opens this view sees the same run."
        live.bar(status, run.progress, f"Epoch {frame.epoch} of {training.spec.n_epochs}, {about}")
    else:
        frame = frames[_epoch(len(frames) - 1)]
        live.failure(status)
    pictures(training, frames, frame)
    page.conclude(findings.conclusion(training, frame, text))
    if "elbo" in frame.metrics:
        st.caption(numbers(training, frame))
    if "beta" in frame.metrics:
        st.caption(verdict(training, frame))
    if training.drawing and training.has_density:
        most = signed(-drawn.entropy(training.drawing))
        st.caption(f"What is painted is a uniform distribution, with log p(x) = {most} nats, exactly: no model can do better on average.")


def _linear(training: ToyTraining, frame: ToyFrame) -> str:
    """What a linear model reaches, in a sentence without its full stop."""
    shape = findings.SHAPES[training.spec.latent_dim]
    if not training.has_density:
        return f"The best {shape} (PCA, exact): SSE {findings.error(frame.mean('sse'))} per point, n = 2,000 test points"
    return f"The best {shape} (probabilistic PCA, exact): log p(x) = {frame.mean('log_px')} nats per point, n = 2,000 test points"


def _epoch(last: int) -> int:
    if last == 0:
        return 0
    if st.session_state.get("toy_epoch", last) > last:
        st.session_state["toy_epoch"] = last
    return st.slider("Epoch", 0, last, last, **bound("toy_epoch"))


def pictures(training: ToyTraining, frames: list[ToyFrame], frame: ToyFrame) -> None:
    """The manifold on its data, the density with samples or the error over epochs, and the magnification."""
    epoch = (training.to_json(), frame.epoch, len(frames), repr(frame.metrics))
    manifold, beside, magnification = cached.fleeting("toy", epoch, lambda: charts(training, frames, frame))
    left, right = st.columns(2, gap="small")
    with left:
        page.chart(manifold, key="toy_manifold")
    with right:
        page.chart(beside, key="toy_density")
    left, right = st.columns((3, 2), gap="small", vertical_alignment="center")
    with left:
        page.chart(magnification, key="toy_stretch")
    with right:
        st.caption(_on_stretch(training))


def _on_stretch(training: ToyTraining) -> str:
    measure = {1: "length", 2: "area", 3: "volume"}[training.spec.latent_dim]
    where = ", here in the plane z₃ = 0" if training.spec.latent_dim == 3 else ""
    what = f"**What the decoder does to space.** √det(JᵀJ) says how much the decoder stretches {measure} near z{where}"
    if training.has_density:
        return f"{what}. Where it stretches most, samples are sparse: their density along the manifold is p(z)/√det(JᵀJ)."
    return f"{what}. An autoencoder has no distribution of z: here z is in standard deviations of its codes."


def charts(training: ToyTraining, frames: list[ToyFrame], frame: ToyFrame) -> tuple[bytes, bytes, bytes]:
    """The three of an epoch, packed."""
    x, reach, line = train_points(training.to_json())[:N_SHOWN], side_of(training.spec), linear_toy(training.to_json())
    colour, others = FAMILY_MARKS[training.spec.family].colour, {"linear": line.manifold if frame.is_trained else None}
    if training.has_density:
        manifold = figures.manifold_on_data(x, frame.manifold, frame.axis, scale=frame.metrics["scale"], reach=reach, **others)
        if len(frame.grid):
            beside = figures.density_and_samples(frame.density, frame.grid, frame.samples[:500], reach=reach)
        else:
            beside = figures.samples_in_space(x, frame.samples)
    else:
        sticks = np.stack([test_points(training.to_json())[: len(frame.rebuilt)], frame.rebuilt])
        manifold = figures.manifold_on_data(x, frame.manifold, frame.axis, sticks=sticks, colour=colour, reach=reach, **others)
        beside = errors_chart(training, frames, frame)
    return packed(manifold), packed(beside), packed(figures.stretch(frame.magnification, frame.axis, colour=colour), tools=False)


def errors_chart(training: ToyTraining, frames: list[ToyFrame], frame: ToyFrame) -> Chart:
    """The error of test points over the epochs so far, beside PCA's."""
    trained = [one for one in frames if one.is_trained]
    epochs, sse = (np.array([value(one) for one in trained]) for value in (lambda one: one.epoch, lambda one: one.metrics["sse"]))
    least = linear_toy(training.to_json()).metrics["sse"]
    total = float(train_points(training.to_json()).var(0).sum())
    return figures.error_over_epochs(epochs, sse, least=least, total=total, at=frame.epoch, n_epochs=training.spec.n_epochs)


def numbers(training: ToyTraining, frame: ToyFrame) -> str:
    """What was reached, each number with its method."""
    line = linear_toy(training.to_json()).mean("sse")
    sse = f"test SSE {findings.error(frame.mean('sse'))} per point (PCA: {findings.error(line)})"
    parts = [
        f"epoch {frame.epoch}",
        f"n = 2,000 test points ± 95 % confidence interval: ELBO {frame.mean('elbo')} nats (one draw of z per point)",
        f"rate {frame.mean('rate')} nats",
        f"σ = {frame.metrics['scale']:.3f}",
        sse,
    ]
    if "integral" in frame.metrics:
        parts.append(f"∫ p(x) dx = {frame.metrics['integral']:.5f} (trapezoid rule over z and x)")
    return " · ".join(parts)


def verdict(training: ToyTraining, frame: ToyFrame) -> str:
    """What the weight of the rate does: the code that is left, beside what a linear model keeps at the same β and σ."""
    beta, scale = frame.metrics["beta"], frame.metrics["scale"]
    variances, kept = kept_dimensions(training.to_json(), beta, scale)
    largest, d = float(variances[0]), training.spec.latent_dim
    left = "The code is all but given up" if frame.metrics["rate"] < 0.1 else f"The code carries {frame.mean('rate')} nats per point"
    return (
        f"{left} at β = {beta:g}. The water level is τ = βσ² = {beta * scale**2:.3g}, and the largest variance of the points is "
        f"{largest:.3g}: a linear model would keep {kept} of {d} {'dimension' if d == 1 else 'dimensions'}."
    )


def final_number(training: ToyTraining, run: LiveRun | None) -> None:
    """The bound or the error after the last epoch, beside what a linear model reaches."""
    if run is not None and not run.is_alive and run.frames:
        frame = run.frames[-1]
        line = f"{_linear(training, linear_toy(training.to_json()))}."
        if not training.has_density:
            how = f"Mean over n = 2,000 test points ± 95 % confidence interval, after epoch {frame.epoch}."
            page.number("Test SSE", f"{findings.error(frame.mean('sse'))} per point", how, of=training.spec)
            st.caption(line)
            return
        n = "n = 2,000 test points ± 95 % confidence interval, one draw of z per point"
        how = f"−(distortion + rate), mean over {n}, after epoch {frame.epoch}."
        moved = f" β was moved while it trained, to {frame.metrics['beta']:g} at last." if run.steered else ""
        page.number("Test ELBO", f"{frame.mean('elbo')} nats", how + moved, of=training.spec)
        st.caption(line)


def notebook(text: Words, training: ToyTraining) -> str:
    """Lines of Python that train the same, and draw the manifold."""
    spec = training.spec
    network = {"hidden": spec.widths[0], "depth": len(spec.widths), "activation": spec.activation, "n_epochs": spec.n_epochs}
    usual = {"hidden": 64, "depth": 2, "activation": "relu", "n_epochs": 30}
    choices = {"scale": spec.scale} if training.has_density else {"family": "autoencoder"}
    choices |= {name: value for name, value in network.items() if value != usual[name]}
    values = {"dataset": spec.dataset, "latent_dim": spec.latent_dim, "choices": ", ".join(f"{k}={v!r}" for k, v in choices.items())}
    return text.lines("notebook-drawn" if training.drawing else "notebook", **values, drawing=training.drawing)


def downloads(training: ToyTraining, run: LiveRun | None) -> list[page.Download]:
    """Every epoch's numbers as CSV."""
    frames = run.frames if run is not None else []
    names = sorted({name for frame in frames for name in frame.metrics})
    numbers = csv(["epoch", *names], ([frame.epoch, *(frame.metrics[name] for name in names)] for frame in frames))
    return [page.Download("CSV", f"{training.spec.dataset}-d{training.spec.latent_dim}.csv", "text/csv", numbers)]
