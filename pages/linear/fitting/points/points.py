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
from vae_core.explore.means import Mean, mean_of, ratio_of
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
        """Score of each K on each point of the fit, (10, 160)."""
        return caches.fits(self.code, self.seed, self.is_hard)[1]

    @property
    def test(self) -> np.ndarray:
        """Score of each K on each new point, (10, 2,000)."""
        return caches.fits(self.code, self.seed, self.is_hard)[2]

    @property
    def best(self) -> int:
        """K of the largest mean score on new points."""
        return int(self.test.mean(1).argmax()) + 1

    def left(self, errors: np.ndarray) -> Mean:
        """The share of the squared error that one mean leaves, in per cent."""
        return ratio_of(errors, self.test[0]).in_percent

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
    train, test = (mean_of(scores[fit.k - 1]) for scores in (fit.train, fit.test))
    how = f"Per point, mean of n = {n_new:,} new points ± 95 % confidence interval. Of the {N_POINTS} of the fit: {train}."
    if fit.is_hard:
        page.number("Squared error", str(test), how)
        return
    page.number("log p(x)", f"{test} nats", how)
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
    train, test = ([mean_of(of_k) for of_k in scores] for scores in (fit.train, fit.test))
    curves = [(np.array([mean.value for mean in means]), np.array([mean.half_width or 0.0 for mean in means])) for means in (train, test)]
    return figures.score_over_k(*curves, fit.k, what=what, most=None if fit.is_hard else fit.most)


def conclusion(fit: Fit, text: Words) -> str:
    """How far new points are from the most that is possible, and at which K they are nearest to it."""
    train, test, k = fit.train[fit.k - 1], fit.test[fit.k - 1], fit.k
    if fit.is_hard:
        section = "conclusion-k-means-one" if k == 1 else "conclusion-k-means"
        return text.said(section, k=k, test=mean_of(test), share=fit.left(test), ten=fit.left(fit.test[-1]))
    best = fit.test[fit.best - 1]
    values = {"k": k, "test": mean_of(test), "gap": mean_of(fit.most - test), "best": fit.best, "best_gap": mean_of(fit.most - best)}
    if k == 1:
        return text.said("conclusion-one-best" if fit.best == 1 else "conclusion-one", **values)
    apart, side = _apart(mean_of(train).less(mean_of(test)), "above", "below")
    return text.said("conclusion", apart=apart, side=side, **values)


def _apart(difference: Mean, above: str, below: str) -> tuple[Mean, str]:
    """A difference without its sign, and what stands for that."""
    return (difference, above) if difference.value > 0 else (-difference, below)


def answer(fit: Fit, text: Words) -> str:
    """Where new points gain no more, and where the points of the fit do."""
    if fit.is_hard:
        means = fit.test.mean(1)
        halves = int((means > means[0] / 2).sum()) + 1
        section = "answer-k-means" if halves <= MOST_K else "answer-k-means-more"
        return text.said(section, half=halves, ten=fit.left(fit.test[-1]))
    best = fit.test[fit.best - 1]
    apart, side = _apart(mean_of(fit.train[-1]).less(mean_of(fit.test[-1])), "ahead of", "behind")
    values = {"best": fit.best, "gain": mean_of(best - fit.test[0]), "left": mean_of(fit.most - best)}
    return text.said("answer", of_fit=int(fit.train.mean(1).argmax()) + 1, apart=apart, side=side, **values)


def scores_csv(fit: Fit) -> bytes:
    """A line a K."""
    unit = "squared error" if fit.is_hard else "log p(x), nats"
    both = ([mean_of(scores) for scores in of_k] for of_k in zip(fit.train, fit.test, strict=True))
    rows = ([k, *(number for mean in means for number in (mean.value, mean.half_width))] for k, means in enumerate(both, 1))
    heads = [f"points of the fit ({unit})", "half_width_95", f"new points ({unit})", "half_width_95 of new points"]
    return csv(["K", *heads], rows, digits=9)
