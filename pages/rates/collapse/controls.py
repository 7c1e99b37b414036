"""The switchboard of losses: how it is written, what it means, what that must do on these images, and a model that was trained so."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import streamlit as st

from pages.rates import brief_training
from pages.rates.collapse.view import SYMBOLS, Board
from pages.rates.doctor import controls as doctor_controls
from pages.shared import cached, controls
from pages.shared.controls import Choice
from pages.shared.links import bound
from vae_core.drawing.payloads import rows_csv
from vae_core.explore.rates import losses
from vae_core.explore.rates.losses import PRESETS, ErrorTerm, OverCode, OverPixels, WrittenLoss
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.models.vae import VAESpec

PREFIX = "loss_"
WEIGHTS = ("0.0001", "0.00025", "0.001", "0.01", "0.1", "0.25", "0.5", "1", "2", "4", "8", "16", "100")
KEYS = tuple(PREFIX + field.name for field in fields(WrittenLoss) if field.name != "batch_size")
N_IMAGES = 8
OTHER = "otherwise"
"""What the switches show where they make none of the presets."""


def choose(choice: Choice, statistics: PixelStatistics) -> Board:
    """Draw the switches; the loss that they make, and what it means."""
    first, top = PRESETS["mean MSE + KL"], st.container()
    error = _one_of("error", "Error of a pixel", get_args(ErrorTerm), first)
    over_pixels = _segmented("over_pixels", "Over pixels", get_args(OverPixels), first)
    over_code = _one_of("over_code", "KL over the code", get_args(OverCode), first)
    kl_weight = float(st.select_slider("Weight of the KL", WEIGHTS, value="1", **bound(PREFIX + "kl_weight")))
    pixels = _one_of("pixels", "Pixels", losses.PIXELS_FOR[error], first)
    loss = WrittenLoss(error, over_pixels, over_code, kl_weight, pixels)
    st.session_state[PREFIX + "preset"] = next((name for name, written in PRESETS.items() if written == loss), OTHER)
    top.selectbox("As people write it", [*PRESETS, OTHER], key=PREFIX + "preset", on_change=_flip)
    found = losses.meaning(loss, statistics, choice.latent_dim)
    return Board(loss, statistics, choice.latent_dim, found, losses.consequence(found, statistics, choice.latent_dim))


def _flip() -> None:
    """Set every switch as a preset has it."""
    loss = PRESETS.get(st.session_state[PREFIX + "preset"])
    if loss is not None:
        for key in KEYS:
            value = getattr(loss, key.removeprefix(PREFIX))
            st.session_state[key] = f"{value:g}" if isinstance(value, float) else value


def _one_of(name: str, label: str, options: tuple, first: WrittenLoss) -> str:
    key = PREFIX + name
    controls.settle(key, options, getattr(first, name))
    return st.selectbox(label, options, index=options.index(getattr(first, name)), **bound(key))


def _segmented(name: str, label: str, options: tuple, first: WrittenLoss) -> str:
    return st.segmented_control(label, options, default=getattr(first, name), required=True, **bound(PREFIX + name), width="stretch")


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
    found, said = board.meaning, board.consequence
    scale = {"gaussian": "σ", "laplace": "b"}.get(found.likelihood)
    cells = [(scale or "Likelihood", "Bernoulli" if found.scale is None else f"{found.scale:.4g}"), ("β", f"{found.beta:.4g}")]
    if scale is not None:
        cells.append((SYMBOLS[found.likelihood], f"{found.balance:.4g}"))
    lost = "no theory" if said.lost is None else f"{said.lost} of {board.latent_dim}"
    cells += [("A linear model loses", lost), ("Any model: KL ≤, nats", f"{said.kl_bound:.3g}")]
    for place, (label, value) in zip(st.columns(len(cells), gap="xsmall"), cells, strict=True):
        place.metric(label, value)


def bound_note(board: Board) -> None:
    """How the readings were obtained."""
    found, n = board.meaning, f"n = {board.statistics.n_images:,} training images"
    if found.likelihood == "gaussian":
        values = losses.eigenvalues(found, board.statistics)
        where = f"λ₁ = {values[0]:.4g}, V = Σλ = {values.sum():.4g}, KL ≤ V/(2τ)"
    elif found.likelihood == "laplace":
        where = "KL ≤ Σ|x − median|/(βb)"
    else:
        where = f"KL ≤ Σ H(x̄)/β = {board.statistics.binary_entropy:.2f}/β"
    st.caption(f"Exact: {where}, for any network at its optimum; {n}.")


def trained_model(board: Board, choice: Choice) -> VAESpec | None:
    """The model of that loss if it is cached, else an offer to train it; what is drawn below, which may be the nearest."""
    specs = [c.spec for c in cached.checkpoints() if c.spec.dataset == choice.dataset and isinstance(c.spec, VAESpec)]
    near = losses.nearest(specs, board.meaning, choice.latent_dim)
    own = losses.spec_of(board.meaning, choice.dataset, choice.latent_dim)
    if own is None:
        st.caption("No model of this program scales each pixel by itself: the theory speaks alone.")
    elif near is None or not losses.is_same(near, board.meaning) or near.latent_dim != choice.latent_dim:
        with st.popover("Train this loss here", icon=":material/model_training:", width="stretch"):
            st.caption(f"{own.likelihood}, scale {own.scale:g}, β = {own.beta:g}, d = {own.latent_dim}, by the recipe of {choice.title}.")
            brief_training.offer(own, has_data=choice.has_data)
    return near


def pictured(spec: VAESpec | None, board: Board, choice: Choice) -> object | None:
    """Images through a trained model, and the doctor's verdict on it; which model it is, and whether it is of this loss."""
    if spec is None or not choice.has_data or not cached.is_trained(spec):
        st.caption("No model of this likelihood is cached for these images." if spec is None else "The model needs the images to be shown.")
        return None
    same = losses.is_same(spec, board.meaning)
    value = losses.balance_of(spec)[1]
    which = (
        "The trained model of this loss"
        if same
        else f"Nearest that is trained, **not this loss** ({SYMBOLS[spec.likelihood]} = {value:.4g})"
    )
    st.caption(f"{which}: {spec.network}, d = {spec.latent_dim}. {doctor_controls.verdict(spec)}")
    table = doctor_controls.swapped_table(spec, N_IMAGES)
    st.html(table.to_html(beside=640, most=46))
    return table


def presets_csv(statistics: PixelStatistics, latent_dim: int) -> bytes:
    """Every preset with its meaning and consequence, in the pixels that each network sees."""
    rows = []
    for name, loss in PRESETS.items():
        found = losses.meaning(loss, statistics, latent_dim)
        said = losses.consequence(found, statistics, latent_dim)
        rows.append(
            {"loss": name, "likelihood": found.likelihood, "scale": found.scale, "beta": found.beta, "balance": found.balance}
            | {"rda_lambda": found.rda_lambda, "linear_lost": said.lost, "latent_dim": latent_dim, "kl_bound_nats": said.kl_bound}
        )
    return rows_csv(rows)


def as_code(board: Board) -> str:
    """The loss as a line of Python."""
    names = [key.removeprefix(PREFIX) for key in KEYS]
    return f"WrittenLoss({', '.join(f'{name}={getattr(board.loss, name)!r}' for name in names)})"
