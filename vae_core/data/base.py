"""What a data set is: images or points, their split, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

SplitName = Literal["train", "test"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a data set comes from and what one may do with it.

    Attributes:
        title: the name that a person reads.
        source: who made it, and where it is published.
        licence: its licence or terms, as its publisher states them.
        split: how train and test were told apart, in one sentence.
    """

    title: str
    source: str
    licence: str
    split: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Split:
    """One part of a data set. Its arrays are read-only.

    Attributes:
        x: uint8 (N, C, H, W) for images, float32 (N, D) for points.
        labels: int64 (N,), or None where there are none.
    """

    x: np.ndarray
    labels: np.ndarray | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", read_only(self.x))
        if self.labels is not None:
            object.__setattr__(self, "labels", read_only(self.labels))

    def __len__(self) -> int:
        return len(self.x)

    def __repr__(self) -> str:
        return f"Split({len(self):,} of {by(self.x.shape[1:])})"

    def first(self, n: int) -> Split:
        """The first n of them, with their labels."""
        return Split(self.x[:n], None if self.labels is None else self.labels[:n])

    def spread(self, n: int) -> tuple[int, ...]:
        """Indices of n of the images, or of all if there are fewer, evenly spread.

        Neighbours are alike wherever they were cut from one picture, filmed one after the other, or are one person's.
        """
        return spread_over(len(self), n)


def spread_over(n_images: int, n: int) -> tuple[int, ...]:
    """n numbers from 0 to n_images − 1, evenly spread; all of them if n is larger."""
    return tuple(np.linspace(0, n_images - 1, min(n, n_images)).astype(int).tolist())


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Dataset:
    """What images and points share: a name, two parts, and where they come from."""

    name: str
    train: Split
    test: Split
    provenance: Provenance

    def split(self, name: SplitName) -> Split:
        """The named part.

        Raises:
            ValueError: if the name is neither `train` nor `test`.
        """
        if name not in ("train", "test"):
            raise ValueError(f"split must be train or test, got {name!r}")
        return self.train if name == "train" else self.test

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one image, (C, H, W), or of one point, (D,)."""
        return self.train.x.shape[1:]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {len(self.train):,} + {len(self.test):,}, {by(self.shape)})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Images(Dataset):
    """A data set of images; `x` is uint8 (N, C, H, W), and a model's input is always byte/255."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Points(Dataset):
    """A made-up data set of points in the plane or in space; `x` is float32 (N, D)."""


def by(shape: tuple[int, ...]) -> str:
    """A shape as a person writes it: 1×28×28."""
    return "×".join(map(str, shape))


def read_only(array: np.ndarray) -> np.ndarray:
    """A view of the array that refuses to be written to."""
    view = array.view()
    view.setflags(write=False)
    return view
