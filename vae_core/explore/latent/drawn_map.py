"""A map that takes N(0, I) to points drawn by hand: the cells that are painted, filled evenly. One coordinate after the other, exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import norm as normal

from vae_core.data.drawn import CELL, REACH, SIDE, decoded
from vae_core.explore.latent.ring import Estimate, log_standard_normal
from vae_core.statistics import standard_error


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """g = (g₁(z₁), g₂(z₁, z₂)) with which g(z) is uniform over painted cells: the rearrangement of Rosenblatt 1952, inverted.

    g₁ sends the quantiles of N(0, 1) to those of the painted columns, g₂ to those of the cells of the column that g₁ has chosen. Between
    columns and over gaps it jumps.

    Attributes:
        code: of the painted cells (`data.drawn`).
    """

    code: str
    dim: int = 2
    cells: np.ndarray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", decoded(self.code))

    @property
    def counts(self) -> np.ndarray:
        """Painted cells of each column, (32,)."""
        return self.cells.sum(0)

    @property
    def area(self) -> float:
        """What is painted, in the square of the unit of y."""
        return float(self.counts.sum()) * CELL**2

    def entropy(self) -> float:
        """ln of the area, in nats."""
        return math.log(self.area)

    def forward(self, z: np.ndarray) -> np.ndarray:
        """g(z), (..., 2)."""
        counts, (u, v) = self.counts, np.moveaxis(normal.cdf(z), -1, 0)
        ends, rows = np.cumsum(counts), np.argsort(~self.cells, axis=0, kind="stable")  # of each column, its painted rows first
        at = u * ends[-1]
        column = np.minimum(np.searchsorted(ends, at, side="right"), np.flatnonzero(counts)[-1])
        across, up = (at - ends[column]) / counts[column] + 1, v * counts[column]
        k = np.minimum(up.astype(int), counts[column] - 1)
        return np.stack([column + across, rows[k, column] + up - k], -1) * CELL - REACH

    def inverse(self, y: np.ndarray) -> np.ndarray:
        """The z with g(z) = y, (..., 2); not a number where nothing is painted."""
        counts, ends = self.counts, np.cumsum(self.counts)
        column, row, is_painted = self._cell(y)
        places = (y + REACH) / CELL
        below = (np.cumsum(self.cells, axis=0) - self.cells)[row, column]
        u = (ends[column] + (places[..., 0] - column - 1) * counts[column]) / ends[-1]
        v = (below + places[..., 1] - row) / np.maximum(counts[column], 1)
        return np.where(is_painted[..., None], normal.ppf(np.stack([u, v], -1)), np.nan)

    def log_abs_det(self, z: np.ndarray) -> np.ndarray:
        """log |det J| at z, (...): log N(z; 0, I) + ln area, since p(y) = 1/area."""
        return log_standard_normal(z) + self.entropy()

    def log_density(self, y: np.ndarray) -> np.ndarray:
        """log p(y), (...): −ln area where it is painted, −∞ elsewhere."""
        return np.where(self._cell(y)[2], -self.entropy(), -np.inf)

    def _cell(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Column and row of the cell nearest to y, and whether y lies in it and it is painted, (...) each."""
        at = np.floor((y + REACH) / CELL).astype(int)
        column, row = np.moveaxis(np.clip(at, 0, SIDE - 1), -1, 0)
        return column, row, ((at >= 0) & (at < SIDE)).all(-1) & self.cells[row, column]

    def counts_in_cells(self, y: np.ndarray) -> np.ndarray:
        """How many of some points, (N, 2), lie in each painted cell, (C,)."""
        column, row, is_painted = self._cell(y)
        counts = np.zeros(self.cells.shape, int)
        np.add.at(counts, (row[is_painted], column[is_painted]), 1)
        return counts[self.cells]

    def mean(self) -> np.ndarray:
        """E[y], (2,)."""
        return self._centres().mean(0)

    def mean_squared_radius(self) -> float:
        """E‖y‖²: of the cells' centres, and of a place within a cell."""
        return float((self._centres() ** 2).sum(-1).mean() + CELL**2 / 6)

    def _centres(self) -> np.ndarray:
        """Of the painted cells, (N, 2)."""
        return (np.argwhere(self.cells)[:, ::-1] + 0.5) * CELL - REACH


def drawn_estimates(drawn: DrawnMap, y: np.ndarray) -> list[Estimate]:
    """Exact beside sampled: the means of both coordinates, and of ρ².

    Args:
        drawn: the map.
        y: its samples, (N, 2).
    """
    squared, (first, second) = (y**2).sum(-1), drawn.mean()
    rows = (("mean of y₁", first, y[:, 0]), ("mean of y₂", second, y[:, 1]), ("mean of ρ²", drawn.mean_squared_radius(), squared))
    return [Estimate(name, float(exact), float(values.mean()), standard_error(values)) for name, exact, values in rows]
