"""The posterior p(z|x) of a model with two latent dimensions, by a rule over the plane that refines itself where there is mass. Nats.

The nodes are midpoints of squares, all of one size in the end. A Gaussian q counts with its values there, scaled to sum to 1, so that
Jensen's inequality holds on the nodes themselves: no such q has a larger ELBO than `Plane.log_px`, however coarse the squares are. A q that
has its mass elsewhere, or is too narrow for the squares, is looked at on nodes of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from scipy.special import logsumexp
from torch import Tensor

from vae_core import bounds
from vae_core.distributions import LOG_2PI, standard_normal_log_prob
from vae_core.models import LatentModel

HALF_WIDTH, FIRST_SIDE = 6.0, 0.2
"""Of the square where the search begins, and of the squares there."""
DEEP, DEEP_AT_LAST, AT_LAST = 60.0, 20.0, 0.04
"""Squares whose joint density is so many nats below the largest are dropped before the next halving: a narrow mode may lie between the
midpoints of the first squares, so that they look lower than it is; squares of side `AT_LAST` or less are close enough to tell."""
TOLERANCE = 3e-4
"""Nats: halving ends once it does not move log p(x) by more. By the next one it would move by a fourth of that."""
MOST_NODES = 150_000
MOST_CELLS = 150
HELD = 1e-3
"""Of the mass of a q, so much may miss the nodes."""
AT_ONCE = 2048
CHILDREN = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]]) / 4
"""Centres of the four squares in one of side 1."""
OWN = np.stack(np.meshgrid(*[0.75 * np.arange(-6, 7)] * 2, indexing="ij"), -1).reshape(-1, 2)
"""Nodes under a q, in its widths from its mean, (169, 2): the trapezoid rule."""

Look = Callable[[np.ndarray], np.ndarray]
"""Codes (G, 2) → log p(x, z), (G,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Gaussian:
    """N(mean, covariance); `log_prob` is of two dimensions.

    Attributes:
        mean: (2,).
        covariance: (2, 2).
    """

    mean: np.ndarray
    covariance: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        """Inverse of the covariance, (2, 2)."""
        return np.linalg.inv(self.covariance)

    @property
    def widths(self) -> np.ndarray:
        """Standard deviation along each axis, (2,)."""
        return np.sqrt(np.diag(self.covariance))

    def log_prob(self, z: np.ndarray) -> np.ndarray:
        """log q(z) of codes (G, 2), (G,)."""
        (a, b), (_, c) = self.precision
        across, up = (z - self.mean).T
        squares = a * across**2 + 2 * b * across * up + c * up**2
        return -0.5 * (squares + np.linalg.slogdet(self.covariance)[1]) - LOG_2PI


@dataclass(frozen=True, slots=True, eq=False)
class Under:
    """What an expectation under q looks at: nodes, weights that sum to 1, log q and log p(x, z) at the nodes, (G, 2) and (G,) thrice."""

    z: np.ndarray
    weights: np.ndarray
    log_q: np.ndarray
    log_joint: np.ndarray

    @property
    def elbo(self) -> float:
        """E_q[log p(x, z) − log q(z)]."""
        return float(self.weights @ (self.log_joint - self.log_q))

    @property
    def spread_of_a_draw(self) -> float:
        """Standard deviation of log p(x|z) over z ~ q: the noise of an ELBO that is estimated by one draw, its rate in closed form."""
        log_likelihood = self.log_joint + 0.5 * np.square(self.z).sum(1) + LOG_2PI
        return math.sqrt(float(self.weights @ np.square(log_likelihood - self.weights @ log_likelihood)))


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """log p(x, z) of one image x on the nodes that matter.

    Attributes:
        look: log p(x, z) anywhere else.
        z: nodes, (G, 2).
        log_joint: log p(x, z) there, (G,).
        side: of the square that each node stands for.
        move: by how much the last halving moved log p(x).
    """

    look: Look
    z: np.ndarray
    log_joint: np.ndarray
    side: float
    move: float = math.inf

    @property
    def log_area(self) -> float:
        """Of a square."""
        return 2 * math.log(self.side)

    @property
    def log_px(self) -> float:
        """log p(x) = log ∫ p(x, z) dz."""
        return float(logsumexp(self.log_joint)) + self.log_area

    @property
    def posterior(self) -> np.ndarray:
        """The posterior probability of each square, (G,): they sum to 1."""
        return np.exp(self.log_joint + self.log_area - self.log_px)

    @property
    def mean(self) -> np.ndarray:
        """E[z|x], (2,)."""
        return self.posterior @ self.z

    def seen(self, share: float) -> np.ndarray:
        """Lowest and highest corner of the nodes whose density is above that share of the largest, (2, 2)."""
        there = self.z[self.log_joint > self.log_joint.max() + math.log(share)]
        return np.stack([there.min(0), there.max(0)])

    def under(self, q: Gaussian) -> Under:
        """q on the nodes if they lie where it has its mass and close enough for its width, else on nodes of its own."""
        log_q = q.log_prob(self.z)
        log_mass = float(logsumexp(log_q)) + self.log_area
        if abs(math.expm1(log_mass)) < HELD:
            return Under(self.z, np.exp(log_q + self.log_area - log_mass), log_q - log_mass, self.log_joint)
        z = q.mean + OWN @ np.linalg.cholesky(q.covariance).T
        weights = np.exp(-0.5 * np.square(OWN).sum(1))
        return Under(z, weights / weights.sum(), q.log_prob(z), self.look(z))

    def elbo(self, q: Gaussian) -> float:
        """E_q[log p(x, z) − log q(z)]."""
        return self.under(q).elbo


def encoded(model: LatentModel, x: Tensor) -> list[Gaussian]:
    """q(z|x) of each image, (B, *shape), as the encoder gives it."""
    q = model.posterior(x)
    return [Gaussian(m, np.diag(v)) for m, v in zip(q.mean.double().numpy(), q.variance.double().numpy(), strict=True)]


@torch.no_grad()
def log_joint(model: LatentModel, x: Tensor, z: np.ndarray) -> np.ndarray:
    """log p(x, z) of one image, (1, *shape), under codes (G, 2), (G,)."""
    codes = torch.tensor(z, dtype=torch.float32).unsqueeze(1)  # (G, 1, D)
    return torch.cat([bounds.log_joint(model, x, part)[:, 0] for part in codes.split(AT_ONCE)]).double().numpy()


def first_nodes() -> np.ndarray:
    """Where the search begins: midpoints of the first squares, (3600, 2)."""
    axis = np.arange(-HALF_WIDTH + FIRST_SIDE / 2, HALF_WIDTH, FIRST_SIDE)
    return np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)


@torch.no_grad()
def first_log_joint(model: LatentModel, x: Tensor) -> np.ndarray:
    """log p(x, z) of many images, (B, *shape), on `first_nodes`, (B, 3600): each node is decoded once for all of them."""
    parts = torch.tensor(first_nodes(), dtype=torch.float32).split(512)
    return torch.cat([model.likelihood(z).pairwise_log_prob(x) + standard_normal_log_prob(z) for z in parts], 1).double().numpy()


def plane(model: LatentModel, x: Tensor, first: np.ndarray | None = None, *, tolerance: float = TOLERANCE) -> Plane:
    """The nodes that matter for one image, (1, *shape).

    Squares are halved, and those that hold nothing dropped, until that moves log p(x) by no more than the tolerance.

    Args:
        model: with two latent dimensions.
        x: what it sees.
        first: `first_log_joint` of this image, (3600,), if it is known.
        tolerance: in nats.
    """

    def look(z: np.ndarray) -> np.ndarray:
        return log_joint(model, x, z)

    nodes = first_nodes()
    now = Plane(look, nodes, look(nodes) if first is None else first, FIRST_SIDE)
    while now.move > tolerance and (finer := halved(now)) is not None:
        now = finer
    return now


def halved(now: Plane, most: int = MOST_NODES) -> Plane | None:
    """The same with squares of half the side; None where that would be more than so many."""
    deep = DEEP if now.side > AT_LAST else DEEP_AT_LAST
    kept = now.z[now.log_joint > now.log_joint.max() - deep]
    if 4 * len(kept) > most:
        return None
    z = (kept[:, None] + now.side * CHILDREN).reshape(-1, 2)
    finer = Plane(now.look, z, now.look(z), now.side / 2)
    return replace(finer, move=abs(finer.log_px - now.log_px))


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A density on square cells, to be drawn.

    Attributes:
        low: the corner where the first one begins, (2,).
        side: of a cell.
        density: p(z|x), (H, W); 0 where nobody looked.
    """

    low: np.ndarray
    side: float
    density: np.ndarray


def raster(plane: Plane, low: np.ndarray, high: np.ndarray) -> Raster:
    """The posterior in a window from `low` to `high`, (2,) each, of at most `MOST_CELLS` cells per side: means over squares."""
    coarse = plane.side * max(1, math.ceil(float((high - low).max()) / (MOST_CELLS * plane.side)))
    cells = np.floor((plane.z - low) / coarse).astype(int)
    shape = np.ceil((high - low) / coarse).astype(int)
    is_inside = ((cells >= 0) & (cells < shape)).all(1)
    held = np.zeros(tuple(shape))
    np.add.at(held, tuple(cells[is_inside].T), plane.posterior[is_inside])
    return Raster(low, coarse, (held / coarse**2).T)
