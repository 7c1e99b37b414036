"""Charts of PCA of images: variance over components, the matrices of encoder and decoder, and faces told from what is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, panel, trace, upright
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.theme import CLASS_COLOURS, CLASS_SYMBOLS, DIVERGING, FAMILY_MARKS, MUTED, house_chart, level_axes
from vae_core.units import tiny

KEPT = FAMILY_MARKS["pca"].colour
MOST_PIXELS = 1024
"""Rows of a matrix that are drawn, at most: of a larger image every so many pixels."""


def scree(eigenvalues: np.ndarray, counts: Mapping[float, int], *, chosen: int, height: int = 285) -> Chart:
    """Share of the variance that K components hold, with the numbers of components for some shares, beside the single variances.

    Args:
        eigenvalues: λ, (P,), largest first.
        counts: share → the least number of components that hold it.
        chosen: K, marked.
        height: in pixels.
    """
    held = 100 * np.cumsum(eigenvalues) / eigenvalues.sum()
    components = np.arange(1, len(eigenvalues) + 1)
    positive = eigenvalues > 1e-12 * eigenvalues[0]
    line: Part = {"color": KEPT, "width": 3}
    marks = {"color": KEPT, "size": 11, "symbol": "square"}
    traces = [
        trace("scatter", x=components, y=held, mode="lines", name="variance held (%)", line=line, showlegend=False),
        trace("scatter", x=list(counts.values()), y=[100 * share for share in counts], mode="markers", marker=marks, showlegend=False),
        trace(
            "scatter",
            x=components[positive],
            y=eigenvalues[positive],
            mode="lines",
            name="variance of component j",
            line=line,
            showlegend=False,
            **panel(1),
        ),
    ]
    names, drops = [], []
    for (share, k), y in zip(counts.items(), (45, 28, 11), strict=False):
        x = math.log10(k)  # notes on a logarithmic axis stand at exponents, shapes at values
        names.append(note(f"{100 * share:.0f} %: {k}", x=x, y=y, xanchor="right", xshift=-4, font={"size": 14}))
        drops.append(
            {"type": "line", "x0": k, "x1": k, "y0": y - 3, "y1": 100 * share, "line": {"color": MUTED, "width": 1.5, "dash": "dot"}}
        )
    dashed = {"color": MUTED, "width": 2, "dash": "dash"}
    return house_chart(
        traces,
        height=height,
        annotations=names,
        shapes=[*drops, upright(chosen, line=dashed), upright(chosen, line=dashed, xref="x2", yref="y2")],
        margin={"t": 10, "b": 48},
        **level_axes(
            {
                "xaxis": axis("components K", type="log", domain=[0, 0.46], dtick=1),
                "yaxis": axis("variance held (%)", range=[0, 104]),
                "xaxis2": axis("component j", type="log", domain=[0.58, 1], anchor="y2", dtick=1),
                "yaxis2": axis("variance λⱼ", type="log", anchor="x2", dtick=2, exponentformat="power"),
            }
        ),
    )


def kept_images(x: np.ndarray, x_hat: np.ndarray, sse: Sequence[float], n_components: int, first: str = "") -> ImageTable:
    """Images above what K components keep of them, each with its squared error.

    Args:
        x: uint8 (N, C, H, W).
        x_hat: their reconstructions, float, the same shape.
        sse: of each.
        n_components: K.
        first: what stands above the first image.
    """
    below = tuple(
        Tile(image.clip(0, 1), f"{error:.2f}" if error >= 0.005 else tiny(error)) for image, error in zip(x_hat, sse, strict=True)
    )
    heads = (Head(first), *(Head("") for _ in x[1:]))
    return ImageTable(heads, (tuple(Tile(image) for image in x), below), ("x", f"x̂, K = {n_components}"))


def moved(before: np.ndarray, after: np.ndarray, codes: Sequence[float]) -> ImageTable:
    """A picture before and after it was moved along its first components.

    Args:
        before: (C, H, W).
        after: the same shape, float.
        codes: where it was moved to, in standard deviations.
    """
    where = ", ".join(f"{code:+.2f}".replace("-", "−") for code in codes)
    tiles = (Tile(before.clip(0, 1)), Tile(after.clip(0, 1)))
    return ImageTable((Head("Before"), Head("After")), (tiles,), note=f"Codes after, in standard deviations: {where}.")


def matrices(components: np.ndarray, code: np.ndarray, *, height: int = 330) -> Chart:
    """The encoder's matrix Vᵀ, the code that it makes of an image, and the decoder's matrix V, as pictures.

    Args:
        components: rows of Vᵀ, (K, P).
        code: z of the image, (K,).
        height: in pixels.
    """
    drawn = components[:, :: max(1, math.ceil(components.shape[1] / MOST_PIXELS))]
    most = float(np.abs(drawn).max())
    look = {"colorscale": DIVERGING, "zmin": -most, "zmax": most, "showscale": False, "hoverinfo": "skip"}
    names = np.arange(1, len(code) + 1)
    bars = trace("bar", y=names, x=code, orientation="h", name="code", marker={"color": KEPT}, showlegend=False, **panel(1))
    traces = [
        trace("heatmap", z=drawn, y=names, name="encoder", **look),
        bars,
        trace("heatmap", z=drawn.T, x=names, name="decoder", **look, **panel(2)),
    ]
    down = {"autorange": "reversed", "showgrid": False}
    titles = ((0.2, "encoder Vᵀ (K × P)"), (0.56, "code z"), (0.87, "decoder V (P × K)"))
    return house_chart(
        traces,
        height=height,
        annotations=[
            note(words, x=x, y=1.0, xref="paper", yref="paper", xanchor="center", yanchor="bottom", font={"size": 15})
            for x, words in titles
        ],
        margin={"t": 34, "b": 48},
        **level_axes(
            {
                "xaxis": axis("pixel", domain=[0, 0.4], showticklabels=False, ticks=""),
                "yaxis": axis("component", **down),
                "xaxis2": axis("zⱼ", domain=[0.48, 0.64], anchor="y2"),
                "yaxis2": axis("", anchor="x2", **down),
                "xaxis3": axis("component", domain=[0.74, 1], anchor="y3"),
                "yaxis3": axis("pixel", anchor="x3", showticklabels=False, ticks="", **down),
            },
            inner=("yaxis2", "yaxis3"),
        ),
    )


def face_accuracies(ways: Mapping[str, tuple[float, float]], stated: Mapping[str, float], *, height: int = 330) -> Chart:
    """Accuracy of each way to tell faces, with its interval, beside accuracies that were stated of other images.

    Args:
        ways: name → accuracy and half of its interval, in per cent.
        stated: name → accuracy, in per cent.
        height: in pixels.
    """
    values = np.array(list(ways.values()))
    marker = {"color": KEPT, "size": 14, "symbol": "square"}
    traces = [
        trace(
            "scatter",
            x=list(ways),
            y=values[:, 0],
            error_y={"array": values[:, 1], "thickness": 2},
            mode="markers",
            marker=marker,
            name="here",
        ),
        trace(
            "scatter",
            x=list(stated),
            y=list(stated.values()),
            mode="markers",
            name="stated",
            marker={"color": MUTED, "size": 13, "symbol": "x"},
        ),
    ]
    layout: dict[str, Part] = {
        "xaxis": axis("", type="category", tickangle=0, tickfont={"size": 12}, range=[-0.6, len(ways) + len(stated) - 0.4]),
        "yaxis": axis("accuracy (%)", range=[45, 102]),
    }
    chance = level(50, line={"color": MUTED, "dash": "dot", "width": 1.5})
    return house_chart(
        traces, height=height, shapes=[chance], annotations=[note("chance", x=1, xref="x domain", y=51.5, xanchor="right")], **layout
    )


def face_codes(codes: np.ndarray, labels: np.ndarray, names: Sequence[str], *, height: int = 330) -> Chart:
    """Images by their first two codes, each class with its colour and symbol.

    Args:
        codes: (N, K), in standard deviations.
        labels: (N,).
        names: of the classes.
        height: in pixels.
    """
    traces = [
        trace(
            "scatter",
            x=codes[labels == k, 0],
            y=codes[labels == k, 1],
            mode="markers",
            name=name,
            marker={"color": CLASS_COLOURS[k], "symbol": CLASS_SYMBOLS[k], "size": 8},
        )
        for k, name in enumerate(names)
    ]
    layout = {"xaxis": axis("component 1 (σ)"), "yaxis": axis("component 2 (σ)")}
    return house_chart(traces, height=height, **layout)
