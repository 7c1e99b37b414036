"""The class of an image, told in two ways: by a density for each class, or by the probability of each class and nothing else.

The generative way has p(x|y). By Bayes' rule p(y|x) ∝ p(x|y) p(y), and with the sum over y comes p(x). The discriminative way, logistic
regression, has p(y|x) alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from vae_core.explore import em
from vae_core.explore.linear.fitting import PixelMixture
from vae_core.explore.linear.pca_images import codes
from vae_core.models.pca import Spectrum


@dataclass(frozen=True, slots=True, eq=False)
class ByClass:
    """Both ways, fitted to the same d components of the same images.

    Attributes:
        classes: the labels, (C,), in the order of what follows.
        density: a Gaussian for each class, weighted by p(y).
        weights: of logistic regression, (d, C).
        offsets: likewise, (C,).
    """

    classes: np.ndarray
    density: PixelMixture
    weights: np.ndarray
    offsets: np.ndarray

    def by_density(self, x: np.ndarray) -> np.ndarray:
        """p(y|x) by Bayes' rule, of images, uint8 (N, C, H, W): (N, C). What is outside of the d components is the same for all y."""
        return self.density.mixture.posterior(self._codes(x))

    def by_regression(self, x: np.ndarray) -> np.ndarray:
        """p(y|x) of logistic regression, likewise."""
        return softmax(self._codes(x) @ self.weights + self.offsets, axis=1)

    def _codes(self, x: np.ndarray) -> np.ndarray:
        return codes(self.density.exact, x, self.density.n_components)


def by_class(exact: Spectrum, x: np.ndarray, labels: np.ndarray, n_components: int) -> ByClass:
    """Both ways, fitted to labelled images.

    Args:
        exact: of the images.
        x: uint8 (N, C, H, W).
        labels: (N,).
        n_components: d.
    """
    from sklearn.linear_model import LogisticRegression

    z, noise = codes(exact, x, n_components), float(exact.eigenvalues[n_components:].mean())
    classes, of = np.unique(labels, return_inverse=True)
    density = PixelMixture(exact, em.fitted(z, np.eye(len(classes))[of], noise), noise)
    regression = LogisticRegression(max_iter=1000).fit(z, of)
    weights, offsets = regression.coef_.T, regression.intercept_
    if len(classes) == 2:  # scikit-learn keeps the difference between both classes alone
        weights, offsets = (np.concatenate([np.zeros_like(one), one], axis=-1) for one in (weights, offsets))
    return ByClass(classes, density, weights, offsets)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What both ways say of N pictures.

    Attributes:
        by_regression: p(y|x) of logistic regression, (N, C).
        by_density: p(y|x) by Bayes' rule, (N, C).
        log_px: in nats, (N,).
    """

    by_regression: np.ndarray
    by_density: np.ndarray
    log_px: np.ndarray


def told(model: ByClass, x: np.ndarray) -> Told:
    """What both ways say of images, uint8 (N, C, H, W)."""
    return Told(model.by_regression(x), model.by_density(x), model.density.log_px(x))
