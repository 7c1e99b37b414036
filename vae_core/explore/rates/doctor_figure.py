"""The KL of each latent dimension of one model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, house_chart
from vae_core.units import with_interval

EXACT = "#0072b2"


def kl_bars(
    kl_per_dim: np.ndarray,
    is_active: np.ndarray,
    *,
    half_widths: np.ndarray | None = None,
    linear: np.ndarray | None = None,
    height: int = 300,
) -> Chart:
    """The KL of each dimension, the largest first; which are active; and what the best linear model would spend.

    Args:
        kl_per_dim: (D,), nats.
        is_active: (D,).
        half_widths: of the 95 % intervals of `kl_per_dim`, (D,); None where they are not known.
        linear: ½ ln(λ_j/τ) of the leading eigenvalues, 0 below the water, (D,); None where there is no such theory.
        height: in pixels.
    """
    order = np.argsort(-kl_per_dim)
    rank, n = np.arange(1, len(order) + 1), len(order)
    written = [with_interval(kl, width) for kl, width in zip(kl_per_dim, [None] * n if half_widths is None else half_widths, strict=True)]
    looks = (
        ("active unit", is_active, {"color": FAMILY_MARKS["vae"].colour, "pattern": {"shape": "", "size": 6}}),
        ("inactive", ~is_active, {"color": MUTED, "pattern": {"shape": "/", "size": 6}}),
    )
    traces = [_bars(rank, order, kl_per_dim, written, is_shown, name, marker) for name, is_shown, marker in looks]
    if linear is not None:
        look = {"mode": "lines+markers", "line": {"color": EXACT, "width": 2, "shape": "hvh"}, "hovertemplate": "j = %{x}: %{y:.3f} nats"}
        traces.append(trace("scatter", x=rank, y=linear, name="linear model, exact: ½ ln(λⱼ/τ)", **look))
    return house_chart(
        traces,
        height=height,
        xaxis=axis("Latent dimension, the largest KL first", range=[0.3, n + 0.7]),
        yaxis=axis("KL (nats)", rangemode="tozero"),
        margin={"t": 36, "b": 48},
        bargap=0.15 if n < 60 else 0,
        showlegend=True,
    )


def _bars(
    rank: np.ndarray, order: np.ndarray, kl_per_dim: np.ndarray, written: Sequence[str], is_shown: np.ndarray, name: str, marker: Part
) -> Part:
    """The bars of some of the dimensions, at their ranks."""
    chosen = is_shown[order]
    about = [[int(j) + 1, written[j]] for j in order[chosen]]
    pointer = {"customdata": about, "hovertemplate": "z%{customdata[0]}: %{customdata[1]} nats<extra>" + name + "</extra>"}
    return trace("bar", x=rank[chosen], y=kl_per_dim[order][chosen], name=name, marker=marker, **pointer)
