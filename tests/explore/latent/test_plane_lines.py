"""Coordinate lines and circles of the plane."""

from __future__ import annotations

import numpy as np

from vae_core.explore.latent.plane_lines import circles, coordinate_lines, winding_number


def test_the_winding_number_counts_turns() -> None:
    loop = circles(radii=(1.0,))[0, :-1]
    assert winding_number(loop) == 1
    assert winding_number(loop[::-1]) == -1
    assert winding_number(loop + 2) == 0
    assert winding_number(np.concatenate([loop, loop])) == 2


def test_no_coordinate_line_has_a_vertex_at_the_origin() -> None:
    for dim in (2, 3):
        assert np.linalg.norm(coordinate_lines(dim), axis=-1).min() > 1e-3
