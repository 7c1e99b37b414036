"""A Plotly chart as a value: its traces, layout and frames as plain dictionaries, which cost nothing to make, to change and to send."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import plotly.graph_objects as go

Part = dict[str, Any]
"""A trace, an axis, a shape, a note: properties by the names of Plotly's reference."""
TO_ITS_FRAME = "to its frame"
"""Name of a button that brings a chart back to the frame that is shown without an animation: of Plotly's method `skip`."""


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """The parts of a Plotly figure. Nothing checks them: `figure` does, which takes a hundred times as long.

    Attributes:
        data: traces, each with its `type`.
        layout: axes, legend, shapes, annotations.
        frames: what an animation shows, one after another.
        frame: the one that is shown: numbers of `traces`, and what of their `data` and of the `layout` is other than above. A chart that
            differs from the one before in its frame alone moves without being drawn again.
    """

    data: Sequence[Part]
    layout: Mapping[str, Any]
    frames: Sequence[Part] = ()
    frame: Part = field(default_factory=dict)

    def to_json(self) -> str:
        """What the browser's library reads, without the frame that is shown: `as_json` of data, layout and frames."""
        return as_json(self._parts())

    def now(self) -> Chart:
        """The chart as it is seen: what its frame changes is changed."""
        data = list(self.data)
        for number, change in zip(self.frame.get("traces", ()), self.frame.get("data", ()), strict=True):
            data[number] = {**data[number], **change}
        return replace(self, data=data, layout={**self.layout, **self.frame.get("layout", {})}, frame={})

    def figure(self) -> go.Figure:
        """The same as a figure of Plotly's own, to change and to save.

        Raises:
            ValueError: if a part has a property that Plotly does not know, or a value that it does not take.
        """
        import plotly.graph_objects as go  # which takes half a second: only for those who ask for it

        return go.Figure(self.now()._parts())

    def extended(self, *traces: Part, **layout: Any) -> Chart:
        """The chart with further traces, and with these entries of the layout in place of its own."""
        return replace(self, data=[*self.data, *traces], layout={**self.layout, **layout})

    def _parts(self) -> dict[str, Any]:
        return {"data": list(self.data), "layout": dict(self.layout)} | ({"frames": list(self.frames)} if self.frames else {})

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> dict[str, Any]:
        """What a notebook shows."""
        return self.figure()._repr_mimebundle_(include, exclude, **options)


def as_json(parts: Mapping[str, Any]) -> str:
    """Parts of a chart as JSON: arrays as bytes in base64, and null for what is no number."""
    text = json.dumps(parts, default=_as_json, separators=(",", ":"))
    if "NaN" in text or "Infinity" in text:  # which JSON has no word for
        text = json.dumps(json.loads(text, parse_constant=lambda _: None), separators=(",", ":"))
    return text


def trace(kind: str, **properties: Any) -> Part:
    """Data as they are drawn.

    Args:
        kind: Plotly's `type`, such as `scatter`, `bar`, `heatmap`.
        properties: of that type.
    """
    return {"type": kind, **properties}


def axis(title: str, **properties: Any) -> Part:
    """An axis with its title."""
    return {"title": {"text": title}, **properties}


def note(text: str, **properties: Any) -> Part:
    """Text in a chart, without an arrow."""
    return {"text": text, "showarrow": False, **properties}


def upright(x: float, *, line: Part, xref: str = "x", yref: str = "y") -> Part:
    """A line at one x over the whole height of a panel."""
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "xref": xref, "yref": f"{yref} domain", "line": line}


def level(y: float, *, line: Part, xref: str = "x", yref: str = "y") -> Part:
    """A line at one y over the whole width of a panel."""
    return {"type": "line", "x0": 0, "x1": 1, "y0": y, "y1": y, "xref": f"{xref} domain", "yref": yref, "line": line}


def panel(k: int) -> Part:
    """The axes of a trace in panel k, from 0: x and y, then x2 and y2."""
    return {"xaxis": f"x{k + 1}", "yaxis": f"y{k + 1}"} if k else {"xaxis": "x", "yaxis": "y"}


def _as_json(value: Any) -> Any:
    """NumPy's values in the terms of JSON, arrays as Plotly's library reads them fastest: type, bytes in base64, shape."""
    if isinstance(value, np.generic):
        return value.item()
    if not isinstance(value, np.ndarray):
        raise TypeError(f"chart must hold numbers, texts and arrays, got {type(value).__name__}")
    array = _narrow(value)
    if array is None:
        return value.tolist()
    spec = {"dtype": array.dtype.str[1:], "bdata": base64.b64encode(np.ascontiguousarray(array).data).decode()}
    return spec | ({"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {})


def _narrow(array: np.ndarray) -> np.ndarray | None:
    """An array in a type that the browser has: whole numbers in the smallest; None where there is none, or nothing in it."""
    if not array.size or array.dtype.kind not in "iuf" or array.dtype == np.float16:
        return None
    if array.dtype.itemsize < 8 or array.dtype.kind == "f":
        return array
    kinds = [np.dtype(f"{array.dtype.kind}{size}") for size in (1, 2, 4)]
    fitting = (kind for kind in kinds if np.iinfo(kind).min <= array.min() and array.max() <= np.iinfo(kind).max)
    return next((array.astype(kind) for kind in fitting), None)
