"""Points drawn by hand: the code of what is painted, draws from it, its entropy, and that no name and no store knows them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vae_core import data
from vae_core.data import drawn
from vae_core.explore.autoencoders.toys import toy_spec
from vae_core.store import Store


@pytest.mark.parametrize("seed", range(3))
def test_a_code_is_the_picture_and_the_picture_is_the_code(seed: int) -> None:
    cells = np.random.default_rng(seed).random((drawn.SIDE, drawn.SIDE)) < 0.3
    code = drawn.encoded(cells)
    assert len(code) == drawn.LENGTH == 171
    assert (drawn.decoded(code) == cells).all()


GOOD = drawn.encoded(np.eye(drawn.SIDE, dtype=bool))


NO_CODES = {
    "empty": "",
    "nothing painted": "A" * 171,
    "short": GOOD[:-1],
    "long": GOOD + "A",
    "not its letters": GOOD[:-1] + "/",
    "padded": GOOD[:-1] + "=",
    "not ASCII": GOOD[:-1] + "ä",
    "beside the grid": GOOD[:-1] + "D",
    "very long": "9" * 100_000,
    "none": None,
    "number": 3,
}


@pytest.mark.parametrize("code", NO_CODES.values(), ids=NO_CODES)
def test_what_is_no_code_is_refused_in_a_sentence(code: object) -> None:
    with pytest.raises(ValueError, match=r"^drawing must .{1,300}$"):
        drawn.decoded(code)


def test_points_lie_in_painted_cells_alone_evenly_and_are_drawn_by_a_seed() -> None:
    cells = drawn.brushed([(-1.0, 2.0), (2.0, 2.0)], 0.3)
    code = drawn.encoded(cells)
    points = drawn.points(code)
    assert points.train.x.shape == points.test.x.shape == (2000, 2) and points.train.x.dtype == np.float32
    assert (points.train.x == drawn.points(code).train.x).all() and (points.train.x != points.test.x).any()
    column, row = np.floor((points.train.x.T + drawn.REACH) / drawn.CELL).astype(int)
    assert cells[row, column].all()
    counts = np.zeros_like(cells, int)
    np.add.at(counts, (row, column), 1)
    expected = 2000 / cells.sum()
    chi2 = ((counts[cells] - expected) ** 2 / expected).sum()
    assert abs(chi2 - cells.sum()) < 4 * math.sqrt(2 * cells.sum())
    assert points.train.x[:, 1].mean() == pytest.approx(2, abs=0.06)


def test_the_entropy_is_the_logarithm_of_the_painted_area() -> None:
    half = np.zeros((drawn.SIDE, drawn.SIDE), bool)
    half[:, : drawn.SIDE // 2] = True
    assert drawn.entropy(drawn.encoded(half)) == pytest.approx(math.log(18))


def test_a_path_is_as_wide_as_its_brush() -> None:
    line = drawn.brushed([(-2.0, 0.0), (2.0, 0.0)], 0.5)
    assert line.sum() * drawn.CELL**2 == pytest.approx(4 * 1 + math.pi * 0.25, abs=drawn.CELL / 2 * (8 + math.pi))  # half a cell all round
    assert drawn.brushed([(0.1, 0.1)], 0.14).sum() == 1


def test_presets_are_drawings() -> None:
    presets = drawn.presets()
    assert next(iter(presets)) == "two moons" and len(set(presets.values())) == len(presets) >= 5
    assert all(20 < drawn.decoded(code).sum() < 400 for code in presets.values())


def test_no_name_loads_drawn_points_and_no_store_trains_on_them(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    assert drawn.DRAWN not in data.names()
    with pytest.raises(ValueError, match="dataset must be one of"):
        data.load(drawn.DRAWN)
    with pytest.raises(ValueError, match="dataset must be one of"):
        list(Store().training(toy_spec(drawn.DRAWN, 1)))
    assert Store().checkpoints() is not None and not any(path.suffix == ".safetensors" for path in tmp_path.rglob("*"))
