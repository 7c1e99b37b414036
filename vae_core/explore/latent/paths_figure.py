"""Paths through latent space as rows of images, as curves, and as a film."""

from __future__ import annotations

import io

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.images import enlarged
from vae_core.drawing.theme import CLASS_COLOURS, MUTED, house_chart

PATHS = {
    "straight": (CLASS_COLOURS[0], "solid", "circle"),
    "spherical": (CLASS_COLOURS[1], "dash", "square"),
    "pixels": (MUTED, "dot", "diamond"),
}
FRAME_MS, HOLD_MS = 90, 700


def traversals(images: np.ndarray, labels: list[str], heads: list[str]) -> ImageTable:
    """One latent dimension in each row.

    Args:
        images: (rows, n, C, H, W).
        labels: of the rows.
        heads: of the columns.
    """
    rows = tuple(tuple(Tile(image) for image in row) for row in images)
    return ImageTable(tuple(Head("", head) for head in heads), rows, labels=tuple(labels))


def interpolations(paths: dict[str, np.ndarray], ends: tuple[np.ndarray, np.ndarray], t: np.ndarray) -> ImageTable:
    """One path in each row, between the two images themselves.

    Args:
        paths: name → images, (n, C, H, W).
        ends: the two originals as bytes, (C, H, W).
        t: the share of the path at each image, (n,).
    """
    heads = (Head("", "from"), *(Head("", f"{v:.3g}") for v in t), Head("", "to"))
    rows = tuple((Tile(ends[0]), *(Tile(image) for image in images), Tile(ends[1])) for images in paths.values())
    return ImageTable(heads, rows, labels=tuple(paths))


def score_curves(scores: dict[str, np.ndarray], t: np.ndarray, *, unit: str, height: int = 250) -> Chart:
    """How well the model knows the images along each path.

    Args:
        scores: name of the path → one number for each image, (n,).
        t: share of the path, (n,).
        unit: of the numbers.
        height: in pixels.
    """
    traces = []
    for name, values in scores.items():
        colour, dash, symbol = PATHS[name]
        look: Part = {"line": {"color": colour, "dash": dash, "width": 2.5}, "marker": {"symbol": symbol, "size": 8, "color": colour}}
        look |= {"mode": "lines+markers", "hovertemplate": "t = %{x:.2f}: %{y:.2f}"}
        traces.append(trace("scatter", x=t, y=values, name=name, **look))
    margin = {"t": 30, "l": 70, "b": 46, "r": 8}
    return house_chart(traces, height=height, xaxis=axis("t, share of the path"), yaxis=axis(unit), margin=margin)


def film(images: np.ndarray, *, times: int = 8) -> bytes:
    """Images there and back again as an animated GIF that plays for ever, each pixel a square; 90 ms a frame.

    Args:
        images: (n, C, H, W), uint8 or float in [0, 1].
        times: side of the square that a pixel becomes.
    """
    there = [enlarged(image, times) for image in images]
    frames = [*there, *there[-2:0:-1]]
    durations = [FRAME_MS] * len(frames)
    durations[0] = durations[len(there) - 1] = HOLD_MS
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0)
    return file.getvalue()
