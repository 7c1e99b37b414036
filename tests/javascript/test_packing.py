"""What Python packs, the browser's one reader unpacks."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import SHARED, evaluate
from vae_core.drawing.packing import file_array, named, packed

READ = """
const found = unpack(bytes);
return found.arrays.map(({ name }) => ({ name, shape: found[name].shape, values: Array.from(found[name].values, String) }));
"""


def unpacked(data: bytes) -> dict[str, np.ndarray]:
    parts = evaluate((SHARED,), READ, bytes=data)
    return {part["name"]: np.array(part["values"], float).reshape(part["shape"]) for part in parts}


def test_arrays_of_every_kind_arrive_to_the_bit() -> None:
    halves = np.arange(0, 65536, 7, dtype=np.uint16).view(np.float16)
    halves = halves[~np.isnan(halves)]
    arrays = {
        "a": np.float32([[1.5, -2.25], [1e-30, 3e30]]),
        "halves": halves,
        "file": file_array(bytes(range(13))),
        "wide": np.array([1 / 3]),
        "whole": np.arange(5),
        "none": np.empty((0, 2), np.float32),
    }
    read = unpacked(packed({"title": "ρ < 1"}, arrays))
    assert list(read) == list(arrays)
    for name, array in arrays.items():
        assert read[name].shape == array.shape
        np.testing.assert_array_equal(read[name], array.astype(np.float32 if name in ("wide", "whole") else array.dtype), err_msg=name)


@pytest.mark.parametrize("title", ["", "x", "xy", "ρ = ‖g(z)‖", "a" * 9])
def test_a_header_of_any_length_is_read_and_bytes_may_follow(title: str) -> None:
    data = named({"a": np.float32([7, 8])}, title=title)
    lines = "const { title, name, a } = unpack(bytes); return [title, name, headOf(bytes).header.name, [...a.values]];"
    assert evaluate((SHARED,), lines, bytes=data.data + b"1234") == [title, data.name, data.name, [7, 8]]


def test_what_lies_within_a_larger_buffer_is_read() -> None:
    data = packed({}, {"a": np.float32([7, 8])})
    lines = "const all = new Uint8Array(bytes.length + 3); all.set(bytes, 3); return [...unpack(all.subarray(3)).a.values];"
    assert evaluate((SHARED,), lines, bytes=data) == [7, 8]


def test_a_name_is_that_of_header_and_arrays() -> None:
    names = {
        named({"a": np.zeros(2)}).name,
        named({"a": np.ones(2)}).name,
        named({"b": np.zeros(2)}).name,
        named({"a": np.zeros((1, 2))}).name,
        named({"a": np.zeros(2)}, start=1).name,
    }
    assert len(names) == 5
    assert named({"a": np.zeros(2)}).name in names
