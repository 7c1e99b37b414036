"""An image as it is written step by step, what each step costs and gains, and the bound for each number of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.images import error_map
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, Mark, house_chart

PAID, GAINED = FAMILY_MARKS["vae"].colour, FAMILY_MARKS["pca"].colour
AFTER = 0.25
"""Opacity of what belongs to steps that are not made."""
FOCUS = Mark("#cc79a7", "diamond", "solid", "◆", "")


class Mean(Protocol):
    """A mean with the half-width of its 95 % interval."""

    @property
    def value(self) -> float: ...

    @property
    def half_width(self) -> float | None: ...


def film_strip(
    canvases: np.ndarray, stop: int, *, x: np.ndarray | None = None, distortion: np.ndarray | None = None, written: np.ndarray | None = None
) -> ImageTable:
    """Images as rows, the canvas after each step as columns, up to the step after which one stops.

    Args:
        canvases: probability of ink after each step, (T + 1, N, C, H, W).
        stop: the last step that is shown.
        x: the binary images, bytes (N, C, H, W); None of draws from the prior.
        distortion: −log p(x|c_t) of each, (T + 1, N).
        written: what each step adds to the logits, (T, N, C, H, W), shown in place of the canvases.
    """
    n_steps, n = len(canvases) - 1, canvases.shape[1]
    limit = 1.0 if written is None else max(1.0, round(float(np.quantile(np.abs(written), 0.99))))
    heads = [Head("x", "binarised")] if x is not None else []
    heads += [
        Head("t = 0" if t == 0 else str(t), "blank" if t == 0 else "", FOCUS if t == stop else None, t == stop) for t in range(n_steps + 1)
    ]
    rows = []
    for image in range(n):
        tiles: list[Tile | None] = [Tile(x[image])] if x is not None else []
        for t in range(n_steps + 1):
            line = "" if distortion is None else f"{distortion[t, image]:.0f}"
            shown = canvases[t, image] if written is None or t == 0 else error_map(written[t - 1, image], limit)
            tiles.append(Tile(shown, line) if t <= stop else None)
        rows.append(tuple(tiles))
    below = "Below each canvas: −log p(x | canvas), in nats. " if distortion is not None else ""
    what = "Red: ink is made more probable, blue: less (log-odds). " if written is not None else ""
    return ImageTable(
        tuple(heads), tuple(rows), note=f"{below}{what}".strip(), has_error_scale=written is not None, error_limit=limit, missing=""
    )


def paid_and_gained(paid: Sequence[Mean], gained: Sequence[Mean], stop: int, *, height: int = 260) -> Chart:
    """What each step costs in rate, and by how much it lowers the distortion, with 95 % intervals; steps that are not made are faint.

    Args:
        paid: KL of each step.
        gained: fall of −log p(x|c_t) in each step.
        stop: the last step that is made.
        height: in pixels.
    """
    steps = list(range(1, len(paid) + 1))
    bars = [
        trace(
            "bar",
            x=steps,
            y=[mean.value for mean in means],
            error_y={"array": [mean.half_width for mean in means], "thickness": 1.5, "width": 4},
            name=name,
            marker={"color": colour, "opacity": [1.0 if t <= stop else AFTER for t in steps], "pattern": {"shape": shape}},
            hovertemplate=f"step %{{x}}: %{{y:.2f}} nats<extra>{name}</extra>",
        )
        for name, means, colour, shape in (("paid: KL of the step", paid, PAID, ""), ("gained: less distortion", gained, GAINED, "/"))
    ]
    low = min(0.0, *(mean.value - (mean.half_width or 0.0) for mean in gained))
    return house_chart(
        bars,
        height=height,
        barmode="group",
        xaxis=axis("step t", tickvals=steps, range=[0.4, len(steps) + 0.6]),
        yaxis=axis("nats per image", rangemode="tozero" if low >= 0 else "normal"),
    )


def bounds(elbos: Mapping[str, Mean], tighter: Mapping[str, Mean], chosen: str, *, stopped: Mean | None = None, height: int = 260) -> Chart:
    """The negative ELBO of each model, and the tighter bound on −log p(x), with 95 % intervals.

    Args:
        elbos: name → mean −ELBO, in nats.
        tighter: name → minus the importance-weighted bound.
        chosen: the model whose steps are shown.
        stopped: mean −ELBO of that model where it stops early.
        height: in pixels.
    """
    names = list(elbos)
    traces = [_dots("−ELBO", names, [elbos[name] for name in names], {"color": PAID, "symbol": "circle", "size": 11})]
    outline = {"color": "rgba(0,0,0,0)", "line": {"color": GAINED, "width": 2}, "symbol": "diamond", "size": 11}
    known = [name for name in names if name in tighter]
    traces.append(_dots("importance-weighted", known, [tighter[name] for name in known], outline))
    if stopped is not None:
        traces.append(_dots("stopped early", [chosen], [stopped], {"color": FOCUS.colour, "symbol": FOCUS.symbol, "size": 12}))
    bold = [f"<b>{name}</b>" if name == chosen else name for name in names]
    return house_chart(
        traces,
        height=height,
        xaxis=axis("nats per image: less is better", showgrid=True),
        yaxis=axis("", tickvals=names, ticktext=bold, autorange="reversed", type="category", showgrid=False),
    )


def _dots(title: str, names: Sequence[str], means: Sequence[Mean], marker: Part) -> Part:
    return trace(
        "scatter",
        mode="markers",
        x=[mean.value for mean in means],
        y=list(names),
        error_x={"array": [mean.half_width for mean in means], "thickness": 1.5, "width": 5, "color": MUTED},
        name=title,
        marker=marker,
        hovertemplate=f"%{{y}}: %{{x:.2f}} nats<extra>{title}</extra>",
    )


def steps_csv(paid: Sequence[Mean], gained: Sequence[Mean], negative_elbo: Sequence[Mean]) -> bytes:
    """Of each step its cost, its gain, and −ELBO of the network stopped after it; step 0 is the blank canvas.

    Args:
        paid: KL of each step, (T,).
        gained: fall of the distortion in each step, (T,).
        negative_elbo: after t = 0 … T steps, (T + 1,).
    """
    rows: list[list[object]] = []
    for t, after in enumerate(negative_elbo):
        own = [paid[t - 1].value, paid[t - 1].half_width, gained[t - 1].value, gained[t - 1].half_width] if t else [""] * 4
        rows.append([t, *own, after.value, after.half_width])
    names = ["step", "kl_nats", "kl_half_width", "gained_nats", "gained_half_width", "negative_elbo_nats", "negative_elbo_half_width"]
    return csv(names, rows)
