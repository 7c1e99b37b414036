"""Accuracy over the number of labels, a curve for each representation, and the images that have one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, trace, upright
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import MUTED, Mark, house_chart, mark, ticks_of_log_axis

NAMES: dict[str, tuple[str | None, str]] = {
    "pixels": (None, "pixels"),
    "pca": ("pca", "PCA codes"),
    "autoencoder": ("autoencoder", "AE codes"),
    "denoising": ("denoising", "DAE codes"),
    "vae": ("vae", "VAE codes"),
}
"""Representation → how it is drawn, and its name."""


def look(representation: str) -> tuple[Mark, str]:
    """How a representation is drawn, and its name."""
    family, name = NAMES.get(representation, (representation, f"{mark(representation).short} codes"))
    return mark(family), name


def accuracy_curves(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]],
    *,
    chance: float,
    chosen: int | None = None,
    height: int = 380,
) -> Chart:
    """Test accuracy over labels with a band for its interval; the last mark of a curve is that of all labels.

    Args:
        curves: representation → numbers of labels, accuracy, and both ends of its interval, (S,) each; in per cent.
        chance: accuracy of guessing, in per cent.
        chosen: a number of labels, marked.
        height: in pixels.
    """
    traces: list[Part] = []
    for representation, (sizes, means, lows, highs) in curves.items():
        style, name = look(representation)
        band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        rgb = ", ".join(str(int(style.colour[k : k + 2], 16)) for k in (1, 3, 5))
        traces.append(trace("scatter", x=sizes, y=lows, **band))
        traces.append(trace("scatter", x=sizes, y=highs, fill="tonexty", fillcolor=f"rgba({rgb}, 0.16)", **band))
        traces.append(
            trace(
                "scatter",
                x=sizes,
                y=means,
                name=name,
                mode="lines+markers",
                line={"color": style.colour, "width": 2.5, "dash": style.dash},
                marker={"color": style.colour, "symbol": style.symbol, "size": 10},
                hovertemplate=f"%{{x}} labels: %{{y:.1f}} %<extra>{name}</extra>",
            )
        )
    high = max(int(sizes[-1]) for sizes, *_ in curves.values())
    return house_chart(
        traces,
        height=height,
        shapes=[level(chance, line={"color": MUTED, "dash": "dot", "width": 1.5})]
        + ([] if chosen is None else [upright(chosen, line={"color": MUTED, "dash": "dash", "width": 1.5})]),
        annotations=[note(f"chance: {chance:.0f} %", x=1, xref="x domain", y=chance, xanchor="right", yanchor="bottom")],
        xaxis=axis("number of labels", type="log", **ticks_of_log_axis(8, high * 1.05, (1, 3))),
        yaxis=axis("test images read right (%)", range=[0, 102]),
    )


def labelled_images(x: np.ndarray, n: int) -> ImageTable:
    """Images that have a label, (N, C, H, W), the first of n."""
    return ImageTable(tuple(Head("") for _ in x), (tuple(Tile(image) for image in x),), (f"{len(x)} of {n} with a label",))


def accuracies_csv(shares: Mapping[str, Mapping[int, np.ndarray]]) -> bytes:
    """Every fit, a line each."""
    rows = (
        [look(name)[1], n, draw, float(share)]
        for name, by_size in shares.items()
        for n, of in by_size.items()
        for draw, share in enumerate(of)
    )
    return csv(["representation", "labels", "draw", "test_accuracy"], rows)
