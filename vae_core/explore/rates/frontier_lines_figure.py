"""Lines of the theory on the plane of rate and distortion: what of them is seen, and how they are named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vae_core.drawing.chart import Part, note, trace
from vae_core.drawing.theme import MUTED

Window = tuple[tuple[float, float], tuple[float, float]]
"""Smallest and largest rate, smallest and largest distortion."""


@dataclass(frozen=True, slots=True)
class PlaneLine:
    """A straight line D = at_zero + slope · R; `look` is `equal`, whose text stands where it begins, or `entropy`, whose text is its name
    in the legend."""

    at_zero: float
    slope: float
    text: str
    look: str = ""


LINES: dict[str, Part] = {
    "equal": {"color": "rgba(128,128,128,0.45)", "width": 1, "dash": "dot"},
    "entropy": {"color": MUTED, "width": 2, "dash": "dash"},
}
LINE_LEGEND: Part = {"x": 1, "y": 0.9, "xanchor": "right", "yanchor": "top", "orientation": "v", "font": {"size": 12}}
LINE_LEGEND |= {"itemclick": False, "itemdoubleclick": False}
"""What the lines are, in a legend of their own at the right, where no dot is."""


def line_traces(lines: Sequence[PlaneLine], window: Window) -> list[Part]:
    """The parts of the lines of each look inside the window, as one trace."""
    traces = []
    for look, style in LINES.items():
        seen = [(line, part) for line, part in _seen(lines, window) if line.look == look]
        if seen:
            traces.append(ways_trace([part for _, part in seen], style, "equal −ELBO" if look == "equal" else seen[0][0].text))
    return traces


def _seen(lines: Sequence[PlaneLine], window: Window) -> list[tuple[PlaneLine, tuple[tuple[float, float], ...]]]:
    """The lines that come into the window, with their parts inside it."""
    return [(line, part) for line in lines if (part := part_inside(line, window)) is not None]


def part_inside(line: PlaneLine, window: Window) -> tuple[tuple[float, float], ...] | None:
    """Where a line enters the window, from rate 0 on, and where it leaves it; None if it does not."""
    (left, right), (low, high) = window
    at = sorted((value - line.at_zero) / line.slope for value in (low, high))
    start, stop = max(left, at[0], 0.0), min(right, at[1])
    return tuple((r, line.at_zero + line.slope * r) for r in (start, stop)) if start < stop else None


def line_names(lines: Sequence[PlaneLine], window: Window) -> list[Part]:
    """What lines of equal ELBO are called, left of where they begin or above where they come in, as far as the names stand apart."""
    (low, high), last, names = window[1], -math.inf, []
    starts = [(line.text, part[0]) for line, part in _seen(lines, window) if line.look == "equal"]
    for text, (x, y) in sorted(starts, key=lambda start: start[1][1]):
        is_at_zero = y < high
        if is_at_zero and y - last < 0.05 * (high - low):
            continue
        last = y if is_at_zero else last
        place = {"xanchor": "right", "yanchor": "middle", "xshift": -3} if is_at_zero else {"xanchor": "left", "yanchor": "bottom"}
        names.append(note(text, x=x, y=y, font={"size": 11, "color": MUTED}, **place))
    return names


def ways_trace(ways: Sequence[Sequence[tuple[float, float]]], style: Part, name: str = "") -> Part:
    """Lines of one look as one trace, which the browser redraws faster than many: a gap after each. A name puts it into the legend."""
    points = [point for way in ways for point in (*way, (None, None))]
    x, y = ([point[k] for point in points] for k in (0, 1))
    legend = {"name": name, "legend": "legend2"} if name else {"showlegend": False}
    return trace("scatter", x=x, y=y, mode="lines", line=style, hoverinfo="skip", **legend)
