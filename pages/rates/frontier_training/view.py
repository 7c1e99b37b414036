"""The frontier while it trains: which models, start and stop with progress, the plane after each epoch, and what was reached."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence

import numpy as np
import streamlit as st

from pages.rates import cached as rates
from pages.rates.frontier_training.cached import grid_runs
from pages.shared import cached, controls, live, page
from pages.shared.chart.chart import packed
from pages.shared.controls import called
from pages.shared.links import bound
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv
from vae_core.explore.means import Mean, as_earned
from vae_core.explore.rates import frontier
from vae_core.explore.rates import frontier_training_figure as figures
from vae_core.explore.rates.frontier_numbers import End
from vae_core.explore.rates.frontier_training import Sweep, digits_grid, sweep_of_dots, sweep_of_frames
from vae_core.jobs.live_runs import LiveRun
from vae_core.jobs.process import Status
from vae_core.models.vae import VAESpec
from vae_core.training.grids import specs_of_grid

LIVE = f"{called('digits')}, live"
HEIGHT = 500


def choose() -> str:
    """Draw the choice between trainings that were kept and one that trains here."""
    return st.selectbox("Models", [*frontier.planes(), LIVE], **bound("sweep"))


def choose_grid() -> dict:
    """Draw what the live training leaves open; the grid."""
    epochs, seeds = (60, 20, 120), (0, 1, 2)
    with controls.advanced({"sweep_epochs": epochs[0], "sweep_seed": seeds[0]}):
        left, right = st.columns(2, gap="xsmall")
    with left:
        n_epochs = st.selectbox("Epochs", epochs, **bound("sweep_epochs"))
    with right:
        seed = st.selectbox("Seed", seeds, **bound("sweep_seed"))
    return digits_grid(n_epochs, seed)


def run(grid: dict) -> tuple[LiveRun | None, Status | None]:
    """The grid's training on this server, whoever started it, with the buttons that start and stop it; and how it stood at that."""
    runs, grid_json = grid_runs(), json.dumps(grid)  # as it is: the order of its fields is that of its models
    run = runs.find(grid_json)
    seen = live.status(run)
    live.buttons(run, seen, f"Train all {len(specs_of_grid(grid))}", lambda: live.start(runs, grid_json))
    return run, seen


def draw(specs: Sequence[VAESpec], run: LiveRun | None, seen: Status | None) -> None:
    """The plane after the last epoch while it trains; after any epoch once it is over."""
    live.follow(seen, lambda: live.status(run), lambda status: _draw(specs, run, status))


def _draw(specs: Sequence[VAESpec], run: LiveRun | None, status: Status | None) -> None:
    sweep = sweep_of_frames(specs, run.frames if run is not None else [])
    if status is not None and status.is_alive:
        about = f"{len(specs)} models in one pass on one core; everyone sees the same run."
        live.bar(status, run.progress, f"Epoch {sweep.n_done} of {sweep.n_epochs}, {about}")
        page.chart(cached.fleeting("sweep", _identity(sweep), lambda: packed(plane(sweep).at(sweep.n_done))))
        return
    live.failure(status)
    draw_kept(_identity(sweep), sweep)


def _identity(sweep: Sweep) -> tuple[Hashable, ...]:
    """What tells a training from any other, and its epochs from each other."""
    return tuple(spec.fingerprint for spec in sweep.specs), sweep.rate.tobytes(), sweep.distortion.tobytes()


def draw_kept(choices: tuple[Hashable, ...], sweep: Sweep) -> None:
    """The plane of trainings that are over, after any epoch; all visitors see it alike.

    Args:
        choices: everything that the plane depends on.
        sweep: the trainings.
    """
    epoch = choose_epoch(sweep)

    def chart() -> Chart:
        return cached.lasting("sweep", choices, lambda: plane(sweep)).at(epoch, animated=sweep.n_done > 1)

    page.chart(cached.lasting_chart("sweep", (*choices, epoch), chart))


def choose_epoch(sweep: Sweep) -> int:
    """Draw a slider over the epochs that are done; the chosen one, or the only one."""
    if sweep.n_done < 2:
        st.caption("Nothing is trained yet: the star is the best model without z.")
        return sweep.n_done
    if not 1 <= st.session_state.get("epoch", 1) <= sweep.n_done:
        st.session_state["epoch"] = sweep.n_done
    return st.slider("Epoch", 1, sweep.n_done, sweep.n_done, **bound("epoch"))


def plane(sweep: Sweep) -> figures.SweepPlane:
    """The plane after every epoch."""
    end = rates.frontier_end(sweep.specs[0])
    star = {} if end is None else {"end": end.distortion, "end_text": as_earned(end.mean)}
    return figures.frontier_sweep(*grid_of(sweep.specs), sweep.rate, sweep.distortion, **star, height=HEIGHT)


def grid_of(specs: Sequence[VAESpec]) -> tuple[list[int], list[float]]:
    """d and β of each model."""
    return [spec.latent_dim for spec in specs], [spec.beta for spec in specs]


def sweep_of_plane(title: str) -> Sweep | None:
    """The history of the trained models of a plane; None where there are none."""
    dots = rates.frontier_dots(title)
    return sweep_of_dots(dots) if dots else None


def smallest(sweep: Sweep) -> tuple[VAESpec, Mean]:
    """The model of the smallest −ELBO after the last epoch, and that."""
    best = int(np.nanargmin(sweep.minus_elbo[-1]))
    return sweep.specs[best], sweep.mean("minus_elbo", sweep.n_done, best)


def numbers(specs: Sequence[VAESpec], sweep: Sweep | None, run: LiveRun | None = None) -> None:
    """The best −ELBO of all, beside that of the best model without z."""
    end: End | None = rates.frontier_end(specs[0])
    if sweep is not None and sweep.n_done:
        best, total = smallest(sweep)
        model, n = f"d = {best.latent_dim}, β = {best.beta:g}", f"n = {sweep.n_images:,} test images, one sample of z per image"
        interval = " ± 95 % confidence interval" if total.half_width else ". Its standard error was not kept, so no interval is known"
        method = f"R + D of {model} after the last epoch; mean over {n}{interval}."
        page.number("Smallest −ELBO", f"{as_earned(total)} nats", method, of=best)
    if end is not None:
        how = "Exact for each image, with each pixel modelled independently"
        interval = " ± 95 % confidence interval" if end.standard_error else ""
        page.number("Best model without z", f"{as_earned(end.mean)} nats", f"{how}; mean over n = {end.n_images:,} test images{interval}.")
    if run is not None and not run.is_alive and run.frames:
        last = run.frames[-1]
        st.caption(f"{len(specs)} models, {last.epoch} epochs, {last.seconds:.0f} s in one pass.")


def downloads(sweep: Sweep | None) -> list[page.Download]:
    """Every model after every epoch as CSV."""

    def table() -> bytes:
        return figures.sweep_csv(*grid_of(sweep.specs), sweep.rate, sweep.distortion) if sweep else csv(figures.SWEEP_COLUMNS, [])

    return [page.Download("CSV", "frontier-training.csv", "text/csv", table)]
