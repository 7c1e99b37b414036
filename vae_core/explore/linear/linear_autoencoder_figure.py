"""A linear autoencoder as it becomes PCA: what a film of its line is made of, its angles, BA beside VVᵀ, and its images."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, note, panel, trace, upright
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.packing import Payload, named
from vae_core.drawing.theme import DIVERGING, FAMILY_MARKS, MUTED, house_chart, level_axes, ticks_of_log_axis

LEARNED, PCA = FAMILY_MARKS["linear-autoencoder"].colour, FAMILY_MARKS["pca"].colour
LEAST_ANGLE = 1e-3
"""Degrees below which an angle is drawn as having arrived."""


def film_payload(
    points: np.ndarray,
    hats: np.ndarray,
    line: tuple[np.ndarray, np.ndarray],
    steps: Sequence[int],
    curves: tuple[np.ndarray, np.ndarray],
    *,
    maps: np.ndarray,
    best: tuple[np.ndarray, np.ndarray, float],
    start: int,
) -> Payload:
    """What the browser draws of a training on points in the plane.

    Args:
        points: (N, 2).
        hats: their reconstructions at each step, (T, N, 2).
        line: a point of the decoder's line, and its direction, at each step, (T, 2) each.
        steps: their numbers, (T,).
        curves: angle to PCA's line in degrees, and mean squared error, (T,) each.
        maps: BA at each step, (T, 4), row after row.
        best: PCA's mean (2,), direction (2,) and mean squared error.
        start: the step that is shown first.
    """
    mean, direction, least = best
    projector = np.outer(direction, direction).ravel().tolist()
    header = {"epochs": list(steps), "n_epochs": int(steps[-1]), "unit": "step", "start": start, "least": least, "projector": projector}
    header |= {"mean": mean.tolist(), "direction": direction.tolist(), "learned": LEARNED, "pca": PCA}
    arrays = {"points": points, "hats": hats, "through": line[0], "along": line[1], "angle": curves[0], "sse": curves[1], "maps": maps}
    return named(arrays, **header)


def angles_chart(steps: np.ndarray, angles: np.ndarray, sse: np.ndarray, least: float, *, chosen: int, height: int = 235) -> Chart:
    """Principal angles, and how much the error lies above PCA's, against the step.

    Args:
        steps: (T,), from 0, which is drawn at ½.
        angles: in degrees, (T, d).
        sse: mean squared error, (T,).
        least: PCA's.
        chosen: the step that is marked.
        height: in pixels.
    """
    x = np.maximum(steps, 0.5)
    thin, thick = ({"color": LEARNED, "width": width} for width in (2, 3))
    traces = [
        trace("scatter", x=x, y=np.maximum(one, LEAST_ANGLE), mode="lines", name=f"angle {j} (°)", line=thin, showlegend=False)
        for j, one in enumerate(angles.T, 1)
    ]
    above = np.maximum(100 * (sse / least - 1), 1e-4)
    traces.append(trace("scatter", x=x, y=above, mode="lines", name="SSE above PCA's (%)", line=thick, showlegend=False, **panel(1)))
    marked: Part = {"color": MUTED, "width": 2, "dash": "dash"}
    above_panel: Part = {"y": 1.0, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "font": {"size": 15}}
    at = max(chosen, 0.5)
    top = float(above.max())
    return house_chart(
        traces,
        height=height,
        shapes=[upright(at, line=marked), upright(at, line=marked, xref="x2", yref="y2")],
        annotations=[note("principal angles (°)", x=0, **above_panel), note("SSE above PCA's (%)", x=0.58, **above_panel)],
        margin={"t": 30, "b": 48},
        **level_axes(
            {
                "xaxis": axis("step", type="log", domain=[0, 0.42], dtick=1),
                "yaxis": axis("", type="log", range=[-3.1, 2.05], **ticks_of_log_axis(1e-3, 100, steps=(1,))),
                "xaxis2": axis("step", type="log", domain=[0.58, 1], anchor="y2", dtick=1),
                "yaxis2": axis("", type="log", anchor="x2", **ticks_of_log_axis(1e-4, 2 * top, steps=(1,))),
            }
        ),
    )


def maps_chart(learned: np.ndarray, pca: np.ndarray, *, height: int = 235) -> Chart:
    """BA beside VVᵀ, in the basis of the principal components.

    Args:
        learned: BA, (n, n).
        pca: VVᵀ, (n, n).
        height: in pixels.
    """
    look = {"colorscale": DIVERGING, "zmin": -1, "zmax": 1, "showscale": False}
    names = np.arange(1, len(learned) + 1)
    traces = [
        trace("heatmap", z=matrix, x=names, y=names, name=name, **look, **panel(k))
        for k, (name, matrix) in enumerate((("BA", learned), ("VVᵀ", pca)))
    ]
    square: Part = {"autorange": "reversed", "showgrid": False, "constrain": "domain"}
    titles = ((0.22, "BA"), (0.78, "VVᵀ"))
    return house_chart(
        traces,
        height=height,
        annotations=[
            note(words, x=x, y=1.0, xref="paper", yref="paper", xanchor="center", yanchor="bottom", font={"size": 15})
            for x, words in titles
        ],
        margin={"t": 28, "b": 48},
        **level_axes(
            {
                "xaxis": axis("component", domain=[0, 0.44], constrain="domain"),
                "yaxis": axis("", scaleanchor="x", **square),
                "xaxis2": axis("component", domain=[0.56, 1], anchor="y2", constrain="domain"),
                "yaxis2": axis("", anchor="x2", scaleanchor="x2", showticklabels=False, **square),
            }
        ),
    )


def image_rows(x: np.ndarray, learned: np.ndarray, pca: np.ndarray, decoder: np.ndarray, components: np.ndarray) -> ImageTable:
    """Images, what both make of them, and below them the columns of both decoders, as far as there is room.

    Args:
        x: uint8 (N, C, H, W).
        learned: x̂ of the autoencoder, float, the same shape.
        pca: x̂ of PCA, the same shape.
        decoder: columns of B, (d, C, H, W).
        components: v₁ … v_d, the same shape.
    """
    rows: list[list[Tile | None]] = [[Tile(image.clip(0, 1)) for image in images] for images in (x / 255, learned, pca)]
    for columns in (decoder, components):
        tiles = [Tile(about_grey(column)) for column in columns[: len(x)]]
        rows.append([*tiles, *[None] * (len(x) - len(tiles))])
    labels = ("x", "x̂, linear AE", "x̂, PCA", "columns of B", "columns of V")
    return ImageTable(tuple(Head("") for _ in x), tuple(map(tuple, rows)), labels)


def about_grey(values: np.ndarray) -> np.ndarray:
    """What has a sign as an image: 0 is a middle grey, the largest value white or black."""
    return 0.5 + 0.5 * values / max(float(np.abs(values).max()), math.ulp(1.0))
