"""Average surprise of a model on data over a few outcomes: E[−ln P(y)] = H(Pop) + KL(Pop ‖ P). Nats; each part by its own formula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.errors import require


@dataclass(frozen=True, slots=True, eq=False)
class Surprise:
    """What a model's average surprise is made of.

    Attributes:
        pop: Pop(y), the distribution of the data, (Y,).
        model: P(y), (Y,).
    """

    pop: np.ndarray
    model: np.ndarray

    @property
    def cross_entropy(self) -> float:
        """E_Pop[−ln P(y)]: −log-likelihood per datum."""
        return float(-(self.pop * np.log(self.model)).sum())

    @property
    def entropy(self) -> float:
        """H(Pop) = E_Pop[−ln Pop(y)], which no model can change."""
        return float(-(self.pop * np.log(self.pop)).sum())

    @property
    def divergence(self) -> float:
        """KL(Pop ‖ P) = E_Pop[ln Pop(y)/P(y)], at least 0."""
        return float((self.pop * np.log(self.pop / self.model)).sum())

    @property
    def discriminator(self) -> np.ndarray:
        """D*(y), (Y,): the probability that an outcome is of the data, if one in two is (Goodfellow et al. 2014, Prop. 1)."""
        return self.pop / (self.pop + self.model)

    @property
    def told_apart(self) -> float:
        """The share of outcomes that D* tells right, if one in two is of the data: no discriminator of a GAN does better."""
        return float(np.maximum(self.pop, self.model).sum() / 2)


def surprise(pop_weights: tuple[float, ...], model_weights: tuple[float, ...]) -> Surprise:
    """The distributions of these weights, which need not sum to 1.

    Raises:
        ValueError: if a weight is not above 0.
    """
    pop, model = (np.array(weights, float) for weights in (pop_weights, model_weights))
    require(bool((pop > 0).all() and (model > 0).all()), "weights", "be above 0", (pop_weights, model_weights))
    return Surprise(pop / pop.sum(), model / model.sum())
