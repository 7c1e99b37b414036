"""Distances to nearest neighbours over the number of values, and the dimension that they tell, of images beside uniform noise."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, panel, trace, upright
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, Mark, house_chart, level_axes, ticks_of_log_axis

IMAGES, UNIFORM, TORUS = FAMILY_MARKS["vae"], FAMILY_MARKS["pca"], FAMILY_MARKS["autoencoder"]


def over_values(
    n_values: np.ndarray,
    contrasts: np.ndarray,
    dimensions: np.ndarray,
    tori: np.ndarray,
    *,
    chosen: int,
    name: str,
    height: int = 300,
) -> Chart:
    """How much nearer the nearest neighbour is than the average one, and the dimension that neighbours tell, over P.

    Args:
        n_values: P of each size, (S,).
        contrasts: nearest distance as a share of the mean one, of images and of uniform ones, (2, S).
        dimensions: estimate and both ends of its interval, of images and of uniform ones, (2, S, 3).
        tori: known dimension and estimate, (T, 2).
        chosen: the P that is marked.
        name: of the images.
        height: in pixels.
    """
    traces = []
    for k, (label, look) in enumerate(((name, IMAGES), ("uniform noise", UNIFORM))):
        traces.append(_line(n_values, contrasts[k], label, look))
        value, low, high = dimensions[k].T
        bars = {"symmetric": False, "array": high - value, "arrayminus": value - low, "thickness": 1.5, "width": 3}
        traces.append(_line(n_values, value, label, look, error_y=bars, showlegend=False, **panel(1)))
    circle = {"color": TORUS.colour, "symbol": TORUS.symbol, "size": 11}
    traces.append(trace("scatter", x=tori[:, 0], y=tori[:, 1], mode="markers", name="torus of known dimension", marker=circle, **panel(1)))
    ends = [1, float(max(n_values.max(), tori[:, 0].max()))]
    truth = {"color": MUTED, "width": 2, "dash": "dot"}
    traces.append(trace("scatter", x=ends, y=ends, mode="lines", name="dimension = P", line=truth, hoverinfo="skip", **panel(1)))
    dashed = {"color": MUTED, "width": 2, "dash": "dash"}
    across = {"type": "log", **ticks_of_log_axis(1, ends[1], (1, 3))}
    layout = {
        "xaxis": axis("values per image, P", domain=[0, 0.45], **across),
        "yaxis": axis("nearest / mean distance", range=[0, 1]),
        "xaxis2": axis("values per image, P", domain=[0.58, 1], anchor="y2", **across),
        "yaxis2": axis("dimension, from neighbours", anchor="x2", type="log", **ticks_of_log_axis(1, ends[1], (1, 3))),
    }
    shapes = [upright(chosen, line=dashed), upright(chosen, line=dashed, xref="x2", yref="y2")]
    return house_chart(traces, height=height, shapes=shapes, margin={"t": 34, "b": 48}, **level_axes(layout))


def _line(x: np.ndarray, y: np.ndarray, name: str, look: Mark, **more: object) -> Part:
    marks = {"color": look.colour, "symbol": look.symbol, "size": 8}
    hover = "P = %{x}: %{y:.3g}<extra></extra>"
    line = {"color": look.colour, "width": 2.5, "dash": look.dash}
    return trace("scatter", x=x, y=y, name=name, mode="lines+markers", marker=marks, line=line, hovertemplate=hover, **more)
