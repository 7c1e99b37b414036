"""Whether a model has seen anything like a picture: told from its score, its distance from training images, and the classifier."""

from __future__ import annotations

import json
import math
from collections.abc import Sized
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vae_core.data.base import spread_over
from vae_core.errors import require
from vae_core.explore.codes import codes
from vae_core.models import LatentModel
from vae_core.models.classifier import Classifier
from vae_core.specs import ModelSpec
from vae_core.statistics import share_interval
from vae_core.store import SHIPPED

FALSE_ALARMS = 0.04
"""Share of the test images that set the rule and are called unlike what the model has seen."""
BORDERLINE = 0.2
"""Share of them that are called unusual, or unlike."""
FEWEST_TEST_IMAGES = 4
"""Test images without which there is no rule: two that set it, and two that measure its false alarms."""
N_NEAREST = 6
"""Codes whose mean distance tells how far a code lies from others."""
MOST_OTHERS, MOST_NUMBERS = 5_000, 20_000_000
"""Training images, evenly spread, among which the nearest are sought, at most; and numbers that all of their pixels are, at most."""
FEWEST_PIXELS = 400
"""Pixels of an image from which on pixels are compared. Of 8×8 they tell the pen more than the digit: with them 17 % of 60 drawn digits
(`benchmarks/photographs.written`) were called unlike the data, without them 5 %; of 28×28 2 % either way."""
MOST_TEST_IMAGES = 4_000
"""Test images, evenly spread, that set the rule and measure it, at most."""

Reason = Literal["worse", "simpler", "far", "unalike", "unread", "unfamiliar"]
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
    "unalike": "the picture is farther from the training images nearest to it than {share} of the test images are",
    "unread": "the classifier finds less of any label in it than in {share} of the test images",
    "unfamiliar": "the picture's features, by the classifier, are farther from those of others than those of {share} of the test images",
}


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What of some images is compared with training images.

    Attributes:
        codes: means of q(z|x), (N, D).
        pixels: the images themselves as bytes, (N, C, H, W).
        features: what the data set's classifier makes of them before its last layer, (N, K), where there is one.
        energy: of that classifier, (N,).
    """

    codes: np.ndarray
    pixels: np.ndarray
    features: np.ndarray | None = None
    energy: np.ndarray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known of some images. A distance is the mean one from the nearest training images, (N,).

    Attributes:
        scores: (N,).
        distances: of their codes.
        pixels: of their pixels, where there are many.
        energy: of the data set's classifier, (N,), where there is one.
        features: of their features (Sun et al. 2022), where there is one.
    """

    scores: np.ndarray
    distances: np.ndarray
    pixels: np.ndarray | None = None
    energy: np.ndarray | None = None
    features: np.ndarray | None = None

    def __getitem__(self, part: slice) -> Evidence:
        values = (self.scores, self.distances, self.pixels, self.energy, self.features)
        return Evidence(*(None if one is None else one[part] for one in values))  # type: ignore[arg-type]  # the first two are arrays


def looks(model: LatentModel, x: np.ndarray, classifier: Classifier | None) -> Looks:
    """What is compared of images as bytes, (N, C, H, W)."""
    features, energy = (None, None) if classifier is None else classifier.features_and_energy(x)
    return Looks(codes(model, x).mean, x, features, energy)


def evidence(train: Looks, of: Looks, scores: np.ndarray) -> Evidence:
    """What is known of images with these scores, (N,), of which the training images are as `others_among` chose them."""
    is_read = train.features is not None and of.features is not None
    features = mean_distances(train.features, of.features) if is_read else None  # type: ignore[arg-type]  # neither is None
    pixels = mean_distances(train.pixels, of.pixels) if math.prod(of.pixels.shape[1:]) >= FEWEST_PIXELS else None
    return Evidence(scores, mean_distances(train.codes, of.codes), pixels, of.energy, features)


def others_among(train_x: np.ndarray) -> np.ndarray:
    """Indices of the training images, (N, C, H, W), that others are compared with, evenly spread."""
    most = min(MOST_OTHERS, max(N_NEAREST, MOST_NUMBERS // math.prod(train_x.shape[1:])))
    return np.linspace(0, len(train_x) - 1, min(most, len(train_x))).astype(int)


def tested(test: Sized) -> list[int]:
    """Indices of the test images that set the rule and measure it, evenly spread."""
    return list(spread_over(len(test), MOST_TEST_IMAGES))


def mean_distances(train: np.ndarray, some: np.ndarray, *, at_once: int = 500) -> np.ndarray:
    """Mean Euclidean distance of each row of numbers, (N, …), from the `N_NEAREST` nearest of others, (M, …); bytes count as byte/255."""
    others = _flat(train)
    squares, n = (others**2).sum(1), min(N_NEAREST, len(others))
    means = []
    for first in range(0, len(some), at_once):
        part = _flat(some[first : first + at_once])
        away = squares - 2 * part @ others.T + (part**2).sum(1)[:, None]  # ‖a − b‖², (B, M)
        nearest = np.partition(away, n - 1, axis=1)[:, :n]
        means.append(np.sqrt(np.maximum(nearest, 0)).mean(1))
    return np.concatenate(means)


def _flat(values: np.ndarray) -> np.ndarray:
    flat = values.reshape(len(values), -1).astype(np.float32)
    return flat / 255 if values.dtype == np.uint8 else flat


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
            "unalike": (self.reference.pixels, of.pixels),
            "unread": (self.reference.energy, of.energy),
            "unfamiliar": (self.reference.features, of.features),
        }
        return tails | {reason: share(-a, -b) for reason, (a, b) in more.items() if a is not None and b is not None}

    def oddness(self, of: Evidence) -> np.ndarray:
        """The share of the reference images that are as odd: too simple, or odd in the other ways together, whichever is less, (N,).

        Together counts the product of the shares, as in Fisher's test (1932), among those of the reference images themselves.
        """
        share = _share_up_to if of is self.reference else _share_with_itself
        together = share(_product(self.tails(self.reference)), _product(self.tails(of)))
        return np.minimum(together, self.tails(of)["simpler"])

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


def caught(spec: ModelSpec) -> Caught | None:
    """What `benchmarks/strangers.py` measured of a model's rule; None where it was not measured."""
    try:
        models = json.loads((SHIPPED / "strangers.json").read_text())
    except FileNotFoundError:
        return None
    kinds = models.get(spec.fingerprint)
    return None if kinds is None else Caught({kind: (said, n) for kind, (said, n) in kinds.items()})
