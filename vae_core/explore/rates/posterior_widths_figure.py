"""The widths of q(z|x) in each latent dimension: a histogram of the images in each column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, trace
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, house_chart

GREYS = ((0.0, "rgba(128,128,128,0.15)"), (1.0, "rgba(128,128,128,0.95)"))
INACTIVE = "#0072b2"


def width_chart(
    shares: np.ndarray,
    edges: np.ndarray,
    *,
    order: np.ndarray,
    mean_widths: np.ndarray,
    written: Sequence[str],
    is_active: np.ndarray,
    height: int = 300,
) -> Chart:
    """A column for each dimension, the darker the more images have this width, and a mark at the mean; the prior's width is a line.

    Args:
        shares: of the images in each bin, (B, D).
        edges: of the bins, (B + 1,).
        order: the dimensions from left to right, (D,).
        mean_widths: of each dimension, (D,).
        written: the same with its interval, D of them.
        is_active: (D,).
        height: in pixels.
    """
    rank, n = np.arange(1, len(order) + 1), len(order)
    of_each = shares[:, order]
    about = np.stack([np.broadcast_to(order + 1, of_each.shape), 100 * of_each], -1)
    pointer = "z%{customdata[0]}, s about %{y:.2f}: %{customdata[1]:.1f} % of the images<extra></extra>"
    heat = trace(
        "heatmap",
        x=rank,
        y=(edges[1:] + edges[:-1]) / 2,
        z=np.where(of_each > 0, of_each / of_each.max(0), np.nan),
        zmin=0,
        zmax=1,
        colorscale=GREYS,
        showscale=False,
        xgap=2 if n < 40 else 0,
        hoverongaps=False,
        customdata=about,
        hovertemplate=pointer,
        name="test images",
    )
    looks = (
        ("mean, active dimension", is_active, {"symbol": "circle", "color": FAMILY_MARKS["vae"].colour, "size": 9}),
        ("mean, inactive", ~is_active, {"symbol": "diamond-open", "color": INACTIVE, "size": 11, "line": {"width": 2}}),
    )
    marks = [_marks(rank, order, mean_widths, written, is_shown, name, look) for name, is_shown, look in looks]
    prior = {"color": MUTED, "width": 2, "dash": "dash"}
    return house_chart(
        [heat, *marks],
        height=height,
        xaxis=axis("Latent dimension, the largest KL first", range=[0.4, n + 0.6]),
        yaxis=axis("Width s of q(z|x)", range=[0, float(edges[-1])]),
        shapes=[level(1, line=prior)],
        annotations=[note("prior", x=0, xref="paper", xanchor="left", y=1, yanchor="bottom", font={"size": 13})],
        margin={"t": 36, "b": 48},
        showlegend=True,
    )


def _marks(
    rank: np.ndarray,
    order: np.ndarray,
    mean_widths: np.ndarray,
    written: Sequence[str],
    is_shown: np.ndarray,
    name: str,
    look: Part,
) -> Part:
    """The means of some of the dimensions, at their ranks."""
    chosen = is_shown[order]
    about = [[int(j) + 1, written[j]] for j in order[chosen]]
    pointer = {"customdata": about, "hovertemplate": "z%{customdata[0]}: s = %{customdata[1]}<extra>" + name + "</extra>"}
    return trace("scatter", x=rank[chosen], y=mean_widths[order][chosen], name=name, mode="markers", marker=look, **pointer)
