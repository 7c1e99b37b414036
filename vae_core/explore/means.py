"""Means over images as they are printed: each with its interval, to the digits that this earns, and log p(x) with how it was obtained."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae_core import statistics
from vae_core.log_px import is_bound, is_loose
from vae_core.statistics import Z_95
from vae_core.units import earned_places, minus, plain, rounded_to, with_interval


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over n images, value ± half_width: its 95 % interval (normal), None where no standard error is known."""

    value: float
    half_width: float | None
    n: int

    def __str__(self) -> str:
        return with_interval(self.value, self.half_width)

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends; the value itself twice where no standard error is known."""
        return self.value - (self.half_width or 0.0), self.value + (self.half_width or 0.0)

    @property
    def tells_apart(self) -> bool:
        """Whether the interval of a difference leaves 0 out."""
        return abs(self.value) > (self.half_width or 0.0)

    def less(self, other: Mean) -> Mean:
        """The difference of two means of which no more is known: as if they were of different images."""
        return Mean(self.value - other.value, math.hypot(self.half_width or 0.0, other.half_width or 0.0), min(self.n, other.n))

    def over(self, other: Mean, difference: Mean | None) -> Mean:
        """The ratio of two means, with its interval to first order (`statistics.ratio_half_width`).

        Args:
            other: the mean below the line.
            difference: of the two on the same images, whose interval says how they vary together; None as if of different images.
        """
        ratio = self.value / other.value
        own, its, apart = (mean.half_width or 0.0 for mean in (self, other, difference or self.less(other)))
        together = (own**2 + its**2 - apart**2) / 2
        variance = own**2 + (ratio * its) ** 2 - 2 * ratio * together
        return Mean(ratio, math.sqrt(max(variance, 0.0)) / abs(other.value) or None, min(self.n, other.n))

    def __neg__(self) -> Mean:
        return Mean(-self.value, self.half_width, self.n)

    @property
    def in_percent(self) -> Mean:
        """A mean share, as so many per cent."""
        return Mean(100 * self.value, None if self.half_width is None else 100 * self.half_width, self.n)


def mean_of(values: np.ndarray) -> Mean:
    """The mean of one number an image, (N,). Of two models' difference, image by image, its interval is that of paired images."""
    return Mean(float(values.mean()), statistics.half_width(values) if len(values) > 1 else None, len(values))  # one says nothing of others


@dataclass(frozen=True, slots=True)
class Share:
    """So many of n of which something is true, with the 95 % interval of Wilson (`statistics.share_interval`)."""

    count: int
    n: int

    @property
    def share(self) -> float:
        """count/n."""
        return self.count / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends."""
        return statistics.share_interval(self.share, self.n)

    @property
    def in_percent(self) -> tuple[float, float, float]:
        """The share and the ends of its interval, in per cent."""
        low, high = self.interval
        return 100 * self.share, 100 * low, 100 * high

    @property
    def in_brief(self) -> str:
        """In per cent ± half the width of the interval, where brackets have no room: 90.6 ± 1.8."""
        share, low, high = self.in_percent
        return with_interval(share, (high - low) / 2)

    def is_below(self, other: Share) -> bool:
        """Whether its interval lies below that of another share."""
        return self.interval[1] < other.interval[0]

    def __str__(self) -> str:
        """In per cent, to the digits that half the interval earns: 80 % (49 to 94)."""
        share, low, high = self.in_percent
        places = max(0, earned_places((high - low) / 2))
        return "{} % ({} to {})".format(*(rounded_to(value, places) for value in (share, low, high)))


def ratio_of(one: np.ndarray, other: np.ndarray) -> Mean:
    """The ratio of the means of two numbers an image, (N,) each, of which the same images are both means."""
    return Mean(float(one.mean() / other.mean()), statistics.ratio_half_width(one, other) or None, len(one))


def mean_of_few(values: np.ndarray) -> Mean:
    """The mean of one number per repetition, (R,), with Student's 95 % interval of R − 1 degrees of freedom, for R is small."""
    from scipy.special import stdtrit

    n = len(values)
    return Mean(float(values.mean()), float(stdtrit(n - 1, 0.975) * values.std(ddof=1)) / math.sqrt(n), n)


def mean_of_metrics(metrics: Mapping[str, Any], name: str = "sse") -> Mean:
    """The mean of one number an image, such as `sse` or `elbo`, from a stored `evaluation.Evaluation` as JSON."""
    error = metrics.get(f"{name}_standard_error")
    return Mean(metrics[name], None if error is None else Z_95 * error, metrics["n_images"])


def to_earned(value: float, half_width: float | None) -> str:
    """A mean without an interval of its own, to the digits that the interval of another one like it earns; to three where there is none."""
    return rounded_to(value, earned_places(half_width)) if half_width else minus(plain(value))


def as_earned(mean: Mean) -> str:
    """With its interval; to three digits where none is known."""
    return str(mean) if mean.half_width else to_earned(mean.value, None)


def part_of_metrics(metrics: Mapping[str, Any], name: str) -> str:
    """Rate or distortion: with its interval where one is stored, else to the digits that the ELBO's interval earns."""
    own, elbo = (mean_of_metrics(metrics, one) for one in (name, "elbo"))
    return str(own) if own.half_width else to_earned(own.value, elbo.half_width)


def log_px_of_metrics(metrics: Mapping[str, Any]) -> str:
    """log p(x) of a stored evaluation ± its half-width; "≥" says that it is a bound."""
    sign = "≥ " if is_bound(metrics) else ""
    return f"{sign}{mean_of_metrics(metrics, 'log_px')}"


def log_px_method(metrics: Mapping[str, Any]) -> str:
    """How the log p(x) of a stored evaluation was obtained, and whether its bound is loose."""
    method = metrics["log_px_method"]
    if not is_bound(metrics):
        return method
    k, n_tried = metrics["log_px_n_samples"] or metrics["n_samples"], metrics["log_px_n_images"]
    is_of_some = method == "bound from a wider proposal" and n_tried < metrics["n_images"]
    of_what = "samples of a wider q" if "wider" in method else "samples of z"
    of_some = f", on {n_tried:,} of the images" if is_of_some else ""
    return f"{method.removesuffix(' from a wider proposal')} from {k:,} {of_what}{of_some}{', loose' if is_loose(metrics) else ''}"
