"""What the theory needs to know of a data set's training images, and no more: so that pages can show it where the images are absent."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vae_core.models.pca import Spectrum, spectrum
from vae_core.store import CHECKPOINTS

SHIPPED = CHECKPOINTS / "shipped" / "pixel_statistics.json"
"""Of the data sets that must be downloaded; written by `benchmarks/exact_rates.py`."""
DIGITS = 9
"""Significant digits that are kept."""
NOTHING = 1e-12
"""An eigenvalue below this share of the largest is rounding error, and kept as 0."""


@dataclass(frozen=True, slots=True)
class PixelStatistics:
    """Moments of the training images, pixels in [0, 1].

    Attributes:
        n_images: training images.
        eigenvalues: λ of the covariance (divided by N), (P,), largest first.
        standardised: eigenvalues of the covariance once each pixel is divided by its own standard deviation; a constant one stays 0.
        spread: standard deviation of all pixels of all images together.
        absolute_deviation: Σ_p mean |x_p − median_p|.
        binary_entropy: −log p of the best model without z on binarised training images, Σ_p H(x̄_p), in nats.
        grey_entropy: mean of Σ_p H(x_p), in nats: the least cross-entropy of grey pixels, which x̂ = x has.
    """

    n_images: int
    eigenvalues: tuple[float, ...]
    standardised: tuple[float, ...]
    spread: float
    absolute_deviation: float
    binary_entropy: float
    grey_entropy: float

    @property
    def n_features(self) -> int:
        """Number of pixels P."""
        return len(self.eigenvalues)


def pixel_statistics(x: np.ndarray) -> PixelStatistics:
    """Of training images as bytes, (N, C, H, W)."""
    exact, rows = spectrum(x), x.reshape(len(x), -1)
    spanned = exact.eigenvalues[: len(exact.components)]
    variance = (exact.components**2 * spanned[:, None]).sum(0)
    spread = float(np.sqrt(variance.mean() + exact.mean.var()))
    standardised = _standardised(exact, rows, np.divide(1, np.sqrt(variance), out=np.zeros_like(variance), where=variance > 1e-12))
    eigenvalues, of_standardised = (tuple(values.tolist()) for values in (exact.eigenvalues, standardised))
    of_grey = float(entropies(np.arange(256) / 255) @ np.bincount(rows.ravel(), minlength=256)) / len(x)
    of_mean = float(entropies(exact.mean).sum())
    return PixelStatistics(len(x), eigenvalues, of_standardised, spread, _absolute_deviation(rows), of_mean, of_grey)


def _standardised(exact: Spectrum, rows: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """Eigenvalues of the covariance once each pixel is multiplied by `inverse`, (P,); of few images by their own singular values."""
    if len(exact.components) < len(inverse):
        return spectrum(rows / 255 * inverse).eigenvalues
    covariance = (exact.components.T * exact.eigenvalues) @ exact.components
    return np.linalg.eigvalsh(covariance * inverse * inverse[:, None])[::-1].clip(min=0)


def _absolute_deviation(rows: np.ndarray) -> float:
    """Column by column, from the counts of the 256 levels."""
    total, levels = 0.0, np.arange(256)
    for column in rows.T:
        counts = np.bincount(column, minlength=256)
        median = int(np.searchsorted(np.cumsum(counts), len(column) / 2))
        total += float((counts * np.abs(levels - median)).sum()) / len(column)
    return total / 255


def entropies(p: np.ndarray) -> np.ndarray:
    """H of a Bernoulli variable for each p, in nats."""
    inside = np.where((p > 0) & (p < 1), p, 0.5)
    return np.where(inside == p, -(p * np.log(inside) + (1 - p) * np.log1p(-inside)), 0.0)


def shipped(path: Path = SHIPPED) -> dict[str, PixelStatistics]:
    """Data set → its statistics, of those that came with the program."""
    found = json.loads(path.read_text()) if path.is_file() else {}
    return {name: _from_json(row) for name, row in found.items()}


def _from_json(row: dict[str, Any]) -> PixelStatistics:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return PixelStatistics(**values)


def write(statistics: dict[str, PixelStatistics], path: Path = SHIPPED) -> None:
    """Keep statistics with the program, rounded to `DIGITS` digits."""
    rows = {name: {k: _rounded(v) for k, v in asdict(one).items()} for name, one in statistics.items()}
    path.write_text("{\n" + ",\n".join(f" {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()) + "\n}\n")


def _rounded(value: int | float | tuple[float, ...]) -> object:
    if isinstance(value, tuple):
        return [float(f"{v:.{DIGITS}g}") if v > NOTHING * value[0] else 0 for v in value]
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")
