"""What both parts say of their models: the choice of one, its numbers beside the exact entropy, all of them on the plane and in a table."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.shared import page
from pages.shared.links import bound
from vae_core.drawing.chart import Chart
from vae_core.explore.beyond import sequences_figure
from vae_core.explore.beyond.sequences import N_SAMPLES, Cost


def choose_model(names: tuple[str, ...], usual: str, what: str, key: str) -> str:
    """Draw the choice of a dropout.

    Args:
        names: of the models.
        usual: the one that the part opens with.
        what: a symbol is: word, note.
        key: of the choice.
    """
    help_ = f"Share of the {what}s before that are withheld in training. β weighs the rate then: 1 where it is not named."
    label = f"{what.capitalize()} dropout"
    return st.segmented_control(label, names, default=usual, required=True, **bound(key), width="stretch", help=help_)


def numbers(cost: Cost, what: str, entropy: str) -> None:
    """Rate of a model, and how far its bounds are above the entropy.

    Args:
        cost: of the model.
        what: its sequences are: sentences, tunes.
        entropy: the entropy in words.
    """
    page.number("Rate: what z says", f"{cost.rate} nats", f"Mean of n = {cost.rate.n:,} new {what} ± 95 % confidence interval.")
    method = f"{entropy} With {N_SAMPLES} samples of z the bound is {cost.iwae_excess} nats above it."
    page.number("−ELBO above the entropy", f"{cost.excess} nats", method)


def plane(costs: Mapping[str, Cost], chosen: str, entropy: float) -> Chart:
    """All models on the plane of rate and distortion."""
    rates, distortions = ([getattr(cost, of).value for cost in costs.values()] for of in ("rate", "distortion"))
    return sequences_figure.rate_plane(rates, distortions, list(costs), entropy, list(costs).index(chosen))


def table(costs: Mapping[str, Cost], what: str, whole: str) -> str:
    """All models side by side, as Markdown.

    Args:
        costs: of each.
        what: a symbol is.
        whole: its sequences are.
    """
    lines = [
        f"| {what.capitalize()} dropout | Rate, nats | −ELBO above the entropy | {whole.capitalize()} rebuilt |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join(lines + [f"| {name} | {cost.rate} | {cost.excess} | {cost.rebuilt} |" for name, cost in costs.items()])
