"""What a linear autoencoder concludes from its numbers, and the answer to what it asks one to try."""

from __future__ import annotations

import numpy as np

from pages.linear.linear_autoencoder.view import POINTS, Setting
from pages.shared.words import Words
from vae_core.explore.linear import linear_autoencoder as explore

ARRIVED = 1.0
"""Degrees below which a decoder is said to span what PCA does."""


def conclusion(setting: Setting, text: Words) -> str:
    """How far the decoder is from PCA at this step."""
    angle = float(explore.principal_angles(setting.weights.decoder)[0])
    above = 100 * (float(setting.training.sse[setting.at]) / setting.training.least - 1)
    values = {"step": f"{setting.step:,}", "angle": f"{angle:.2g}" if angle < 10 else f"{angle:.0f}", "above": f"{above:.2g}"}
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
    above, angle = 100 * (training.sse[-1] / training.least - 1), training.angles[-1, 0]
    values = {"above": f"{above:.1g}", "angle": f"{angle:.2g}", "change": f"{change:.0e}", "moved": f"{100 * moved:.0f}"}
    return text.said("answer", steps=f"{training.steps[-1]:,}", **values)
