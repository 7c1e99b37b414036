"""Reconstructions side by side, and how much each family keeps as the code grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace, upright
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.images import error_limit, error_map
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, house_chart, mark
from vae_core.units import with_interval

SIDE_BY_SIDE = 1.035
"""Factor between the places of two families at one latent dimension, on the logarithmic axis: equal values stay visible."""

ERROR_NOTE = "Error x̂ − x, from −{limit:g} to {limit:g}, one scale for all: blue too dark, red too bright."


def comparison(
    x: np.ndarray,
    reconstructions: dict[str, np.ndarray],
    *,
    captions: list[str] | None = None,
    lines: dict[str, str] | None = None,
    focus: str | None = None,
    show_errors: bool = False,
    families: dict[str, str] | None = None,
) -> ImageTable:
    """The originals, then a column for each model: its reconstructions, or their errors, with the SSE of each below.

    Args:
        x: originals as bytes, (N, C, H, W).
        reconstructions: name → x̂, float (N, C, H, W), not clipped; empty for a model that is not trained.
        captions: a line under each original.
        lines: name → what stands below it.
        focus: the name in focus.
        show_errors: error maps x̂ − x instead of the reconstructions.
        families: name → the model's family, where the names are not those of families.
    """
    captions, lines = captions or [""] * len(x), lines or {}
    original = x.astype(np.float64) / 255
    errors = [x_hat - original for x_hat in reconstructions.values() if len(x_hat)]
    limit = error_limit(np.stack(errors)) if show_errors and errors else None
    columns: list[list[Tile | None]] = [[Tile(image, caption) for image, caption in zip(x, captions, strict=True)]]
    for x_hat in reconstructions.values():
        columns.append(_column(original, x_hat, limit) if len(x_hat) else [None] * len(x))
    heads = [Head("Original", lines.get("original", ""))]
    for name in reconstructions:
        look = mark(name if families is None else families[name])
        heads.append(Head(look.short if families is None else name, lines.get(name, ""), look, name == focus))
    note = "" if limit is None else ERROR_NOTE.format(limit=limit)
    return ImageTable(
        tuple(heads), tuple(zip(*columns, strict=True)), note=note, has_error_scale=limit is not None, error_limit=limit or 1.0
    )


def _column(original: np.ndarray, x_hat: np.ndarray, limit: float | None) -> list[Tile | None]:
    error = x_hat - original
    sse = (error**2).reshape(len(error), -1).sum(1)
    images = x_hat if limit is None else [error_map(e, limit) for e in error]
    return [Tile(image, f"{value:.2f}") for image, value in zip(images, sse, strict=True)]


def image_captions(indices: Sequence[int], labels: np.ndarray | None) -> list[str]:
    """What stands under each original: its number, and its class where there is one, `#4523: 7`."""
    return [f"#{i}" + (f": {labels[i]}" if labels is not None else "") for i in indices]


def samples(drawn: dict[str, np.ndarray]) -> ImageTable:
    """A row for each family: the means of images at codes from its prior.

    Args:
        drawn: family → E[x|z], float (N, C, H, W).
    """
    n = max((len(images) for images in drawn.values()), default=0)
    labels = tuple(f"{mark(family).glyph} {mark(family).short}" for family in drawn)
    rows = tuple(tuple(Tile(image) for image in images) for images in drawn.values())
    return ImageTable(tuple(Head("", f"z ~ N(0, I), {i + 1}") for i in range(n)), rows, labels)


@dataclass(frozen=True, slots=True)
class Measured:
    """A test mean of one model: family, latent dimension, mean SSE, half-width of its 95 % interval, number of images."""

    family: str
    latent_dim: int
    sse: float
    half_width: float | None
    n: int


def sse_by_latent_dim(
    measured: list[Measured], *, latent_dim: int, published: Sequence[tuple[str, int, float]] = (), height: int = 560
) -> Chart:
    """Mean test SSE of each family against the latent dimension, with 95 % intervals.

    Args:
        measured: one for each model.
        latent_dim: the dimension that is marked.
        published: (family, latent dimension, mean test SSE) as printed in a paper.
        height: in pixels.
    """
    order = {name: place for place, name in enumerate(FAMILY_MARKS)}
    families = sorted({m.family for m in measured}, key=lambda name: (order.get(name, len(order)), name))
    aside = [SIDE_BY_SIDE ** (place - (len(families) - 1) / 2) for place in range(len(families))]
    curves = [_curve([m for m in measured if m.family == family], factor) for family, factor in zip(families, aside, strict=True)]
    dims = sorted({m.latent_dim for m in measured})
    count = f" (n = {measured[0].n:,})" if measured else ""
    return house_chart(
        [*curves, *([_published(published)] if published else [])],
        height=height,
        shapes=[upright(latent_dim, line={"color": MUTED, "width": 1, "dash": "dot"})],
        xaxis=axis("Latent dimension d (points of one d side by side)", tickvals=dims, type="log"),
        yaxis=axis(f"Mean test SSE per image{count}", rangemode="tozero"),
    )


def _curve(measured: list[Measured], aside: float) -> Part:
    """One family's means, moved aside by a factor."""
    points = sorted(measured, key=lambda m: m.latent_dim)
    look = mark(points[0].family)
    style: Part = {"marker": {"symbol": look.symbol, "size": 11, "color": look.colour}}
    style |= {"line": {"dash": look.dash, "width": 2, "color": look.colour}, "mode": "lines+markers"}
    style |= {"error_y": {"array": [m.half_width for m in points], "thickness": 1.5, "width": 5}}
    pointer = "d = %{customdata}: %{text}<extra>" + look.short + "</extra>"
    dims, sse = [m.latent_dim for m in points], [m.sse for m in points]
    named = {"customdata": dims, "text": [with_interval(m.sse, m.half_width) for m in points], "name": look.short}
    return trace("scatter", x=[d * aside for d in dims], y=sse, hovertemplate=pointer, **named, **style)


def _published(published: Sequence[tuple[str, int, float]]) -> Part:
    look = {"symbol": "star-open", "size": 14, "color": MUTED, "line": {"width": 2}}
    families, dims, sse = (list(column) for column in zip(*published, strict=True))
    text = {"text": [mark(family).short for family in families], "hovertemplate": "%{text}: %{y:.2f}<extra></extra>"}
    return trace("scatter", x=dims, y=sse, name="Hinton & Salakhutdinov 2006", mode="markers", marker=look, **text)


def measured_csv(measured: list[Measured]) -> bytes:
    """The means as a CSV file, one model a line."""
    rows = ([m.family, m.latent_dim, m.sse, m.half_width, m.n] for m in measured)
    return csv(["family", "latent_dim", "test_sse_mean", "half_width_95", "n_images"], rows)
