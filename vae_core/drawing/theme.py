"""One look for every figure: colours that stay apart for colour-blind eyes, a symbol and a dash beside each, one Plotly template."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from zlib import crc32

from vae_core.drawing.chart import Chart, Part
from vae_core.drawing.colours import even

CLASS_COLOURS = (
    "#819af9",
    "#c90005",
    "#c3cc20",
    "#913baf",
    "#1f6e5a",
    "#ff99a9",
    "#a6931e",
    "#ef50aa",
    "#79d0ff",
    "#8258ff",
)
"""Ten classes. The smallest distance between two, in OKLab with white at 1, is 0.123 for normal, protanopic, deuteranopic and
tritanopic vision alike (simulated as by Machado, Oliveira & Fernandes 2009); their contrast is 3 : 1 on near-black and 1.7 : 1 on white,
or more."""

CLASS_SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "triangle-down", "star", "hexagon", "pentagon")
"""Plotly marker symbols, one for each class."""

CIVIDIS = ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838")
SEQUENTIAL = even(CIVIDIS)
"""For amounts: of even lightness steps, and nearly the same for colour-blind eyes."""

DIVERGING = ((0.0, "#2166ac"), (0.25, "#92c5de"), (0.5, "#f7f7f7"), (0.75, "#f4a582"), (1.0, "#b2182b"))
"""For what has a sign: blue below zero, red above, nearly white at zero (ColorBrewer's RdBu)."""

MUTED = "#808080"
"""For reference lines and what stays in the background; 3.9 : 1 on white, 4.6 : 1 on near-black."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a family is drawn, everywhere: never by its colour alone.

    Attributes:
        colour: as #rrggbb.
        symbol: of a Plotly marker.
        dash: of a Plotly line.
        glyph: the same symbol as a character, for text.
        short: what fits above a small picture.
    """

    colour: str
    symbol: str
    dash: str
    glyph: str
    short: str


FAMILY_MARKS: dict[str, Mark] = {
    "pca": Mark("#0072b2", "square", "solid", "■", "PCA"),
    "ppca": Mark("#56b4e9", "diamond", "dot", "◆", "pPCA"),
    "linear-autoencoder": Mark("#009e73", "triangle-up", "dash", "▲", "Linear AE"),
    "autoencoder": Mark("#e69f00", "triangle-down", "longdash", "▼", "AE"),
    "vae": Mark("#d55e00", "circle", "dashdot", "●", "VAE"),
    "conditional-vae": Mark("#aa3377", "pentagon", "5px,3px", "⬟", "CVAE"),
}
"""A family that is not here is drawn in one of `SPARE_MARKS`."""

SPARE_MARKS = (
    Mark(MUTED, "star", "longdashdot", "★", ""),
    Mark("#cc79a7", "cross", "8px,2px,2px,2px", "✚", ""),
    Mark("#9c755f", "hexagon", "2px,8px", "⬢", ""),
)


NO_FAMILY = Mark(MUTED, "star", "longdashdot", "★", "")
"""Of what is compared with models and is none."""


@cache
def mark(family: str | None) -> Mark:
    """How this family is drawn: one that has no mark of its own by a spare one, always the same, under its name; None as no family."""
    if family is None:
        return NO_FAMILY
    spare = replace(SPARE_MARKS[crc32(family.encode()) % len(SPARE_MARKS)], short=family.replace("-", " ").capitalize())
    return FAMILY_MARKS.get(family, spare)


_AXIS: Part = {
    "showline": True,
    "linecolor": MUTED,
    "gridcolor": "rgba(128, 128, 128, 0.22)",
    "zeroline": False,
    "ticks": "outside",
    "tickcolor": MUTED,
    "title": {"standoff": 20, "font": {"size": 15}},
    "tickfont": {"size": 14},
    "automargin": True,
    "exponentformat": "power",
}
TEMPLATE: Part = {
    "layout": {
        "font": {"size": 13, "color": MUTED, "family": "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"},
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "colorway": CLASS_COLOURS,
        "colorscale": {"sequential": SEQUENTIAL, "diverging": DIVERGING},
        "xaxis": {**_AXIS, "showgrid": False},
        "yaxis": _AXIS,
        "margin": {"l": 0, "r": 0, "t": 40, "b": 56, "pad": 8},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 14}, "title": {"font": {"size": 13}}},
        "hoverlabel": {"font": {"size": 14}},
    }
}
"""The Plotly template of every chart: transparent, for a light and a dark page alike, readable from the last row."""


def ticks_of_log_axis(low: float, high: float, steps: tuple[int, ...] = (1, 2, 5)) -> dict[str, list]:
    """Ticks of a logarithmic axis written in full, 0.05 rather than a lone 5: `tickvals` and `ticktext`.

    Args:
        low: the axis's lower end, above 0.
        high: its upper end.
        steps: leading digits that have a tick.
    """
    values = [step * 10.0**k for k in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for step in steps]
    shown = [value for value in values if low <= value <= high]
    return {"tickvals": shown, "ticktext": [f"{value:.12g}" for value in shown]}


def level_axes(layout: Mapping[str, Part], *, inner: Sequence[str] = ("yaxis2",)) -> dict[str, Part]:
    """A layout with one type size on the axes of all panels, and room between ticks and title where a panel stands beside another."""
    names = [name for name in layout if name[1:].startswith("axis")]
    levelled = {name: {**layout[name], "tickfont": {"size": 13}} for name in names}
    for name, axis in levelled.items():
        axis["title"] = {**axis.get("title", {}), "font": {"size": 14}, "standoff": 14 if name in inner else 6}
    return {**layout, **levelled}


def house_chart(traces: Sequence[Part], *, height: int, **layout: Any) -> Chart:
    """A chart in the house's look.

    Args:
        traces: what is drawn, from the lowest to the uppermost.
        height: in pixels.
        layout: axes and whatever else the template leaves open.
    """
    return Chart(list(traces), {"template": TEMPLATE, "height": height, **layout})
