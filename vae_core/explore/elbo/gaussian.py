"""A Gaussian of one dimension, what is expected under it, and its divergence from another; float64, nats. `gauss.js` does the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vae_core.errors import require

NODES = np.arange(-18, 19) / 2
"""Nodes t under q, in widths of q from its mean; (37,). The trapezoid rule is exact here to rounding for a polynomial under a Gaussian."""
LOG_TAU = math.log(2 * math.pi)
MEANS, WIDTHS = (-3.0, 3.0), (0.05, 2.0)
"""What q's mean and width may be."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """N(mean, width²)."""

    mean: float
    width: float

    def __post_init__(self) -> None:
        require(self.width > 0, "width", "be above 0", self.width)

    @property
    def nodes(self) -> np.ndarray:
        """Where an expectation looks, (37,)."""
        return self.mean + self.width * NODES

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """ln N(z; mean, width²), of any shape."""
        return -0.5 * ((z - self.mean) / self.width) ** 2 - math.log(self.width) - 0.5 * LOG_TAU

    def expectation(self, values: np.ndarray) -> float:
        """∫ q(z) f(z) dz of f at the nodes, (37,), by the trapezoid rule."""
        return float(np.sum(np.exp(self.log_density(self.nodes)) * values) * self.width * (NODES[1] - NODES[0]))


PRIOR = Gaussian(0.0, 1.0)


def kl(q: Gaussian, p: Gaussian) -> float:
    """KL(q ‖ p) = ln(s_p/s_q) + (s_q² + (m_q − m_p)²)/2s_p² − ½; for p = N(0, 1) it is ½(μ² + σ² − 1 − ln σ²).

    Kingma & Welling 2014, Appendix B.
    """
    return math.log(p.width / q.width) + 0.5 * ((q.width / p.width) ** 2 + ((q.mean - p.mean) / p.width) ** 2 - 1)
