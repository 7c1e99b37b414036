"""A VAE learns a toy: what to train, start and stop with progress, and what was learned after each epoch."""

from __future__ import annotations

import json
from functools import partial

import streamlit as st

from pages.autoencoders.toys.cached import linear_toy, toy_runs
from pages.shared import cached, controls, live, page
from pages.shared.chart.chart import packed
from pages.shared.links import bound
from vae_core.drawing.tables import csv
from vae_core.explore.autoencoders import toys_figure as figures
from vae_core.explore.autoencoders.toys import TOYS, ToyFrame, toy_spec
from vae_core.jobs.live_runs import LiveRun
from vae_core.jobs.process import Status
from vae_core.models.vae import VAESpec
from vae_core.units import signed

N_SHOWN = 1500


def choose() -> VAESpec:
    """Draw the controls: what determines the training."""
    toy = st.selectbox("Points", TOYS, index=1, **bound("toy"))
    latent_dim = controls.segmented("Latent dimension", ("1", "2"), "toy_dim")
    scale = controls.segmented("σ of the likelihood", ("0.1", "0.05", "0.2", "learned"), "toy_scale")
    left, right = st.columns(2, gap="xsmall")
    with left:
        hidden = st.selectbox("Width", (64, 16, 128), **bound("toy_width"))
    with right:
        n_epochs = st.selectbox("Epochs", (30, 10, 60), **bound("toy_epochs"))
    number = scale if scale == "learned" else float(scale)
    return toy_spec(toy, int(latent_dim), hidden=hidden, n_epochs=n_epochs, scale=number)


def run(spec: VAESpec) -> LiveRun | None:
    """The spec's training on this server, if anybody has started it; the buttons that start, stop, or begin it again."""
    runs, spec_json = toy_runs(), json.dumps(spec.to_json(), sort_keys=True)
    live.buttons(runs.find(spec_json), "Train", partial(live.start, runs, spec_json))
    return runs.find(spec_json)


def draw(spec: VAESpec, run: LiveRun | None) -> None:
    """The pictures of the last epoch while it trains, of any epoch afterwards; before, what a linear model makes of the points."""
    live.follow(lambda: live.status(run), lambda status: _draw(spec, run, status))


def _draw(spec: VAESpec, run: LiveRun | None, status: Status | None) -> None:
    frames = (run.frames if run is not None else []) or [linear_toy(spec)]
    if status is not None and status.is_alive:
        frame = frames[-1]
        about = "on one core; everyone who opens this view sees the same run."
        live.bar(status, run.progress, f"Epoch {frame.epoch} of {spec.n_epochs}, {about}")
    else:
        frame = frames[_epoch(len(frames) - 1)]
        live.failure(status)
    pictures(spec, frame)
    st.caption(f"{_linear(spec, frame)}. Training bends it." if "log_px" in frame.metrics else numbers(frame))


def _linear(spec: VAESpec, frame: ToyFrame) -> str:
    """What a linear model reaches, in a sentence without its full stop."""
    shape = "straight line" if spec.latent_dim == 1 else "flat sheet"
    return (
        f"The best {shape} (probabilistic PCA, exact): log p(x) = {signed(frame.metrics['log_px'])} nats per point, n = 2,000 test points"
    )


def _epoch(last: int) -> int:
    if last == 0:
        return 0
    if st.session_state.get("toy_epoch", last) > last:
        st.session_state["toy_epoch"] = last
    return st.slider("Epoch", 0, last, last, **bound("toy_epoch"))


def pictures(spec: VAESpec, frame: ToyFrame) -> None:
    """The manifold on its data, the density with samples, and the magnification."""
    epoch = (spec.fingerprint, frame.epoch, repr(frame.metrics))
    manifold, density, magnification = cached.fleeting("toy", epoch, lambda: charts(spec, frame))
    left, right = st.columns(2, gap="small")
    with left:
        page.chart(manifold, key="toy_manifold")
    with right:
        page.chart(density, key="toy_density")
    left, right = st.columns((3, 2), gap="small", vertical_alignment="center")
    with left:
        page.chart(magnification, key="toy_stretch")
    with right:
        st.caption(
            f"**What the decoder does to space.** √det(JᵀJ) is how much {'length' if spec.latent_dim == 1 else 'area'} g makes of a unit "
            "around z: where it is large the samples are thin, p(z)/√det(JᵀJ) along the manifold."
        )


def charts(spec: VAESpec, frame: ToyFrame) -> tuple[bytes, bytes, bytes]:
    """The three of an epoch, packed."""
    x = cached.dataset(spec.dataset).train.x[:N_SHOWN]
    manifold = figures.manifold_on_data(x, frame.manifold, frame.axis, scale=frame.metrics["scale"])
    if len(frame.grid):
        density = figures.density_and_samples(frame.density, frame.grid, frame.samples[:500])
    else:
        density = figures.samples_in_space(x, frame.samples)
    return packed(manifold), packed(density), packed(figures.stretch(frame.magnification, frame.axis), tools=False)


def numbers(frame: ToyFrame) -> str:
    """What was reached, each number with its method."""
    parts = [
        f"epoch {frame.epoch}",
        f"test ELBO {signed(frame.metrics['elbo'])} nats (n = 2,000, one z each)",
        f"σ = {frame.metrics['scale']:.3f}",
    ]
    if "integral" in frame.metrics:
        parts.append(f"∫ p(x) dx = {frame.metrics['integral']:.5f} (trapezoid rule over z and x)")
    return " · ".join(parts)


def final_number(spec: VAESpec, run: LiveRun | None) -> None:
    """The bound after the last epoch, beside what a linear model reaches."""
    if run is not None and not run.status().is_alive and run.frames:
        frame = run.frames[-1]
        how = f"−(distortion + rate), mean over n = 2,000 test points, one z ~ q(z|x) each, after epoch {frame.epoch}."
        page.number("Test ELBO", f"{signed(frame.metrics['elbo'])} nats", how)
        st.caption(f"{_linear(spec, linear_toy(spec))}.")


def downloads(spec: VAESpec, run: LiveRun | None) -> list[page.Download]:
    """Every epoch's numbers as CSV."""
    frames = run.frames if run is not None else []
    names = sorted({name for frame in frames for name in frame.metrics})
    numbers = csv(["epoch", *names], ([frame.epoch, *(frame.metrics[name] for name in names)] for frame in frames))
    return [page.Download("CSV", f"{spec.dataset}-d{spec.latent_dim}.csv", "text/csv", numbers)]
