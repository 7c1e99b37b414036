"""The doctor of posterior collapse on the page: the part on the KL. What was measured, the verdict, and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.rates import cached as rates
from pages.rates.code_swap import swap_table
from pages.rates.doctor import findings
from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv_of_rows
from vae_core.explore.means import part_of_metrics
from vae_core.explore.rates import doctor
from vae_core.explore.rates.doctor import Examination
from vae_core.explore.rates.doctor_figure import kl_bars
from vae_core.explore.rates.rates_on_train import water_level
from vae_core.specs import ModelSpec
from vae_core.statistics import Z_95

N_IMAGES = 10
"""Test images below the chart."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """What is on record of a model whose images are not here: KL of each dimension and which are active, from its stored evaluation."""

    kl_per_dim: np.ndarray
    is_active: np.ndarray
    n_images: int
    rate: str
    kl_half_widths: np.ndarray | None


def record(spec: ModelSpec) -> Record:
    """The stored evaluation of a trained model; of its units those of largest KL are the active ones."""
    metrics = cached.checkpoint(spec).metrics
    kl, errors = np.array(metrics["kl_per_dim"]), metrics["kl_per_dim_standard_error"]
    is_active, half_widths = (-kl).argsort().argsort() < metrics["active_units"], None if errors is None else Z_95 * np.array(errors)
    return Record(kl, is_active, metrics["n_images"], part_of_metrics(metrics, "rate"), half_widths)


def draw(spec: ModelSpec, picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the verdict with its evidence, and the numbers that it rests on."""
    text = words.beside(__file__)
    measured = rates.examination(spec) if choice.has_data else record(spec)
    table = swap_table(spec, N_IMAGES) if choice.has_data else None
    with side:
        numbers(spec, measured)
        if choice.has_data:
            page.fine_print().caption(text.sections["validated"])
    with picture:
        verdict_box(measured, text)
        evidence(spec, measured)
        if table is not None:
            linear_note(spec, measured)
            st.html(table.to_html(beside=300, charts=300, most=120))
    return Part(
        text=text,
        conclusion="",
        answer=lambda: findings.answer(choice, text),
        notebook=text.lines("notebook", spec=words.in_code(spec), dataset=spec.dataset),
        downloads=page.downloads(f"{spec.fingerprint}-doctor", table, lambda: csv(measured)),
    )


def verdict_box(measured: Examination | Record, text: Words) -> None:
    """The verdict, in a box whose colour and icon say the same; none without images."""
    if isinstance(measured, Record):
        page.conclude(_on_record(measured, text), draw=partial(st.info, icon=":material/history:"))
        return
    sentence = doctor.verdict(measured)
    if measured.kind in doctor.SYMPTOMS or measured.is_worse_than_no_code:
        page.conclude(sentence, draw=partial(st.warning, icon=":material/notification_important:"))
    else:
        page.conclude(sentence, draw=partial(st.success, icon=":material/check_circle:"))


def _on_record(record: Record, text: Words) -> str:
    """How much of the code is used, by the stored evaluation."""
    return text.said("conclusion", active=int(record.is_active.sum()), dims=len(record.kl_per_dim), rate=record.rate)


def numbers(spec: ModelSpec, measured: Examination | Record) -> None:
    """What the verdict rests on, each with its method; without images the recorded rate."""
    n = f"n = {measured.n_images:,} test images"
    units, metrics = (
        f"{int(measured.is_active.sum())} of {len(measured.kl_per_dim)} units active (Burda et al. 2016)",
        cached.checkpoint(spec).metrics,
    )
    active = f"KL in closed form, n = {metrics['n_images']:,} test images. {units}, {n}."
    rate = part_of_metrics(metrics, "rate")
    if isinstance(measured, Record):
        page.number("Rate", f"{rate} nats", active, of=spec)
        return
    page.number(
        "Shuffled codes cost",
        f"{measured.shuffle_words} nats",
        f"How much worse an image is predicted from another image's code than from its own. ± 95 % confidence interval, {n}.",
        of=spec,
    )
    page.number("Rate", f"{rate} nats", active, of=spec)
    page.number(
        "Pressure",
        f"{measured.pressure:,.2f} ×" if measured.pressure < 1000 else f"{float(f'{measured.pressure:.3g}'):,.0f} ×",
        _about_pressure(measured),
        of=spec,
    )


def _about_pressure(measured: Examination) -> str:
    limit = f"1 is ideal; above {doctor.PRESSED_ABOVE:g} the code is starved."
    if not measured.has_scale:
        return f"How strongly training weighted the KL: β itself, since a Bernoulli likelihood has no width to fit. {limit}"
    return f"How strongly training weighted the KL, relative to the noise level that fits the data. {limit}"


def evidence(spec: ModelSpec, measured: Examination | Record) -> None:
    """KL of each dimension beside what a linear model would spend."""
    tau, statistics = water_level(spec), rates.statistics(spec.dataset)
    linear = None
    if tau is not None and statistics is not None:
        linear = 0.5 * np.log(np.maximum(np.array(statistics.eigenvalues)[: spec.latent_dim], tau) / tau)
    choices = (spec.fingerprint, isinstance(measured, Examination))
    bars = partial(kl_bars, measured.kl_per_dim, measured.is_active, half_widths=measured.kl_half_widths, linear=linear)
    page.chart(cached.lasting_chart("doctor", choices, bars))


def linear_note(spec: ModelSpec, measured: Examination) -> None:
    """λ_j against τ: evidence, and for a network that is not linear no more."""
    if measured.n_above_water is None:
        st.caption("λⱼ against τ says nothing here: the theory of linear models needs a Gaussian likelihood.")
        return
    network = "" if spec.network == "linear" else " A network that is not linear may use others."
    st.caption(f"λⱼ > τ for {measured.n_above_water} of {spec.latent_dim} dimensions: as many would a linear model keep.{network}")


def csv(measured: Examination | Record) -> bytes:
    """Every dimension, a line each; the variance of its means where it was measured."""
    unknown = [None] * len(measured.kl_per_dim)
    variances = measured.variance.tolist() if isinstance(measured, Examination) else unknown
    widths = unknown if measured.kl_half_widths is None else measured.kl_half_widths.tolist()
    columns = (measured.kl_per_dim.tolist(), widths, variances, measured.is_active.tolist())
    rows = [
        {"dimension": j, "kl_nats": kl, "half_width_95": width, "variance_of_mean": variance, "is_active": is_active}
        for j, (kl, width, variance, is_active) in enumerate(zip(*columns, strict=True), 1)
    ]
    return csv_of_rows(rows)
