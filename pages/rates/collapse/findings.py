"""What a written loss must do, in words, and which single switch brings the code back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pages.rates import cached as rates
from pages.rates.collapse.board import SYMBOLS, Board, board_of
from pages.rates.collapse.controls import WEIGHTS
from pages.shared.words import Words
from vae_core.explore.rates import losses
from vae_core.explore.rates.losses import PRESETS, WrittenLoss
from vae_core.units import plain

SWITCHES = {"pixels": {"over_pixels": "sum"}, "terms": {"over_code": "mean"}, "weight": {"kl_weight": float(WEIGHTS[0])}}
"""What each switch is set to in the loss that the page asks one to start from."""


def conclusion(board: Board, text: Words) -> str:
    """How many dimensions a linear model keeps with this loss, and the most that a KL can be."""
    meaning, consequence = board.meaning, board.consequence
    values = {"symbol": SYMBOLS[meaning.likelihood], "balance": plain(meaning.balance, 4), "most": plain(consequence.kl_bound)}
    if consequence.lost is None:
        return text.said("conclusion-bound", **values)
    first = float(losses.eigenvalues(meaning, board.statistics)[0])
    kept = board.latent_dim - consequence.lost
    section = "conclusion" if kept else "conclusion-collapsed"
    return text.said(section, **values, first=plain(first), kept=kept, dims=board.latent_dim)


def answer(board: Board, text: Words) -> str:
    """What each switch alone makes of the mean squared error with a summed KL, and the weight that undoes the mean."""
    start = board_of(PRESETS["mean MSE + KL"], board.statistics, board.latent_dim)
    values = {"start": plain(start.meaning.balance, 4), "first": plain(board.statistics.eigenvalues[0]), "dims": board.latent_dim}
    for name, switch in SWITCHES.items():
        other = board_of(replace(start.loss, **switch), board.statistics, board.latent_dim)
        values |= {f"{name}_tau": plain(other.meaning.balance), f"{name}_kept": other.latent_dim - other.consequence.lost}
    undone = 1 / board.statistics.n_features
    is_there = any(abs(float(weight) / undone - 1) < 1e-6 for weight in WEIGHTS)
    return text.said(
        "answer", **values, least=WEIGHTS[0], undone=f"{undone:.3g}", n_pixels=board.statistics.n_features, there="" if is_there else " not"
    )


def kept_with(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how many dimensions a linear model keeps with the loss of the link, and what noise the loss claims."""
    statistics, latent_dim = rates.statistics(str(state["dataset"])), int(state["latent_dim"])
    names = {"error": "loss_error", "over_pixels": "loss_over_pixels", "over_code": "loss_over_code"}
    loss = WrittenLoss(**{name: state[key] for name, key in names.items()}, kl_weight=float(state["loss_kl_weight"]))
    board = board_of(loss, statistics, latent_dim)
    kept = latent_dim - (board.consequence.lost or 0)
    first, noise = statistics.eigenvalues[0], float(board.meaning.scale or 0) ** 2
    return {"value": kept, "balance": board.meaning.balance, "first": first, "noise": noise, "most": board.consequence.kl_bound}


def noise_claimed(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: the variance σ² that the loss of the link claims for each pixel, beside that of all pixels together."""
    of_loss = kept_with(state)
    summed = kept_with({**state, "loss_over_pixels": "sum"})["noise"]
    return {
        **of_loss,
        "value": of_loss["noise"],
        "summed": summed,
        "total": float(sum(rates.statistics(str(state["dataset"])).eigenvalues)),
    }
