"""The sheet that is drawn on in JavaScript: grid, brush and code, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.data import drawn

CELLS = ("pages/shared/painting/cells.js",)


@pytest.mark.parametrize("seed", range(3))
def test_both_sides_write_and_read_the_same_code(seed: int) -> None:
    cells = np.random.default_rng(seed).random((drawn.SIDE, drawn.SIDE)) < 0.4
    code, read = evaluate(
        CELLS,
        "return [encode(Uint8Array.from(cells)), [...decode(code)]];",
        cells=cells.ravel().astype(int).tolist(),
        code=drawn.encoded(cells),
    )
    assert code == drawn.encoded(cells)
    assert (np.reshape(read, cells.shape) == cells).all()


def test_every_preset_is_read_whole() -> None:
    lines = "return Object.values(presets).map((code) => [encode(decode(code)), countOf(decode(code))]);"
    for code, (again, n) in zip(drawn.presets().values(), evaluate(CELLS, lines, presets=drawn.presets()), strict=True):
        assert again == code and n == drawn.decoded(code).sum()


@pytest.mark.parametrize("radius", [0.14, 0.3, 0.6])
def test_both_brushes_paint_the_same_cells(radius: float) -> None:
    path = np.random.default_rng(int(100 * radius)).uniform(-3.2, 3.2, (6, 2)).tolist()
    lines = """
    const cells = new Uint8Array(SIDE * SIDE);
    for (let i = 0; i < path.length; i++) brush(cells, path[i], path[Math.min(i + 1, path.length - 1)], radius, 1);
    const painted = [...cells];
    brush(cells, path[0], path[1], radius, 0);
    return [painted, [...cells]];
    """
    painted, left = evaluate(CELLS, lines, path=path, radius=radius)
    assert (np.reshape(painted, (drawn.SIDE, drawn.SIDE)) == drawn.brushed(path, radius)).all()
    wiped = drawn.brushed(path, radius) & ~drawn.brushed(path[:2], radius)
    assert (np.reshape(left, (drawn.SIDE, drawn.SIDE)) == wiped).all()


@pytest.mark.parametrize("code", ["", "A", "A" * 172, "/" * 171, "A" * 170 + "D", 5, None])
def test_what_is_no_code_is_none(code: object) -> None:
    assert evaluate(CELLS, "return decode(code);", code=code) is None
