"""A world of a few y and z, where every distribution is a table: what the ELBO does not care about, and how β makes it care. Nats.

Tables are float64: Pop(y) (Y,), Q(z|y) (Y, Z) with rows that sum to 1, P(z) (Z,), P(y|z) (Y, Z) with columns that sum to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from vae_core.errors import require

POPULATIONS: dict[str, tuple[float, ...]] = {
    "uniform": (0.25, 0.25, 0.25, 0.25),
    "skewed": (0.4, 0.3, 0.2, 0.1),
    "nearly certain": (0.91, 0.03, 0.03, 0.03),
}
Fit = Literal["both optimal", "P(z) optimal", "both uniform"]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A population and an encoder.

    Attributes:
        pop: Pop(y), (Y,).
        q: Q(z|y), (Y, Z).
    """

    pop: np.ndarray
    q: np.ndarray

    def __post_init__(self) -> None:
        for name, table in (("pop", self.pop[None]), ("q", self.q)):
            holds = bool((table >= 0).all() and np.allclose(table.sum(1), 1, atol=1e-12))
            require(holds, name, "hold probabilities that sum to 1", table.tolist())

    @property
    def joint(self) -> np.ndarray:
        """Pop(y) Q(z|y), (Y, Z)."""
        return self.pop[:, None] * self.q

    @property
    def best_prior(self) -> np.ndarray:
        """P*(z) = E_y Q(z|y), (Z,)."""
        return self.joint.sum(0)

    @property
    def best_decoder(self) -> np.ndarray:
        """P*(y|z) ∝ Pop(y) Q(z|y), (Y, Z); uniform for a z that never occurs, where nothing depends on it."""
        marginal = self.best_prior
        uniform = np.full_like(self.q, 1 / len(self.pop))
        return np.divide(self.joint, marginal, out=uniform, where=marginal > 0)

    @property
    def entropy(self) -> float:
        """H(y)."""
        return -_sum(self.pop, self.pop)

    @property
    def information(self) -> float:
        """I(y; z) = E ln Q(z|y)/P*(z)."""
        return _sum(self.joint, self.q) - _sum(self.best_prior, self.best_prior)

    @property
    def conditional_entropy(self) -> float:
        """H(y|z) = −E ln P*(y|z)."""
        return -_sum(self.joint, self.best_decoder)

    def rate(self, prior: np.ndarray) -> float:
        """E KL(Q(z|y) || P(z)) for any prior, (Z,)."""
        return _sum(self.joint, self.q) - _sum(self.best_prior, prior)

    def distortion(self, decoder: np.ndarray) -> float:
        """−E ln P(y|z) for any decoder, (Y, Z)."""
        return -_sum(self.joint, decoder)


def _sum(weights: np.ndarray, probabilities: np.ndarray) -> float:
    """Σ w ln p, with 0 ln 0 = 0."""
    return float((weights * np.log(probabilities, out=np.zeros_like(probabilities), where=weights > 0)).sum())


def morph(pop: np.ndarray, share: float) -> World:
    """Q from constant (z says nothing, share 0) to one-to-one (z says all, share 1), evenly between.

    Raises:
        ValueError: if the share is outside [0, 1].
    """
    require(0 <= share <= 1, "share", "be between 0 and 1", share)
    n = len(pop)
    return World(pop, (1 - share) / n + share * np.eye(n))


def random_world(pop: np.ndarray, seed: int) -> World:
    """Q drawn at random: each row from a Dirichlet of concentration ½."""
    return World(pop, np.random.default_rng(seed).dirichlet([0.5] * len(pop), size=len(pop)))


def prior_and_decoder(world: World, fit: Fit) -> tuple[np.ndarray, np.ndarray]:
    """P(z) and P(y|z): each can be optimised alone, while all else is held fixed (independent universality)."""
    n_y, n_z = world.q.shape
    prior = np.full(n_z, 1 / n_z) if fit == "both uniform" else world.best_prior
    decoder = world.best_decoder if fit == "both optimal" else np.full((n_y, n_z), 1 / n_y)
    return prior, decoder


def objective(world: World, beta: float, fit: Fit = "both optimal") -> float:
    """β·rate + distortion; at the optimal P it is β·I(y; z) + H(y|z) = H(y) − (1 − β)·I(y; z) (McAllester 2020)."""
    prior, decoder = prior_and_decoder(world, fit)
    return beta * world.rate(prior) + world.distortion(decoder)
