"""The sheet that is drawn on in JavaScript: grid, brush and code, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.data import drawn

CELLS = ("pages/shared/painting/cells.js",)


@pytest.mark.parametrize(("seed", "side"), [(0, drawn.SIDE), (1, 28), (2, 8)])
def test_both_sides_write_and_read_the_same_code(seed: int, side: int) -> None:
    cells = np.random.default_rng(seed).random((side, side)) < 0.4
    code, read = evaluate(
        CELLS,
        "return [encode(Uint8Array.from(cells)), [...decode(code, side)]];",
        side=side,
        cells=cells.ravel().astype(int).tolist(),
        code=drawn.encoded(cells),
    )
    assert code == drawn.encoded(cells)
    assert (np.reshape(read, cells.shape) == cells).all() and (drawn.decoded(code, side) == cells).all()


def test_every_preset_is_read_whole() -> None:
    lines = "return Object.values(presets).map((code) => [encode(decode(code, 32)), countOf(decode(code, 32))]);"
    for code, (again, n) in zip(drawn.presets().values(), evaluate(CELLS, lines, presets=drawn.presets()), strict=True):
        assert again == code and n == drawn.decoded(code).sum()


@pytest.mark.parametrize(("radius", "side"), [(0.14, drawn.SIDE), (0.3, 28), (0.6, drawn.SIDE)])
def test_both_brushes_paint_the_same_cells(radius: float, side: int) -> None:
    path = np.random.default_rng(int(100 * radius)).uniform(-3.2, 3.2, (6, 2)).tolist()
    lines = """
    const cells = new Uint8Array(side * side);
    for (let i = 0; i < path.length; i++) brush(cells, path[i], path[Math.min(i + 1, path.length - 1)], radius, 1);
    const painted = [...cells];
    brush(cells, path[0], path[1], radius, 0);
    return [painted, [...cells]];
    """
    painted, left = evaluate(CELLS, lines, path=path, radius=radius, side=side)
    assert (np.reshape(painted, (side, side)) == drawn.brushed(path, radius, side)).all()
    wiped = drawn.brushed(path, radius, side) & ~drawn.brushed(path[:2], radius, side)
    assert (np.reshape(left, (side, side)) == wiped).all()


@pytest.mark.parametrize("code", ["", "A", "A" * 172, "/" * 171, "A" * 170 + "D", 5, None])
def test_what_is_no_code_is_none(code: object) -> None:
    assert evaluate(CELLS, "return decode(code, 32);", code=code) is None
