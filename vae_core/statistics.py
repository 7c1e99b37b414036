"""Means with their errors, and the quality of a picture: each formula once."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np

Amount = TypeVar("Amount", float, np.ndarray)
Z_95 = 1.959964
"""So many standard errors on either side of a mean make a 95 % interval."""


def standard_error(values: np.ndarray) -> float:
    """Of the mean of values, (N,); not a number for one value, which does not say how values differ."""
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def half_width(values: np.ndarray) -> float:
    """Of the 95 % interval of the mean of values, (N,)."""
    return Z_95 * standard_error(values)


def ratio_half_width(one: np.ndarray, other: np.ndarray) -> float:
    """Of the 95 % interval of mean(one)/mean(other), (N,) of the same things each: to first order (Cochran 1977, Eq. (2.46))."""
    return half_width(one - one.mean() / other.mean() * other) / abs(float(other.mean()))


def difference_estimate(everywhere: np.ndarray, better: np.ndarray, chosen: np.ndarray) -> tuple[float, float]:
    """The mean of a better measurement over N images of which it was made on n, with its standard error.

    What it gains on those n over another measurement of all N is added to the mean of that one (Cochran 1977, Sec. 7.2). The standard
    error is that of the images, and of a gain that was measured on n of them: s²(better)/N + (1/n − 1/N)·s²(gain).

    Args:
        everywhere: the other measurement, (N,).
        better: the better one, (n,).
        chosen: which images that is of, (n,).
    """
    n_all, n = len(everywhere), len(chosen)
    gain = better - everywhere[chosen]
    variance = better.var(ddof=1) / n_all + (1 / n - 1 / n_all) * gain.var(ddof=1)
    return float(everywhere.mean() + gain.mean()), math.sqrt(variance)


def standard_error_of_sd(values: np.ndarray) -> float:
    """Of the standard deviation of values, (N,): √((m₄ − m₂²)/N)/(2√m₂) by their central moments, however heavy their tails are."""
    squares = np.square(values - values.mean())
    second = float(squares.mean())
    return math.sqrt((float(np.square(squares).mean()) - second**2) / len(values)) / (2 * math.sqrt(second))


def standard_error_of_share(share: float, n: int) -> float:
    """Of a share of n independent draws (binomial)."""
    return math.sqrt(share * (1 - share) / n)


def share_interval(share: Amount, n: int) -> tuple[Amount, Amount]:
    """95 % interval of a share of n independent draws, or of each of several (Wilson 1927): within [0, 1], of some width at 0 and 1."""
    centre = share + Z_95**2 / (2 * n)
    half = Z_95 * (share * (1 - share) / n + Z_95**2 / (4 * n**2)) ** 0.5
    return (centre - half) / (1 + Z_95**2 / n), (centre + half) / (1 + Z_95**2 / n)


def psnr(mean_squared_error: np.ndarray | float) -> np.ndarray:
    """Peak signal-to-noise ratio of images in [0, 1] in dB, −10 log₁₀ MSE; infinite where there is no error."""
    with np.errstate(divide="ignore"):
        return -10 * np.log10(np.asarray(mean_squared_error, np.float64)) + 0.0
