"""The latent pad's plane in JavaScript: pixels and codes, ticks, the nearest code, bytes, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate

PLANE = ("pages/shared/latent_pad/plane.js",)
VIEW = [0.5, -1.0, 3.0]
SIZE = 480


def test_pixels_and_codes_are_each_others_inverse_and_the_second_axis_points_up() -> None:
    lines = """
    const plane = new Plane(view, size), there = codes.map(([u, v]) => plane.toPixels(u, v));
    return [there, there.map(([px, py]) => plane.toCode(px, py))];
    """
    codes = np.random.default_rng(0).uniform(-3, 3, (50, 2))
    there, back = evaluate(PLANE, lines, view=VIEW, size=SIZE, codes=codes.tolist())
    exact = np.stack([(codes[:, 0] - (VIEW[0] - VIEW[2])) * 80, ((VIEW[1] + VIEW[2]) - codes[:, 1]) * 80], 1)
    np.testing.assert_allclose(there, exact, rtol=1e-12)
    np.testing.assert_allclose(back, codes, rtol=1e-12)


def test_ticks_are_round_numbers_at_their_places() -> None:
    across, up = evaluate(PLANE, "return new Plane(view, size).ticks();", view=VIEW, size=SIZE)
    assert [value for value, _ in across] == [-2, 0, 2]
    assert [value for value, _ in up] == [-4, -2, 0, 2]
    assert [pixels for _, pixels in across] == [40, 200, 360]
    assert [pixels for _, pixels in up] == [480, 320, 160, 0]


@pytest.mark.parametrize("seed", range(5))
def test_the_nearest_code_is_the_nearest_of_all_within_reach(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z, at = rng.normal(size=(40, 3)), rng.uniform(0, SIZE, 2)
    lines = "const plane = new Plane(view, size); return reaches.map((r) => plane.nearest({ z, n, d }, [2, 0], ...at, r));"
    pixels = np.stack([(z[:, 2] + 2.5) * 80, (2.0 - z[:, 0]) * 80], 1)
    away = np.linalg.norm(pixels - at, axis=1)
    reaches = [1e6, float(away.min()) * 1.001, float(away.min()) * 0.999]
    found = evaluate(PLANE, lines, view=VIEW, size=SIZE, z=z.ravel().tolist(), n=40, d=3, at=at.tolist(), reaches=reaches)
    assert found == [away.argmin(), away.argmin(), -1]


def test_cells_come_from_the_middle_outwards_each_once() -> None:
    cells = np.array(evaluate(PLANE, "return fromTheMiddle(5);"))
    away = np.hypot(*(cells - 2).T)
    assert len({tuple(cell) for cell in cells.tolist()}) == 25 and (np.diff(away) >= 0).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_the_bytes_of_an_image_are_rounded_and_kept_within_a_byte(channels: int) -> None:
    x = np.random.default_rng(channels).uniform(-0.2, 1.2, (channels, 3, 4))
    lines = "return [...rgba({ channels, height: 3, width: 4 }, values)];"
    found = np.reshape(evaluate(PLANE, lines, channels=channels, values=x.ravel().tolist()), (3, 4, 4))
    exact = np.rint(np.clip(255 * x, 0, 255)).transpose(1, 2, 0)
    assert (found[..., :3] == exact).all() and (found[..., 3] == 255).all()
