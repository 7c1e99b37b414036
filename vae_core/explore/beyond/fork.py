"""A ball above a wedge: one still image of it, two futures. The distribution of its path is known exactly.

The still shows the ball at b beside the middle, where the wedge has its edge. The ball falls to the left with probability
p = 1/(1 + e^(κb)): the more surely, the farther to the left it lies. Its path x, (T,), is where it is sideways at T times, in half widths
of the image: x = b(1 − u) + s·a·u + ηε, with the side s = ∓1, the reach a ∼ N(m, τ²), u what has passed of the way below the edge, and
noise ε ∼ N(0, I).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

SIZE = 16
"""Pixels of a side of the still."""
TIMES = np.linspace(0, 1, 11)[1:]
"""At which the path is known, (10,): the ball is seen at 0 and is at the bottom at 1."""
HIT = 0.4
"""When the ball meets the edge."""
ALONG = np.clip((TIMES - HIT) / (1 - HIT), 0, None)
"""u, (10,): 0 until the edge, 1 at the bottom."""
REACH, SPREAD, NOISE = 0.6, 0.08, 0.02
"""m, τ and η."""
STEEPNESS = 7.5
"""κ."""
TOP, EDGE, BOTTOM = 0.7, 0.1, -0.9
"""Heights of the ball in the still, of the wedge's edge, and of the bottom."""
RADIUS = 0.2
"""Of the ball."""
SLOPE = 0.45
"""Half the wedge's width, for each unit below its edge."""
PROBABILITIES = (0.1, 0.9)
"""Between which p lies on the page; the networks are trained beyond, up to b = ±`WIDEST`."""
WIDEST = 0.4


def place(p: float) -> float:
    """b, from which the ball falls to the left with probability p."""
    return math.log((1 - p) / p) / STEEPNESS


def probability(b: np.ndarray) -> np.ndarray:
    """p of balls at b."""
    return 1 / (1 + np.exp(STEEPNESS * b))


def heights() -> np.ndarray:
    """Of the ball at 0 and at the `TIMES`, (11,): it falls evenly to the edge, and from there to the bottom."""
    return np.interp(np.concatenate([[0.0], TIMES]), [0, HIT, 1], [TOP, EDGE + RADIUS, BOTTOM])


def wedge() -> tuple[np.ndarray, np.ndarray]:
    """Its corners, across and up, (3,) each."""
    half_width = SLOPE * (EDGE + 1)
    return np.array([-half_width, 0.0, half_width]), np.array([-1.0, EDGE, -1.0])


def stills(b: np.ndarray) -> np.ndarray:
    """Images of ball and wedge, (N,) → float32 (N, 16, 16) in [0, 1]: the first row is the top, and edges are soft over a pixel."""
    centres = (np.arange(SIZE) + 0.5) * 2 / SIZE - 1
    x, y, per_unit = centres, -centres[:, None], SIZE / 2
    balls = (RADIUS - np.hypot(x - b[:, None, None], y - TOP)) * per_unit + 0.5
    wedge = (SLOPE * (EDGE - y) - np.abs(x)) * per_unit + 0.5
    return np.maximum(np.clip(balls, 0, 1), 0.6 * np.clip(wedge, 0, 1)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Futures of one still, or of one still each.

    Attributes:
        x: (N, T).
        is_left: which side, (N,).
    """

    x: np.ndarray
    is_left: np.ndarray


def paths(b: np.ndarray, rng: np.random.Generator) -> Paths:
    """One future of each ball, (N,)."""
    is_left = rng.uniform(size=len(b)) < probability(b)
    reach = np.where(is_left, -1, 1) * rng.normal(REACH, SPREAD, len(b))
    x = b[:, None] * (1 - ALONG) + reach[:, None] * ALONG
    return Paths(x + rng.normal(0, NOISE, x.shape), is_left)


def mean_path(p: float) -> np.ndarray:
    """E[x], (T,), the one path of least squared error: it ends at (1 − 2p)·m, so at p = ½ on the middle, where no ball ends."""
    return place(p) * (1 - ALONG) + (1 - 2 * p) * REACH * ALONG


def log_density(x: np.ndarray, p: float) -> np.ndarray:
    """Log density of paths, (N, T) → (N,), in nats: a mixture of two Gaussians with covariance τ²uuᵀ + η²I."""
    length = float(ALONG @ ALONG)
    n = len(TIMES)
    log_det = (n - 1) * 2 * math.log(NOISE) + math.log(NOISE**2 + SPREAD**2 * length)
    terms = []
    for sign, weight in ((-1, p), (1, 1 - p)):
        apart = x - place(p) * (1 - ALONG) - sign * REACH * ALONG
        along = apart @ ALONG / math.sqrt(length)
        squares = (np.square(apart).sum(1) - along**2) / NOISE**2 + along**2 / (NOISE**2 + SPREAD**2 * length)
        terms.append(math.log(weight) - 0.5 * (squares + log_det + n * math.log(2 * math.pi)))
    return np.logaddexp(terms[0], terms[1])


def end_density(at: np.ndarray, p: float) -> np.ndarray:
    """Density of the last place, (N,) → (N,)."""
    width = math.hypot(SPREAD, NOISE)
    left, right = (np.exp(-0.5 * ((at - sign * REACH) / width) ** 2) for sign in (-1, 1))
    return (p * left + (1 - p) * right) / (width * math.sqrt(2 * math.pi))


def end_below(at: np.ndarray, p: float) -> np.ndarray:
    """Probability that the last place is at most so far to the right, (N,) → (N,)."""
    width = math.hypot(SPREAD, NOISE)
    return p * ndtr((at + REACH) / width) + (1 - p) * ndtr((at - REACH) / width)
