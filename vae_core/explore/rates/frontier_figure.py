"""Dots of trained models on the plane of rate and distortion, with the lines of the theory; and the card beside it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vae_core.drawing.theme import MUTED, Mark, new_figure, prepared

if TYPE_CHECKING:
    import plotly.graph_objects as go

DIM_MARKS = (
    Mark("#8a5cd6", "circle", "solid", "●", "purple"),
    Mark("#2f86d0", "square", "solid", "■", "blue"),
    Mark("#1a9b7a", "diamond", "solid", "◆", "green"),
    Mark("#c7950f", "triangle-up", "solid", "▲", "gold"),
    Mark("#dc5a28", "triangle-down", "solid", "▼", "orange"),
)
"""For latent dimensions in their order: purple for the smallest. Each has a symbol of its own."""

RATE_TITLES = {"nats": "Rate R (nats an image)", "bits": "Rate R (bits an image)", "bits per pixel": "Rate R (bits per pixel)"}
DISTORTION_TITLES = {
    "nats": "Distortion D (nats an image)",
    "expected SSE": "Expected SSE (an image, z sampled)",
    "PSNR": "PSNR (dB, of the mean expected SSE)",
}
CHOSEN = "#e5484d"


def dim_mark(latent_dim: int, dims: Sequence[int]) -> Mark:
    """How a latent dimension is drawn among those of its plane."""
    return DIM_MARKS[sorted(dims).index(latent_dim) % len(DIM_MARKS)]


@dataclass(frozen=True, slots=True)
class PlaneDot:
    """A trained model in the units of the axes.

    Attributes:
        latent_dim: d.
        beta: β.
        rate: across.
        distortion: up.
        rate_range: smallest and largest over the seeds.
        distortion_range: smallest and largest over the seeds.
        n_seeds: how many.
    """

    latent_dim: int
    beta: float
    rate: float
    distortion: float
    rate_range: tuple[float, float]
    distortion_range: tuple[float, float]
    n_seeds: int


@dataclass(frozen=True, slots=True)
class PlaneLine:
    """A straight line D = at_zero + slope · R; `look` is `equal`, whose text stands where it begins, or `entropy`, whose text is its name
    in the legend."""

    at_zero: float
    slope: float
    text: str
    look: str = ""


LINES: dict[str, dict[str, Any]] = {
    "equal": {"color": "rgba(128,128,128,0.45)", "width": 1, "dash": "dot"},
    "entropy": {"color": MUTED, "width": 2, "dash": "dash"},
}
TANGENT = {"color": CHOSEN, "width": 2}


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """All models of a plane, to be drawn with any one in focus in a tenth of the time that the plane itself takes.

    Attributes:
        parts: data and layout of the figure with none in focus.
        n_below: how many of its traces lie below a tangent.
        window: smallest and largest rate, smallest and largest distortion.
    """

    parts: dict[str, Any]
    n_below: int
    window: tuple[tuple[float, float], tuple[float, float]]

    def at(self, chosen: PlaneDot, tangent: PlaneLine | None = None) -> go.Figure:
        """The figure with a ring around a dot, and the tangent there, whose text is its name in the legend."""
        data = list(self.parts["data"])
        part = None if tangent is None else _inside(tangent, self.window)
        if part is not None:
            data.insert(self.n_below, {"type": "scatter", **_ways([part], TANGENT, tangent.text)})
        return prepared({**self.parts, "data": [*data, _ring(chosen)]})


def rate_distortion_plane(
    dots: Sequence[PlaneDot],
    *,
    rate_unit: str = "nats",
    distortion_unit: str = "nats",
    lines: Sequence[PlaneLine] = (),
    end: tuple[float, float] | None = None,
    height: int = 440,
) -> Plane:
    """A curve for each latent dimension, along which β falls; whiskers reach from the smallest to the largest of the seeds.

    Args:
        dots: one for each spec.
        rate_unit: of the axis across.
        distortion_unit: of the axis up.
        lines: of the theory, the same whichever dot is in focus.
        end: the best model without z.
        height: in pixels.
    """
    figure, dims = new_figure(height=height), sorted({dot.latent_dim for dot in dots})
    window = _window(dots, end)
    _same_beta(figure, dots)
    _lines(figure, lines, window)
    n_below = len(figure.data)
    for d in dims:
        _curve(figure, sorted((dot for dot in dots if dot.latent_dim == d), key=lambda dot: dot.beta), dim_mark(d, dims))
    if end is not None:
        _end(figure, end)
    (left, right), (low, high) = window
    figure.update_xaxes(title=RATE_TITLES[rate_unit], range=[left, right])
    figure.update_yaxes(title=DISTORTION_TITLES[distortion_unit], range=[low, high])
    figure.update_layout(
        margin={"t": 30, "l": 58, "r": 10, "b": 46},
        legend={"font": {"size": 13}, "entrywidth": 22, "title": {"text": "d = ", "side": "left"}},
        showlegend=True,  # also where the only entries are those of the lines
    )
    if len(dims) == 1:
        figure.update_traces(showlegend=False, selector={"mode": "lines+markers"})
        figure.update_layout(legend={"title": {"text": ""}})
    return Plane(figure.to_dict(), n_below, window)


def _window(dots: Sequence[PlaneDot], end: tuple[float, float] | None) -> tuple[tuple[float, float], tuple[float, float]]:
    """From left of rate 0, with room for the names of lines, to just beyond the last dot; all distortions, the end's among them."""
    across = [0.0, *(dot.rate_range[1] for dot in dots)]
    up = [value for dot in dots for value in dot.distortion_range] + ([end[1]] if end else [])
    room = 0.07 * (max(up) - min(up))
    return (-0.1 * max(across), 1.1 * max(across)), (min(up) - room, max(up) + room)


def _same_beta(figure: go.Figure, dots: Sequence[PlaneDot]) -> None:
    """A thin line through the dots of each β, and its name at the end of most rate."""
    ways, notes = [], []
    for beta in sorted({dot.beta for dot in dots}):
        own = sorted((dot for dot in dots if dot.beta == beta), key=lambda dot: dot.latent_dim)
        ways.append([(dot.rate, dot.distortion) for dot in own])
        last = max(own, key=lambda dot: dot.rate)
        place = {"x": last.rate, "y": last.distortion, "xshift": 16, "yshift": -12}
        notes.append({"text": f"β {beta:g}", "showarrow": False, "font": {"size": 12, "color": MUTED}, **place})
    figure.add_scatter(**_ways(ways, {"color": "rgba(128,128,128,0.5)", "width": 1}))
    figure.layout.annotations += tuple(notes)


def _ways(ways: Sequence[Sequence[tuple[float, float]]], style: dict[str, Any], name: str = "") -> dict[str, Any]:
    """Lines of one look as one trace, which the browser redraws faster than many: a gap after each. A name puts it into the legend."""
    points = [point for way in ways for point in (*way, (None, None))]
    x, y = ([point[k] for point in points] for k in (0, 1))
    legend = {"name": name, "legend": "legend2"} if name else {"showlegend": False}
    return {"x": x, "y": y, "mode": "lines", "line": style, "hoverinfo": "skip", **legend}


def _lines(figure: go.Figure, lines: Sequence[PlaneLine], window: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """The part of each line inside the window; what they are in a legend of their own, at the right, where no dot is."""
    for look, style in LINES.items():
        inside = [(line, part) for line in lines if line.look == look and (part := _inside(line, window)) is not None]
        if inside:
            figure.add_scatter(**_ways([part for _, part in inside], style, "equal −ELBO" if look == "equal" else inside[0][0].text))
        if look == "equal":
            _line_texts(figure, [(line.text, part[0]) for line, part in inside], window[1])
    corner = {"x": 1, "y": 0.9, "xanchor": "right", "yanchor": "top", "orientation": "v"}
    figure.update_layout(legend2={**corner, "font": {"size": 12}, "itemclick": False, "itemdoubleclick": False})


def _inside(line: PlaneLine, window: tuple[tuple[float, float], tuple[float, float]]) -> tuple[tuple[float, float], ...] | None:
    """Where a line enters the window, from rate 0 on, and where it leaves it; None if it does not."""
    (left, right), (low, high) = window
    at = sorted((value - line.at_zero) / line.slope for value in (low, high))
    start, stop = max(left, at[0], 0.0), min(right, at[1])
    return tuple((r, line.at_zero + line.slope * r) for r in (start, stop)) if start < stop else None


def _line_texts(figure: go.Figure, starts: Sequence[tuple[str, tuple[float, float]]], distortions: tuple[float, float]) -> None:
    """What lines are called, left of where they begin or above where they come in, as far as the names stand apart."""
    (low, high), last, notes = distortions, -math.inf, []
    for text, (x, y) in sorted(starts, key=lambda start: start[1][1]):
        is_at_zero = y < high
        if is_at_zero and y - last < 0.05 * (high - low):
            continue
        last = y if is_at_zero else last
        place = {"xanchor": "right", "yanchor": "middle", "xshift": -3} if is_at_zero else {"xanchor": "left", "yanchor": "bottom"}
        notes.append({"text": text, "x": x, "y": y, "showarrow": False, "font": {"size": 11, "color": MUTED}, **place})
    figure.layout.annotations += tuple(notes)


def _curve(figure: go.Figure, own: Sequence[PlaneDot], look: Mark) -> None:
    figure.add_scatter(
        x=[dot.rate for dot in own],
        y=[dot.distortion for dot in own],
        customdata=[[dot.latent_dim, dot.beta, dot.n_seeds] for dot in own],
        error_x=_whiskers([(dot.rate, dot.rate_range) for dot in own], look),
        error_y=_whiskers([(dot.distortion, dot.distortion_range) for dot in own], look),
        name=str(own[0].latent_dim),
        mode="lines+markers",
        line={"color": look.colour, "width": 2},
        marker={"symbol": look.symbol, "size": 9, "color": look.colour},
        hovertemplate="d = %{customdata[0]}, β = %{customdata[1]:g}<br>R %{x:.3g}, D %{y:.4g}<br>%{customdata[2]} seed(s)<extra></extra>",
    )


def _whiskers(values: Sequence[tuple[float, tuple[float, float]]], look: Mark) -> dict[str, Any]:
    up, down = ([abs(ends[k] - value) for value, ends in values] for k in (1, 0))
    return {"array": up, "arrayminus": down, "symmetric": False, "thickness": 1.5, "width": 3, "color": look.colour}


def _end(figure: go.Figure, end: tuple[float, float]) -> None:
    figure.add_scatter(
        x=[end[0]],
        y=[end[1]],
        mode="markers",
        showlegend=False,
        marker={"symbol": "star", "size": 13, "color": MUTED},
        hovertemplate="best model without z: R = 0, %{y:.2f}<extra></extra>",
    )
    figure.add_annotation(
        x=end[0],
        y=end[1],
        text=f"without z: {end[1]:.2f}".replace("-", "−"),
        showarrow=False,
        xanchor="left",
        xshift=10,
        font={"size": 12, "color": MUTED},
    )


def _ring(chosen: PlaneDot) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [chosen.rate],
        "y": [chosen.distortion],
        "mode": "markers",
        "marker": {"symbol": "circle-open", "size": 20, "color": CHOSEN, "line": {"width": 3}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


COLUMNS = (
    *("dataset", "network", "likelihood", "scale", "latent_dim", "beta", "seed", "rate_nats", "distortion_nats", "elbo_nats"),
    *("elbo_standard_error", "sse", "expected_sse", "active_units", "n_images", "iwae_bound_nats", "iwae_n_samples", "iwae_n_images"),
)


def plane_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """Every model of a plane at every seed, a line a model, in nats whatever the axes show.

    Args:
        rows: values of `COLUMNS`.
    """
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(COLUMNS)
    out.writerows(rows)
    return file.getvalue().encode()
