"""A loss among others: where it stands, what survives there, and the trained models on the same axis."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from pages.shared import cached, page
from pages.shared.controls import Choice
from vae_core.explore.rates import losses
from vae_core.explore.rates import losses_figure as figures
from vae_core.explore.rates.losses import PRESETS, Consequence, Meaning, WrittenLoss
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.explore.water_filling import optimum

SYMBOLS = {"gaussian": "τ = βσ²", "laplace": "βb", "bernoulli": "β"}


@dataclass(frozen=True, slots=True)
class Board:
    """A loss and all that follows from it."""

    loss: WrittenLoss
    statistics: PixelStatistics
    latent_dim: int
    meaning: Meaning
    consequence: Consequence


def charts(board: Board, choice: Choice) -> None:
    """What survives at every balance, with the losses people write and the trained models on it."""
    choices = (choice.dataset, board.latent_dim, *astuple(board.loss))
    page.chart(cached.plotted("losses", choices, lambda: figure(board, choice)))


def figure(board: Board, choice: Choice) -> object:
    """`figures.collapse.balance_chart` of the board."""
    found, statistics = board.meaning, board.statistics
    unit = found.unit if found.unit is not None else 1.0
    power = {"gaussian": 2, "laplace": 1}.get(found.likelihood, 0)
    values = losses.eigenvalues(found, statistics) if found.likelihood == "gaussian" else None
    same = [loss for loss in PRESETS.values() if losses.LIKELIHOOD_OF[loss.error] == found.likelihood]
    names = [name for name, loss in PRESETS.items() if loss in same]
    written = {name: _in_these_pixels(loss, board, unit, power) for name, loss in zip(names, same, strict=True)}
    axis = _axis([*written.values(), found.balance], values)
    return figures.balance_chart(
        figures.Balance(SYMBOLS[found.likelihood], axis, found.balance, written),
        survivors=None if values is None else np.array([optimum(values, tau, board.latent_dim).n_active for tau in axis]),
        linear_rate=None if values is None else np.array([optimum(values, tau, board.latent_dim).rate for tau in axis]),
        bound=board.consequence.kl_bound * found.balance / axis,
        trained=[] if found.unit is None else _trained(board, choice, unit**power),
        latent_dim=board.latent_dim,
    )


def _in_these_pixels(loss: WrittenLoss, board: Board, unit: float, power: int) -> float:
    """A preset's balance, in the pixels of the loss at hand."""
    other = losses.meaning(loss, board.statistics, board.latent_dim)
    return losses.in_unit_pixels(other) / unit**power


def _axis(marked: list[float], values: np.ndarray | None) -> np.ndarray:
    low, high = min(marked), max(marked)
    if values is not None:
        low = min(low, float(values[min(30, int((values > 0).sum()) - 1)]))
    return np.geomspace(low / 2, high * 2, 240)


def _trained(board: Board, choice: Choice, factor: float) -> list[figures.TrainedCode]:
    rows = []
    for checkpoint in cached.checkpoints():
        spec, of = checkpoint.spec, losses.balance_of(checkpoint.spec)
        if spec.dataset == choice.dataset and of is not None and of[0] == board.meaning.likelihood:
            m, name = checkpoint.metrics, f"{spec.network}, d = {spec.latent_dim}, β = {spec.beta:g}"
            rows.append(figures.TrainedCode(spec.network == "linear", spec.latent_dim, of[1] / factor, m["active_units"], m["rate"], name))
    return rows
