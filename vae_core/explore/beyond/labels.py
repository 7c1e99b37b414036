"""A class-conditional VAE, asked about its label: what changes with y where z stays, and what stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.explore.latent_pad import decoded
from vae_core.explore.manifolds import manifold_grid
from vae_core.explore.means import Share
from vae_core.models import LatentModel
from vae_core.models.classifier import Classifier
from vae_core.statistics import Z_95

N_NEIGHBOURS = 10
"""Of a code, among those of the training images, by whose labels its own is told."""


def analogies(model: LatentModel, z: np.ndarray, labels: Sequence[int]) -> np.ndarray:
    """E[x|z, y] of every code, (N, D), with every label, K of them: float32 (N, K, C, H, W)."""
    return np.stack([decoded(model.given(y), z) for y in labels], axis=1)


def decoded_as(model: LatentModel, z: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """E[x|z, y] of every code, (N, D), with a label of its own, (N,): float32 (N, C, H, W)."""
    images = np.empty((len(z), *model.spec.identity.shape), np.float32)
    for y in np.unique(labels):
        images[labels == y] = decoded(model.given(int(y)), z[labels == y])
    return images


def other_labels(labels: np.ndarray, n_labels: int, seed: int = 0) -> np.ndarray:
    """For each label, (N,), another one, each as probable."""
    return (labels + np.random.default_rng(seed).integers(1, n_labels, len(labels))) % n_labels


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """N images, each decoded at its own code with a label that is not its own.

    Attributes:
        labels: of the images, (N,).
        wanted: the other labels, (N,).
        read: what the classifier reads of what was decoded, (N,).
        slants: of the images and of what was decoded, (N,) each (`slant`).
    """

    labels: np.ndarray
    wanted: np.ndarray
    read: np.ndarray
    slants: tuple[np.ndarray, np.ndarray]

    @property
    def as_wanted(self) -> Share:
        """How many are read as the label that was asked for."""
        return Share(int((self.read == self.wanted).sum()), len(self.read))

    @property
    def slant_kept(self) -> Correlation:
        """Of the slants, each less the mean of its label: an italic 1 is to become an italic 7."""
        before, after = self.slants
        return correlation(within(before, self.labels), within(after, self.wanted))


def changed(model: LatentModel, x: np.ndarray, labels: np.ndarray, z: np.ndarray, classifier: Classifier) -> Changed:
    """Images, uint8 (N, C, H, W), of these labels, (N,), at their codes, (N, D), with a label that is not their own."""
    wanted = other_labels(labels, classifier.spec.n_classes)
    images = decoded_as(model, z, wanted)
    return Changed(labels, wanted, read(images, classifier), (slant(x), slant(images.clip(0, 1))))


def read(images: np.ndarray, classifier: Classifier) -> np.ndarray:
    """What the classifier reads of images in [0, 1] or near it, (..., C, H, W): labels, (...)."""
    return classifier.read(images.reshape(-1, *images.shape[-3:]).clip(0, 1)).labels.reshape(images.shape[:-3])


def read_with_each(model: LatentModel, z: np.ndarray, labels: Sequence[int], classifier: Classifier) -> dict[int, Share]:
    """Label → how many of the codes, (N, D), decoded with it are read as it."""
    of_each = {y: read(decoded(model.given(y), z), classifier) for y in labels}
    return {y: Share(int((of == y).sum()), len(z)) for y, of in of_each.items()}


def slant(images: np.ndarray) -> np.ndarray:
    """How far ink leans to the right, in pixels per pixel of height, of images (N, C, H, W): −Cov(row, column)/Var(row), 0 without ink."""
    ink = images.astype(np.float64).mean(1)
    total = np.maximum(ink.sum((1, 2)), 1e-12)
    rows, columns = (np.arange(n, dtype=np.float64) for n in ink.shape[1:])
    r, c = (ink.sum(2) @ rows) / total, (ink.sum(1) @ columns) / total
    covariance = np.einsum("nhw,h,w->n", ink, rows, columns) / total - r * c
    variance = (ink.sum(2) @ rows**2) / total - r**2
    return -covariance / np.maximum(variance, 1e-12)


def within(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Values, (N,), less the mean of those of their label."""
    means = {y: values[labels == y].mean() for y in np.unique(labels)}
    return values - np.array([means[y] for y in labels])


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation coefficient of n pairs."""

    value: float
    n: int

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval (Fisher 1915)."""
        middle, half = np.arctanh(self.value), Z_95 / np.sqrt(self.n - 3)
        return float(np.tanh(middle - half)), float(np.tanh(middle + half))


def correlation(one: np.ndarray, other: np.ndarray) -> Correlation:
    """Pearson's, of pairs of numbers, (N,) each."""
    return Correlation(float(np.corrcoef(one, other)[0, 1]), len(one))


def manifolds(model: LatentModel, axis: np.ndarray, n_labels: int) -> np.ndarray:
    """E[x|z, y] over one grid of codes for every label, of a model of two dimensions: float32 (K, n, n, C, H, W), z₂ rises upwards.

    Args:
        model: of two latent dimensions.
        axis: coordinates along both axes, (n,), increasing.
        n_labels: K.
    """
    return np.stack([manifold_grid(model.given(y), axis).images for y in range(n_labels)])


def slants_agree(images: np.ndarray) -> float:
    """How far the slants of every label change alike over one grid of codes, (K, n, n, C, H, W): the mean correlation of two labels."""
    slants = np.stack([slant(of.reshape(-1, *images.shape[3:]).clip(0, 1)) for of in images])
    return float(np.corrcoef(slants)[np.triu_indices(len(slants), 1)].mean())


def drawn_as(model: LatentModel, n: int, classifier: Classifier, seed: int = 0) -> Share:
    """How many of n draws from the prior, each decoded with a label that is drawn, too, are read as it."""
    rng = np.random.default_rng(seed)
    wanted = rng.integers(0, classifier.spec.n_classes, n)
    images = decoded_as(model, rng.standard_normal((n, model.spec.latent_dim)), wanted)
    return Share(int((read(images, classifier) == wanted).sum()), n)


@dataclass(frozen=True, slots=True)
class Probed:
    """How often the label of a test image is told from its code: by its nearest neighbours, and by a linear classifier."""

    by_neighbours: Share
    by_lines: Share


def probed(train: tuple[np.ndarray, np.ndarray], test: tuple[np.ndarray, np.ndarray]) -> Probed:
    """Both probes, fitted to codes of training images and their labels, (N, D) and (N,), on those of test images."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    scale = train[0].std(0)
    shares = []
    for probe in (KNeighborsClassifier(N_NEIGHBOURS), LogisticRegression(max_iter=1000)):
        told = probe.fit(train[0] / scale, train[1]).predict(test[0] / scale)
        shares.append(Share(int((told == test[1]).sum()), len(told)))
    return Probed(*shares)
