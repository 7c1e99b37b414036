"""Whether a model has seen anything like a picture: told from its score, its code and shape among training images', and the classifier."""

from __future__ import annotations

import math
import sys
from collections.abc import Sized
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from vae_core.data.base import spread_over
from vae_core.errors import require
from vae_core.explore.codes import codes
from vae_core.explore.number_files import measured_by, read_rows
from vae_core.explore.own import outlines as of_shapes
from vae_core.explore.own import own_images
from vae_core.explore.own.outlines import Span, away_from, outlines, spans
from vae_core.models import LatentModel
from vae_core.models.classifier import Classifier
from vae_core.specs import ModelSpec
from vae_core.statistics import share_interval
from vae_core.store import SHIPPED as FOLDER

SHIPPED = FOLDER / "strangers.json"
"""What is said of strangers by the rules of shipped models; written by `benchmarks/strangers.py`."""
VERSION = 1
"""Raised where what is compared, or the rule, comes to be another though no number here, in `outlines` or in `own_images` changes."""
FALSE_ALARMS = 0.03
"""Share of the test images that set the rule and are called unlike what the model has seen: of 500 others fewer than 5 %, as a rule."""
BORDERLINE = 0.2
"""Share of them that are called unusual, or unlike."""
FEWEST_TEST_IMAGES = 4
"""Test images without which there is no rule: two that set it, and two that measure its false alarms."""
N_NEAREST = 6
"""Codes whose mean distance tells how far a code lies from others."""
MOST_OTHERS, MOST_NUMBERS = 5_000, 20_000_000
"""Training images, evenly spread, among which the nearest are sought, at most; and numbers that all of their pixels are, at most."""
FEWEST_PIXELS = 400
"""Pixels of an image from which on its shape is its outlines, and with fewer what the classifier makes of it. Outlines of 8×8 tell the
pen more than the digit: with them 25 and 19 % of 100 drawn digits (`benchmarks/photographs.written`; VAEs at d = 2 and 10) were called
unlike the data, with the classifier's features 6 and 13 %; of 28×28 with outlines 1 and 3 % (d = 2 and 20)."""
MOST_TEST_IMAGES = 4_000
"""Test images, evenly spread, that set the rule and measure it, at most."""

Reason = Literal["worse", "simpler", "far", "unalike", "unmixed", "unread"]
Word = Literal["unlike", "unusual", "like"]
WORDS: dict[Word, str] = {
    "unlike": "Unlike what this model has seen",
    "unusual": "Unusual for this model, but not unlike what it has seen",
    "like": "Like what this model has seen",
}
REASONS: dict[Reason, str] = {
    "worse": "it explains the picture worse than {share} of the test images",
    "simpler": "it explains the picture better than {share} of the test images, as it does plain ones",
    "far": "the picture's code lies farther from other codes than those of {share} of the test images",
    "unalike": "the picture's shape is farther from that of any training image than the shapes of {share} of the test images",
    "unmixed": "the picture's shape is farther from every mixture of training images' than the shapes of {share} of the test images",
    "unread": "the classifier finds less of any label in it than in {share} of the test images",
}


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What of some images is compared with training images.

    Attributes:
        codes: means of q(z|x), (N, D).
        shapes: `shapes`, (N, K), where there are any.
        energy: of the data set's classifier, (N,), where there is one.
    """

    codes: np.ndarray
    shapes: np.ndarray | None = None
    energy: np.ndarray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The shapes of training images, (N, K), and what those of each label span; without them what has no shapes."""

    shapes: np.ndarray | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known of some images. A distance is one from training images, (N,).

    Attributes:
        scores: (N,).
        distances: of their codes from the nearest, in the mean.
        shapes: of their shapes from the nearest, where there are any.
        mixtures: of their shapes from what those of one label span, there.
        energy: of the data set's classifier, (N,), where there is one.
    """

    scores: np.ndarray
    distances: np.ndarray
    shapes: np.ndarray | None = None
    mixtures: np.ndarray | None = None
    energy: np.ndarray | None = None

    def __getitem__(self, part: slice) -> Evidence:
        values = (self.scores, self.distances, self.shapes, self.mixtures, self.energy)
        return Evidence(*(None if one is None else one[part] for one in values))  # type: ignore[arg-type]  # the first two are arrays


def shapes(x: np.ndarray, classifier: Classifier | None) -> np.ndarray | None:
    """The shapes of images as bytes, (N, C, H, W): outlines, or the classifier's features of small ones, (N, K); None without either."""
    if has_outlines(x):
        return outlines(x)
    return None if classifier is None else classifier.features(x)


def has_outlines(x: np.ndarray) -> bool:
    """Whether images, (N, C, H, W), have as many pixels as their outlines take."""
    return math.prod(x.shape[1:]) >= FEWEST_PIXELS


def looks(model: LatentModel, x: np.ndarray, classifier: Classifier | None) -> Looks:
    """What is compared of images as bytes, (N, C, H, W)."""
    features, energy = (None, None) if classifier is None else classifier.features_and_energy(x)
    return Looks(codes(model, x).mean, outlines(x) if has_outlines(x) else features, energy)


def seen(train_x: np.ndarray, labels: np.ndarray | None, classifier: Classifier | None) -> Seen:
    """Of the training images that others are compared with; all are given, as bytes, (N, C, H, W), with their labels, (N,)."""
    some = others_among(train_x)
    known = shapes(train_x[some], classifier)
    return Seen() if known is None else Seen(known, spans(known, None if labels is None else labels[some]))


def training_looks(
    model: LatentModel, train_x: np.ndarray, labels: np.ndarray | None, classifier: Classifier | None
) -> tuple[np.ndarray, Seen]:
    """The codes, (N, D), and the shapes of the training images that others are compared with; all are given, as to `seen`."""
    return codes(model, train_x[others_among(train_x)]).mean, seen(train_x, labels, classifier)


def evidence(train_codes: np.ndarray, train: Seen, of: Looks, scores: np.ndarray) -> Evidence:
    """What is known of images with these scores, (N,), beside the codes, (N, D), and the shapes of training images."""
    known = Evidence(scores, mean_distances(train_codes, of.codes), energy=of.energy)
    if train.shapes is None or of.shapes is None:
        return known
    return replace(known, shapes=mean_distances(train.shapes, of.shapes, n_nearest=1), mixtures=away_from(train.spans, of.shapes))


def others_among(train_x: np.ndarray) -> np.ndarray:
    """Indices of the training images, (N, C, H, W), that others are compared with, evenly spread."""
    most = min(MOST_OTHERS, max(N_NEAREST, MOST_NUMBERS // math.prod(train_x.shape[1:])))
    return np.linspace(0, len(train_x) - 1, min(most, len(train_x))).astype(int)


def tested(test: Sized) -> list[int]:
    """Indices of the test images that set the rule and measure it, evenly spread."""
    return list(spread_over(len(test), MOST_TEST_IMAGES))


def mean_distances(train: np.ndarray, some: np.ndarray, *, n_nearest: int = N_NEAREST, at_once: int = 500) -> np.ndarray:
    """Mean Euclidean distance of each row of numbers, (N, K), from the nearest of others, (M, K)."""
    others = train.astype(np.float32)
    squares, n = (others**2).sum(1), min(n_nearest, len(others))
    means = []
    for first in range(0, len(some), at_once):
        part = some[first : first + at_once].astype(np.float32)
        away = squares - 2 * part @ others.T + (part**2).sum(1)[:, None]  # ‖a − b‖², (B, M)
        nearest = np.partition(away, n - 1, axis=1)[:, :n]
        means.append(np.sqrt(np.maximum(nearest, 0)).mean(1))
    return np.concatenate(means)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """When a picture is called unlike what a model has seen.

    Attributes:
        reference: of every second test image.
        limit: a picture is unlike them whose oddness is at most this.
        unusual_limit: the same for what is called unusual.
        false_alarms: share of the other test images of which it is said, which had no part in setting it.
        n_measured: how many those are.
    """

    reference: Evidence
    limit: float
    unusual_limit: float
    false_alarms: float
    n_measured: int

    def tails(self, of: Evidence) -> dict[Reason, np.ndarray]:
        """Why a picture may be odd → the share of the reference images that are at least as odd in this way, (N,)."""
        share = _share_up_to if of is self.reference else _share_with_itself
        tails: dict[Reason, np.ndarray] = {
            "worse": share(self.reference.scores, of.scores),
            "simpler": share(-self.reference.scores, -of.scores),
            "far": share(-self.reference.distances, -of.distances),
        }
        more: dict[Reason, tuple[np.ndarray | None, np.ndarray | None]] = {
            "unalike": (self.reference.shapes, of.shapes),
            "unmixed": (self.reference.mixtures, of.mixtures),
            "unread": (self.reference.energy, of.energy),
        }
        return tails | {reason: share(-a, -b) for reason, (a, b) in more.items() if a is not None and b is not None}

    def oddness(self, of: Evidence) -> np.ndarray:
        """The share of the reference images that are as odd: too simple, or odd in the other ways together, whichever is less, (N,).

        Together counts the product of the shares, as in Fisher's test (1932), among those of the reference images themselves.
        """
        share, tails = _share_up_to if of is self.reference else _share_with_itself, self.tails(of)
        together = share(_product(self.tails(self.reference)), _product(tails))
        return np.minimum(together, tails["simpler"])

    def is_unlike(self, of: Evidence) -> np.ndarray:
        """Of which images it is said, bool (N,)."""
        return self.oddness(of) <= self.limit

    def verdict(self, one: Evidence) -> tuple[Word, str]:
        """The word for one picture, and the sentence that says why, by what is oddest of it; no reason for what is like the data."""
        tails = {reason: float(share[0]) for reason, share in self.tails(one).items()}
        reason, oddness = min(tails, key=lambda name: tails[name]), float(self.oddness(one)[0])
        word: Word = "unlike" if oddness <= self.limit else "unusual" if oddness <= self.unusual_limit else "like"
        n = len(self.reference.scores)
        among_test_images = (tails[reason] * (n + 1) - 1) / n  # without the picture, which a tail counts as one more
        why = REASONS[reason].format(share=f"{100 * (1 - among_test_images):.1f} %")
        return word, WORDS[word] if word == "like" else f"{WORDS[word]}: {why}"


def rule_name() -> str:
    """By what numbers are kept that hang on the rule: all that it is made with is in it."""
    return measured_by(sys.modules[__name__], of_shapes, own_images)


def rule_of(test: Evidence) -> Rule:
    """The rule of a model from what is known of all test images.

    Raises:
        ValueError: if there are fewer than `FEWEST_TEST_IMAGES`.
    """
    n = len(test.scores)
    require(n >= FEWEST_TEST_IMAGES, "test", f"hold at least {FEWEST_TEST_IMAGES} images", n)
    reference, others = test[::2], test[1::2]
    oddness = Rule(reference, 0, 0, 0, 0).oddness(reference)
    limit, unusual_limit = (float(limit) for limit in np.quantile(oddness, [FALSE_ALARMS, BORDERLINE]))
    rule = Rule(reference, limit, unusual_limit, 0.0, len(others.scores))
    return Rule(reference, limit, unusual_limit, float(rule.is_unlike(others).mean()), len(others.scores))


def _share_up_to(reference: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Share of the reference that is at most each value, (N,), which is one of them."""
    return np.searchsorted(np.sort(reference), values, side="right") / len(reference)


def _share_with_itself(reference: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The same for a value that is none of them: it counts as one more, as each of them counts itself."""
    return (_share_up_to(reference, values) * len(reference) + 1) / (len(reference) + 1)


def _product(tails: dict[Reason, np.ndarray]) -> np.ndarray:
    return np.prod([share for reason, share in tails.items() if reason != "simpler"], axis=0)


@dataclass(frozen=True, slots=True)
class Caught:
    """Of how many pictures of each kind that is not in the data it was said that they are unlike them: kind → (said, n)."""

    kinds: dict[str, tuple[int, int]]

    @property
    def in_words(self) -> str:
        """The share of all, with its interval."""
        said, n = (sum(pair[i] for pair in self.kinds.values()) for i in (0, 1))
        low, high = share_interval(said / n, n)
        return f"{100 * said / n:.1f} % of {n:,} strangers (95 % confidence interval {100 * low:.1f} to {100 * high:.1f} %)"

    @property
    def least_in_words(self) -> str:
        """The kind that is noticed least often, and how often."""
        kind = min(self.kinds, key=lambda kind: self.kinds[kind][0] / self.kinds[kind][1])
        said, n = self.kinds[kind]
        return f"Least often it is said of {kind}: {100 * said / n:.0f} %."

    @property
    def by_kind(self) -> str:
        """The share of each kind."""
        return ", ".join(f"{kind} {100 * said / n:.0f} %" for kind, (said, n) in self.kinds.items())

    @property
    def how_chosen(self) -> str:
        """What was looked at before these were counted, and what was not."""
        return (
            f"Which signs count was chosen on other kinds. The level of {100 * FALSE_ALARMS:.0f} % of false alarms was chosen "
            "after a rule at 4 % gave a model 5.4 % of them. Earlier rules had been tried on these kinds, with other pictures."
        )


def caught(spec: ModelSpec) -> Caught | None:
    """What `benchmarks/strangers.py` measured of a model's rule as it is now; None where it was not measured."""
    kinds = read_rows(SHIPPED).get(caught_name(spec))
    return None if kinds is None else Caught({kind: (said, n) for kind, (said, n) in kinds.items()})


def caught_name(spec: ModelSpec) -> str:
    """By what is kept what a model's rule says of strangers."""
    return f"{spec.fingerprint} {rule_name()}"
