"""The Gaussian nearest to a posterior, KL(q ‖ p(z|x)), by natural gradients on the nodes of a plane: diagonal first, then full. Nats.

A step moves q's precision towards −E_q ∇² log p(x, z), and its mean along E_q ∇ log p(x, z) (Khan & Rue 2023, *The Bayesian learning
rule*); both expectations are by parts, of log p(x, z) itself. A step that would lower the ELBO is halved, so that none does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.explore.elbo.posterior import Gaussian, Plane, Under

RATE, MOST_STEPS, MOST_HALVINGS = 0.5, 100, 12
SETTLED = 1e-5
"""Nats: a step that gains less is the last."""
ELSEWHERE = 3.0
"""Widths of the best q on the encoder's hill: if the node of the largest density is farther away, it is tried, too."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A q on its way, and what is known under it."""

    q: Gaussian
    under: Under


@dataclass(frozen=True, slots=True, eq=False)
class Ascent:
    """The way of q from the encoder's to the best diagonal, and on to the best full Gaussian.

    Attributes:
        path: q after each step, the encoder's first.
        elbos: of each, (n,); never falls.
        draw: standard deviation of the ELBO's estimate by one draw of the encoder's q.
        n_diagonal: steps to the best diagonal q; those after it turn the ellipse.
    """

    path: list[Gaussian]
    elbos: np.ndarray
    draw: float
    n_diagonal: int

    @property
    def diagonal(self) -> Gaussian:
        """The best diagonal q."""
        return self.path[self.n_diagonal]

    @property
    def full(self) -> Gaussian:
        """The best q of all Gaussians that were found."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Split:
    """log p(x) − ELBO of an image, by what causes it; none is negative.

    Attributes:
        log_px: log p(x).
        amortization: what the encoder's q lacks to the best diagonal one.
        diagonal: what that one lacks to the best full Gaussian.
        gaussian: what that one lacks to log p(x).
        draw: standard deviation of the ELBO's estimate by one draw.
        move: by how much the last halving of the squares moved log p(x).
    """

    log_px: float
    amortization: float
    diagonal: float
    gaussian: float
    draw: float
    move: float

    @property
    def approximation(self) -> float:
        """What the best diagonal q lacks to log p(x)."""
        return self.diagonal + self.gaussian

    @property
    def gap(self) -> float:
        """log p(x) − ELBO = KL(q(z|x) ‖ p(z|x))."""
        return self.amortization + self.approximation


def ascent(plane: Plane, q: Gaussian) -> Ascent:
    """From the encoder's q, or from the node of the largest density where that is another hill, and ends higher."""
    start, top = plane.under(q), plane.z[plane.log_joint.argmax()]
    way = climb(plane, State(q, start), is_full=False)
    away = (top - way[-1].q.mean) / way[-1].q.widths
    if np.abs(away).max() > ELSEWHERE:
        there = Gaussian(top, q.covariance)
        other = climb(plane, State(there, plane.under(there)), is_full=False)
        if other[-1].under.elbo > way[-1].under.elbo:
            way = [way[0], *(state for state in other if state.under.elbo > start.elbo)]
    states = way + climb(plane, way[-1], is_full=True)[1:]
    return Ascent([state.q for state in states], np.array([state.under.elbo for state in states]), start.spread_of_a_draw, len(way) - 1)


def climb(plane: Plane, start: State, *, is_full: bool) -> list[State]:
    """The start, and where each step leads, until one gains next to nothing.

    Args:
        plane: of an image.
        start: where it begins.
        is_full: whether the covariance may turn away from the axes.
    """
    path = [start]
    while len(path) <= MOST_STEPS and (state := _step(plane, path[-1], is_full)) is not None:
        path.append(state)
        if state.under.elbo - path[-2].under.elbo < SETTLED:
            break
    return path


def _step(plane: Plane, now: State, is_full: bool) -> State | None:
    """The next q; None where no step is short enough to gain."""
    gradient, curvature = derivatives(now.under, now.q)
    precision = now.q.precision
    target = -curvature if is_full else np.diag(-np.diag(curvature))
    for halvings in range(MOST_HALVINGS):
        rate = RATE / 2**halvings
        wanted = (1 - rate) * precision + rate * target
        if np.linalg.eigvalsh(wanted).min() <= 0:
            continue
        covariance = np.linalg.inv(wanted)
        tried = Gaussian(now.q.mean + rate * covariance @ gradient, covariance)
        under = plane.under(tried)
        if under.elbo > now.under.elbo:
            return State(tried, under)
    return None


def derivatives(under: Under, q: Gaussian) -> tuple[np.ndarray, np.ndarray]:
    """E_q ∇ log p(x, z), (2,), and E_q ∇² log p(x, z), (2, 2), by parts."""
    height = under.weights * (under.log_joint - under.weights @ under.log_joint)  # sums to 0
    slope = (under.z - q.mean) @ q.precision  # −∇ log q
    return height @ slope, (height[:, None] * slope).T @ slope


def split(plane: Plane, way: Ascent) -> Split:
    """log p(x) − ELBO of the encoder's q, in its parts."""
    encoder, diagonal, full = (float(way.elbos[k]) for k in (0, way.n_diagonal, -1))
    return Split(plane.log_px, diagonal - encoder, full - diagonal, plane.log_px - full, way.draw, plane.move)
