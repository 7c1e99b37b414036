"""From a line to a curve: z in [0, 1] becomes g(z) in the plane, with the tangent g'(z) and the density p(z)/|g'(z)| along the curve."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from vae_core.errors import require

TAU = 2 * math.pi


@dataclass(frozen=True, slots=True)
class Curve:
    """A smooth curve on [0, 1].

    Attributes:
        title: what a person reads.
        formula: of g, in LaTeX.
        point: z (N,) -> g(z), (N, 2).
        tangent: z (N,) -> g'(z), (N, 2).
        length: arc length in closed form, or None where there is none.
    """

    title: str
    formula: str
    point: Callable[[np.ndarray], np.ndarray]
    tangent: Callable[[np.ndarray], np.ndarray]
    length: float | None


def pair(x: np.ndarray | float, y: np.ndarray) -> np.ndarray:
    """Two coordinates side by side, (N, 2)."""
    return np.stack(np.broadcast_arrays(x, y), -1)


TURNS = 2.0
"""Turns of the spiral g(z) = z·(cos 4πz, sin 4πz)."""


def spiral_length(turns: float) -> float:
    """Arc length of z·(cos ωz, sin ωz) over [0, 1], with ω = 2π·turns: ½(√(1 + ω²) + asinh(ω)/ω)."""
    omega = TAU * turns
    return 0.5 * (math.sqrt(1 + omega**2) + math.asinh(omega) / omega)


CURVES: dict[str, Curve] = {
    "spiral": Curve(
        "Spiral",
        r"g(z) = z\,(\cos 4\pi z,\ \sin 4\pi z)",
        lambda z: pair(z * np.cos(TAU * TURNS * z), z * np.sin(TAU * TURNS * z)),
        lambda z: pair(
            np.cos(TAU * TURNS * z) - TAU * TURNS * z * np.sin(TAU * TURNS * z),
            np.sin(TAU * TURNS * z) + TAU * TURNS * z * np.cos(TAU * TURNS * z),
        ),
        spiral_length(TURNS),
    ),
    "circle": Curve(
        "Circle",
        r"g(z) = (\cos 2\pi z,\ \sin 2\pi z)",
        lambda z: pair(np.cos(TAU * z), np.sin(TAU * z)),
        lambda z: pair(-TAU * np.sin(TAU * z), TAU * np.cos(TAU * z)),
        TAU,
    ),
    "figure_eight": Curve(
        "Figure eight",
        r"g(z) = (\sin 2\pi z,\ \tfrac12\sin 4\pi z)",
        lambda z: pair(np.sin(TAU * z), 0.5 * np.sin(2 * TAU * z)),
        lambda z: pair(TAU * np.cos(TAU * z), TAU * np.cos(2 * TAU * z)),
        None,
    ),
    "wave": Curve(
        "Wave",
        r"g(z) = (2z - 1,\ \tfrac12\sin 3\pi z)",
        lambda z: pair(2 * z - 1, 0.5 * np.sin(1.5 * TAU * z)),
        lambda z: pair(2.0, 0.75 * TAU * np.cos(1.5 * TAU * z)),
        None,
    ),
}

PRIORS: dict[str, tuple[float, float]] = {"uniform": (1.0, 1.0), "middle": (3.0, 3.0), "start": (1.0, 3.0)}
"""Priors on [0, 1] as the two shape numbers of a Beta law: flat, more in the middle, more near 0."""


@dataclass(frozen=True, slots=True, eq=False)
class CurveTable:
    """A curve at evenly spaced z.

    Attributes:
        z: (N,), from 0 to 1.
        point: g(z), (N, 2).
        tangent: g'(z), (N, 2).
        speed: |g'(z)|, (N,).
        prior: p(z), (N,).
        density: p(z)/|g'(z)|, (N,): per unit of length along the curve.
        arc: length of the curve from 0 to z, (N,), by the trapezoid rule.
    """

    z: np.ndarray
    point: np.ndarray
    tangent: np.ndarray
    speed: np.ndarray
    prior: np.ndarray
    density: np.ndarray
    arc: np.ndarray


def curve(name: str) -> Curve:
    """The curve of that name.

    Raises:
        ValueError: if there is none.
    """
    require(name in CURVES, "curve", f"be one of {', '.join(CURVES)}", name)
    return CURVES[name]


def curve_table(name: str, prior: str = "uniform", n: int = 801) -> CurveTable:
    """A curve, its tangent and the density of g(z) along it, for z with the named prior.

    Raises:
        ValueError: if curve or prior are unknown.
    """
    require(prior in PRIORS, "prior", f"be one of {', '.join(PRIORS)}", prior)
    chosen, z = curve(name), np.linspace(0, 1, n)
    tangent = chosen.tangent(z)
    speed = np.linalg.norm(tangent, axis=-1)
    p_z = stats.beta.pdf(z, *PRIORS[prior])
    arc = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2 * np.diff(z))])
    return CurveTable(z, chosen.point(z), tangent, speed, p_z, p_z / speed, arc)


def curve_samples(name: str, prior: str, n_points: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """z ~ p(z), (N,), and g(z), (N, 2)."""
    require(prior in PRIORS, "prior", f"be one of {', '.join(PRIORS)}", prior)
    z = np.random.default_rng(seed).beta(*PRIORS[prior], n_points)
    return z, curve(name).point(z)
