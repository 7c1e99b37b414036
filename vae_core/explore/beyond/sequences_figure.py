"""Models of sequences on the plane of rate and distortion."""

from __future__ import annotations

from collections.abc import Sequence

from vae_core.drawing.chart import Chart, axis, note, trace
from vae_core.drawing.theme import MUTED, house_chart, level_axes, mark


def rate_plane(
    rates: Sequence[float], distortions: Sequence[float], names: Sequence[str], entropy: float, chosen: int, *, height: int = 225
) -> Chart:
    """Models on the plane of rate and distortion, and the line D + R = H, below which no −ELBO can lie on average.

    Args:
        rates: of each model, in nats per sequence.
        distortions: likewise.
        names: that stand beside the marks.
        entropy: H of what they were trained on, exact.
        chosen: one that is drawn full.
        height: in pixels.
    """
    look = mark("vae")
    symbols = [look.symbol if k == chosen else f"{look.symbol}-open" for k in range(len(names))]
    style = {"symbol": symbols, "size": 12, "color": look.colour, "line": {"width": 2, "color": look.colour}}
    pointer = "%{text}: R %{x:.2f}, D %{y:.2f}<extra></extra>"
    sides = ["top right" if rate < 0.7 * entropy else "top left" for rate in rates]
    most = 1.12 * max(entropy, *rates, *distortions)
    return house_chart(
        [
            trace(
                "scatter",
                x=[0, entropy],
                y=[entropy, 0],
                mode="lines",
                name="exact",
                line={"color": MUTED, "dash": "dash"},
                hoverinfo="skip",
            ),
            trace(
                "scatter",
                x=rates,
                y=distortions,
                text=list(names),
                mode="markers+text",
                textposition=sides,
                textfont={"size": 14},
                marker=style,
                name="models",
                hovertemplate=pointer,
                cliponaxis=False,
            ),
        ],
        height=height,
        showlegend=False,
        annotations=[note(f"D + R = {entropy:.2f}, exact", x=most, y=most, xanchor="right", yanchor="top", font={"size": 14})],
        margin={"t": 12, "l": 8, "r": 0, "b": 40},
        **level_axes(
            {
                "xaxis": axis("rate R, nats", range=[-0.3, most], fixedrange=True),
                "yaxis": axis("distortion D, nats", range=[-0.3, most], fixedrange=True),
            },
            inner=("yaxis",),
        ),
    )
