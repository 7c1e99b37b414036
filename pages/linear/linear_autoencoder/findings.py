"""What a linear autoencoder concludes from its numbers, and the answer to what it asks one to try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.linear.linear_autoencoder import cached as caches
from pages.linear.linear_autoencoder.view import POINTS, Setting
from pages.shared.words import Words
from vae_core.explore.linear import linear_autoencoder as explore
from vae_core.units import tiny

ARRIVED = 1.0
"""Degrees below which a decoder is said to span what PCA does."""


def conclusion(setting: Setting, text: Words) -> str:
    """How far the decoder is from PCA at this step."""
    angle = float(explore.principal_angles(setting.weights.decoder)[0])
    above = 100 * (float(setting.training.sse[setting.at]) / setting.training.least - 1)
    values = {"step": f"{setting.step:,}", "angle": _short(angle), "above": _short(max(above, 0.0))}
    values["what"] = "line" if setting.data == POINTS else "subspace"
    if angle < ARRIVED:
        return text.said("conclusion", **values)
    first, second = setting.gap
    is_last = setting.at == len(setting.training.steps) - 1
    if is_last and above < 0.5:
        return text.said("conclusion-alike", first=f"{first:.4f}", second=f"{second:.4f}", **values)
    return text.said("conclusion-underway", **values)


def answer(setting: Setting, text: Words) -> str:
    """What the end of the training is, and what another start or a matrix M changes."""
    training = setting.training
    mixed = training.weights[-1].mixed(explore.invertible(training.latent_dim, 1))
    change = np.abs(mixed.decoder @ mixed.encoder - training.weights[-1].decoder @ training.weights[-1].encoder).max()
    moved = np.linalg.norm(mixed.decoder - training.weights[-1].decoder) / np.linalg.norm(training.weights[-1].decoder)
    above, angle = max(0.0, 100 * (float(training.sse[-1]) / training.least - 1)), float(training.angles[-1, 0])
    values = {"above": _short(above), "angle": _short(angle), "change": tiny(change), "moved": f"{100 * moved:.0f}"}
    start = text.said("answer-same" if angle < ARRIVED else "answer-open")
    return text.said("answer", steps=f"{training.steps[-1]:,}", start=start, **values)


def angle_at_the_end(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how far the line is from PCA's at the last step and at the first, in degrees, and its error, as a share of PCA's."""
    training = caches.on_points(int(state["lae_points"]), int(state["lae_start"]))[1]
    first, last = (float(training.angles[at, 0]) for at in (0, -1))
    return {"value": last, "first": first, "times": float(training.sse[-1]) / training.least, "steps": int(training.steps[-1])}


def _short(value: float) -> str:
    """Two digits, written in full from 0.01 on."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}" if value >= 0.01 else tiny(value)
