"""Means with their errors, and the quality of a picture: each formula once."""

from __future__ import annotations

import math

import numpy as np

Z_95 = 1.959964
"""So many standard errors on either side of a mean make a 95 % interval."""


def standard_error(values: np.ndarray) -> float:
    """Of the mean of values, (N,)."""
    return float(values.std(ddof=1)) / math.sqrt(len(values))


def half_width(values: np.ndarray) -> float:
    """Of the 95 % interval of the mean of values, (N,)."""
    return Z_95 * standard_error(values)


def standard_error_of_share(share: float, n: int) -> float:
    """Of a share of n independent draws (binomial)."""
    return math.sqrt(share * (1 - share) / n)


def psnr(mean_squared_error: np.ndarray | float) -> np.ndarray:
    """Peak signal-to-noise ratio of images in [0, 1] in dB, −10 log₁₀ MSE; infinite where there is no error."""
    with np.errstate(divide="ignore"):
        return -10 * np.log10(np.asarray(mean_squared_error, np.float64)) + 0.0
