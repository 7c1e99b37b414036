"""Drawn images judged: the share that is read with confidence, and the distance of each to the nearest training image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, trace
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, house_chart

Interval = tuple[float, float, float]
"""A share and the ends of its interval, in per cent."""
PATTERNS = ("", "/", ".", "x")


def read_shares(ways: Mapping[str, tuple[str, Mapping[int, Interval]]], *, real: Interval | None, height: int = 430) -> Chart:
    """Share of draws that are read with confidence, with intervals: for each latent dimension a bar a way to draw.

    Args:
        ways: name → family and latent dimension → share.
        real: of the test images, which is as much as there is to reach.
        height: in pixels.
    """
    dims = sorted({d for _, shares in ways.values() for d in shares})
    traces = [_bars(name, family, shares, dims, PATTERNS[k % len(PATTERNS)]) for k, (name, (family, shares)) in enumerate(ways.items())]
    line = {"color": MUTED, "dash": "dash", "width": 2}
    words = "" if real is None else f"test images: {real[0]:.1f} %"
    return house_chart(
        traces,
        height=height,
        barmode="group",
        bargap=0.25,
        shapes=[] if real is None else [level(real[0], line=line)],
        annotations=[] if real is None else [note(words, x=1, xref="x domain", y=real[0], xanchor="right", yanchor="bottom")],
        xaxis=axis("latent dimension d", type="category"),
        yaxis=axis("read with confidence (%)", range=[0, 106], tickvals=[0, 20, 40, 60, 80, 100]),
    )


def _bars(name: str, family: str, shares: Mapping[int, Interval], dims: Sequence[int], pattern: str) -> Part:
    there = [d for d in dims if d in shares]
    share, low, high = np.array([shares[d] for d in there]).T
    return trace(
        "bar",
        name=name,
        x=[str(d) for d in there],
        y=share,
        marker={"color": FAMILY_MARKS[family].colour, "pattern": {"shape": pattern, "size": 6}},
        error_y={"array": high - share, "arrayminus": share - low, "symmetric": False, "thickness": 2, "color": MUTED},
        hovertemplate=f"d = %{{x}}: %{{y:.1f}} %<extra>{name}</extra>",
    )


def read_csv(ways: Mapping[str, tuple[str, Mapping[int, Interval]]], n: int) -> bytes:
    """Every share, a line each."""
    rows = ([name, d, n, *share] for name, (_, shares) in ways.items() for d, share in shares.items())
    return csv(["codes", "latent_dim", "draws", "read_percent", "low_95", "high_95"], rows)


def beside_nearest(rows: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]) -> ImageTable:
    """Pictures, each above the training image nearest to it.

    Args:
        rows: name → pictures (N, C, H, W), the nearest training images, the same shape, and the squared errors, (N,).
    """
    tiles, labels = [], []
    for name, (pictures, found, sse) in rows.items():
        shown = pictures if pictures.dtype == np.uint8 else pictures.clip(0, 1)
        tiles += [tuple(Tile(image) for image in shown), tuple(Tile(x, f"{e:.1f}") for x, e in zip(found, sse, strict=True))]
        labels += [name, "nearest training image"]
    return ImageTable(tuple(Head("") for _ in tiles[0]), tuple(tiles), tuple(labels))


def distances(sse: Mapping[str, tuple[str | None, np.ndarray]], *, height: int = 190) -> Chart:
    """For each kind of pictures, the share of them that is at most so far from the nearest training image.

    Args:
        sse: name → family, None for what is no model's, and squared errors, (N,).
        height: in pixels.
    """
    traces = []
    for name, (family, values) in sse.items():
        look = FAMILY_MARKS.get(family or "")
        line = {"color": look.colour if look else MUTED, "dash": look.dash if look else "solid", "width": 3}
        ordered = np.sort(values)
        traces.append(
            trace("scatter", x=ordered, y=100 * np.arange(1, len(ordered) + 1) / len(ordered), mode="lines", line=line, name=name)
        )
    layout = {"xaxis": axis("SSE to the nearest training image", rangemode="tozero"), "yaxis": axis("at most so far (%)", range=[0, 104])}
    return house_chart(traces, height=height, **layout)


def distances_csv(sse: Mapping[str, np.ndarray]) -> bytes:
    """Every distance, a line each."""
    return csv(["pictures", "sse_to_nearest_training_image"], ([name, float(value)] for name, values in sse.items() for value in values))
