"""Dots of trained models on the plane of rate and distortion, with the lines of the theory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from vae_core.drawing.chart import Chart, Part, axis, note, trace
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import MUTED, Mark, house_chart
from vae_core.explore.rates.frontier_lines_figure import LINE_LEGEND, PlaneLine, Window, line_names, line_traces, part_inside, ways_trace

DIM_MARKS = (
    Mark("#8a5cd6", "circle", "solid", "●", "purple"),
    Mark("#2f86d0", "square", "solid", "■", "blue"),
    Mark("#1a9b7a", "diamond", "solid", "◆", "green"),
    Mark("#c7950f", "triangle-up", "solid", "▲", "gold"),
    Mark("#dc5a28", "triangle-down", "solid", "▼", "orange"),
)
"""For latent dimensions in their order: purple for the smallest. Each has a symbol of its own."""

RATE_TITLES = {"nats": "Rate R (nats per image)", "bits": "Rate R (bits per image)", "bits per pixel": "Rate R (bits per pixel)"}
DISTORTION_TITLES = {
    "nats": "Distortion D (nats per image)",
    "expected SSE": "Expected SSE (per image, z sampled)",
    "PSNR": "PSNR (dB, of the mean expected SSE)",
}
CHOSEN = "#e5484d"
TANGENT = {"color": CHOSEN, "width": 2}


def rate_title(unit: str = "nats") -> str:
    """Of the axis across, and what further right means."""
    return f"{RATE_TITLES[unit]}, more information →"


def way_down(unit: str = "nats") -> list[Part]:
    """What further down means, in the corner that no model reaches; nothing for a PSNR, which is to rise."""
    corner = {"xref": "paper", "x": 0.01, "xanchor": "left", "yref": "paper", "y": 0.01, "yanchor": "bottom"}
    return [] if unit == "PSNR" else [note("↓ less left to explain", **corner, font={"size": 13, "color": MUTED})]


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
        text: rate and distortion as they are written.
    """

    latent_dim: int
    beta: float
    rate: float
    distortion: float
    rate_range: tuple[float, float]
    distortion_range: tuple[float, float]
    n_seeds: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """All models of a plane, to be drawn with any one in focus.

    Attributes:
        chart: with none in focus.
        n_below: how many of its traces lie below a tangent.
        window: what is seen.
    """

    chart: Chart
    n_below: int
    window: Window

    def at(self, chosen: PlaneDot, tangent: PlaneLine | None = None) -> Chart:
        """The chart with a ring around a dot, and the tangent there, whose text is its name in the legend: its frame, which moves."""
        below, above = self.chart.data[: self.n_below], self.chart.data[self.n_below :]
        part = None if tangent is None else part_inside(tangent, self.window)
        touching = [] if tangent is None or part is None else [ways_trace([part], TANGENT, tangent.text)]
        moving = {self.n_below + k: line for k, line in enumerate(touching)} | {len(self.chart.data) + len(touching): _ring(chosen)}
        still = [{**one, "x": [], "y": []} for one in moving.values()]
        frame = {"traces": list(moving), "data": [{"x": one["x"], "y": one["y"]} for one in moving.values()]}
        return replace(self.chart, data=[*below, *still[:-1], *above, still[-1]], frame=frame)


def rate_distortion_plane(
    dots: Sequence[PlaneDot],
    *,
    rate_unit: str = "nats",
    distortion_unit: str = "nats",
    lines: Sequence[PlaneLine] = (),
    end: tuple[float, float] | None = None,
    end_text: str = "",
    height: int = 440,
) -> Plane:
    """A curve for each latent dimension, along which β falls; whiskers reach from the smallest to the largest of the seeds.

    Args:
        dots: one for each spec.
        rate_unit: of the axis across.
        distortion_unit: of the axis up.
        lines: of the theory, the same whichever dot is in focus.
        end: the best model without z.
        end_text: its distortion as it is written.
        height: in pixels.
    """
    dims, window = sorted({dot.latent_dim for dot in dots}), _window(dots, end)
    below = [_same_beta(dots), *line_traces(lines, window)]
    curves = [_curve(_of_dim(dots, d), dim_mark(d, dims), is_named=len(dims) > 1) for d in dims]
    names = [*_beta_names(dots), *line_names(lines, window), *([] if end is None else [_end_name(end, end_text)])]
    legend = {"font": {"size": 13}, "entrywidth": 22, "title": {"text": "d = " if len(dims) > 1 else "", "side": "left"}}
    chart = house_chart(
        [*below, *curves, *([] if end is None else [_end(end, end_text)])],
        height=height,
        xaxis=axis(rate_title(rate_unit), range=window[0]),
        yaxis=axis(DISTORTION_TITLES[distortion_unit], range=window[1]),
        annotations=[*names, *way_down(distortion_unit)],
        margin={"t": 30, "l": 58, "r": 10, "b": 46},
        legend=legend,
        legend2=LINE_LEGEND,
        showlegend=True,  # also where the only entries are those of the lines
    )
    return Plane(chart, len(below), window)


def _window(dots: Sequence[PlaneDot], end: tuple[float, float] | None) -> Window:
    """From left of rate 0, with room for the names of lines, to just beyond the last dot; all distortions, the end's among them."""
    across = [0.0, *(dot.rate_range[1] for dot in dots)]
    up = [value for dot in dots for value in dot.distortion_range] + ([end[1]] if end else [])
    room = 0.07 * (max(up) - min(up))
    return (-0.1 * max(across), 1.1 * max(across)), (min(up) - room, max(up) + room)


def _of_dim(dots: Sequence[PlaneDot], latent_dim: int) -> list[PlaneDot]:
    """The dots of one d, in the order of β."""
    return sorted((dot for dot in dots if dot.latent_dim == latent_dim), key=lambda dot: dot.beta)


def _of_each_beta(dots: Sequence[PlaneDot]) -> list[tuple[float, list[PlaneDot]]]:
    """Every β and its dots, in the order of d."""
    betas = sorted({dot.beta for dot in dots})
    return [(beta, sorted((dot for dot in dots if dot.beta == beta), key=lambda dot: dot.latent_dim)) for beta in betas]


def _same_beta(dots: Sequence[PlaneDot]) -> Part:
    """A thin line through the dots of each β."""
    ways = [[(dot.rate, dot.distortion) for dot in own] for _, own in _of_each_beta(dots)]
    return ways_trace(ways, {"color": "rgba(128,128,128,0.5)", "width": 1})


def _beta_names(dots: Sequence[PlaneDot]) -> list[Part]:
    """The name of each β at its end of most rate."""
    ends = [(beta, max(own, key=lambda dot: dot.rate)) for beta, own in _of_each_beta(dots)]
    look = {"font": {"size": 12, "color": MUTED}, "xshift": 16, "yshift": -12}
    return [note(f"β {beta:g}", x=dot.rate, y=dot.distortion, **look) for beta, dot in ends]


POINTER = "d = %{customdata[0]}, β = %{customdata[1]}<br>%{customdata[3]}<br>%{customdata[2]} seed(s)<extra></extra>"


def _curve(own: Sequence[PlaneDot], look: Mark, *, is_named: bool) -> Part:
    """The models of one latent dimension, in the order of β, with their whiskers; a single curve needs no name."""
    style = {"line": {"color": look.colour, "width": 2}, "marker": {"symbol": look.symbol, "size": 9, "color": look.colour}}
    return trace(
        "scatter",
        x=[dot.rate for dot in own],
        y=[dot.distortion for dot in own],
        customdata=[[dot.latent_dim, dot.beta, dot.n_seeds, dot.text] for dot in own],
        error_x=_whiskers([(dot.rate, dot.rate_range) for dot in own], look),
        error_y=_whiskers([(dot.distortion, dot.distortion_range) for dot in own], look),
        name=str(own[0].latent_dim),
        mode="lines+markers",
        hovertemplate=POINTER,
        **style,
        **({} if is_named else {"showlegend": False}),
    )


def _whiskers(values: Sequence[tuple[float, tuple[float, float]]], look: Mark) -> Part:
    up, down = ([abs(ends[k] - value) for value, ends in values] for k in (1, 0))
    return {"array": up, "arrayminus": down, "symmetric": False, "thickness": 1.5, "width": 3, "color": look.colour}


def _end(end: tuple[float, float], text: str) -> Part:
    """The best model without z."""
    star = {"symbol": "star", "size": 13, "color": MUTED}
    pointer = f"best model without z: R = 0, {text}<extra></extra>"
    return trace("scatter", x=[end[0]], y=[end[1]], mode="markers", showlegend=False, marker=star, hovertemplate=pointer)


def _end_name(end: tuple[float, float], text: str) -> Part:
    place = {"x": end[0], "y": end[1], "xanchor": "left", "xshift": 10}
    return note(f"without z: {text}", font={"size": 12, "color": MUTED}, **place)


def _ring(chosen: PlaneDot) -> Part:
    look = {"symbol": "circle-open", "size": 20, "color": CHOSEN, "line": {"width": 3}}
    return trace("scatter", x=[chosen.rate], y=[chosen.distortion], mode="markers", marker=look, hoverinfo="skip", showlegend=False)


COLUMNS = (
    *("dataset", "network", "likelihood", "scale", "latent_dim", "beta", "seed", "rate_nats", "distortion_nats", "elbo_nats"),
    *("rate_standard_error", "distortion_standard_error", "elbo_standard_error"),
    *("sse", "expected_sse", "active_units", "n_images", "iwae_bound_nats", "iwae_n_samples", "iwae_n_images"),
)


def plane_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """Every model of a plane at every seed, a line a model, in nats whatever the axes show.

    Args:
        rows: values of `COLUMNS`.
    """
    return csv(COLUMNS, rows)
