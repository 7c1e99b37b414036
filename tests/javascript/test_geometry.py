"""The moving pictures' mathematics in JavaScript, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.drawing.colours import between, channels, even
from vae_core.explore.latent.comparison_maps import MAPS
from vae_core.explore.latent.line_to_curve import CURVES, curve_table
from vae_core.explore.latent.morph_figure import Camera
from vae_core.explore.latent.ring_figure import PALETTES

GEOMETRY = "pages/latent/canvas/geometry.js"
MAPS_JS = "pages/latent/ring/ring_morph/maps.js"
CURVE = "pages/latent/line/line_curve/curve.js"


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("share", [0.0, 0.3])
def test_maps_and_their_determinants_are_those_of_numpy(name: str, dim: int, share: float) -> None:
    z = np.random.default_rng(0).standard_normal((300, dim))
    values = {p.name: (1 - share) * p.default + share * p.high for p in MAPS[name].parameters}
    lines = """
    const points = Float64Array.from(z), y = new Float64Array(z.length), det = new Float64Array(z.length / dim);
    MAPS[name].forward(points, dim, values, y);
    MAPS[name].logDet(points, dim, values, det);
    return [[...y], [...det]];
    """
    y, log_det = evaluate((MAPS_JS,), lines, name=name, dim=dim, z=z.ravel().tolist(), values=values)
    exact = MAPS[name].map(values, dim)
    np.testing.assert_allclose(np.reshape(y, z.shape), exact.forward(z), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(log_det, exact.log_abs_det(z), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("dim", [2, 3])
def test_the_camera_is_that_of_the_film(dim: int) -> None:
    points = np.random.default_rng(0).standard_normal((50, dim))
    lines = """
    const camera = Object.assign(new Camera(), { size: 480, halfWidth: 1.9, yaw: 2.0, pitch: -0.3 });
    const out = new Float64Array((points.length / dim) * 3);
    camera.project(points, dim, out);
    return [...out];
    """
    found = np.reshape(evaluate((GEOMETRY,), lines, points=points.ravel().tolist(), dim=dim), (-1, 3))
    pixels, far = Camera(1.9, 2.0, -0.3).project(points, 480)
    np.testing.assert_allclose(found[:, :2], pixels, rtol=1e-9)
    np.testing.assert_allclose(found[:, 2], far, atol=1e-9)


@pytest.mark.parametrize("name", PALETTES)
def test_the_table_of_colours_is_that_of_the_film(name: str) -> None:
    words = evaluate((GEOMETRY,), "return [...colourTable(stops)];", stops=list(PALETTES[name]))
    rgb = np.stack([np.array(words) >> shift & 255 for shift in (0, 8, 16)], -1)
    theirs = between(np.linspace(0, 1, 256), even(PALETTES[name]))
    assert np.abs(rgb - theirs.astype(int)).max() <= 1  # a half is rounded to even there, and up here
    assert tuple(rgb[0]) == channels(PALETTES[name][0])
    assert set(np.array(words) >> 24) == {255}


def test_a_line_is_cut_where_it_runs_through_the_origin() -> None:
    line = [-1, 0, 1, 0, 2, 0, -2, 0, -2, 1]
    assert evaluate((GEOMETRY,), "return [...cutsAtOrigin(line, 2)];", line=line) == [0, 1, 0, 1, 0]


@pytest.mark.parametrize(("span", "step"), [(6.8, 2), (3.0, 0.5), (60, 10), (0.55, 0.1)])
def test_steps_of_axes_are_round(span: float, step: float) -> None:
    assert evaluate((GEOMETRY,), "return niceStep(span);", span=span) == pytest.approx(step)


@pytest.mark.parametrize(("wide", "n"), [(1, 1), (2, 4), (3, 9), (4, 12), (7, 37)])
def test_a_dot_is_a_square_and_from_four_pixels_on_a_disc(wide: int, n: int) -> None:
    offsets = evaluate((GEOMETRY,), "return [...dotOffsets(wide, 100).offsets];", wide=wide)
    assert len(set(offsets)) == len(offsets) == n


@pytest.mark.parametrize("t", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("name", CURVES)
def test_a_curve_between_the_rows_of_its_table_is_the_curve(name: str, t: float) -> None:
    table = curve_table(name)
    parts = {"point": table.point, "tangent": table.tangent, "prior": table.prior}
    data = {key: {"values": np.ravel(value).tolist(), "shape": np.shape(value)} for key, value in parts.items()}
    rows = [0, 17, len(table.z) // 2, len(table.z) - 1]
    z = table.z[rows]
    found = evaluate((CURVE,), "return z.map((one) => onCurve(data, t, one));", data=data, t=t, z=z.tolist())
    point = (1 - t) * np.stack([2 * z - 1, np.zeros_like(z)], -1) + t * table.point[rows]
    tangent = (1 - t) * np.array([2.0, 0.0]) + t * table.tangent[rows]
    np.testing.assert_allclose([one["p"] for one in found], point, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose([one["d"] for one in found], tangent, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose([one["density"] for one in found], table.prior[rows] / np.linalg.norm(tangent, axis=-1), rtol=1e-5)


def test_lines_are_cut_where_a_map_jumps() -> None:
    y = [[0, 0], [0.1, 0], [0.9, 0], [0.9, 0.3], [0.9, 1.0]]
    assert evaluate((GEOMETRY,), "return [...cutsAtJumps(y.flat(), 2, 0.4)];", y=y) == [0, 0, 1, 0, 1]
