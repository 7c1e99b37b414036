"""A grid of models sweeps across the plane of rate and distortion while it trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import MUTED, house_chart
from vae_core.explore.rates.frontier_figure import DISTORTION_TITLES, dim_mark, rate_title, way_down

TRAIL = 6
"""Epochs of each model's way that are drawn behind its dot."""
MILLISECONDS = 120
"""A frame of the animation is shown so long."""


@dataclass(frozen=True, slots=True, eq=False)
class SweepPlane:
    """The plane after any epoch, in a hundredth of the time that all epochs take together.

    Attributes:
        before: the chart before training; its frame k is what differs after epoch k + 1.
    """

    before: Chart

    def at(self, epoch: int, *, animated: bool = False) -> Chart:
        """The chart after an epoch, from 1; after none for 0.

        Args:
            epoch: which.
            animated: with a button that plays all epochs in the browser.
        """
        after = replace(self.before, frame=self.before.frames[epoch - 1] if epoch else {})
        return after.extended(updatemenus=[_play()]) if animated else replace(after, frames=())


def frontier_sweep(
    latent_dims: Sequence[int],
    betas: Sequence[float],
    rate: np.ndarray,
    distortion: np.ndarray,
    *,
    end: float | None = None,
    end_text: str = "",
    height: int = 500,
) -> SweepPlane:
    """Every model after every epoch, the models of one latent dimension joined in the order of β, each with the last steps of its way.

    Args:
        latent_dims: d of each model, (M,).
        betas: β of each model, (M,).
        rate: on the test images after each epoch, nats, (E, M).
        distortion: likewise.
        end: −log p(x) of the best model without z, nats.
        end_text: the same as it is written.
        height: in pixels.
    """
    dims = sorted(set(latent_dims))
    order = {d: sorted((m for m in range(len(betas)) if latent_dims[m] == d), key=lambda m: betas[m]) for d in dims}
    across, up = _window(rate, distortion, end)
    chart = house_chart(
        [*_traces(order, betas, rate, distortion, 0), *([] if end is None else [_end(end, end_text)])],
        height=height,
        xaxis=axis(rate_title(), range=across),
        yaxis=axis(DISTORTION_TITLES["nats"], range=up),
        annotations=way_down(),
        margin={"t": 34, "l": 58, "r": 10, "b": 48},
        legend={"font": {"size": 13}, "entrywidth": 22, "title": {"text": "d = ", "side": "left"}},
        showlegend=len(dims) > 1,
        uirevision="sweep",
    )
    ways = list(range(2 * len(dims)))
    epochs = range(1, len(rate) + 1)
    frames = [{"data": _traces(order, betas, rate, distortion, epoch), "traces": ways, "name": str(epoch)} for epoch in epochs]
    return SweepPlane(replace(chart, frames=frames))


def _end(end: float, text: str) -> Part:
    """The best model without z, with its name."""
    look: Part = {"mode": "markers+text", "textposition": "middle right", "textfont": {"size": 12, "color": MUTED}}
    look |= {"marker": {"symbol": "star", "size": 13, "color": MUTED}, "hoverinfo": "skip", "showlegend": False}
    return trace("scatter", x=[0], y=[end], text=[f"  without z: {text}"], **look)


def _traces(order: dict[int, list[int]], betas: Sequence[float], rate: np.ndarray, distortion: np.ndarray, epoch: int) -> list[Part]:
    """For each d the ways of its models, then their dots: always as many traces."""
    traces = []
    for d, models in order.items():
        look, first = dim_mark(d, list(order)), max(0, epoch - 1 - TRAIL)
        way = [part[first:epoch, models] for part in (rate, distortion)]  # (steps, models)
        broken = [np.vstack([part, np.full((1, len(models)), np.nan)]).T.ravel() for part in way]  # a gap after each model
        now = [part[epoch - 1, models] if epoch else np.empty(0) for part in (rate, distortion)]
        trail = {"mode": "lines", "line": {"color": look.colour, "width": 1}, "opacity": 0.5, "hoverinfo": "skip", "showlegend": False}
        dots: Part = {"mode": "lines+markers", "line": {"color": look.colour, "width": 2}}
        dots |= {"marker": {"symbol": look.symbol, "size": 9, "color": look.colour}, "customdata": [betas[m] for m in models]}
        dots |= {"hovertemplate": f"d = {d}, β = %{{customdata}}<br>R %{{x:.3g}}, D %{{y:.4g}} nats<extra></extra>"}
        traces.append(trace("scatter", x=_plain(broken[0]), y=_plain(broken[1]), legendgroup=str(d), **trail))
        traces.append(trace("scatter", x=_plain(now[0]), y=_plain(now[1]), legendgroup=str(d), name=str(d), **dots))
    return traces


def _plain(values: np.ndarray) -> list[float | None]:
    """Four digits are more than a screen shows."""
    return [None if np.isnan(v) else float(f"{v:.5g}") for v in values.tolist()]


def _play() -> Part:
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


SWEEP_COLUMNS = ("epoch", "latent_dim", "beta", "test_rate", "test_distortion")


def sweep_csv(latent_dims: Sequence[int], betas: Sequence[float], rate: np.ndarray, distortion: np.ndarray) -> bytes:
    """Every model after every epoch, a line each, nats."""
    epochs = enumerate(zip(rate.tolist(), distortion.tolist(), strict=True), start=1)
    rows = ([epoch, *one] for epoch, (rates, terms) in epochs for one in zip(latent_dims, betas, rates, terms, strict=True))
    return csv(SWEEP_COLUMNS, rows)
