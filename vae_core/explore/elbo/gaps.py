"""What the ELBO lacks to log p(x) on many test images, in its parts, and the file that keeps it of shipped models. Nats per image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import torch

from vae_core.data import Dataset
from vae_core.data.base import spread_over
from vae_core.evaluation import as_observed
from vae_core.explore.elbo.ascent import Split, ascent, split
from vae_core.explore.elbo.posterior import encoded, first_log_joint, plane
from vae_core.explore.means import Mean, mean_of
from vae_core.explore.number_files import add_rows, read_rows, rounded
from vae_core.models import LatentModel
from vae_core.models.inputs import model_input
from vae_core.store import SHIPPED as FOLDER

SHIPPED = FOLDER / "posterior_gaps.json"
"""Of shipped models with two latent dimensions, so that nothing has to be measured; written by `benchmarks/posterior_gaps.py`."""
N_IMAGES = 200
"""Test images that are measured, evenly spread; all of them where there are fewer."""
AT_ONCE = 50
"""Images whose first nodes are looked up together."""
DIGITS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """`Split` of many test images, (N,) each, and the numbers of the images in their set."""

    images: np.ndarray
    log_px: np.ndarray
    amortization: np.ndarray
    diagonal: np.ndarray
    gaussian: np.ndarray
    draw: np.ndarray
    move: np.ndarray

    @property
    def approximation(self) -> np.ndarray:
        """What the best diagonal q lacks to log p(x), (N,)."""
        return self.diagonal + self.gaussian

    @property
    def gap(self) -> np.ndarray:
        """log p(x) − ELBO, (N,)."""
        return self.amortization + self.approximation

    @property
    def order(self) -> np.ndarray:
        """Places in `images`, from the largest gap to the smallest, (N,)."""
        return np.argsort(-self.gap, kind="stable")

    def mean(self, name: str) -> Mean:
        """Of one of the attributes over the images, with its interval."""
        return mean_of(getattr(self, name))

    def of(self, image: int) -> Split | None:
        """The split of one test image; None if it was not measured."""
        there = np.flatnonzero(self.images == image)
        names = [field.name for field in fields(Split)]
        return Split(*(float(getattr(self, name)[there[0]]) for name in names)) if len(there) else None


def chosen_images(images: Dataset, n: int = N_IMAGES) -> tuple[int, ...]:
    """Numbers of the test images that are measured."""
    return spread_over(len(images.test), n)


def observed(model: LatentModel, images: Dataset, numbers: Sequence[int]) -> torch.Tensor:
    """Test images as an evaluation shows them to the model, (B, *shape): binarised where it binarises."""
    return model_input(as_observed(model, images.test.x)[list(numbers)], torch.device("cpu"))


@torch.no_grad()
def gaps(model: LatentModel, images: Dataset, numbers: Sequence[int]) -> Gaps:
    """The gap of these test images in its parts."""
    x = observed(model, images, numbers)
    splits: list[Split] = []
    for part in x.split(AT_ONCE):
        for one, q, first in zip(part.split(1), encoded(model, part), first_log_joint(model, part), strict=True):
            here = plane(model, one, first)
            splits.append(split(here, ascent(here, q)))
    columns = {field.name: np.array([getattr(one, field.name) for one in splits]) for field in fields(Split)}
    return Gaps(images=np.array(numbers), **columns)


def read(path: Path = SHIPPED) -> dict[str, Gaps]:
    """What a file holds, by the first digits of the weights' hash; nothing if there is no such file."""
    return {name: Gaps(**{column: np.array(values) for column, values in row.items()}) for name, row in read_rows(path).items()}


def add(path: Path, measured: Mapping[str, Gaps]) -> None:
    """Put measurements into a file, beside what it holds."""
    rows = {name: {column: rounded(values.tolist(), DIGITS) for column, values in asdict(one).items()} for name, one in measured.items()}
    add_rows(path, rows)
