"""A ball at a fork: one still, two futures. Regression gives their impossible average, a conditional VAE draws them."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.museum import cached as museum
from pages.beyond.museum.findings import N_DRAWS
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.explore.beyond import forecasts
from vae_core.explore.beyond import fork as explore
from vae_core.explore.beyond.forecasts import Forecast
from vae_core.units import signed, tiny

GIST = "A network sees one still image of a ball above a wedge. Compare what can happen, what a conditional VAE draws, and one average."
NUMBERS = (100, N_DRAWS, 1000, 4000)
STEP = 5
"""Between two probabilities, in percent."""
TRIED = (10, 30, 50, 70, 90)
"""Probabilities that the answer tries, in percent."""
IMPOSSIBLE = 0.01
"""Of the largest density, below which no ball is said to end somewhere."""


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the scene, and the numbers beside it."""
    text = words.beside(__file__)
    with side:
        low, high = (round(100 * p) for p in explore.PROBABILITIES)
        p = st.slider("Probability of the left, %", low, high, 50, STEP, **bound("fork_left")) / 100
        n = st.select_slider("Draws", NUMBERS, N_DRAWS, **bound("fork_n"))
        seed = controls.draw(key="fork_draw")
        told = museum.forecast(p, n, seed)
        numbers(told)
    with picture:
        page.chart(cached.lasting_chart("fork", (p, n, seed), lambda: forecasts.fork_chart(told)))
    return Part(
        text=text,
        conclusion=conclusion(told, text),
        answer=lambda: answer(text),
        notebook=text.lines("notebook", p=p, n=n, seed=seed),
        downloads=[page.Download("CSV", "fork.csv", "text/csv", lambda: forecasts.ends(told))],
    )


def numbers(told: Forecast) -> None:
    """The share of the left, where regression ends, and how far log p(x) is from the exact one."""
    method = f"Of n = {told.left.n:,} draws, with 95 % confidence interval. By quadrature {100 * told.left_by_quadrature:.1f} %."
    page.number(
        "Conditional VAE, left", str(told.left), method, detail="Interval of a share: Wilson. Quadrature: all codes, without draws."
    )
    mean = signed(float(explore.mean_path(told.p)[-1]))
    method = f"Exact conditional mean: {mean}. Density of balls there: {_share(told.possible)} of the largest."
    page.number("Regression ends at", signed(float(told.regression[-1])), method, detail="In half widths of the image.")
    method = f"By quadrature over z: mean over n = {told.below.n} new paths ± 95 % confidence interval."
    page.number(
        "log p(x) below the exact", f"{told.below} nats", method, detail="Exact log p(x) of a path less that of the conditional VAE."
    )


def conclusion(told: Forecast, text: Words) -> str:
    """Whether the draws split as the balls do, and whether a ball can end where regression says."""
    low, high = told.left.interval
    values = {"p": f"{100 * told.p:.0f}", "left": str(told.left), "between": str(told.between), "end": signed(float(told.regression[-1]))}
    split = text.said("conclusion-split" if low <= told.p <= high else "conclusion-apart", **values)
    average = text.said(
        "conclusion-impossible" if told.possible < IMPOSSIBLE else "conclusion-possible", possible=_share(told.possible), **values
    )
    return f"{split} {average} {text.said('conclusion-between', **values)}"


def answer(text: Words) -> str:
    """What both say at a few probabilities."""
    each = [museum.forecast(percent / 100, NUMBERS[-1], 0) for percent in TRIED]
    possible = [f"{100 * told.p:.0f} %" for told in each if told.possible >= IMPOSSIBLE]
    said = text.said("answer", possible=words.listed(possible)) if possible else text.said("answer-nowhere")
    lines = ["| p, left | Conditional VAE | Regression ends at | Density there |", "| --- | --- | --- | --- |"]
    lines += [f"| {100 * t.p:.0f} % | {t.left} | {signed(float(t.regression[-1]))} | {_share(t.possible)} |" for t in each]
    return "\n".join([said, "", *lines])


def _share(of_largest: float) -> str:
    """A density as a share of the largest."""
    return f"{100 * of_largest:.0f} %" if of_largest >= IMPOSSIBLE else f"{tiny(max(of_largest, 1e-99))}"
