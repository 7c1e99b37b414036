"""Points in the plane that a hand has drawn: painted cells of a grid, the code that they have in a link, and draws from them.

A grid of another size holds what is painted on an image. The distribution is uniform over the painted cells, so that its density and its
entropy are known exactly. `pages/shared/painting/cells.js` repeats the grid, the brush and the code in the browser; a test holds the two
against each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from vae_core.data.base import Points, Provenance, Split
from vae_core.data.toys import TEST_SEED, TRAIN_SEED
from vae_core.errors import require
from vae_core.identities import DRAWN, OF_DRAWN

SIDE, REACH = 32, 3.0
"""Cells along a side of the grid of points, and half of the side of any grid: it lies over [−3, 3]²."""
CELL = 2 * REACH / SIDE
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Of base64url: each stands for six cells, the first of them in its highest bit."""
BITS = 6
LENGTH = math.ceil(SIDE**2 / BITS)
PROVENANCE = Provenance(
    "Drawn",
    "drawn by hand, in the browser",
    "whoever drew it",
    f"Two independent draws of {OF_DRAWN.n_train:,} points from fixed seeds.",
)


def encoded(cells: np.ndarray) -> str:
    """The code of painted cells, (n, n), rows upwards: six a letter, row after row; of the grid of points `LENGTH` letters."""
    length = math.ceil(cells.size / BITS)
    bits = np.zeros(length * BITS, np.int64)
    bits[: cells.size] = cells.ravel()
    return "".join(LETTERS[value] for value in bits.reshape(length, BITS) @ (1 << np.arange(BITS)[::-1]))


def decoded(code: str, side: int = SIDE) -> np.ndarray:
    """The painted cells of a code, bool (n, n), rows upwards.

    Args:
        code: of them.
        side: n, cells along a side.

    Raises:
        ValueError: if it is no code, or no cell is painted.
    """
    length = math.ceil(side**2 / BITS)
    is_code = isinstance(code, str) and len(code) == length and set(code) <= set(LETTERS)
    require(is_code, "drawing", f"be {length} letters, digits, - or _", code if isinstance(code, str) and len(code) < length else "…")
    values = np.array([LETTERS.index(letter) for letter in code])
    bits = (values[:, None] >> np.arange(BITS)[::-1] & 1).astype(bool).ravel()
    require(bool(bits[: side**2].any()) and not bits[side**2 :].any(), "drawing", "paint at least one cell and none beside the grid", "it")
    return bits[: side**2].reshape(side, side)


def brushed(path: Sequence[tuple[float, float]], radius: float, side: int = SIDE) -> np.ndarray:
    """The cells, (n, n) with n along a side, whose centres lie within a radius of a path of straight pieces."""
    places = (np.arange(side) + 0.5) * 2 * REACH / side - REACH
    centres = np.stack(np.meshgrid(places, places), -1)  # (n, n, 2): x, then y, rows upwards
    cells = np.zeros((side, side), bool)
    for start, end in zip(np.array(path), np.array([*path[1:], path[-1]]), strict=True):
        along = end - start
        share = np.clip(((centres - start) @ along) / max(along @ along, 1e-12), 0, 1)[..., None]
        cells |= ((centres - start - share * along) ** 2).sum(-1) <= radius**2
    return cells


def points(code: str) -> Points:
    """Training and test points of a code, 2,000 each: a painted cell at random, and a place in it at random.

    Raises:
        ValueError: as `decoded`.
    """
    cells = decoded(code)
    return Points(DRAWN, _split(cells, TRAIN_SEED), _split(cells, TEST_SEED), PROVENANCE)


def _split(cells: np.ndarray, seed: int) -> Split:
    rng = np.random.default_rng(seed)
    rows_columns = np.argwhere(cells)[rng.integers(0, cells.sum(), OF_DRAWN.n_train)]
    places = (rows_columns[:, ::-1] + rng.random((OF_DRAWN.n_train, 2))) * CELL - REACH
    return Split(places.astype(np.float32), None)


def entropy(code: str) -> float:
    """Of the distribution, in nats: the logarithm of the painted area. No model's log p(x) is above its negative on average."""
    return math.log(int(decoded(code).sum()) * CELL**2)


def _curve(x: np.ndarray, y: np.ndarray, radius: float = 0.16) -> np.ndarray:
    return brushed(list(zip(x.tolist(), y.tolist(), strict=True)), radius)


def _moons() -> np.ndarray:
    angle = np.linspace(0, math.pi, 40)
    upper = _curve(1.6 * np.cos(angle) - 0.8, 1.6 * np.sin(angle) - 0.4)
    return upper | _curve(0.8 - 1.6 * np.cos(angle), 0.4 - 1.6 * np.sin(angle))


def _spiral() -> np.ndarray:
    angle = np.linspace(0.5, 3.5 * math.pi, 160)
    return _curve(0.22 * angle * np.cos(angle), 0.22 * angle * np.sin(angle), 0.12)


def _clusters() -> np.ndarray:
    return np.any([brushed([centre], 0.55) for centre in ((-1.6, -1.2), (1.7, -1.0), (0.1, 1.6))], axis=0)


def _circle() -> np.ndarray:
    angle = np.linspace(0, 2 * math.pi, 80)
    return _curve(2 * np.cos(angle), 2 * np.sin(angle))


def _cross() -> np.ndarray:
    return brushed([(-2, -2), (2, 2)], 0.2) | brushed([(-2, 2), (2, -2)], 0.2)


@cache
def presets() -> dict[str, str]:
    """What one can begin with: what it is called → its code. The first is what is there before anything is drawn."""
    made = {"two moons": _moons, "spiral": _spiral, "clusters": _clusters, "circle": _circle, "cross": _cross}
    return {name: encoded(make()) for name, make in made.items()}
