"""The noise that a loss claims, beside the residuals that the model leaves."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.rates.doctor.cached import grey_floor, measured_residuals
from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.labels import in_words
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv as csv_of_columns
from vae_core.explore.rates import residuals
from vae_core.explore.rates.residuals import LAWS, Law, Residuals
from vae_core.explore.rates.residuals_figure import residual_chart
from vae_core.specs import ModelSpec
from vae_core.units import plain

SYMBOLS: dict[Law, str] = {"gaussian": "σ", "laplace": "b"}


def draw(spec: ModelSpec, picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw what is so of the claim, in words; the histogram, the cost of each width, and the numbers beside them."""
    text, measured = words.beside(__file__), measured_residuals(spec)
    with side:
        numbers(spec, measured)
    with picture:
        page.conclude(conclusion(spec, measured, text))
        chart = cached.lasting_chart("residuals", (spec.fingerprint,), lambda: residual_chart(**residuals.curves(measured)))
        page.chart(chart, key="residuals")
        st.caption(text.sections["caption" if measured.claimed is None else "caption-claimed"])
    return Part(
        text=text,
        conclusion="",
        answer=lambda: answer(measured, text),
        notebook=text.lines("notebook", spec=words.in_code(spec), dataset=spec.dataset),
        downloads=page.downloads(f"{spec.fingerprint}-residuals", None, lambda: csv(measured)),
    )


def numbers(spec: ModelSpec, measured: Residuals) -> None:
    """The best width, what it gains, and bits per pixel; without a claim the best widths of both."""
    n = f"± 95 % confidence interval, n = {measured.n_images:,} test images."
    if measured.claimed is None or measured.scale is None:
        for law in LAWS:
            page.number(f"{in_words(law)}: {SYMBOLS[law]}*", str(measured.best(law)), f"Best width for these residuals. {n}", of=spec)
        return
    symbol = SYMBOLS[measured.claimed]
    claim = f"The loss claims {symbol} = {plain(measured.scale, 4)}."
    page.number(f"Best width {symbol}*", str(measured.best(measured.claimed)), f"{claim} {n}", of=spec)
    if measured.gain is not None and measured.is_told_apart:
        about = f"Per image, the rest of the model unchanged; 95 % confidence interval, n = {measured.n_images:,} test images."
        page.number(f"{symbol}* gains", f"{measured.gain} nats", about, of=spec)
    elif measured.gain is not None:
        about = f"Per image, at the far end of the 95 % confidence interval of {symbol}*."
        page.number(f"{symbol}* gains", f"≤ {plain(measured.gain.high, 2)} nats", about, of=spec)
    raw = f"a raw pixel has {8 * measured.n_channels}"
    page.number("Bits per pixel", str(measured.bits), f"−log₂ of density × 1/255, at the claimed {symbol}, without the KL; {raw}.", of=spec)


def conclusion(spec: ModelSpec, measured: Residuals, text: Words) -> str:
    """Which noise is claimed, how wide the residuals are, what the best width gains, and which of two kinds of noise fits better."""
    return f"{_of_the_claim(spec, measured, text)} {_of_the_shape(measured, text)}"


def _of_the_claim(spec: ModelSpec, measured: Residuals, text: Words) -> str:
    if measured.claimed is None or measured.scale is None:
        if spec.likelihood == "bernoulli":
            return text.said("conclusion-no-noise", floor=grey_floor(spec.dataset), n=f"{grey_floor(spec.dataset).n:,}")
        return text.said("conclusion-no-width", likelihood=in_words(spec.likelihood))
    best = measured.best(measured.claimed)
    values = {"claim": in_words(measured.claimed), "symbol": SYMBOLS[measured.claimed], "claimed": plain(measured.scale, 4)}
    return text.said("conclusion-gains" if measured.is_told_apart else "conclusion-fits", **values, best=best, gain=measured.gain)


def _of_the_shape(measured: Residuals, text: Words) -> str:
    apart = measured.apart
    if not apart.tells_apart:
        return text.said("conclusion-alike")
    better, worse = ("laplace", "gaussian") if apart.value > 0 else ("gaussian", "laplace")
    return text.said("conclusion-better", better=in_words(better), worse=in_words(worse), nats=apart if apart.value > 0 else -apart)


def answer(measured: Residuals, text: Words) -> str:
    """What noise half as wide as the best costs, and what noise twice as wide."""
    law: Law = measured.claimed or "gaussian"
    half, twice = (measured.rise(law, factor) for factor in (0.5, 2.0))
    return text.said("answer", kind=in_words(law), symbol=SYMBOLS[law], half=plain(half), twice=plain(twice), p=f"{measured.n_pixels:,}")


def csv(measured: Residuals) -> bytes:
    """Every bin of the histogram, with the densities at its middle."""
    middles = (measured.edges[1:] + measured.edges[:-1]) / 2
    columns = {"x - g(z)": middles, "residuals": measured.density}
    columns |= {f"best {in_words(law)}": residuals.density(law, measured.best(law).value, middles) for law in LAWS}
    if measured.claimed is not None and measured.scale is not None:
        columns["claimed"] = residuals.density(measured.claimed, measured.scale, middles)
    return csv_of_columns(list(columns), list(map(list, zip(*columns.values(), strict=True))), digits=6)
