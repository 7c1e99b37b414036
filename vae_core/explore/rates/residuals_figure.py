"""Residuals beside the noise that a likelihood claims, and what each width of the noise costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vae_core.drawing.chart import Chart, Part, panel, trace
from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, house_chart, level_axes, ticks_of_log_axis

LOOKS = {"gaussian": ("Gaussian, σ*", "#0072b2", "solid"), "laplace": ("Laplace, b*", FAMILY_MARKS["vae"].colour, "dash")}
CLAIMED = CLASS_COLOURS[1]


def residual_chart(
    edges: np.ndarray,
    density: np.ndarray,
    *,
    at: np.ndarray,
    fitted: Mapping[str, np.ndarray],
    claimed: np.ndarray | None,
    scales: np.ndarray,
    costs: Mapping[str, np.ndarray],
    best: Mapping[str, tuple[float, float]],
    here: tuple[float, float] | None,
    height: int = 330,
) -> Chart:
    """Left a histogram with densities on a logarithmic axis, right −log p(x|z) per image over the width of the noise.

    Args:
        edges: of bins, (B + 1,).
        density: of residuals, (B,).
        at: where densities are drawn, (N,).
        fitted: law → its density at the best width, (N,).
        claimed: the density that the likelihood claims, (N,); None where it claims none.
        scales: widths, (M,).
        costs: law → −log p per image, (M,), nats.
        best: law → the best width, and its cost.
        here: the width that is claimed, and its cost; None likewise.
        height: in pixels.
    """
    pointer, price = "x − g(z) = %{x:.3f}: %{y:.3g}", "%{x:.3g}: %{y:,.0f} nats"
    seen = {"mode": "lines", "line": {"color": MUTED, "shape": "hvh", "width": 1}, "fill": "tozeroy", "hovertemplate": pointer}
    centres = (edges[1:] + edges[:-1]) / 2
    traces = [trace("scatter", x=centres, y=np.where(density > 0, density, np.nan), name="residuals", **seen, **panel(0))]
    for law, (name, colour, dash) in LOOKS.items():
        line = {"color": colour, "width": 2, "dash": dash}
        traces.append(trace("scatter", x=at, y=fitted[law], name=name, mode="lines", line=line, hovertemplate=pointer, **panel(0)))
        common = {"showlegend": False, "hovertemplate": price, "name": name, **panel(1)}
        traces.append(trace("scatter", x=scales, y=costs[law], mode="lines", line=line, **common))
        star = {"symbol": "star", "size": 14, "color": colour}
        traces.append(trace("scatter", x=[best[law][0]], y=[best[law][1]], mode="markers", marker=star, **common))
    if claimed is not None and here is not None:
        line = {"color": CLAIMED, "width": 3, "dash": "dot"}
        traces.append(
            trace("scatter", x=at, y=claimed, name="claimed by the loss", mode="lines", line=line, hovertemplate=pointer, **panel(0))
        )
        ring = {"symbol": "circle-open", "size": 15, "color": CLAIMED, "line": {"width": 4}}
        hidden = {"showlegend": False, "name": "claimed by the loss", "hovertemplate": price}
        traces.append(trace("scatter", x=[here[0]], y=[here[1]], mode="markers", marker=ring, **hidden, **panel(1)))
    densities = [density, *fitted.values(), *([] if claimed is None else [claimed])]
    least, most = np.log10(density[density > 0].min()) - 0.3, np.log10(max(values.max() for values in densities)) + 0.2
    marked = [cost for _, cost in best.values()] + ([] if here is None else [here[1]])
    lowest, room = min(marked), max(max(marked) - min(marked), 0.1 * abs(min(marked)), 1.0)
    axes: dict[str, Part] = {
        "xaxis": {"title": {"text": "x − g(z)"}, "domain": [0, 0.43], "range": [float(edges[0]), float(edges[-1])]},
        "yaxis": {"title": {"text": "Density (log scale)"}, "type": "log", "exponentformat": "power", "dtick": 1, "range": [least, most]},
        "xaxis2": {
            "title": {"text": "Width σ or b (log scale)"},
            "type": "log",
            "domain": [0.58, 1],
            "anchor": "y2",
            "range": np.log10([scales[0], scales[-1]]).tolist(),
            **ticks_of_log_axis(float(scales[0]), float(scales[-1])),
        },
        "yaxis2": {
            "title": {"text": "−log p(x|z), nats per image"},
            "anchor": "x2",
            "range": [lowest - 0.15 * room, max(marked) + 0.35 * room],
        },
    }
    return house_chart(
        traces, height=height, **level_axes(axes, inner=("yaxis", "yaxis2")), margin={"t": 44, "l": 66, "r": 8, "b": 46}, showlegend=True
    )
