"""What the averages of training images say, in words and as a number."""

from __future__ import annotations

import numpy as np

from pages.latent.smoothness.findings import share
from pages.shared import page
from pages.shared.words import Words
from vae_core.explore.codes import Codes
from vae_core.explore.latent.smoothness import KERNEL, Average
from vae_core.specs import ModelSpec

FEW = 5.0
"""Effective sample size below which an average is no average any more."""


def conclusion(average: Average, output: np.ndarray, likeliest: np.ndarray) -> str:
    """Whether the formula explains the blur at this code, in words.

    Args:
        average: of the training images there.
        output: what the network draws there, (C, H, W).
        likeliest: the training image of the largest weight, as bytes, (C, H, W).
    """
    from_average, from_one = (float(((output - image) ** 2).sum()) for image in (average.mean, likeliest / 255))
    one = f"the most likely one carries {share(average.weights[0])} % of the weight"
    away = f"The network's picture is {from_average:.1f} away from their average (SSE), and {from_one:.1f} from that image."
    if average.n_effective < FEW:
        return f"**Here the average memorises.** Hardly any training images share this code, and {one}. {away}"
    says = "explains" if from_average < from_one else "does not explain"
    return f"**The average {says} the blur.** About {average.n_effective:,.0f} training images share this code, and {one}. {away}"


def number(spec: ModelSpec, average: Average, codes: Codes, text: Words, widen: float) -> None:
    """How many training images share the code, and how that was counted."""
    method = text.lines("method" if codes.has_prior else "kernel", n=f"{average.n:,}", kernel=f"{KERNEL * widen:g}")
    page.number("Images that share it", f"{average.n_effective:,.1f}", method, of=spec)
