"""Few labels: how many test images logistic regression reads right, from pixels or from codes, when few training images have labels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vae_core.data import Images
from vae_core.explore.codes import codes
from vae_core.explore.means import Mean, Share, mean_of_few
from vae_core.explore.number_files import add_rows, read_rows
from vae_core.identities import identity
from vae_core.models import LatentModel
from vae_core.store import SHIPPED as FOLDER
from vae_core.training.classifier import labels_of

SHIPPED = FOLDER / "few_labels.json"
"""Of shipped models and of the pixels of their data, so that nothing has to be fitted; written by `benchmarks/few_labels_numbers.py`."""
SIZES = (10, 30, 100, 300, 1000)
N_DRAWS = 5
N_POOL = 5000
"""Training images among which labels are drawn: the first ones, since these are in no order."""
TOTAL_VARIANCE = 20.0
"""Of every representation, over the pool: one penalty then means the same for each, however long its vectors are."""


@dataclass(frozen=True, slots=True, eq=False)
class Accuracies:
    """Shares of test images that are read right.

    Attributes:
        sizes: numbers of labels, (S,).
        shares: with so many labels, for each draw of the labelled set, (S, R).
        with_all: with all labels of the pool: one fit, whose interval is that of the test images.
        n_pool: training images in the pool.
        n_test: test images.
    """

    sizes: tuple[int, ...]
    shares: np.ndarray
    with_all: Share
    n_pool: int
    n_test: int

    @property
    def means(self) -> tuple[Mean, ...]:
        """For each number of labels the mean over the draws, with its 95 % interval."""
        return tuple(mean_of_few(shares) for shares in self.shares)

    @property
    def in_percent(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Numbers of labels, the last all of them, accuracy and both ends of its interval in per cent, (S + 1,) each."""
        few = [(mean.value, *mean.interval) for mean in self.means]
        accuracies = 100 * np.array([*few, (self.with_all.share, *self.with_all.interval)])
        return np.array([*self.sizes, self.n_pool]), *accuracies.T

    def at(self, n: int) -> np.ndarray:
        """The shares with n labels, (R,)."""
        return self.shares[self.sizes.index(n)]


def labelled_order(labels: np.ndarray, seed: int) -> np.ndarray:
    """Images in the order in which they get their labels, (N,): at random, one of each class before a second of any.

    The first n of it are the labelled set of n images, which every larger one holds.
    """
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    rank = np.zeros(len(labels), np.int64)  # how many of its class come before an image
    for label in np.unique(labels):
        of_class = shuffled[labels[shuffled] == label]
        rank[of_class] = np.arange(len(of_class))
    return shuffled[np.argsort(rank[shuffled], kind="stable")]


def sizes_of(labels: np.ndarray) -> tuple[int, ...]:
    """Numbers of labels that are tried on a pool: one for each class at least, and not all of them; none without two classes."""
    n_classes = len(np.unique(labels))
    return tuple(n for n in SIZES if 2 <= n_classes <= n < len(labels))


def pool_of(images: Images) -> tuple[np.ndarray, np.ndarray]:
    """The images among which labels are drawn, uint8 (N, C, H, W), and their labels, (N,).

    Raises:
        ValueError: if they have no labels.
    """
    return images.train.x[:N_POOL], labels_of(images.train)[:N_POOL]


def of_pixels(images: Images) -> Accuracies:
    """`accuracies` from the pixels."""
    pool, labels = pool_of(images)
    rows, unseen = (x.reshape(len(x), -1) / 255 for x in (pool, images.test.x))
    return accuracies(rows, labels, unseen, labels_of(images.test))


def of_codes(model: LatentModel, images: Images) -> Accuracies:
    """`accuracies` from the codes of a model, which saw the training images without their labels."""
    pool, labels = pool_of(images)
    rows, unseen = (codes(model, x).mean.astype(np.float64) for x in (pool, images.test.x))
    return accuracies(rows, labels, unseen, labels_of(images.test))


def accuracies(pool: np.ndarray, labels: np.ndarray, test: np.ndarray, test_labels: np.ndarray, *, n_draws: int = N_DRAWS) -> Accuracies:
    """Fit to labelled images of the pool, count on the test images, for each number of labels and each draw.

    Multinomial logistic regression (scikit-learn, L2 with C = 1) on vectors that are centred and divided by one number, both of the pool.

    Args:
        pool: one training image a row, (N, P).
        labels: theirs, (N,).
        test: test images, (M, P).
        test_labels: theirs, (M,), with which nothing but counting is done.
        n_draws: labelled sets of each size.
    """
    centre, scale = pool.mean(0), math.sqrt(pool.var(0).sum() / TOTAL_VARIANCE) or 1.0
    pool, test = (pool - centre) / scale, (test - centre) / scale
    sizes, orders = sizes_of(labels), [labelled_order(labels, seed) for seed in range(n_draws)]
    shares = [[_n_right(pool[o[:n]], labels[o[:n]], test, test_labels) / len(test) for o in orders] for n in sizes]
    right = _n_right(pool, labels, test, test_labels)
    return Accuracies(sizes, np.array(shares).reshape(len(sizes), n_draws), Share(right, len(test)), len(pool), len(test))


def _n_right(x: np.ndarray, labels: np.ndarray, test: np.ndarray, test_labels: np.ndarray) -> int:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(max_iter=500, tol=1e-3).fit(x, labels)
    return int((fitted.predict(test) == test_labels).sum())


def key_of_pixels(dataset: str) -> str:
    """Under which `read` has the numbers of a data set's pixels: its content."""
    return identity(dataset).content[:16]


def read(path: Path = SHIPPED) -> dict[str, Accuracies]:
    """What a file holds, by the first 16 letters of a model's SHA-256 or of a data set's content; nothing if there is no file."""
    return {key: _from_counts(**of) for key, of in read_rows(path).items()}


def _from_counts(sizes: list[int], right: list[list[int]], all_right: int, n_pool: int, n_test: int) -> Accuracies:
    return Accuracies(tuple(sizes), np.array(right) / n_test, Share(all_right, n_test), n_pool, n_test)


def add(path: Path, of: Mapping[str, Accuracies]) -> None:
    """Put numbers into a file, beside what it holds, as counts of test images."""
    add_rows(path, {key: _counts(one) for key, one in of.items()})


def _counts(of: Accuracies) -> dict[str, object]:
    right = np.round(of.shares * of.n_test).astype(int).tolist()
    return {"sizes": of.sizes, "right": right, "all_right": of.with_all.count, "n_pool": of.n_pool, "n_test": of.n_test}
