"""What the harness takes for data in a figure."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from tests.harness import has_data


@pytest.mark.parametrize(
    ("trace", "is_drawn"),
    [
        ({"y": [1.0]}, True),
        ({"x": ["a", "b"], "y": [None, 0]}, True),
        ({"z": [[1, 2], [3, 4]]}, True),
        ({"y": {"dtype": "f4", "bdata": base64.b64encode(np.float32([np.nan, 1])).decode()}}, True),
        ({}, False),
        ({"x": [], "y": []}, False),
        ({"x": [1, 2], "y": [None, None]}, False),
        ({"y": {"dtype": "f4", "bdata": ""}}, False),
        ({"y": {"dtype": "f8", "bdata": base64.b64encode(np.full(3, np.nan)).decode()}}, False),
    ],
)
def test_a_trace_has_data_if_a_value_on_each_axis_is_not_missing(trace: dict[str, Any], is_drawn: bool) -> None:
    assert has_data(trace) == is_drawn
