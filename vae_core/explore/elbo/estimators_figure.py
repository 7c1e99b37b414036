"""Histograms of two gradient estimates, and how the spread of their means falls with the number of draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, panel, trace, upright
from vae_core.drawing.theme import house_chart, level_axes, ticks_of_log_axis

PATHWISE, SCORE, TRUE = "#0072b2", "#d55e00", "#808080"
NAMES = ("pathwise", "score function")
LOOKS = ((PATHWISE, "circle", "solid"), (SCORE, "diamond", "dash"))
N_BINS, MIDDLE = 61, 0.98
"""Bins of a histogram, and the share of the wider estimate's draws that it shows."""
SPARSE = 4
"""Every fourth draw says where that share ends."""


def race(
    draws: tuple[np.ndarray, np.ndarray],
    counts: Sequence[int],
    spreads: tuple[tuple[np.ndarray, np.ndarray], ...],
    variances: tuple[float, float] | None,
    gradient: float,
    *,
    height: int = 430,
) -> Chart:
    """Both estimates of a draw, and the standard deviation of the mean of N.

    Args:
        draws: of the pathwise and of the score-function estimate, (n,) each.
        counts: N, (C,).
        spreads: of each estimate, the standard deviation of the mean of N draws and half of its 95 % interval, (C,) each.
        variances: exact, of one draw of each; None where they are not known.
        gradient: the exact one, else the mean of the pathwise draws.
        height: in pixels.
    """
    edges = _edges(draws)
    traces = [_histogram(one, edges, name, look) for one, name, look in zip(draws, NAMES, LOOKS, strict=True)]
    n = np.array(counts)
    for k, (name, look) in enumerate(zip(NAMES, LOOKS, strict=True)):
        if variances is not None:
            traces.append(_line(n, np.sqrt(variances[k] / n), f"{name}, exact √(Var/N)", look))
        traces.append(_points(n, *spreads[k], name, look))
    low, high = (float(end) for end in (spreads[0][0].min() / 2, spreads[1][0].max() * 2))
    low, high = min(low, float(spreads[1][0].min()) / 2), max(high, float(spreads[0][0].max()) * 2)
    layout = level_axes(
        {
            "xaxis": axis("gradient estimate from one draw", domain=[0, 0.48]),
            "yaxis": axis("share of draws", type="log", tickformat=".3~%", dtick=1),
            "xaxis2": axis("draws averaged, N", domain=[0.65, 1], type="log", anchor="y2", **ticks_of_log_axis(n[0], n[-1], (1,))),
            "yaxis2": axis("deviation of the mean", anchor="x2", type="log", **ticks_of_log_axis(low, high, (1,))),
        }
    )
    shapes = [upright(gradient, line={"color": TRUE, "width": 2, "dash": "dot"})]
    return house_chart(traces, height=height, **layout, shapes=shapes, barmode="overlay", margin={"t": 56, "b": 48}, showlegend=True)


def _edges(draws: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Bins from 1 % to 99 % of whichever estimate spreads wider."""
    ends = np.quantile(np.stack([one[::SPARSE] for one in draws]), ((1 - MIDDLE) / 2, (1 + MIDDLE) / 2), axis=1)
    low, high = float(ends[0].min()), float(ends[1].max())
    return np.linspace(low, high + 1e-9, N_BINS + 1)


def _histogram(draws: np.ndarray, edges: np.ndarray, name: str, look: tuple[str, str, str]) -> Part:
    """Shares of the draws in each bin; none where there is no draw, as an axis of logarithms has no 0."""
    shares = np.histogram(draws, len(edges) - 1, (edges[0], edges[-1]))[0] / len(draws)
    marker = {"color": look[0], "opacity": 0.6}
    middle = (edges[:-1] + edges[1:]) / 2
    width = edges[1] - edges[0]
    return trace("bar", x=middle, y=np.where(shares > 0, shares, np.nan), width=width, marker=marker, name=f"{name}, one draw")


def _line(x: np.ndarray, y: np.ndarray, name: str, look: tuple[str, str, str]) -> Part:
    return trace("scatter", x=x, y=y, mode="lines", line={"color": look[0], "width": 2, "dash": look[2]}, name=name, **panel(1))


def _points(x: np.ndarray, y: np.ndarray, half_width: np.ndarray, name: str, look: tuple[str, str, str]) -> Part:
    marker, bars = {"color": look[0], "symbol": look[1], "size": 9}, {"type": "data", "array": half_width, "visible": True}
    return trace("scatter", x=x, y=y, mode="markers", marker=marker, error_y=bars, name=f"{name}, measured", **panel(1))
