"""A shape as a function: a network that sees a picture of 16 × 16 pixels and says of any point (u, v) whether it lies inside.

An encoder makes two numbers z of the picture, and f(z, (u, v)) is the probability of the inside (Mescheder et al. 2019). It is trained on
random points of random shapes, and comes along. The picture has pixels; the function has none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from vae_core.adam import Adam
from vae_core.drawing.chart import Chart
from vae_core.explore.beyond import shapes
from vae_core.explore.beyond.occupancy_figure import function_space
from vae_core.explore.means import Mean, mean_of
from vae_core.explore.number_files import read_rows, rounded
from vae_core.store import SHIPPED as FOLDER

SHIPPED = FOLDER / "occupancy.safetensors"
"""Weights; written by `benchmarks/occupancy_network.py`."""
NEW_SHAPES = FOLDER / "occupancy.json"
"""Overlaps with new shapes, which take half a minute of a processor; written by the same."""
WIDTH, N_SHAPES, N_POINTS, LEARNING_RATE, N_STEPS = 64, 32, 128, 0.004, 6_000
NEAR = 0.06
"""How far from the edge half of the points are, on average."""
FINE = 512
"""Cells of a side on which areas and overlaps are counted."""
N_NEW = 100
"""New shapes on which the overlap is measured."""
N_WHOLE, N_WINDOW = 128, 96
"""Cells of a side that are drawn."""


class Occupancy(nn.Module):
    """z of a picture, and the log odds of the inside at z and a point."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(shapes.SIZE**2, WIDTH), nn.SiLU(), nn.Linear(WIDTH, 2))
        layers = [
            nn.Linear(4, WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, 1),
        ]
        self.decoder = nn.Sequential(*layers)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for layer in self.modules():
                if isinstance(layer, nn.Linear):
                    layer.weight.copy_(torch.randn(layer.weight.shape, generator=generator) * math.sqrt(1.5 / layer.in_features))
                    layer.bias.zero_()

    def log_odds(self, z: Tensor, points: Tensor) -> Tensor:
        """Of the inside, (B, M), at codes, (B, 2), and points, (B, M, 2)."""
        both = torch.cat([z[:, None].expand(-1, points.shape[1], -1), 3 * points], -1)
        return self.decoder(both)[..., 0]


def points_of(r: np.ndarray, n: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Points of shapes to learn from, (N, 128, 2): half of them anywhere, half near the edge."""
    half = N_POINTS // 2
    anywhere = rng.uniform(-1, 1, (len(r), half, 2))
    angle = rng.uniform(0, 2 * np.pi, (len(r), half))
    around = np.stack([np.cos(angle), np.sin(angle)], -1)
    edge = np.sign(around) * r[:, None, None] * np.abs(around) ** (2 / n[:, None, None])
    return np.concatenate([anywhere, edge + rng.normal(0, NEAR, edge.shape)], 1)


def training(seed: int = 0, n_steps: int = N_STEPS) -> Iterator[Occupancy]:
    """Train on new shapes and new points in every step; the network after each."""
    model, rng = Occupancy(seed), np.random.default_rng(seed)
    optimiser = Adam(model.parameters(), lr=LEARNING_RATE)
    for step in range(n_steps):
        optimiser.param_groups[0]["lr"] = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * step / n_steps))
        r, n = shapes.drawn(N_SHAPES, rng)
        points = points_of(r, n, rng)
        is_inside = torch.tensor(shapes.inside(points, r[:, None], n[:, None]), dtype=torch.float32)
        optimiser.zero_grad()
        z = model.encoder(torch.tensor(shapes.pictures(r, n).reshape(N_SHAPES, -1)))
        binary_cross_entropy_with_logits(model.log_odds(z, torch.tensor(points, dtype=torch.float32)), is_inside).backward()
        optimiser.step()
        yield model


def save(model: Occupancy, path: Path = SHIPPED) -> None:
    """Write the weights."""
    save_file(model.state_dict(), path)


@lru_cache(maxsize=1)
def shipped() -> Occupancy:
    """The network that comes along."""
    model = Occupancy()
    model.load_state_dict(load_file(SHIPPED))
    return model.eval().requires_grad_(False)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What the network makes of a picture, beside the shape that it shows.

    Attributes:
        r: of the shape.
        n: its exponent.
        picture: (16, 16).
        z: its code, (2,).
        overlap: intersection over union of {f > ½} and the shape.
        of_picture: the same of the pixels that are covered by half.
        area: of {f > ½}.
    """

    r: float
    n: float
    picture: np.ndarray
    z: np.ndarray
    overlap: float
    of_picture: float
    area: float


@torch.no_grad()
def probabilities(z: np.ndarray, points: np.ndarray, model: Occupancy | None = None) -> np.ndarray:
    """f(z, ·) at points, (…, 2) → (…,)."""
    rows = torch.tensor(points.reshape(1, -1, 2), dtype=torch.float32)
    odds = (model or shipped()).log_odds(torch.tensor(z[None], dtype=torch.float32), rows)
    return odds.sigmoid()[0].numpy().reshape(points.shape[:-1])


@torch.no_grad()
def shape(r: float, n: float, model: Occupancy | None = None) -> Shape:
    """What the network makes of the picture of a shape."""
    model = model or shipped()
    picture = shapes.pictures(np.array([r]), np.array([n]))
    z = model.encoder(torch.tensor(picture.reshape(1, -1)))[0].numpy()
    cells = shapes.grid(FINE)
    true, told = shapes.inside(cells, r, n), probabilities(z, cells, model) > 0.5
    by_pixels = np.kron(picture[0] > 0.5, np.ones((FINE // shapes.SIZE,) * 2, bool))
    return Shape(r, n, picture[0], z, shapes.overlap(told, true), shapes.overlap(by_pixels, true), float(4 * told.mean()))


def on_new_shapes(count: int = N_NEW, seed: int = 1, model: Occupancy | None = None) -> dict[str, list[float]]:
    """Overlaps of the network and of its pictures with shapes that it was not trained on."""
    both = [shape(float(r), float(n), model) for r, n in zip(*shapes.drawn(count, np.random.default_rng(seed)), strict=True)]
    return rounded({"network": [one.overlap for one in both], "pixels": [one.of_picture for one in both]})


def means_on_new_shapes(path: Path = NEW_SHAPES) -> tuple[Mean, Mean]:
    """Mean overlap of the network that comes along, and of its pictures, with `N_NEW` new shapes."""
    overlaps = read_rows(path)
    return mean_of(np.array(overlaps["network"])), mean_of(np.array(overlaps["pixels"]))


def corner(told: Shape) -> tuple[float, float]:
    """The point of the edge above the diagonal, which the window shows."""
    at = told.r * 0.5 ** (1 / told.n)
    return at, at


def occupancy_chart(told: Shape, zoom: int) -> Chart:
    """`occupancy_figure.function_space` of a shape, enlarged at its `corner`."""
    return function_space(
        picture=told.picture,
        whole=probabilities(told.z, shapes.grid(N_WHOLE)),
        window=probabilities(told.z, shapes.grid(N_WINDOW, corner(told), 1 / zoom)),
        outline=shapes.outline(told.r, told.n),
        centre=corner(told),
        zoom=zoom,
    )
