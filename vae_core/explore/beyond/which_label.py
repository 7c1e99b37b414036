"""Which label an image has, by the model of each label's images: Bayes' rule with importance-weighted log p(x|y), and its sum, log p(x)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy.special import log_softmax, logsumexp

from vae_core.bounds import iwae_bound
from vae_core.data import Images
from vae_core.evaluation import as_observed
from vae_core.explore.means import Mean, Share, mean_of
from vae_core.explore.number_files import add_rows, read_rows
from vae_core.explore.odd_pictures import KINDS, UNLIKE, Kind, n_sure, pictures, share_below
from vae_core.models import LatentModel
from vae_core.models.classifier import Classifier
from vae_core.passes import labelled_batches
from vae_core.store import SHIPPED as FOLDER
from vae_core.training.classifier import labels_of

SHIPPED = FOLDER / "which_label.json"
"""What shipped models say of all test images, which takes a minute each; written by `benchmarks/which_label_numbers.py`."""
N_SAMPLES, N_ODD, AT_ONCE = 50, 200, 500
"""Samples of z for each label; pictures of each kind that are no test images; images at a time."""


@torch.no_grad()
def log_px_given(model: LatentModel, x: np.ndarray, n_labels: int, n_samples: int = N_SAMPLES) -> np.ndarray:
    """Importance-weighted bounds on log p(x|y), for each of n_labels y, of images as bytes, (N, C, H, W): float64 (N, K), in nats."""
    seen, columns = as_observed(model, x), []
    for y in range(n_labels):
        noise = torch.Generator().manual_seed(y)
        parts = labelled_batches(model.given(y), seen, None, AT_ONCE)
        columns.append(np.concatenate([iwae_bound(given, part, n_samples, noise, at_once=5).double().numpy() for given, part in parts]))
    return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class ByBayes:
    """log p(x|y) of N images, and what Bayes' rule makes of it.

    Attributes:
        log_px_y: (N, K), in nats.
        prior: p(y), (K,).
    """

    log_px_y: np.ndarray
    prior: np.ndarray

    @property
    def probabilities(self) -> np.ndarray:
        """p(y|x) ∝ p(x|y) p(y), (N, K)."""
        return np.exp(log_softmax(self.log_px_y + np.log(self.prior), axis=1))

    @property
    def log_px(self) -> np.ndarray:
        """log p(x) = log Σ_y p(y) p(x|y), (N,)."""
        return logsumexp(self.log_px_y + np.log(self.prior), axis=1)


def prior_of(labels: np.ndarray, n_labels: int) -> np.ndarray:
    """p(y): how often each label is among those of the training images, (K,)."""
    return np.bincount(labels, minlength=n_labels) / len(labels)


@dataclass(frozen=True, slots=True, eq=False)
class OfKind:
    """How many pictures of a kind each way is sure of, and of how many log p(x) is among the smallest."""

    by_bayes: Share
    by_classifier: Share
    unlike: Share


@dataclass(frozen=True, slots=True, eq=False)
class OfAll:
    """What a model says of all test images, and of other pictures made of them.

    Attributes:
        log_px: of each test image, (N,), in nats.
        right: how many labels Bayes' rule reads right.
        by_kind: kind of pictures → how sure both ways are of them.
    """

    log_px: np.ndarray
    right: Share
    by_kind: Mapping[Kind, OfKind]

    @property
    def mean(self) -> Mean:
        """Mean log p(x)."""
        return mean_of(self.log_px)


def of_all(model: LatentModel, images: Images, classifier: Classifier) -> OfAll:
    """Every test image by Bayes' rule, and `N_ODD` pictures of each other kind."""
    n_labels, test = classifier.spec.n_classes, images.test
    prior = prior_of(labels_of(images.train), n_labels)
    told = ByBayes(log_px_given(model, test.x, n_labels), prior)
    right = Share(int((told.probabilities.argmax(1) == test.labels).sum()), len(test))
    some, by_kind = list(test.spread(N_ODD)), {}
    for kind in KINDS:
        made = pictures(test.x[some], kind)
        odd = ByBayes(log_px_given(model, made, n_labels), prior)
        counts = n_sure(odd.probabilities), n_sure(classifier.read(made).probabilities)
        unlike = int((share_below(told.log_px, odd.log_px) <= UNLIKE).sum())
        by_kind[kind] = OfKind(*(Share(count, len(some)) for count in (*counts, unlike)))
    return OfAll(told.log_px, right, by_kind)


def read(path: Path = SHIPPED) -> dict[str, OfAll]:
    """What a file holds, by the names of models; nothing if there is no such file."""
    return {name: _from_row(row) for name, row in read_rows(path).items()}


def _from_row(row: Mapping) -> OfAll:
    by_kind = {kind: OfKind(*(Share(count, row["n_odd"]) for count in counts)) for kind, counts in row["by_kind"].items()}
    return OfAll(np.array(row["log_px"]), Share(row["right"], len(row["log_px"])), by_kind)


def add(path: Path, numbers: Mapping[str, OfAll]) -> None:
    """Put what models say into a file, a line each, beside what it holds."""
    rows = {}
    for name, of in numbers.items():
        by_kind = {kind: [one.by_bayes.count, one.by_classifier.count, one.unlike.count] for kind, one in of.by_kind.items()}
        n_odd = next(iter(of.by_kind.values())).unlike.n
        rows[name] = {
            "log_px": [round(float(value), 1) for value in of.log_px],
            "right": of.right.count,
            "n_odd": n_odd,
            "by_kind": by_kind,
        }
    add_rows(path, rows)
