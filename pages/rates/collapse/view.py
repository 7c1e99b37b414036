"""A loss on the page: its formula and what it means, where it stands among others, and images through a model that was trained so."""

from __future__ import annotations

from dataclasses import astuple

import streamlit as st

from pages.rates import cached as rates
from pages.rates.code_swap import swap_table
from pages.rates.collapse.board import SYMBOLS, Board, board_of
from pages.shared import cached, page
from pages.shared.controls import Choice
from pages.shared.labels import in_words
from vae_core.drawing.tables import csv_of_rows
from vae_core.explore.means import part_of_metrics
from vae_core.explore.rates import doctor, losses
from vae_core.explore.rates import losses_figure as figures
from vae_core.explore.rates.losses import PRESETS, WrittenLoss
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.models.vae import VAESpec
from vae_core.units import plain

N_IMAGES = 8
"""Test images below the chart."""
LOST, KL_LIMIT = "Lost, linear model", "KL at most, nats"
IN_FULL = {LOST: "Dimensions lost by a linear model.", KL_LIMIT: "Upper limit on the KL of any model, linear or not, in nats."}
"""Label of a reading that must be short → what it means."""


def formula(board: Board) -> str:
    """The loss of one image, in LaTeX."""
    loss, p, d = board.loss, board.statistics.n_features, board.latent_dim
    error = {
        "squared error": r"(x_p - \hat x_p)^2",
        "½ squared error": r"\tfrac12 (x_p - \hat x_p)^2",
        "absolute error": r"\lvert x_p - \hat x_p \rvert",
        "cross-entropy": r"-\log p(b_p | z)",
    }[loss.error]
    over = rf"\frac{{1}}{{{p}}}" if loss.over_pixels == "mean" else ""
    weight = "" if loss.kl_weight == 1 else f"{loss.kl_weight:g}"
    kl = {"sum": "", "mean": rf"\frac{{1}}{{{d}}}", "sum, batch too": rf"\sum_{{n=1}}^{{{loss.batch_size}}}"}[loss.over_code]
    return rf"{over} \sum_{{p=1}}^{{{p}}} {error} \;+\; {weight}\, {kl} \sum_{{j=1}}^{{{d}}} \mathrm{{KL}}_j"


def readings(board: Board) -> None:
    """σ or b, β, their balance, what a linear model must lose, and the bound that holds for any model."""
    meaning, consequence = board.meaning, board.consequence
    scale = {"gaussian": "σ", "laplace": "b"}.get(meaning.likelihood)
    cells = [(scale or "Likelihood", "Bernoulli" if meaning.scale is None else plain(meaning.scale, 4)), ("β", plain(meaning.beta, 4))]
    if scale is not None:
        cells.append((SYMBOLS[meaning.likelihood], plain(meaning.balance, 4)))
    lost = "no theory" if consequence.lost is None else f"{consequence.lost} of {board.latent_dim}"
    cells += [(LOST, lost), (KL_LIMIT, plain(consequence.kl_bound))]
    for place, (label, value) in zip(st.columns(len(cells), gap="xsmall"), cells, strict=True):
        place.metric(label, value, help=IN_FULL.get(label))


def bound_note(board: Board) -> None:
    """How the readings were obtained."""
    meaning, n = board.meaning, f"n = {board.statistics.n_images:,} training images"
    if meaning.likelihood == "gaussian":
        values = losses.eigenvalues(meaning, board.statistics)
        where = f"λ₁ = {plain(values[0], 4)}, V = Σλ = {plain(values.sum(), 4)}, KL ≤ V/(2τ)"
    elif meaning.likelihood == "laplace":
        where = "KL ≤ Σ|x − median|/(βb)"
    else:
        where = f"KL ≤ Σ H(x̄)/β = {board.statistics.binary_entropy:.2f}/β"
    st.caption(f"Exact: {where}, for any network at its optimum; {n}.")
    if meaning.likelihood == "bernoulli":
        floor = f"{board.statistics.grey_entropy:.2f} nats per image"
        st.caption(f"Pixels are binarised. Of grey ones the sum is at least {floor}, even for x̂ = x, so it is no −log p of grey images.")


def charts(board: Board, choice: Choice) -> None:
    """What survives at every balance, with the losses people write and the trained models on it."""
    choices = (choice.dataset, board.latent_dim, *astuple(board.loss))
    page.chart(cached.lasting_chart("losses", choices, lambda: figure(board, choice)))


def figure(board: Board, choice: Choice) -> object:
    """`losses_figure.balance_chart` of the board."""
    meaning, statistics = board.meaning, board.statistics
    unit = meaning.unit if meaning.unit is not None else 1.0
    power = {"gaussian": 2, "laplace": 1}.get(meaning.likelihood, 0)
    same = [loss for loss in PRESETS.values() if losses.LIKELIHOOD_OF[loss.error] == meaning.likelihood]
    names = [name for name, loss in PRESETS.items() if loss in same]
    as_written = {name: _in_these_pixels(loss, board, unit, power) for name, loss in zip(names, same, strict=True)}
    trained = [] if meaning.unit is None else _trained(board, choice, unit**power)
    marked = [*as_written.values(), *(model.balance for model in trained)]
    at = losses.along_the_balance(meaning, statistics, board.latent_dim, marked)
    return figures.balance_chart(
        figures.Balance(SYMBOLS[meaning.likelihood], at.axis, at.here, as_written),
        survivors=at.survivors,
        linear_rate=at.linear_rate,
        bound=at.bound,
        trained=trained,
        latent_dim=board.latent_dim,
    )


def _in_these_pixels(loss: WrittenLoss, board: Board, unit: float, power: int) -> float:
    """A preset's balance, in the pixels of the loss at hand."""
    other = losses.meaning_of(loss, board.statistics, board.latent_dim)
    return losses.in_unit_pixels(other) / unit**power


def _trained(board: Board, choice: Choice, factor: float) -> list[figures.TrainedCode]:
    rows = []
    for checkpoint in cached.checkpoints():
        spec, of = checkpoint.spec, losses.balance_of(checkpoint.spec)
        if spec.dataset == choice.dataset and of is not None and of[0] == board.meaning.likelihood:
            m, name = checkpoint.metrics, f"{in_words(spec.network)}, d = {spec.latent_dim}, β = {spec.beta:g}"
            rate = m["rate"], part_of_metrics(m, "rate")
            rows.append(figures.TrainedCode(spec.network == "linear", spec.latent_dim, of[1] / factor, m["active_units"], *rate, name))
    return rows


def pictured(spec: VAESpec | None, board: Board, choice: Choice) -> object | None:
    """Images through a trained model, and the doctor's verdict on it; which model it is, and whether it is of this loss."""
    if spec is None or not choice.has_data or not cached.is_trained(spec):
        st.caption("No model of this likelihood is trained on these images." if spec is None else "The model needs the images to be shown.")
        return None
    same = losses.is_same(spec, board.meaning)
    value = losses.balance_of(spec)[1]
    which = (
        "The trained model of this loss"
        if same
        else f"Nearest that is trained, **not this loss** ({SYMBOLS[spec.likelihood]} = {value:.4g})"
    )
    st.caption(f"{which}: {in_words(spec.network)}, d = {spec.latent_dim}. {doctor.verdict(rates.examination(spec))}")
    table = swap_table(spec, N_IMAGES)
    st.html(table.to_html(beside=375, charts=250, most=100))
    return table


def presets_csv(statistics: PixelStatistics, latent_dim: int) -> bytes:
    """Every preset with its meaning and consequence, in the pixels that each network sees."""
    rows = []
    for name, loss in PRESETS.items():
        board = board_of(loss, statistics, latent_dim)
        meaning, consequence = board.meaning, board.consequence
        rows.append(
            {"loss": name, "likelihood": meaning.likelihood, "scale": meaning.scale, "beta": meaning.beta, "balance": meaning.balance}
            | {"rda_lambda": meaning.rda_lambda, "linear_lost": consequence.lost}
            | {"latent_dim": latent_dim, "kl_bound_nats": consequence.kl_bound}
        )
    return csv_of_rows(rows)
