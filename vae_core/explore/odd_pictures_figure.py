"""What both ways to tell a class say of one picture: probabilities of the labels, and where its log p(x) lies among test images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, note, panel, trace, upright
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, house_chart, level_axes
from vae_core.units import minus

REGRESSION, DENSITY = FAMILY_MARKS["pca"], FAMILY_MARKS["vae"]
N_BINS = 40


def probabilities(
    names: Sequence[str],
    told: Mapping[str, np.ndarray],
    test: np.ndarray,
    log_px: float,
    *,
    height: int = 300,
) -> Chart:
    """Bars of p(y|x), and a histogram of log p(x) of test images with the picture's marked.

    Args:
        names: of the labels, (C,).
        told: what each of two ways is called → its p(y|x), (C,): the one without p(x), and that by Bayes' rule.
        test: log p(x) of test images, (M,).
        log_px: of the picture.
        height: in pixels.
    """
    looks = zip((REGRESSION.colour, DENSITY.colour), ("", "/"), strict=True)
    traces = [_bars(names, p, name, *look) for (name, p), look in zip(told.items(), looks, strict=True)]
    counts, ends = np.histogram(test, N_BINS, range=np.quantile(test, (0.002, 1)))
    middles, width = (ends[:-1] + ends[1:]) / 2, ends[1] - ends[0]
    look: Part = {"marker": {"color": MUTED}, "hovertemplate": "%{x:.0f} nats: %{y}<extra></extra>", "showlegend": False}
    traces.append(trace("bar", x=middles, y=counts, width=width, name="test images", **look, **panel(1)))
    low, high = float(ends[0] - 2 * width), float(ends[-1] + 2 * width)
    at = min(max(log_px, low), high)
    value = minus(f"{log_px:,.0f}")
    words = f"← {value}" if log_px < low else f"{value} →" if log_px > high else value
    side = "left" if at < (low + high) / 2 else "right"
    layout = {
        "xaxis": axis("label y", domain=[0, 0.52], type="category"),
        "yaxis": axis("p(y | x) (%)", range=[0, 104], tickvals=[0, 20, 40, 60, 80, 100]),
        "xaxis2": axis("log p(x), nats", domain=[0.64, 1], anchor="y2", range=[low, high]),
        "yaxis2": axis("test images", anchor="x2", range=[0, 1.25 * float(counts.max())]),
    }
    line = {"color": DENSITY.colour, "width": 3}
    return house_chart(
        traces,
        height=height,
        barmode="group",
        bargap=0.25,
        shapes=[upright(at, line=line, xref="x2", yref="y2")],
        annotations=[note(words, x=at, xref="x2", y=1, yref="y2 domain", xanchor=side, yanchor="top")],
        **level_axes(layout),
    )


def _bars(names: Sequence[str], p: np.ndarray, name: str, colour: str, pattern: str) -> Part:
    marker = {"color": colour, "pattern": {"shape": pattern, "size": 6}}
    return trace("bar", x=list(names), y=100 * p, name=name, marker=marker, hovertemplate=f"%{{x}}: %{{y:.1f}} %<extra>{name}</extra>")


def pictures(shown: Mapping[str, tuple[np.ndarray, float]], chosen: str) -> ImageTable:
    """Pictures side by side, each with its log p(x) below.

    Args:
        shown: name → picture, (C, H, W), and log p(x).
        chosen: the one in focus.
    """
    tiles = tuple(Tile(x, minus(f"{log_px:,.0f}")) for x, log_px in shown.values())
    return ImageTable(
        tuple(Head(name, mark=DENSITY if name == chosen else None, is_focus=name == chosen) for name in shown),
        (tiles,),
        ("log p(x), nats",),
    )
