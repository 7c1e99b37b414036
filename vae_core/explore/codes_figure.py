"""Codes of images: as a scatter to choose from, and as a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from vae_core.drawing import tables
from vae_core.drawing.chart import Chart, Part, axis, trace
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.theme import CLASS_COLOURS, CLASS_SYMBOLS, SEQUENTIAL, house_chart

MOST_CLASSES = 10
"""Classes that are told apart by colour and symbol; where there are more, colours come again."""
POINTER = "test image #%{customdata}<br>(%{x:.2f}, %{y:.2f})<extra>"
"""What the pointer is told of an image; what stands behind it follows."""


def latent_scatter(
    points: np.ndarray,
    names: tuple[str, str],
    *,
    labels: np.ndarray | None = None,
    values: np.ndarray | None = None,
    value_name: str = "",
    prior_circles: bool = False,
    height: int = 560,
) -> Chart:
    """Codes on a plane, coloured by class or by a number of each image; a point's `customdata` is its index.

    Args:
        points: (N, 2).
        names: of the two axes.
        labels: class of each image, (N,), a number or a name, each a trace of its own; or
        values: a number of each image, (N,), in the colours of a scale that holds 98 % of them.
        value_name: what the numbers are, with their unit.
        prior_circles: draw one, two and three standard deviations of N(0, I).
        height: in pixels.
    """
    codes = _by_class(points, labels) if values is None else [_by_value(points, values, value_name)]
    return house_chart(
        [*codes, *(_prior_circle(k) for k in (1, 2, 3) if prior_circles)],
        height=height,
        xaxis=axis(names[0]),
        yaxis=axis(names[1], scaleanchor="x", scaleratio=1),
        dragmode="lasso",
        margin={"t": 36, "l": 56, "r": 8, "b": 50, "pad": 0},
        legend={"itemsizing": "constant", "indentation": -5, "y": 1.0, "font": {"size": 13}},
    )


def _by_value(points: np.ndarray, values: np.ndarray, name: str) -> Part:
    low, high = np.quantile(values, [0.01, 0.99])
    bar = {"title": {"text": name, "side": "right"}, "thickness": 14}
    marker = {"color": values, "colorscale": SEQUENTIAL, "cmin": low, "cmax": high, "colorbar": bar, "size": 4, "opacity": 0.85}
    pointer = {"customdata": np.arange(len(points)), "hovertemplate": POINTER + "%{marker.color:.2f}</extra>"}
    return _dots(points, marker, **pointer, showlegend=False)


def _by_class(points: np.ndarray, labels: np.ndarray | None) -> list[Part]:
    """A trace for each class, or one for all points where there are none."""
    classes = [None] if labels is None else np.unique(labels).tolist()
    traces = []
    for number, k in enumerate(classes):
        own = np.arange(len(points)) if k is None else np.flatnonzero(labels == k)
        look = {"color": CLASS_COLOURS[number % MOST_CLASSES], "symbol": CLASS_SYMBOLS[number % MOST_CLASSES], "size": 5, "opacity": 0.85}
        name = "" if k is None else str(k)
        pointer = {"customdata": own, "name": name, "hovertemplate": POINTER + name + "</extra>"}
        traces.append(_dots(points[own], look, **pointer, showlegend=1 < len(classes) <= MOST_CLASSES))
    return traces


def _prior_circle(k: int) -> Part:
    """k standard deviations of N(0, I), as dots of their own: shapes and lines would lie beneath ten thousand points."""
    turn = np.linspace(0, 2 * np.pi, 90 * k, endpoint=False)
    circle = k * np.stack([np.cos(turn), np.sin(turn)], 1)
    return _dots(circle, {"color": "#808080", "size": 2}, hoverinfo="skip", showlegend=False)


def _dots(points: np.ndarray, marker: Part, **properties: Any) -> Part:
    x, y = points.astype(np.float32).T
    return trace("scattergl", x=x, y=y, mode="markers", marker=marker, **properties)


def chosen_images(x: np.ndarray, x_hat: np.ndarray, captions: list[str]) -> ImageTable:
    """The images that were chosen on the plane, each beside its reconstruction.

    Args:
        x: originals as bytes, (N, C, H, W).
        x_hat: their reconstructions, float (N, C, H, W).
        captions: a line under each original.
    """
    rows = tuple((Tile(image, caption), Tile(again)) for image, again, caption in zip(x, x_hat, captions, strict=True))
    return ImageTable((Head("x"), Head("x̂")), rows)


def codes_csv(mean: np.ndarray, labels: np.ndarray | None) -> bytes:
    """Codes as a CSV file, an image a line.

    Args:
        mean: E q(z|x), (N, D).
        labels: (N,), or None where there are none.
    """
    classes = [None] * len(mean) if labels is None else labels.tolist()
    names = ["test_image", "label", *(f"z{j + 1}" for j in range(mean.shape[1]))]
    return tables.csv(names, ([i, label, *z] for i, (label, z) in enumerate(zip(classes, mean.tolist(), strict=True))), digits=5)


def bounds_csv(metrics: dict[int, dict]) -> bytes:
    """Bounds on the test images as a CSV file, a latent dimension a line.

    Args:
        metrics: latent dimension → stored evaluation (`evaluation.Evaluation` as JSON).
    """
    columns = ("elbo", "elbo_standard_error", "distortion", "rate", "log_px", "log_px_method", "n_samples", "n_images", "sse")
    return tables.csv(["latent_dim", *columns], ([dim, *(of_dim[name] for name in columns)] for dim, of_dim in metrics.items()))


def curves_csv(curves: dict[str, np.ndarray]) -> bytes:
    """Curves as a CSV file, a column for each."""
    return tables.csv(list(curves), zip(*(values.tolist() for values in curves.values()), strict=True))


def weights_csv(indices: np.ndarray, weights: np.ndarray) -> bytes:
    """Training images and their weights as a CSV file."""
    return curves_csv({"training_image": indices, "weight": weights})
