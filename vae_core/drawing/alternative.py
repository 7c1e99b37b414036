"""What a chart shows, in sentences for a person who does not see it: computed from its traces, so that it is as true as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vae_core.drawing.chart import Chart, Part
from vae_core.units import minus

MOST_TRACES = 8
"""So many are described; of the others it is said how many there are."""


def alternative(chart: Chart) -> str:
    """What stands on the axes of a chart, and of each trace that has a name where it begins and ends, or where it is highest."""
    named = [trace for trace in chart.data if trace.get("name") and trace.get("visible", True) is True]
    described = [_described(trace) for trace in named[:MOST_TRACES]]
    others = [f"{len(named) - MOST_TRACES} more"] if len(named) > MOST_TRACES else []
    images = [f"{len(chart.layout['images'])} images"] if chart.layout.get("images") else []
    return " ".join(f"{sentence}." for sentence in (_axes(chart.layout), *images, *described, *others) if sentence) or "Chart."


def _axes(layout: Mapping[str, Any]) -> str:
    """The title, and what stands on the axes, each once."""
    axes = [axis.get("title", {}).get("text") for name, axis in layout.items() if re.fullmatch(r"[xy]axis\d*", name)]
    title = (layout.get("title") or {}).get("text")
    return _plain(". ".join(filter(None, (title, ", ".join(dict.fromkeys(filter(None, axes)))))))


def _described(trace: Part) -> str:
    """One trace: a line's ends, the highest bar, the brightest cell, or the extent of points."""
    name, x, y = _plain(trace["name"]), trace.get("x"), _numbers(trace.get("y"))
    if trace.get("z") is not None and trace["type"] == "heatmap":
        return f"{name}: {_peak(trace)}"
    if y is None or y.ndim != 1 or not np.isfinite(y).any() or x is None or len(x) != len(y):
        return name
    there = np.flatnonzero(np.isfinite(y))
    first, last, top = there[0], there[-1], there[y[there].argmax()]
    if trace["type"] == "bar":
        return f"{name}: {len(there)} {'bar' if len(there) == 1 else 'bars'}, the highest {_number(y[top])} at {_at(x, top)}"
    if "lines" in trace.get("mode", "lines"):
        return f"{name}: from {_number(y[first])} at {_at(x, first)} to {_number(y[last])} at {_at(x, last)}, highest {_number(y[top])}"
    return f"{name}: {len(there):,} points, {_number(y[there].min())} to {_number(y[top])} upwards{_across(x)}"


def _peak(trace: Part) -> str:
    z = _numbers(trace["z"])
    if z is None or z.ndim != 2 or not np.isfinite(z).any():
        return "a map of colours"
    row, column = divmod(int(np.nanargmax(z)), z.shape[1])
    where = f" at ({_at(trace['x'], column)}, {_at(trace['y'], row)})" if "x" in trace and "y" in trace else ""
    return f"{_number(np.nanmin(z))} to {_number(z[row, column])}, the largest{where}"


def _across(x: Sequence) -> str:
    numbers = _numbers(x)
    return "" if numbers is None else f", {_number(np.nanmin(numbers))} to {_number(np.nanmax(numbers))} across"


def _at(values: Sequence, index: int) -> str:
    """The value of that place on an axis, whether a number or a word."""
    numbers = _numbers(values)
    return _plain(str(values[index])) if numbers is None else _number(numbers[index])


def _numbers(values: Any) -> np.ndarray | None:
    """Values as float64, with None as not a number; None where they are no numbers."""
    try:
        return np.asarray(values, np.float64) if values is not None else None
    except (TypeError, ValueError):
        return None


def _number(value: float) -> str:
    return minus(f"{value:.3g}")


def _plain(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text)
