"""What the averages of training images say, in words and as a number."""

from __future__ import annotations

from pages.shared import page
from pages.shared.words import Words
from vae_core.explore.codes import Codes
from vae_core.explore.latent.smoothness import KERNEL, Average
from vae_core.specs import ModelSpec

FEW = 5.0
"""Effective sample size below which an average is no average any more."""


def conclusion(average: Average) -> str:
    """Whether the formula explains the blur at this code, in words."""
    share = average.weights[0]
    if average.n_effective < FEW:
        return (
            f"**Here the formula memorises.** One training image carries {100 * share:.0f} % of the weight, so the average is as sharp as "
            "that image. If the network's picture is smoother, its limited size is the reason, not the average."
        )
    return (
        f"**Here the formula explains the blur.** About {average.n_effective:,.0f} of {average.n:,} training images share this code, "
        f"and the most likely one carries {100 * share:.0f} % of the weight. The decoder has one answer for all of them: their average."
    )


def number(spec: ModelSpec, average: Average, codes: Codes, text: Words, widen: float) -> None:
    """How many training images share the code, and how that was counted."""
    method = text.lines("method" if codes.has_prior else "kernel", n=f"{average.n:,}", kernel=f"{KERNEL * widen:g}")
    page.number("Training images that share this code", f"{average.n_effective:,.1f}", method, of=spec)
