"""EM on the page: the points, the staircase, the numbers, and the files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.elbo.em import cached as em_cached
from pages.elbo.em.controls import K_MEANS, MIXTURE, PPCA, VAE, Chosen
from pages.shared import cached, page
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv
from vae_core.explore import em, em_figure
from vae_core.explore.elbo.small_vae import STEPS_A_STATE, WIDTH, VAEState
from vae_core.units import signed

UNITS = {K_MEANS: "−squared error per point"}
Z = np.linspace(-2.5, 2.5, 121)


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Where a model has been, and is.

    Attributes:
        chosen: what the controls say.
        states: after each step that can be taken, the start first.
    """

    chosen: Chosen
    states: list[em.State] | list[VAEState]

    @property
    def now(self) -> em.State | VAEState:
        """After the steps that were taken."""
        return self.states[self.chosen.n]

    @property
    def names(self) -> list[str]:
        """What each step was."""
        return [getattr(state, "step", "step") for state in self.states]

    @property
    def bounds(self) -> np.ndarray:
        """The bound after each step."""
        return np.array([state.bound for state in self.states])

    @property
    def log_px(self) -> np.ndarray:
        """Mean log p(x) after each step."""
        return np.array([state.log_px for state in self.states])

    @property
    def exact(self) -> float | None:
        """The largest likelihood there is, where it is known: of probabilistic PCA, and of a single Gaussian."""
        x = em_cached.points(self.chosen.code)
        if self.chosen.model == PPCA:
            return float(em.closed_form(x).log_px(x).mean())
        is_single = self.chosen.model == MIXTURE and self.chosen.k == 1
        return float(em.fitted(x, np.ones((len(x), 1))).log_px(x).mean()) if is_single else None


def path_of(chosen: Chosen) -> Path:
    """The whole way of a model on its points."""
    code, k, seed = chosen.code, chosen.k, chosen.seed
    if chosen.model == MIXTURE:
        return Path(chosen, em_cached.mixture_path(code, k, seed))
    if chosen.model == K_MEANS:
        return Path(chosen, em_cached.k_means_path(code, k, seed))
    return Path(chosen, em_cached.ppca_path(code, seed) if chosen.model == PPCA else em_cached.small_vae_path(code, seed))


def draw(path: Path) -> None:
    """The points and the staircase, side by side."""
    choices = (*vars_of(path.chosen),)
    left, right = st.columns(2, gap="small")
    with left:
        page.chart(cached.lasting_chart("em, points", choices, lambda: points_chart(path)), key="em_points_chart")
    with right:
        page.chart(cached.lasting_chart("em, staircase", choices, lambda: staircase(path)), key="em_staircase")


def vars_of(chosen: Chosen) -> tuple[str | int, ...]:
    """Everything that determines a view."""
    return chosen.model, chosen.code, chosen.k, chosen.seed, chosen.n


def points_chart(path: Path) -> Chart:
    """What is believed of each point, and the model."""
    x, now = em_cached.points(path.chosen.code), path.now
    if isinstance(now, VAEState):
        places = np.stack([np.interp(now.q[:, 0], Z, now.curve[:, side]) for side in (0, 1)], 1)
        return em_figure.curve_on_points(x, now.q[:, 0], now.curve, now.noise, places)
    if isinstance(now.model, em.PPCA):
        line, w = now.model.mean + Z[:, None] * now.model.direction, now.model.direction
        return em_figure.curve_on_points(x, now.q[:, 0], line, now.model.noise, now.model.mean + now.q[:, :1] * w)
    return em_figure.shares(x, now.q, now.model.means, now.model.covariances)


def staircase(path: Path) -> Chart:
    """Bound and likelihood after each step, beside what is known exactly."""
    chosen = path.chosen
    gradient = em_cached.gradient_path(chosen.code, chosen.seed) if chosen.model == PPCA else None
    what = UNITS.get(chosen.model, "nats per point")
    return em_figure.staircase(path.bounds, path.log_px, chosen.n, what=what, steps=path.names, exact=path.exact, gradient=gradient)


def numbers(path: Path) -> None:
    """What is reached, and the gap."""
    now, model = path.now, path.chosen.model
    n = f"n = {em_cached.N_POINTS} points"
    if model == K_MEANS:
        page.number("Squared error per point", f"{-now.bound:.4f}", f"Exact, {n}.")
        return
    what = {"detail": _small_vae(path.chosen) if model == VAE else ""}
    how = "trapezoid rule over z" if model == VAE else "closed form"
    page.number("log p(x)", f"{signed(now.log_px, 3)} nats per point", f"Mean over {n}; {how}.", **what)
    rule = "quadrature under q" if model == VAE else "closed form"
    gap = f"{now.log_px - now.bound:.4f} nats per point"
    page.number("Gap, KL(q ‖ posterior)", gap, f"log p(x) minus the bound, {signed(now.bound, 3)}; {rule}.", **what)


def _small_vae(chosen: Chosen) -> str:
    """Which model a number is of, in a sentence (`labels.in_full`): it is kept by no store."""
    steps = f"{STEPS_A_STATE * chosen.n:,} steps of Adam"
    return f"Model: VAE of these points, d = 1; fully connected network ({WIDTH}); {steps}; seed {chosen.seed}."


def downloads(path: Path) -> list[page.Download]:
    """Bound and likelihood after each step, and the points with what is believed of them, as CSV."""
    return [
        page.Download("Steps (CSV)", "em-steps.csv", "text/csv", lambda: steps_csv(path)),
        page.Download("Points (CSV)", "em-points.csv", "text/csv", lambda: points_csv(path)),
    ]


def steps_csv(path: Path) -> bytes:
    """A line a step."""
    unit = "minus squared error" if path.chosen.model == K_MEANS else "nats"
    rows = ([k, name, *values] for k, (name, *values) in enumerate(zip(path.names, path.bounds, path.log_px, strict=True)))
    return csv(["step", "kind", f"bound ({unit})", f"log p(x) ({unit})"], rows, digits=10)


def points_csv(path: Path) -> bytes:
    """A line a point."""
    is_curve = path.chosen.model in (PPCA, VAE)
    heads = ["E[z]", "Var[z]"] if is_curve else [f"share of group {k + 1}" for k in range(path.now.q.shape[1])]
    return csv(["x1", "x2", *heads], np.column_stack([em_cached.points(path.chosen.code), path.now.q]).tolist(), digits=9)
