"""Works by year, and the number that this program reaches as a share of the published one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vae_core.drawing.chart import Chart, Part, axis, note, trace, upright
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import MUTED, house_chart
from vae_core.units import minus, with_interval

LOOKS = {"reached": ("#009e73", "circle"), "not told apart": ("#0072b2", "diamond"), "missed": ("#d55e00", "x")}
"""Verdict → colour and symbol."""
RANGE = (0.78, 1.52)
"""Of the shares, with room for both numbers to the right of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A work of the timeline.

    Attributes:
        year: of its publication.
        title: what it brought.
        source: its citation.
        printed: the published number; empty for what is an illustration only.
        unit: of it.
        condition: under which it was obtained.
        ours: the number of this program; None where it has none.
        half_width: of its 95 % interval; None where it is exact.
        verdict: on both.
    """

    year: int
    title: str
    source: str
    printed: str = ""
    unit: str = ""
    condition: str = ""
    ours: float | None = None
    half_width: float | None = None
    verdict: str = ""

    @property
    def label(self) -> str:
        """Year and title."""
        return f"{self.year} {self.title}"

    @property
    def share(self) -> tuple[float, float]:
        """The number of this program over the published one, and the upper end of its interval; 1 where there is none."""
        if self.ours is None:
            return 1.0, 1.0
        share = self.ours / float(self.printed)
        return share, share + (self.half_width or 0.0) / abs(float(self.printed))

    @property
    def told(self) -> str:
        """Both numbers, or that there are none."""
        if not self.printed:
            return "illustration only"
        published = minus(self.printed)
        return f"{published}, not tried here" if self.ours is None else f"{published} → {in_digits(self)}"


def in_digits(row: Row) -> str:
    """The number of this program with its interval; an exact one to the digits that were printed; empty where there is none."""
    if row.ours is None:
        return ""
    if row.half_width is not None:
        return with_interval(row.ours, row.half_width)
    return minus(f"{row.ours:.{len(row.printed.partition('.')[2])}f}")


def reproductions(rows: Sequence[Row], *, chosen: str = "", height: int = 500) -> Chart:
    """A line for each work, the earliest on top: the number of this program over the published one, with its interval.

    Args:
        rows: by year.
        chosen: label of the one that is marked.
        height: in pixels.
    """
    labels = [row.label for row in rows]
    marks = [_marks(verdict, [row for row in rows if row.ours is not None and row.verdict == verdict]) for verdict in LOOKS]
    numbers = [note(row.told, x=1, xref="x domain", y=row.label, xanchor="right", font={"size": 14}) for row in rows]
    band: list[Part] = []
    if chosen in labels:
        place = labels.index(chosen)
        band = [{"type": "rect", "xref": "x domain", "x0": 0, "x1": 1, "y0": place - 0.5, "y1": place + 0.5, "layer": "below"}]
        band[0] |= {"line": {"width": 0}, "fillcolor": "rgba(128, 128, 128, 0.18)"}
    return house_chart(
        [one for one in marks if one["x"]],
        height=height,
        showlegend=True,
        shapes=[upright(1, line={"color": MUTED, "width": 2, "dash": "dash"}), *band],
        xaxis=axis("here ÷ published", range=list(RANGE), tickvals=[0.8, 0.9, 1, 1.1], showgrid=True),
        annotations=numbers,
        yaxis=axis(
            "", type="category", categoryorder="array", categoryarray=labels, range=[len(labels) - 0.4, -0.6], ticks="", showgrid=False
        ),
    )


def _marks(verdict: str, rows: Sequence[Row]) -> Part:
    colour, symbol = LOOKS[verdict]
    return trace(
        "scatter",
        name=verdict,
        x=[row.share[0] for row in rows],
        y=[row.label for row in rows],
        error_x={"array": [row.share[1] - row.share[0] for row in rows], "thickness": 2, "width": 5},
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": 12},
        text=[f"{row.source}: {row.told}" for row in rows],
        hovertemplate="%{text}<extra></extra>",
    )


def timeline_csv(rows: Sequence[Row]) -> bytes:
    """A line for each work."""
    names = ["year", "title", "source", "published", "unit", "condition", "ours", "half_width_95", "verdict"]
    cells = (
        [r.year, r.title, r.source, r.printed, r.unit, r.condition, r.ours, r.half_width, r.verdict or "illustration only"] for r in rows
    )
    return csv(names, cells)
