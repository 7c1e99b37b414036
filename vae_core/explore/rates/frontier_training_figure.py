"""A grid of models sweeps across the plane of rate and distortion while it trains."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.drawing.theme import MUTED, new_figure, prepared
from vae_core.explore.rates.frontier_figure import DISTORTION_TITLES, RATE_TITLES, dim_mark

if TYPE_CHECKING:
    import plotly.graph_objects as go

TRAIL = 6
"""Epochs of each model's way that are drawn behind its dot."""
MILLISECONDS = 120
"""A frame of the animation is shown so long."""


@dataclass(frozen=True, slots=True, eq=False)
class SweepPlane:
    """The plane after any epoch, in a hundredth of the time that all epochs take together.

    Attributes:
        before: data, layout and frames of the figure before training; frame k is what differs after epoch k + 1.
    """

    before: dict[str, Any]

    def at(self, epoch: int, *, animated: bool = False) -> go.Figure:
        """The figure after an epoch, from 1; after none for 0.

        Args:
            epoch: which.
            animated: with a button that plays all epochs in the browser.
        """
        frames, data, layout = self.before["frames"], self.before["data"], self.before["layout"]
        if epoch:
            now = frames[epoch - 1]["data"]
            data = [*now, *data[len(now) :]]
        if animated:
            layout = {**layout, "updatemenus": [_play()]}
        return prepared({"data": data, "layout": layout, "frames": frames if animated else []})


def frontier_sweep(
    latent_dims: Sequence[int],
    betas: Sequence[float],
    rate: np.ndarray,
    distortion: np.ndarray,
    *,
    end: float | None = None,
    height: int = 500,
) -> SweepPlane:
    """Every model after every epoch, the models of one latent dimension joined in the order of β, each with the last steps of its way.

    Args:
        latent_dims: d of each model, (M,).
        betas: β of each model, (M,).
        rate: on the test images after each epoch, nats, (E, M).
        distortion: likewise.
        end: −log p(x) of the best model without z, nats.
        height: in pixels.
    """
    figure, dims = new_figure(height=height), sorted(set(latent_dims))
    order = {d: sorted((m for m in range(len(betas)) if latent_dims[m] == d), key=lambda m: betas[m]) for d in dims}
    if end is not None:
        figure.add_scatter(
            x=[0],
            y=[end],
            mode="markers+text",
            text=[f"  without z: {end:.2f}"],
            textposition="middle right",
            textfont={"size": 12, "color": MUTED},
            marker={"symbol": "star", "size": 13, "color": MUTED},
            hoverinfo="skip",
            showlegend=False,
        )
    across, up = _window(rate, distortion, end)
    figure.update_xaxes(title=RATE_TITLES["nats"], range=across)
    figure.update_yaxes(title=DISTORTION_TITLES["nats"], range=up)
    figure.update_layout(
        margin={"t": 34, "l": 58, "r": 10, "b": 48},
        legend={"font": {"size": 13}, "entrywidth": 22, "title": {"text": "d = ", "side": "left"}},
        showlegend=len(dims) > 1,
        uirevision="sweep",
    )
    parts = figure.to_dict()
    ways = list(range(2 * len(dims)))
    epochs = range(1, len(rate) + 1)
    frames = [{"data": _traces(order, betas, rate, distortion, epoch), "traces": ways, "name": str(epoch)} for epoch in epochs]
    return SweepPlane({**parts, "data": [*_traces(order, betas, rate, distortion, 0), *parts["data"]], "frames": frames})


def _traces(
    order: dict[int, list[int]], betas: Sequence[float], rate: np.ndarray, distortion: np.ndarray, epoch: int
) -> list[dict[str, Any]]:
    """For each d the ways of its models, then their dots: always as many traces."""
    drawn = []
    for d, models in order.items():
        look, first = dim_mark(d, list(order)), max(0, epoch - 1 - TRAIL)
        way = [part[first:epoch, models] for part in (rate, distortion)]  # (steps, models)
        broken = [np.vstack([part, np.full((1, len(models)), np.nan)]).T.ravel() for part in way]  # a gap after each model
        now = [part[epoch - 1, models] if epoch else np.empty(0) for part in (rate, distortion)]
        common = {"type": "scatter", "legendgroup": str(d)}
        trail = {"mode": "lines", "line": {"color": look.colour, "width": 1}, "opacity": 0.5, "hoverinfo": "skip", "showlegend": False}
        drawn.append({**common, **trail, "x": _plain(broken[0]), "y": _plain(broken[1])})
        drawn.append(
            {
                **common,
                "x": _plain(now[0]),
                "y": _plain(now[1]),
                "name": str(d),
                "mode": "lines+markers",
                "customdata": [betas[m] for m in models],
                "line": {"color": look.colour, "width": 2},
                "marker": {"symbol": look.symbol, "size": 9, "color": look.colour},
                "hovertemplate": f"d = {d}, β = %{{customdata:g}}<br>R %{{x:.2f}}, D %{{y:.2f}} nats<extra></extra>",
            }
        )
    return drawn


def _plain(values: np.ndarray) -> list[float | None]:
    """Four digits are more than a screen shows."""
    return [None if np.isnan(v) else float(f"{v:.5g}") for v in values.tolist()]


def _play() -> dict[str, Any]:
    timing = {"frame": {"duration": MILLISECONDS, "redraw": False}, "transition": {"duration": MILLISECONDS}, "mode": "immediate"}
    button = {"label": "▶ Play all epochs", "method": "animate", "args": [None, {**timing, "fromcurrent": False}]}
    return {
        "type": "buttons",
        "buttons": [button],
        "showactive": False,  # Plotly would paint it white, also on a dark page
        "x": 1,
        "xanchor": "right",
        "y": 1,
        "yanchor": "top",
        "pad": {"r": 6, "t": 6},
        "bgcolor": "rgba(128,128,128,0.15)",
        "bordercolor": MUTED,
        "font": {"color": MUTED},
    }


def _window(rate: np.ndarray, distortion: np.ndarray, end: float | None) -> tuple[list[float], list[float]]:
    """What holds all models from a tenth of the epochs on: where the weights began does not set the scale."""
    settled = slice(len(rate) // 10, None)
    across = [0.0, *rate[settled].ravel()]
    up = [*distortion[settled].ravel(), *([] if end is None else [end])]
    if not len(rate):
        return [-0.3, 10.0], [0.5 * end, 1.05 * end] if end is not None and end > 0 else [0.0, 1.0]
    right, low, high = (float(f(v)) for f, v in ((np.nanmax, across), (np.nanmin, up), (np.nanmax, up)))
    room = 0.06 * (high - low)
    return [-0.03 * right, 1.05 * right], [low - room, high + room]


def sweep_csv(latent_dims: Sequence[int], betas: Sequence[float], rate: np.ndarray, distortion: np.ndarray) -> bytes:
    """Every model after every epoch, a line each, nats."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["epoch", "latent_dim", "beta", "test_rate", "test_distortion"])
    for e, (rates, distortions) in enumerate(zip(rate.tolist(), distortion.tolist(), strict=True), start=1):
        out.writerows([e, *one] for one in zip(latent_dims, betas, rates, distortions, strict=True))
    return file.getvalue().encode()
