"""What a page shows of the posterior of a test image: its map, and the ascent on it; and the files that keep it of shipped models. Nats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import torch

from vae_core.data import Dataset
from vae_core.evaluation import observed_at
from vae_core.explore.elbo.ascent import Ascent, Split, ascent, split
from vae_core.explore.elbo.posterior import Gaussian, Plane, encoded, first_log_joint, plane, raster
from vae_core.explore.elbo.posterior_figure import window
from vae_core.models import LatentModel
from vae_core.models.inputs import model_input
from vae_core.store import SHIPPED as FOLDER

AT_ONCE = 50
"""Images whose first nodes are looked up together."""
SEEN = 1e-3
"""Of its largest density, at which the posterior still is seen."""


@dataclass(frozen=True, slots=True, eq=False)
class PosteriorMap:
    """The posterior of one image over the plane, as it is drawn, and the way of q on it; of its many nodes only their number is kept.

    Attributes:
        way: of q.
        split: of the gap of the encoder's q.
        n_nodes: of the plane.
        window: its lower and upper corner, (2, 2).
        side: of a cell of the map.
        heat: the density in the window, from its lower corner on, in 255ths of the largest, uint8 (H, W).
    """

    way: Ascent
    split: Split
    n_nodes: int
    window: np.ndarray
    side: float
    heat: np.ndarray

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """Where the cells begin and end, across and up."""
        (left, bottom), (h, w) = self.window[0], self.heat.shape
        return float(left), float(left + w * self.side), float(bottom), float(bottom + h * self.side)


def observed(model: LatentModel, images: Dataset, numbers: Sequence[int]) -> torch.Tensor:
    """Test images as an evaluation shows them to the model, (B, *shape): binarised where it binarises."""
    return model_input(observed_at(model, images.test.x, numbers), torch.device("cpu"))


@torch.no_grad()
def posterior_maps(model: LatentModel, images: Dataset, numbers: Sequence[int]) -> dict[int, PosteriorMap]:
    """Of these test images, by their numbers."""
    maps: list[PosteriorMap] = []
    for part in observed(model, images, numbers).split(AT_ONCE):
        for one, q, first in zip(part.split(1), encoded(model, part), first_log_joint(model, part), strict=True):
            maps.append(posterior_map(plane(model, one, first), q))
    return dict(zip(numbers, maps, strict=True))


def map_of(model: LatentModel, images: Dataset, number: int, first: np.ndarray) -> PosteriorMap:
    """Of one test image, whose `first_log_joint`, (3600,), is known."""
    x = observed(model, images, [number])
    (q,) = encoded(model, x)
    return posterior_map(plane(model, x, first), q)


def posterior_map(here: Plane, q: Gaussian) -> PosteriorMap:
    """Of one image, whose encoder's q is given."""
    way = ascent(here, q)
    drawn = way.path[0], way.diagonal, way.full
    seen = window(np.array([q.mean for q in drawn]), np.array([q.widths for q in drawn]), here.seen(SEEN))
    cells = raster(here, *seen)
    heat = np.round(255 * cells.density / cells.density.max()).astype(np.uint8)
    return PosteriorMap(way, split(here, way), len(here.z), np.array(seen), cells.side, heat)


def path_of(weights_sha256: str) -> Path:
    """The file of a shipped model's maps, so that no visitor waits for them; written by `benchmarks/posterior_maps.py`."""
    return FOLDER / f"{weights_sha256[:16]}.posterior.npz"


def read(path: Path) -> dict[int, PosteriorMap] | None:
    """What a file holds, by the numbers of the images; None if there is no such file."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as file:
        held = {name: file[name] for name in file.files}
    ways, heats = _parts(held["n_steps"], held["ways"].astype(float)), _parts(held["shapes"].prod(1), held["heat"])
    maps = {}
    for k, (image, way, heat) in enumerate(zip(held["images"].tolist(), ways, heats, strict=True)):
        one = Split(*held["splits"][k].tolist())
        path_of_q = [Gaussian(row[:2], row[[2, 3, 3, 4]].reshape(2, 2)) for row in way[:, 1:]]
        climbed = Ascent(path_of_q, one.log_px - way[:, 0], one.draw, int(held["n_diagonal"][k]))
        at = held["n_nodes"][k], held["windows"][k], held["sides"][k]
        maps[image] = PosteriorMap(climbed, one, int(at[0]), at[1], float(at[2]), heat.reshape(held["shapes"][k]))
    return maps


def _parts(lengths: np.ndarray, whole: np.ndarray) -> list[np.ndarray]:
    return np.split(whole, np.cumsum(lengths)[:-1])


def write(path: Path, maps: Mapping[int, PosteriorMap]) -> None:
    """Put maps into a file: of each step of q what its ELBO lacks, its mean and its covariance."""
    every = list(maps.values())
    columns = {
        "images": np.array(list(maps), np.int32),
        "splits": np.array([astuple(one.split) for one in every]),
        "n_nodes": np.array([one.n_nodes for one in every], np.int32),
        "windows": np.array([one.window for one in every]),
        "sides": np.array([one.side for one in every]),
        "shapes": np.array([one.heat.shape for one in every], np.int32),
        "heat": np.concatenate([one.heat.ravel() for one in every]),
        "n_diagonal": np.array([one.way.n_diagonal for one in every], np.int32),
        "n_steps": np.array([len(one.way.path) for one in every], np.int32),
        "ways": np.concatenate([_steps(one) for one in every]).astype(np.float32),
    }
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **columns)


def _steps(one: PosteriorMap) -> np.ndarray:
    """A row each of what the ELBO lacks to log p(x), two numbers of the mean and three of the covariance, (S, 6)."""
    gaps = one.split.log_px - one.way.elbos
    return np.array([[gap, *q.mean, *q.covariance[[0, 0, 1], [0, 1, 1]]] for gap, q in zip(gaps, one.way.path, strict=True)])
