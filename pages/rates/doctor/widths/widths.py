"""How wide the encoder's q(z|x) is in each latent dimension."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.rates.doctor.cached import measured_widths
from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv as csv_of_columns
from vae_core.explore.means import Mean, mean_of
from vae_core.explore.rates.posterior_widths import NARROW, WIDE, PosteriorWidths
from vae_core.explore.rates.posterior_widths_figure import width_chart
from vae_core.specs import ModelSpec
from vae_core.units import signed, subscript

FINEST = 5e-5
"""Half-width of an interval that four decimals show no more."""


def draw(spec: ModelSpec, picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw what is so of the widths, in words; a histogram for each dimension, and the numbers beside them."""
    text, measured = words.beside(__file__), measured_widths(spec)
    with side:
        numbers(spec, measured)
    with picture:
        page.conclude(conclusion(measured, text))
        page.chart(cached.lasting_chart("widths", (spec.fingerprint,), lambda: chart(measured)), key="widths")
        st.caption(text.sections["caption"])
    return Part(
        text=text,
        conclusion="",
        answer=lambda: answer(measured, text),
        notebook=text.lines("notebook", spec=words.in_code(spec), dataset=spec.dataset),
        downloads=page.downloads(f"{spec.fingerprint}-widths", None, lambda: csv(measured)),
    )


def numbers(spec: ModelSpec, measured: PosteriorWidths) -> None:
    """How many dimensions are active, and the mean width of the narrowest and of the widest."""
    n, is_active, ordered = f"n = {measured.n_images:,} test images", measured.is_active, _by_width(measured)
    active = f"{int(is_active.sum())} of {len(is_active)}"
    page.number("Active dimensions", active, f"Means of q vary by more than 0.01 (Burda et al. 2016), {n}.", of=spec)
    for name, j in (("Narrowest", ordered[0]), ("Widest", ordered[-1])):
        mean = measured.mean_widths[j]
        page.number(f"{name}: z{subscript(j + 1)}", _written(mean), f"Mean of s over the images ± 95 % confidence interval, {n}.", of=spec)


def _written(mean: Mean) -> str:
    """With its interval, unless that is too narrow to be seen in four decimals, as where q is the prior for every image."""
    return signed(mean.value, 4) if (mean.half_width or 0) < FINEST else str(mean)


def _by_width(measured: PosteriorWidths) -> list[int]:
    return np.argsort(measured.widths.mean(0), kind="stable").tolist()


def conclusion(measured: PosteriorWidths, text: Words) -> str:
    """In how many dimensions q is narrow, in how many it is as wide as the prior, and how many are inactive."""
    mean = measured.widths.mean(0)
    counts = {"narrow": _count(mean < NARROW), "wide": _count(mean > WIDE), "inactive": _count(~measured.is_active)}
    return text.said("conclusion", **counts, dims=len(mean), near=WIDE)


def _count(which: np.ndarray) -> str:
    return str(int(which.sum())) if which.any() else "none"


def answer(measured: PosteriorWidths, text: Words) -> str:
    """How much of the aggregate posterior's second moment in the narrowest dimension is spread of means, and how much width."""
    j = _by_width(measured)[0]
    of_means, of_widths = np.square(measured.means[:, j]), np.square(measured.widths[:, j])
    parts = {"of_means": of_means, "of_widths": of_widths, "both": of_means + of_widths}
    return text.said("answer", name=f"z{subscript(j + 1)}", **{name: _written(mean_of(part)) for name, part in parts.items()})


def chart(measured: PosteriorWidths) -> Chart:
    """`width_chart` of what was measured."""
    edges, means = measured.edges, measured.mean_widths
    return width_chart(
        measured.shares(edges),
        edges,
        order=measured.order,
        mean_widths=np.array([mean.value for mean in means]),
        written=[_written(mean) for mean in means],
        is_active=measured.is_active,
    )


def csv(measured: PosteriorWidths) -> bytes:
    """Every dimension, a line each: mean width with its interval, and its 5th, 50th and 95th percentiles."""
    names = ["dimension", "mean_s", "half_width_95", "s_05", "s_50", "s_95", "is_active"]
    percentiles, is_active = np.percentile(measured.widths, (5, 50, 95), axis=0).T.tolist(), measured.is_active.tolist()
    of_each = zip(measured.mean_widths, percentiles, is_active, strict=True)
    return csv_of_columns(names, [[j, mean.value, mean.half_width, *three, is_one] for j, (mean, three, is_one) in enumerate(of_each, 1)])
