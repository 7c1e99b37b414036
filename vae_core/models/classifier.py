"""The classifier of a data set: a small network that reads the label of an image, the one judge of what a picture is read as."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from vae_core.data import recipe_of
from vae_core.errors import require
from vae_core.fields import declared
from vae_core.identities import identity
from vae_core.models.inputs import batches, checked_images
from vae_core.networks import ConvEncoder
from vae_core.specs import MOST, Spec
from vae_core.statistics import share_interval

AT_ONCE = 2000
STEPS, FEWEST_EPOCHS, MOST_EPOCHS = 6_000, 12, 150
"""A training takes about so many steps, and visits every image at least and at most so often."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClassifierSpec(Spec):
    """The identity of a classifier: its data set, which has labels, and every choice of its training."""

    kind: ClassVar[str] = "classifier"

    channels: tuple[int, ...] = declared(
        (32, 64, 128),
        kind="widths",
        meaning="channels of the stride-2 convolutions.",
        rule="hold widths between 1 and 1024",
        most=1024,
    )
    n_epochs: int = declared(FEWEST_EPOCHS, kind="integer", meaning="visits of every training image.", most=MOST)
    batch_size: int = declared(128, kind="integer", meaning="images per step.", most=MOST)
    learning_rate: float = declared(2e-3, kind="number", meaning="of Adam, at the start.", least=0, is_open=True, most=1)
    seed: int = declared(
        0,
        kind="integer",
        meaning="of initial weights, order of the images and how each is moved.",
        rule="be between 0 and 2**32 - 1",
        least=0,
        most=2**32 - 1,
    )

    def __post_init__(self) -> None:
        Spec.__post_init__(self)
        require(is_labelled(self.dataset), "dataset", "be one of images with labels to be classified", self.dataset)

    @property
    def n_classes(self) -> int:
        """How many labels there are, from 0 on."""
        return recipe_of(self.dataset).n_classes


def is_labelled(dataset: str) -> bool:
    """Whether a data set is one of images with labels, and so can have a classifier."""
    return identity(dataset).is_images and recipe_of(dataset).n_classes > 1


def classifier_spec(dataset: str) -> ClassifierSpec:
    """The shipped recipe: about as many steps for every data set.

    Raises:
        ValueError: if the data set has no labels.
    """
    n_train = ClassifierSpec(dataset=dataset).identity.n_train
    n_epochs = round(STEPS * 128 / n_train)
    return ClassifierSpec(dataset=dataset, n_epochs=min(MOST_EPOCHS, max(FEWEST_EPOCHS, n_epochs)))


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The share of n test images, none of which it was trained on, whose label a classifier reads right."""

    share: float
    n_images: int

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval (Wilson 1927)."""
        return share_interval(self.share, self.n_images)

    @property
    def in_words(self) -> str:
        """The share with its interval and number, as a page states them."""
        low, high = self.interval
        interval = f"95 % confidence interval {100 * low:.2f} to {100 * high:.2f} %"
        return f"{100 * self.share:.2f} % of {self.n_images:,} test images read right ({interval})"


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What a classifier reads.

    Attributes:
        labels: the most probable label of each image, int64 (N,).
        confidence: its probability, (N,).
        probabilities: of every label, float32 (N, K).
        energy: −log Σ_y exp f_y(x) of its outputs f, (N,): the higher, the less it finds of any label (Liu et al. 2020, Eq. (4)).
    """

    labels: np.ndarray
    confidence: np.ndarray
    probabilities: np.ndarray
    energy: np.ndarray


class Classifier(nn.Module):
    """p(y|x): stride-2 convolutions, then one linear layer and a softmax.

    Attributes:
        spec: its identity.
        accuracy: on the test images, after rounding to float16; of none before it is trained.
    """

    accuracy: Accuracy = Accuracy(0.0, 0)

    def __init__(self, spec: ClassifierSpec) -> None:
        super().__init__()
        self.spec, self.shape = spec, spec.identity.shape
        self.network = ConvEncoder(self.shape, spec.channels, spec.n_classes, nn.ReLU)

    def __repr__(self) -> str:
        return f"Classifier({self.spec!r}, {sum(weight.numel() for weight in self.parameters()):,} parameters)"

    def forward(self, x: Tensor) -> Tensor:
        """log p(y|x) up to a constant of each image, (B, K), of model input, (B, C, H, W)."""
        return self.network(x)

    def features(self, x: np.ndarray) -> np.ndarray:
        """What it makes of images as uint8 or floats in [0, 1], (N, C, H, W), before its last layer, float32 (N, K), of length 1 each."""
        return self.features_and_energy(x)[0]

    @torch.no_grad()
    def features_and_energy(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """`features`, and the energy of `Readings`, (N,), of the same images in one pass."""
        *layers, last = self.network
        features = torch.cat([nn.Sequential(*layers)(part) for part in batches(x, AT_ONCE, next(self.parameters()).device)])
        return nn.functional.normalize(features).cpu().numpy(), -last(features).logsumexp(-1).cpu().numpy()

    @torch.no_grad()
    def read(self, x: np.ndarray) -> Readings:
        """What it reads of images as uint8 or floats in [0, 1], (N, C, H, W).

        Raises:
            ValueError: if x is anything else.
        """
        weight = next(self.parameters())
        parts = (x[first : first + AT_ONCE] for first in range(0, max(1, len(x)), AT_ONCE))
        outputs = torch.cat([self(checked_images(part, self.shape, weight)) for part in parts]).cpu()
        probabilities = outputs.softmax(-1).numpy()
        labels = probabilities.argmax(-1)
        return Readings(labels, probabilities.max(-1, initial=0.0), probabilities, -outputs.logsumexp(-1).numpy())

    def accuracy_on(self, x: np.ndarray, labels: np.ndarray) -> Accuracy:
        """The share of images, uint8 (N, C, H, W), whose labels, (N,), it reads."""
        return Accuracy(float((self.read(x).labels == labels).mean()), len(x))


def moved(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each image turned, sheared, scaled and shifted a little at random, (B, C, H, W): a label does not change by that.

    Turns by at most 12°, shear and scale by at most a tenth, shifts by at most a twelfth of the image.
    """
    n = len(x)
    angle, shear, width, height, right, down = (2 * torch.rand(6, n, generator=generator, device=generator.device) - 1).to(x.device)
    angle = angle * math.radians(12)
    cos, sin = angle.cos(), angle.sin()
    scale_x, scale_y = 1 + 0.1 * width, 1 + 0.1 * height
    rows = torch.stack(
        [
            torch.stack([scale_x * cos, scale_x * (0.1 * shear * cos - sin), right / 6], -1),
            torch.stack([scale_y * sin, scale_y * (0.1 * shear * sin + cos), down / 6], -1),
        ],
        1,
    )  # (B, 2, 3), in units of half an image
    grid = nn.functional.affine_grid(rows, list(x.shape), align_corners=False)
    return nn.functional.grid_sample(x, grid, align_corners=False)
