"""Gaussians, or the means of k-means, on points that one draws: how far p(x) is from the most that is possible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.linear.fitting import cached as caches
from pages.linear.fitting.cached import MOST_K, N_POINTS
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.painting import painting
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.data import drawn
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv
from vae_core.explore.em import State
from vae_core.explore.linear import fitting
from vae_core.explore.linear import fitting_figure as figures
from vae_core.units import signed

GIST = "Points in the colours of the groups that are fitted to them. Raise K, and compare the points of the fit with new ones."
GAUSSIANS, K_MEANS = MODELS = ("Gaussians", "k-means")
YOURS = "your own"
GRID = np.linspace(-3.2, 3.2, 97)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What is fitted, and how it scores.

    Attributes:
        code: of the points (`data.drawn`).
        k: Gaussians or means.
        seed: of the start.
        is_hard: whether it is k-means.
    """

    code: str
    k: int
    seed: int
    is_hard: bool

    @property
    def choices(self) -> tuple[str | int, ...]:
        """What determines the picture."""
        return self.code, self.k, self.seed, self.is_hard

    @property
    def states(self) -> list[State]:
        """The fit of each K."""
        return caches.fits(self.code, self.seed, self.is_hard)[0]

    @property
    def train(self) -> np.ndarray:
        """Score of each K on the points of the fit, (10,)."""
        return caches.fits(self.code, self.seed, self.is_hard)[1]

    @property
    def test(self) -> np.ndarray:
        """Score of each K on new points, (10,)."""
        return caches.fits(self.code, self.seed, self.is_hard)[2]

    @property
    def most(self) -> float:
        """What no density can exceed on average: minus the entropy of what is painted."""
        return -drawn.entropy(self.code)


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the points with their fit, the score over K, and the controls beside them."""
    text = words.beside(__file__)
    with side:
        fit = choose()
        numbers(fit)
    with picture:
        left, right = st.columns(2, gap="small")
        with left:
            page.chart(cached.lasting_chart("a fit on points", fit.choices, lambda: points_chart(fit)), key="fit_points_chart")
        with right:
            page.chart(cached.lasting_chart("scores over K", fit.choices, lambda: scores_chart(fit)), key="fit_scores")
    return Part(
        text=text,
        conclusion=conclusion(fit, text),
        answer=lambda: answer(fit, text),
        notebook=text.lines("notebook-k-means" if fit.is_hard else "notebook", code=fit.code, k=fit.k, seed=fit.seed),
        downloads=[page.Download("CSV", "fits.csv", "text/csv", lambda: scores_csv(fit))],
    )


def choose() -> Fit:
    """Draw the controls."""
    is_hard = controls.segmented("Fit", MODELS, "fit_model") == K_MEANS
    presets = drawn.presets()
    name = st.selectbox("Points", (*presets, YOURS), **bound("fit_points"))
    code = painting.paint() if name == YOURS else presets[name]
    k = st.slider("Means, K" if is_hard else "Gaussians, K", 1, MOST_K, 1, **bound("fit_k"))
    return Fit(code, k, controls.draw("New start", key="fit_seed"), is_hard)


def numbers(fit: Fit) -> None:
    """The score on new points, beside that on the points of the fit."""
    n_new = len(caches.points(fit.code)[1])
    train, test = fit.train[fit.k - 1], fit.test[fit.k - 1]
    if fit.is_hard:
        page.number(
            "Squared error", f"{test:.3f}", f"Per point, mean of n = {n_new:,} new points. Of the {N_POINTS} of the fit: {train:.3f}."
        )
        return
    how = f"Per point, mean of n = {n_new:,} new points. Of the {N_POINTS} of the fit: {signed(train, 3)}."
    page.number("log p(x)", f"{signed(test, 3)} nats", how)
    st.caption(f"The most that is possible is {signed(fit.most, 3)}, exactly: minus the entropy of what is painted.")


def points_chart(fit: Fit) -> Chart:
    """The points of the fit with what became of them."""
    x, state = caches.points(fit.code)[0], fit.states[fit.k - 1]
    model = state.model
    over = {} if fit.is_hard else {"grid": GRID, "density": fitting.density(state, GRID)}
    return figures.fit_on_points(x, state.q, model.means, model.covariances, **over)


def scores_chart(fit: Fit) -> Chart:
    """The score over K."""
    what = "squared error per point" if fit.is_hard else "log p(x), nats per point"
    return figures.score_over_k(fit.train, fit.test, fit.k, what=what, most=None if fit.is_hard else fit.most)


def conclusion(fit: Fit, text: Words) -> str:
    """How far new points are from the most that is possible, and at which K they are nearest to it."""
    train, test, k = fit.train[fit.k - 1], fit.test[fit.k - 1], fit.k
    if fit.is_hard:
        shares = {"share": 100 * test / fit.test[0], "ten": 100 * fit.test[-1] / fit.test[0]}
        section = "conclusion-k-means-one" if k == 1 else "conclusion-k-means"
        return text.said(section, k=k, test=f"{test:.3f}", **{name: f"{share:.0f}" for name, share in shares.items()})
    best = int(fit.test.argmax()) + 1
    values = {"k": k, "test": signed(test), "gap": f"{fit.most - test:.2f}", "best": best, "best_gap": f"{fit.most - fit.test.max():.2f}"}
    if k == 1:
        return text.said("conclusion-one-best" if best == 1 else "conclusion-one", **values)
    return text.said("conclusion", apart=f"{abs(train - test):.2f}", side="above" if train > test else "below", **values)


def answer(fit: Fit, text: Words) -> str:
    """Where new points gain no more, and where the points of the fit do."""
    if fit.is_hard:
        halves = int((fit.test > fit.test[0] / 2).sum()) + 1
        section = "answer-k-means" if halves <= MOST_K else "answer-k-means-more"
        return text.said(section, half=halves, ten=f"{100 * fit.test[-1] / fit.test[0]:.0f}")
    best, gain = int(fit.test.argmax()) + 1, float(fit.test.max() - fit.test[0])
    apart = float(fit.train[-1] - fit.test[-1])
    values = {"best": best, "gain": f"{gain:.2f}", "left": f"{fit.most - fit.test.max():.2f}"}
    return text.said(
        "answer", of_fit=int(fit.train.argmax()) + 1, apart=f"{abs(apart):.2f}", side="ahead of" if apart > 0 else "behind", **values
    )


def scores_csv(fit: Fit) -> bytes:
    """A line a K."""
    unit = "squared error" if fit.is_hard else "log p(x), nats"
    rows = ([k, *both] for k, both in enumerate(zip(fit.train.tolist(), fit.test.tolist(), strict=True), 1))
    return csv(["K", f"points of the fit ({unit})", f"new points ({unit})"], rows, digits=9)
