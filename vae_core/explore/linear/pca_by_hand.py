"""PCA of points in the plane with one component: the error of every direction, the derivation line by line, power iteration.

Points are (N, 2), x̄ their mean, C = Σ(xᵢ − x̄)(xᵢ − x̄)ᵀ/N their covariance, and v = (cos θ, sin θ) a direction, θ in degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vae_core.errors import require
from vae_core.models.pca import spectrum

N_POINTS = 20
REACH = 5.0
"""Coordinates of points lie between −REACH and REACH."""
GRID = 0.01
"""Coordinates are whole multiples of it, so that a link holds them exactly."""
OUTLIER = (-3.6, 4.4)
FEWEST, MOST = 2, 60
"""How many points there may be."""
DIGITS = "0123456789abcdefghijklmnopqrstuv"
"""Of a number in a link: base 32, two digits a coordinate, four a point."""


def cloud(seed: int) -> np.ndarray:
    """Points along a line that is drawn, too: (20, 2), normal with standard deviations 2.5 and 0.9 along and across it."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(15, 75)
    along, across = direction(angle), direction(angle + 90)
    spread = rng.normal(size=(N_POINTS, 2)) * (2.5, 0.9)
    return on_grid(rng.uniform(-0.5, 0.5, 2) + spread @ np.stack([along, across]))


def on_grid(points: np.ndarray) -> np.ndarray:
    """The points at whole multiples of `GRID` within `REACH`."""
    steps = np.clip(np.rint(points / GRID), -REACH / GRID, REACH / GRID)
    return steps / round(1 / GRID)


def code_of(points: np.ndarray) -> str:
    """Points on the grid in a few letters, four a point, for a link."""
    steps = np.rint(points.ravel() / GRID).astype(int) + round(REACH / GRID)
    return "".join(DIGITS[step // 32] + DIGITS[step % 32] for step in steps.tolist())


def points_of(code: str) -> np.ndarray:
    """The inverse of `code_of`.

    Raises:
        ValueError: if the code is none of 2 to 60 points.
    """
    n, is_whole = len(code) // 4, len(code) % 4 == 0
    require(is_whole and FEWEST <= n <= MOST and set(code) <= set(DIGITS), "code", f"hold {FEWEST} to {MOST} points", code[:20])
    steps = np.array([int(code[i : i + 2], 32) for i in range(0, len(code), 2)]) - round(REACH / GRID)
    require(bool((np.abs(steps) <= round(REACH / GRID)).all()), "code", f"hold coordinates from −{REACH:g} to {REACH:g}", code[:20])
    return steps.reshape(n, 2) / round(1 / GRID)


def direction(angle: float) -> np.ndarray:
    """v = (cos θ, sin θ), (2,)."""
    return np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])


@dataclass(frozen=True, slots=True, eq=False)
class Principal:
    """What the covariance of points says.

    Attributes:
        covariance: C, (2, 2).
        eigenvalues: λ₁ ≥ λ₂, (2,).
        angle: of v₁, in degrees, from 0 to below 180.
    """

    covariance: np.ndarray
    eigenvalues: np.ndarray
    angle: float

    @property
    def total(self) -> float:
        """tr C, the variance in all directions together."""
        return float(np.trace(self.covariance))


def principal(points: np.ndarray) -> Principal:
    """Covariance of the points, divided by N, with its eigenvalues and the direction of the larger."""
    exact, centred = spectrum(points), points - points.mean(0)
    v1 = exact.components[0]
    return Principal(centred.T @ centred / len(points), exact.eigenvalues, math.degrees(math.atan2(v1[1], v1[0])) % 180)


def codes(points: np.ndarray, angle: float) -> np.ndarray:
    """The best codes for a direction, zᵢ* = vᵀ(xᵢ − x̄), (N,)."""
    return (points - points.mean(0)) @ direction(angle)


def reconstructions(points: np.ndarray, angle: float, scale: float = 1.0) -> np.ndarray:
    """x̂ᵢ = x̄ + zᵢv, (N, 2), with the codes `scale` times the best ones."""
    return points.mean(0) + scale * codes(points, angle)[:, None] * direction(angle)


def sse(points: np.ndarray, angle: float, scale: float = 1.0) -> float:
    """Σᵢ‖x̂ᵢ − xᵢ‖², over all points."""
    return float(np.square(reconstructions(points, angle, scale) - points).sum())


def variance(points: np.ndarray, angle: float) -> float:
    """Variance of the projections, vᵀCv."""
    v = direction(angle)
    return float(v @ principal(points).covariance @ v)


def lagrange_gradient(points: np.ndarray, angle: float) -> np.ndarray:
    """−2Sv + 2λv with λ = vᵀSv, (2,): S = N·C, and the gradient is 0 where v is an eigenvector."""
    scatter, v = len(points) * principal(points).covariance, direction(angle)
    return -2 * scatter @ v + 2 * (v @ scatter @ v) * v


def from_best(points: np.ndarray, angle: float) -> float:
    """Degrees between a direction and v₁, from 0 to 90."""
    return abs((angle - principal(points).angle + 90) % 180 - 90)


ANY_CODES, BEST_CODES = "loss, any z", "loss"
"""What a line of the derivation is: the squared error for the codes at hand, or for the best ones. Lines of a kind are equal."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the derivation on points.

    Attributes:
        formula: in LaTeX.
        value: what it comes to on these points.
        what: `loss` for the squared error over all points; `loss, any z` before the best codes are put in; else what it is, in a word.
        remark: what is to be said of it, a sentence.
    """

    formula: str
    value: float
    what: str
    remark: str


def derivation(points: np.ndarray, angle: float, scale: float = 1.0) -> tuple[Line, ...]:
    """From the reconstruction error to the eigenvalue problem, each line computed from the points by its own formula.

    The first two lines hold for any codes, here `scale` times the best; every later one has the best codes z*. The losses before, and those
    after, are equal.

    Args:
        points: (N, 2).
        angle: of v, in degrees.
        scale: of the codes in the first lines.
    """
    return (*_for_any_codes(points, angle, scale), *_for_best_codes(points, angle), *_eigenvalue_problem(points, angle))


def _for_any_codes(points: np.ndarray, angle: float, scale: float) -> tuple[Line, ...]:
    v, d = direction(angle), points - points.mean(0)
    z = scale * codes(points, angle)
    defined = float(np.square(points.mean(0) + z[:, None] * v - points).sum())
    expanded = float((z**2 - 2 * z * (d @ v) + (d**2).sum(1)).sum())
    slope = float(np.abs(2 * z - 2 * d @ v).max())
    return (
        Line(r"\mathcal{L} = \sum_i \lVert \bar x + z_i v - x_i \rVert^2", defined, ANY_CODES, "What is lost, for any codes z."),
        Line(
            r"\phantom{\mathcal{L}} = \sum_i \big[ z_i^2 - 2 z_i\, v^\top d_i + \lVert d_i \rVert^2 \big]",
            expanded,
            ANY_CODES,
            "Expanded with dᵢ = xᵢ − x̄ and vᵀv = 1.",
        ),
        Line(
            r"\tfrac{\partial \mathcal{L}}{\partial z_i} = 2 z_i - 2 v^\top d_i = 0 \Rightarrow z_i^* = v^\top d_i",
            slope,
            "largest slope",
            "Zero at the best codes z*. With several components, code j has vⱼ: the slide writes vᵢ there.",
        ),
    )


def _for_best_codes(points: np.ndarray, angle: float) -> tuple[Line, ...]:
    v, d, n = direction(angle), points - points.mean(0), len(points)
    best, norms, scatter = d @ v, (d**2).sum(1), d.T @ d
    x_hat, covariance = points.mean(0) + best[:, None] * v, scatter / n
    return (
        Line(
            r"\mathcal{L}^* = \sum_i \big[ {-z_i^{*2}} + \lVert d_i \rVert^2 \big]",
            float((norms - best**2).sum()),
            BEST_CODES,
            "The best codes are put in.",
        ),
        Line(
            r"\phantom{\mathcal{L}^*} = -v^\top S v + \sum_i \lVert d_i \rVert^2",
            float(norms.sum() - v @ scatter @ v),
            BEST_CODES,
            "S = Σᵢ dᵢdᵢᵀ is the scatter matrix.",
        ),
        Line(
            r"\phantom{\mathcal{L}^*} = N\,(\operatorname{tr} C - v^\top C v)",
            float(n * (np.trace(covariance) - v @ covariance @ v)),
            BEST_CODES,
            "With C = S/N: total variance less projected variance, so the least error is the largest variance.",
        ),
        Line(
            r"\phantom{\mathcal{L}^*} = \sum_i \lVert \hat x_i - x_i \rVert^2",
            float(np.square(x_hat - points).sum()),
            BEST_CODES,
            "Encoder z = vᵀ(x − x̄), decoder x̂ = vz + x̄; the slide writes x for x̂.",
        ),
    )


def _eigenvalue_problem(points: np.ndarray, angle: float) -> tuple[Line, ...]:
    n, exact = len(points), principal(points)
    turned = math.radians(angle - exact.angle)
    in_eigenvalues = n * (exact.eigenvalues[1] * math.cos(turned) ** 2 + exact.eigenvalues[0] * math.sin(turned) ** 2)
    slope = float(np.linalg.norm(lagrange_gradient(points, angle)))
    return (
        Line(
            r"\lVert \nabla_{\!v} \mathcal{L}_\lambda \rVert = 2\, \lVert \lambda v - S v \rVert",
            slope,
            "slope",
            "ℒ* + λ(vᵀv − 1), flat where Sv = λv. The slide also maximises vᵀSv + λ(vᵀv − 1), whose λ is minus the eigenvalue.",
        ),
        Line(
            r"\mathcal{L}^* = N\,(\lambda_2 \cos^2\!\Delta + \lambda_1 \sin^2\!\Delta)",
            float(in_eigenvalues),
            BEST_CODES,
            "Eigenvalues of C, and Δ the angle from v to v₁: least at Δ = 0, where it is Nλ₂.",
        ),
    )


def largest_gap(lines: tuple[Line, ...]) -> float:
    """Largest difference between two lines that must be equal, as a share of the larger; 0 where all are 0."""
    gaps = [0.0]
    for what in (ANY_CODES, BEST_CODES):
        losses = [line.value for line in lines if line.what == what]
        gaps.append((max(losses) - min(losses)) / (max(map(abs, losses)) or 1.0))
    return max(gaps)


@dataclass(frozen=True, slots=True)
class PowerStep:
    """A step of the power iteration: the direction, its projected variance, and how far it is from v₁, in degrees."""

    angle: float
    variance: float
    away: float


def power_iteration(points: np.ndarray, angle: float, n_steps: int) -> tuple[PowerStep, ...]:
    """v ← Cv/‖Cv‖, `n_steps` times, beginning with the direction itself; tan Δ shrinks by λ₂/λ₁ at each step.

    Golub & Van Loan 2013, Sec. 7.3.1. Where Cv = 0 the direction stays.
    """
    exact, steps = principal(points), []
    for _ in range(n_steps + 1):
        v = direction(angle)
        steps.append(PowerStep(angle, float(v @ exact.covariance @ v), from_best(points, angle)))
        onto = exact.covariance @ v
        angle = math.degrees(math.atan2(onto[1], onto[0])) % 180 if onto.any() else angle
    return tuple(steps)
