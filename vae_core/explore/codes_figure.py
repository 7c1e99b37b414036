"""Codes of images: as a scatter to choose from, and as a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.theme import CLASS_COLOURS, CLASS_SYMBOLS, SEQUENTIAL, new_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_CLASSES = 10
"""Classes that are told apart by colour and symbol; where there are more, colours come again."""


def latent_scatter(
    points: np.ndarray,
    names: tuple[str, str],
    *,
    labels: np.ndarray | None = None,
    values: np.ndarray | None = None,
    value_name: str = "",
    prior_circles: bool = False,
    height: int = 560,
) -> go.Figure:
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
    figure = new_figure(height=height)
    common = {"mode": "markers", "type": "scattergl"}
    index = np.arange(len(points))
    said = "test image #%{customdata}<br>(%{x:.2f}, %{y:.2f})<extra>"
    if values is not None:
        low, high = np.quantile(values, [0.01, 0.99])
        bar = {"title": {"text": value_name, "side": "right"}, "thickness": 14}
        marker = {"color": values, "colorscale": SEQUENTIAL, "cmin": low, "cmax": high, "colorbar": bar, "size": 4, "opacity": 0.85}
        trace = {"customdata": index, "marker": marker, "hovertemplate": said + "%{marker.color:.2f}</extra>", "showlegend": False}
        figure.add_trace({**common, **_xy(points), **trace})
    else:
        classes = [None] if labels is None else np.unique(labels).tolist()
        for number, k in enumerate(classes):
            own = index if k is None else index[labels == k]
            look = {
                "color": CLASS_COLOURS[number % MOST_CLASSES],
                "symbol": CLASS_SYMBOLS[number % MOST_CLASSES],
                "size": 5,
                "opacity": 0.85,
            }
            name = "" if k is None else str(k)
            trace = {"customdata": own, "marker": look, "name": name, "hovertemplate": said + name + "</extra>"}
            figure.add_trace({**common, **_xy(points[own]), **trace, "showlegend": 1 < len(classes) <= MOST_CLASSES})
    for k in (1, 2, 3) if prior_circles else ():  # dots of their own: shapes and lines would lie beneath ten thousand points
        turn = np.linspace(0, 2 * np.pi, 90 * k, endpoint=False)
        dots = {"marker": {"color": "#808080", "size": 2}, "hoverinfo": "skip", "showlegend": False}
        figure.add_trace({**common, **_xy(k * np.stack([np.cos(turn), np.sin(turn)], 1)), **dots})
    figure.update_xaxes(title=names[0])
    figure.update_yaxes(title=names[1], scaleanchor="x", scaleratio=1)
    figure.update_layout(
        dragmode="lasso",
        margin={"t": 36, "l": 56, "r": 8, "b": 50, "pad": 0},
        legend={"itemsizing": "constant", "y": 1.0, "font": {"size": 13}},
    )
    return figure


def _xy(points: np.ndarray) -> dict[str, np.ndarray]:
    x, y = points.astype(np.float32).T
    return {"x": np.ascontiguousarray(x), "y": np.ascontiguousarray(y)}


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
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["test_image", "label", *(f"z{j + 1}" for j in range(mean.shape[1]))])
    marks = [""] * len(mean) if labels is None else labels.tolist()
    out.writerows([i, label, *(f"{v:.5g}" for v in z)] for i, (label, z) in enumerate(zip(marks, mean.tolist(), strict=True)))
    return file.getvalue().encode()


def bounds_csv(metrics: dict[int, dict]) -> bytes:
    """Bounds on the test images as a CSV file, a latent dimension a line.

    Args:
        metrics: latent dimension → stored evaluation (`evaluation.Evaluation` as JSON).
    """
    columns = ("elbo", "elbo_standard_error", "distortion", "rate", "log_px", "log_px_method", "n_samples", "n_images", "sse")
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["latent_dim", *columns])
    out.writerows([dim, *(found[name] for name in columns)] for dim, found in metrics.items())
    return file.getvalue().encode()


def curves_csv(curves: dict[str, np.ndarray]) -> bytes:
    """Curves as a CSV file, a column for each."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(curves)
    out.writerows(zip(*(values.tolist() for values in curves.values()), strict=True))
    return file.getvalue().encode()


def weights_csv(indices: np.ndarray, weights: np.ndarray) -> bytes:
    """Training images and their weights as a CSV file."""
    return curves_csv({"training_image": indices, "weight": weights})
