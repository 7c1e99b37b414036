"""Caches of the curves that a line becomes."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.latent import line_to_curve


@cached.keep(most=16)
def curve_table(name: str, prior: str) -> line_to_curve.CurveTable:
    """`explore.latent.line_to_curve.curve_table`."""
    return line_to_curve.curve_table(name, prior)


@cached.keep(most=16)
def curve_samples(name: str, prior: str, n_points: int) -> tuple[np.ndarray, np.ndarray]:
    """`explore.latent.line_to_curve.curve_samples`."""
    return line_to_curve.curve_samples(name, prior, n_points)
