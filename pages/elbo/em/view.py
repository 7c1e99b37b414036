"""EM on the page: the points, the staircase, the numbers, and the files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pages.elbo.em import cached as em_cached
from pages.elbo.em.controls import K_MEANS, MIXTURE, PPCA, VAE, Chosen
from pages.elbo.em.em_picture import em_picture as component
from pages.shared import cached, page
from vae_core.drawing import window
from vae_core.drawing.tables import csv
from vae_core.explore import em, em_figure
from vae_core.explore.elbo.small_vae import STEPS_A_STATE, WIDTH, VAEState
from vae_core.units import signed

UNITS = {K_MEANS: "−squared error per point"}
Z = np.linspace(-2.5, 2.5, 121)
"""Codes at which a curve is known."""
HEIGHT = 430
"""Of the picture, in a window of 800."""


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
    of = path.chosen.of
    start = component.start(of)
    component.em_picture(cached.lasting("em, film", (*of, start), lambda: film(path, start)))


def film(path: Path, start: int) -> bytes:
    """The whole way for the browser, which opens at a step."""
    chosen = path.chosen
    gradient = em_cached.gradient_path(chosen.code, chosen.seed) if chosen.model == PPCA else None
    return em_figure.film(
        em_cached.points(chosen.code),
        path.bounds,
        path.log_px,
        path.names,
        frames(path),
        of=repr(chosen.of),
        start=start,
        what=UNITS.get(chosen.model, "nats per point"),
        exact=path.exact,
        gradient=gradient,
        height=window.height(HEIGHT),
    )


def frames(path: Path) -> dict[str, np.ndarray]:
    """What is believed of each point, and the model, after each step."""
    models = [getattr(state, "model", None) for state in path.states]
    if isinstance(models[0], em.Mixture):
        means, covariances = (np.stack([getattr(model, name) for model in models]) for name in ("means", "covariances"))
        return em_figure.group_frames(np.stack([state.q for state in path.states]), means, covariances)
    codes = np.stack([state.q[:, 0] for state in path.states])
    if path.chosen.model == VAE:
        curves, noises = np.stack([state.curve for state in path.states]), [state.noise for state in path.states]
        places = np.stack([[np.interp(z, Z, curve[:, side]) for side in (0, 1)] for z, curve in zip(codes, curves, strict=True)])
        return em_figure.curve_frames(codes, curves, np.array(noises), places.swapaxes(1, 2))
    means, directions = (np.stack([getattr(model, name) for model in models])[:, None] for name in ("mean", "direction"))
    noises = np.array([model.noise for model in models])
    return em_figure.curve_frames(codes, means + Z[:, None] * directions, noises, means + codes[..., None] * directions)


def numbers(path: Path) -> None:
    """What is reached, and the gap: of the very points that are fitted, so there is no interval."""
    now, model = path.now, path.chosen.model
    n = f"n = {em_cached.N_POINTS} points"
    if model == K_MEANS:
        page.number("Squared error per point", f"{-now.bound:.4f}", f"Exact, {n}.")
        return
    what = {"detail": _small_vae(path.chosen) if model == VAE else ""}
    how = "trapezoid rule over z" if model == VAE else "exact, closed form"
    method = f"Mean over the {n} that are fitted, no sample of others: {how}."
    page.number("log p(x)", f"{signed(now.log_px, 3)} nats per point", method, **what)
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
