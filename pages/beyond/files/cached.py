"""Caches of the page of files. What comes from an upload is kept with its session, and goes with it; all share the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pages.shared import cached
from vae_core.evaluation import as_observed
from vae_core.explore.beyond import files, other_codes
from vae_core.explore.beyond.files import Coded
from vae_core.explore.beyond.pixels import Pixels
from vae_core.specs import ModelSpec


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """Images in a file, what was read from that file, and what other codes need for the same images.

    Attributes:
        coded: the images and their file.
        read: what the decoder gave, uint8 (N, P).
        alone: bytes by a distribution for each pixel.
        others: bytes of files of general use.
    """

    coded: Coded
    read: np.ndarray
    alone: int
    others: dict[str, int]

    @property
    def n_equal(self) -> int:
        """Images that came back as they were, byte for byte."""
        return int((self.read == self.coded.pixels).all(1).sum())

    @property
    def best(self) -> tuple[str, int]:
        """The shortest file of general use."""
        return min(self.others.items(), key=lambda other: other[1])


def is_binary(spec: ModelSpec) -> bool:
    """Whether the model's pixels are 0 and 1."""
    return cached.offers(spec).binarises


@cached.of_model(most=32, spinner="Writing the images into a file, and reading it …")
def written(spec: ModelSpec, n: int, precision: int, seed: int) -> Written:
    """So many test images, drawn by this seed."""
    return _written(spec, files.drawn_images(cached.dataset(spec.dataset), n, seed, is_binary=is_binary(spec)), precision)


def written_own(spec: ModelSpec, x: np.ndarray, precision: int) -> Written:
    """A person's own picture, uint8 (1, C, H, W), made like the data set's: in no cache."""
    return _written(spec, files.as_pixels(as_observed(cached.model(spec), x), is_binary=is_binary(spec)), precision)


def _written(spec: ModelSpec, pixels: np.ndarray, precision: int) -> Written:
    model = cached.model(spec)
    coded = files.coded(model, pixels, precision)
    others = other_codes.general_purpose(pixels, model.shape, is_binary=model.binarises)
    alone = other_codes.length_alone(_pixels_alone(spec.dataset, model.binarises), pixels)
    return Written(coded, files.decoded(model, coded.data), alone, others)


@cached.keep(most=8)
def _pixels_alone(dataset: str, is_binary: bool) -> Pixels:
    return other_codes.pixels_alone(cached.dataset(dataset).train.x, is_binary=is_binary)


@cached.keep(most=4, scope="session", of_models=True, spinner="Reading the file …")
def read(data: bytes, _spec: ModelSpec, fingerprint: str) -> np.ndarray:
    """The images of a file that was handed over, uint8 (N, P).

    Raises:
        Unreadable: if the model does not read it.
    """
    return files.decoded(cached.model(_spec), data)


@cached.of_model(most=16)
def has_length(spec: ModelSpec) -> bool:
    """Whether the model gives an image a probability, and so a length."""
    return not files.why_no_length(cached.model(spec))
