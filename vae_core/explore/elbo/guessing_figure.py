"""Weights of drawn codes as needles, and the estimate of log p(x) that they make, beside the exact value."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, panel, trace
from vae_core.drawing.theme import house_chart, level_axes, ticks_of_log_axis

N_NEEDLES = 300
"""The largest weights, which are drawn."""
LEAST = 1e-3
"""Of the largest weight: a smaller one would not be seen."""
GOLDEN = 0.6180339887
ESTIMATE, EXACT = "#d55e00", "#0072b2"


def guesses(
    shares: np.ndarray,
    counts: np.ndarray,
    median: np.ndarray,
    quartiles: tuple[np.ndarray, np.ndarray],
    *,
    exact: float,
    at: tuple[int, float],
    n_seeds: int,
    height: int = 330,
) -> Chart:
    """Needles at the left, and at the right estimates over the number of draws.

    Args:
        shares: normalised weights of the draws, (K,).
        counts: numbers of draws, (C,).
        median: over seeds, of the estimate by so many draws, (C,), nats.
        quartiles: lower and upper, (C,) each.
        exact: log p(x).
        at: K and the estimate of the draws at hand.
        n_seeds: how many seeds there are.
        height: in pixels.
    """
    layout = level_axes(
        {
            "xaxis": axis("draw number", domain=[0, 0.46], range=[0, len(shares) + 1]),
            "yaxis": axis("share of the weight", rangemode="tozero", tickformat=".3~%"),
            "xaxis2": axis(
                "number of draws K", domain=[0.57, 1], type="log", anchor="y2", **ticks_of_log_axis(counts[0], counts[-1], (1,))
            ),
            "yaxis2": axis("log p(x) (nats)", anchor="x2", range=_range(quartiles[0].min(), max(exact, quartiles[1].max(), at[1]))),
        }
    )
    traces = [_needles(shares), *_spread(counts, median, quartiles, n_seeds)]
    count, estimate = at
    look = {"mode": "markers", "marker": {"color": ESTIMATE, "size": 11, "symbol": "diamond"}, "name": "the draws shown"}
    traces.append(trace("scatter", x=np.array([count]), y=np.array([estimate]), **look, **panel(1)))
    ends = {"x": np.array([counts[0], counts[-1]]), "y": np.array([exact, exact])}
    traces.append(trace("scatter", **ends, mode="lines", line={"color": EXACT, "width": 3}, name="exact", **panel(1)))
    shapes = [level(exact, line={"color": EXACT, "width": 1}, xref="x2", yref="y2")]
    return house_chart(traces, height=height, **layout, shapes=shapes, margin={"t": 36, "b": 48}, showlegend=True)


def _range(low: float, high: float) -> list[float]:
    """Both values with a margin; of two that are alike, half a nat to each side."""
    margin = max(0.06 * (high - low), 0.5)
    return [low - margin, high + margin]


def _needles(shares: np.ndarray) -> Part:
    """A line from 0 to each of the largest weights."""
    relative = np.round(shares / shares.max(), 6)
    scattered = np.arange(len(shares)) * GOLDEN % 1  # so that of equal weights not only neighbours are drawn
    largest = np.sort(np.lexsort((scattered, -relative))[:N_NEEDLES])
    largest = largest[relative[largest] > LEAST]
    x = np.repeat(largest + 1.0, 3)
    y = np.column_stack([np.zeros(len(largest)), shares[largest], np.full(len(largest), np.nan)]).ravel()
    line, marker = {"color": ESTIMATE, "width": 2}, {"size": np.tile([0, 6, 0], len(largest)), "color": ESTIMATE}
    pointer = {"hovertemplate": "draw %{x:,}: %{y:.2%}<extra></extra>"}
    return trace("scatter", x=x, y=y, mode="lines+markers", line=line, marker=marker, showlegend=False, **pointer)


def _spread(counts: np.ndarray, median: np.ndarray, quartiles: tuple[np.ndarray, np.ndarray], n_seeds: int) -> list[Part]:
    """The median, and a band between the quartiles."""
    low, high = quartiles
    band = {"x": np.concatenate([counts, counts[::-1]]), "y": np.concatenate([low, high[::-1]]), "fill": "toself", "hoverinfo": "skip"}
    look = {"fillcolor": "rgba(213, 94, 0, 0.25)", "line": {"width": 0}, "mode": "lines", "name": "quartiles"}
    line = {"color": ESTIMATE, "width": 2}
    return [
        trace("scatter", **band, **look, **panel(1)),
        trace("scatter", x=counts, y=median, mode="lines+markers", line=line, name=f"estimate, median of {n_seeds} seeds", **panel(1)),
    ]
