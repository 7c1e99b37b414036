"""An Ising grid of 4 × 4 spins with free borders: weights at once, probabilities by a sum over all of its states. Nats; float64.

A state s has the weight exp(J Σ_⟨ij⟩ s_i s_j), over pairs of neighbours. A state is a number from 0 to 2¹⁶ − 1, whose bit k says that
spin k (row k // 4, column k % 4) is +1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from vae_core.errors import require

SIDE = 4
N_SPINS = SIDE * SIDE
N_STATES = 2**N_SPINS


def spins(state: int | np.ndarray) -> np.ndarray:
    """A state's spins, −1 or 1, (..., SIDE, SIDE)."""
    bits = (np.asarray(state)[..., None] >> np.arange(N_SPINS)) & 1
    return (2 * bits - 1).reshape(*np.shape(state), SIDE, SIDE)


def agreement(state: int | np.ndarray) -> np.ndarray:
    """Σ_⟨ij⟩ s_i s_j: pairs of neighbours that agree, less those that do not; (...)."""
    s = spins(state)
    return (s[..., 1:, :] * s[..., :-1, :]).sum((-2, -1)) + (s[..., 1:] * s[..., :-1]).sum((-2, -1))


def flipped(state: int, k: int) -> int:
    """The state with its spin k turned."""
    return state ^ (1 << k)


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """How many states have which agreement.

    Attributes:
        agreement: the values that occur, (L,).
        n_states: how many states each has, (L,).
    """

    agreement: np.ndarray
    n_states: np.ndarray

    def log_normaliser(self, coupling: float) -> float:
        """ln Z = ln Σ_s exp(J·agreement(s))."""
        exponent = coupling * self.agreement
        return float(exponent.max() + math.log((self.n_states * np.exp(exponent - exponent.max())).sum()))

    def probabilities(self, coupling: float) -> np.ndarray:
        """Of each level, (L,), of sum 1."""
        return self.n_states * np.exp(coupling * self.agreement - self.log_normaliser(coupling))

    def mean_agreement(self, coupling: float) -> float:
        """E[agreement] = d ln Z/dJ."""
        return float((self.probabilities(coupling) * self.agreement).sum())

    def log_probability(self, state: int, coupling: float) -> float:
        """ln p of one state.

        Raises:
            ValueError: if there is no such state.
        """
        require(0 <= state < N_STATES, "state", f"be between 0 and {N_STATES - 1}", state)
        return float(coupling * agreement(state) - self.log_normaliser(coupling))


@cache
def levels() -> Levels:
    """Every one of the 65,536 states, looked at once."""
    return Levels(*np.unique(agreement(np.arange(N_STATES)), return_counts=True))


def n_digits_of_states(n_spins: int) -> int:
    """How many decimal digits 2^n has: the number of states of so many spins."""
    return math.floor(n_spins * math.log10(2)) + 1
