"""What is packed is read again to the bit, by Python as by the browser (`tests/javascript/test_packing.py`)."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.packing import packed, unpacked


def test_what_is_packed_is_unpacked_to_the_bit() -> None:
    arrays = {
        "half": np.float16([[1.5, -2.25, 0.1]]),
        "bytes": np.arange(5, dtype=np.uint8),
        "numbers": np.float32([np.pi, -0.0, np.inf]).reshape(3, 1),
        "nothing": np.zeros((0, 2), np.float32),
    }
    header, again = unpacked(packed({"title": "ρ < 1", "metrics": {"kl": 0.25}}, arrays))
    assert header == {"title": "ρ < 1", "metrics": {"kl": 0.25}}
    assert list(again) == list(arrays)
    for name, array in arrays.items():
        assert again[name].dtype == array.dtype
        np.testing.assert_array_equal(again[name], array)
