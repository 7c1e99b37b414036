"""What the map makes of a cloud of points: numbers, and what travels to the browser."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from vae_core.explore.latent import morph
from vae_core.explore.latent.comparison_maps import MAPS
from vae_core.explore.latent.ring import prior_samples
from vae_core.explore.latent.ring_figure import cloud_payload
from vae_core.models import LatentModel


def test_ten_thousand_points_take_at_most_200_kilobytes(vae: LatentModel) -> None:
    for dim in (2, 3):
        cloud = morph.cloud(10_000, dim)
        assert len(cloud_payload(cloud.z, cloud.lines, cloud.circles).data) <= 200_000
    cloud = morph.cloud(10_000, 2, vae)
    assert len(cloud_payload(cloud.z, cloud.lines, cloud.circles, image=cloud.image).data) <= 200_000


def test_a_payload_holds_the_points_to_the_bit() -> None:
    cloud = morph.cloud(100, 3)
    payload = cloud_payload(cloud.z, cloud.lines, cloud.circles)
    name, packed = payload.name, payload.data
    (length,) = struct.unpack_from("<I", packed)
    header = json.loads(packed[4 : 4 + length])
    first = -(-(4 + length) // 8) * 8
    assert header["name"] == name
    assert header["arrays"][0] == {"name": "z", "dtype": "f4", "shape": [100, 3]}
    np.testing.assert_array_equal(np.frombuffer(packed, "<f4", 300, first).reshape(100, 3), cloud.z)
    assert cloud_payload(cloud.z + 1, cloud.lines, cloud.circles).name != name


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("dim", [2, 3])
def test_exact_numbers_lie_within_four_standard_errors_of_the_sample(name: str, dim: int) -> None:
    chosen = MAPS[name].map({}, dim)
    y = morph.image_of_points(chosen, prior_samples(20_000, dim))
    found = morph.estimates(chosen, y)
    assert len(found) >= 2
    assert all(abs(estimate.deviation) < 4 for estimate in found), found
