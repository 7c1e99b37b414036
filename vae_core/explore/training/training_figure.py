"""How trainings went: curves of distortion, rate and ELBO over the epochs, and the pictures of a snapshot."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, panel, trace, upright
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.images import grid_png
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import CLASS_COLOURS, MUTED, house_chart, mark

TERMS = {"distortion": "Distortion", "rate": "Rate", "elbo": "ELBO", "sse": "SSE"}
UNITS = {"distortion": "nats per image", "rate": "nats per image", "elbo": "nats per image", "sse": "sum over pixels"}
MOST_POINTS = 400
"""Points of a curve at most; of a longer training evenly spaced epochs are drawn."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def terms_of(history: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What a history has curves of: distortion, rate and ELBO, or SSE for a family without a density."""
    return ("distortion", "rate", "elbo") if history and "rate" in history[-1]["test"] else ("sse",)


def curve(history: Sequence[Mapping[str, Any]], term: str, split: str) -> np.ndarray:
    """One term after each epoch, (E,); the ELBO is −(distortion + rate), whatever β is."""
    if term == "elbo":
        return -curve(history, "distortion", split) - curve(history, "rate", split)
    return np.array([epoch[split].get(term, np.nan) for epoch in history])


def learning_curves(
    history: Sequence[Mapping[str, Any]],
    *,
    family: str,
    n_epochs: int | None = None,
    z_free: float | None = None,
    rate: float | None = None,
    at: int | None = None,
    height: int = 235,
) -> Chart:
    """A panel for each term: training images dashed, test images solid.

    Args:
        history: `EpochDone.to_json` of each epoch.
        family: whose colour the curves have.
        n_epochs: of the whole training; the axis reaches as far.
        z_free: −ELBO of the best model without z, drawn beside the ELBO.
        rate: that the linear theory predicts, drawn beside the rate.
        at: an epoch to mark.
        height: in pixels.
    """
    terms, drawn_epochs = terms_of(history), thinned(history)
    last = n_epochs or (drawn_epochs[-1]["epoch"] if drawn_epochs else 1)
    beside = {"elbo": (None if z_free is None else -z_free, "best without z"), "rate": (rate, "linear theory")}
    traces, lines = [], []
    axes: dict[str, Part] = {}
    for k, term in enumerate(terms):
        value, name = beside.get(term, (None, ""))
        traces += [one | panel(k) for one in _both_splits(drawn_epochs, term, family, is_named=k == 0)]
        traces += [] if value is None else [_reference(value, name, last) | panel(k)]
        lines += [] if at is None else [upright(at, line={"color": MUTED, "width": 1}, xref=panel(k)["xaxis"], yref=panel(k)["yaxis"])]
        reach = _settled([curve(drawn_epochs, term, split) for split in ("train", "test")], beside=value)
        axes |= _axes(k, len(terms), term, last, reach)
    margin = {"t": 34, "l": 64, "r": 8, "b": 40}
    return house_chart(traces, height=height, **axes, **({"shapes": lines} if lines else {}), margin=margin, uirevision="curves")


def _both_splits(history: Sequence[Mapping[str, Any]], term: str, family: str, *, is_named: bool) -> list[Part]:
    epochs, traces = [epoch["epoch"] for epoch in history], []
    for split, dash, colour in (("train", "dash", MUTED), ("test", "solid", mark(family).colour)):
        look = {"line": {"color": colour, "width": 2, "dash": dash}, "mode": "lines+markers" if len(epochs) < 3 else "lines"}
        look |= {"hovertemplate": "epoch %{x}: %{y:.2f}<extra>" + f"{TERMS[term]}, {split}</extra>"}
        legend = {"name": f"{split} images", "legendgroup": split, "showlegend": is_named}
        traces.append(trace("scatter", x=epochs, y=curve(history, term, split), **legend, **look))
    return traces


def _reference(value: float, name: str, last: int) -> Part:
    """A number that an exact theory gives, over all epochs."""
    line = {"color": MUTED, "width": 1.5, "dash": "dot"}
    pointer = f"%{{y:.2f}}<extra>{name}</extra>"
    return trace("scatter", x=[0, last], y=[value, value], name=name, mode="lines", line=line, hovertemplate=pointer)


def _axes(k: int, n: int, term: str, last: int, reach: list[float] | None) -> dict[str, Part]:
    """Panel k of n side by side; the first epochs, from wherever the weights started, do not set the scale."""
    gap, number = 0.13, k + 1 if k else ""
    width = (1 - gap * (n - 1)) / n
    left = k * (width + gap)
    small = {"tickfont": {"size": 13}}
    name = f"{TERMS[term]} ({UNITS[term].split()[0]})" if n > 1 else _long(term)
    across = {"domain": [left, min(1, left + width)], "anchor": f"y{number}", "range": [0, last * 1.02], **small}
    across |= {"title": {"text": "Epoch", "font": {"size": 14}, "standoff": 4}}
    up = {"anchor": f"x{number}", "title": {"text": name, "font": {"size": 14}, "standoff": 10}, **small}
    return {f"xaxis{number}": across, f"yaxis{number}": up | ({} if reach is None else {"range": reach})}


def _settled(curves: Sequence[np.ndarray], *, beside: float | None = None) -> list[float] | None:
    """The range of curves after the first tenth of their epochs, and of a value beside them unless it is far off; None for short ones."""
    settled = np.concatenate([values[len(values) // 10 :] for values in curves])
    if max(map(len, curves)) < 10 or not np.isfinite(settled).all():
        return None
    low, high = float(settled.min()), float(settled.max())
    if beside is not None and min(abs(beside - low), abs(beside - high)) < 2 * (high - low):
        low, high = min(low, beside), max(high, beside)
    room = 0.12 * (high - low) or 0.5
    return [low - room, high + room]


def _long(term: str) -> str:
    return f"{TERMS[term]} ({UNITS[term]})"


def thinned(history: Sequence[Mapping[str, Any]], most: int = MOST_POINTS) -> list[Mapping[str, Any]]:
    """Evenly spaced epochs of a long history, the first and the last among them."""
    if len(history) <= most:
        return list(history)
    return [history[i] for i in np.unique(np.linspace(0, len(history) - 1, most).round().astype(int))]


@dataclass(frozen=True, slots=True)
class Run:
    """One training of a comparison: its name in the legend, its family, and its history."""

    name: str
    family: str
    history: list[dict[str, Any]]


def compared_curves(runs: Sequence[Run], term: str, *, split: str = "test", height: int = 300) -> Chart:
    """One term of many trainings over their epochs; one-step fits are points. Families have their colours, unless one is there twice.

    Args:
        runs: those that have the term; the others are left out.
        term: `distortion`, `rate`, `elbo` or `sse`.
        split: `train` or `test`.
        height: in pixels.
    """
    shown = [run for run in runs if run.history and term in terms_of(run.history)]
    is_of_families = len({run.family for run in shown}) == len(shown)
    reach = _settled([curve(run.history, term, split) for run in shown]) if shown else None
    return house_chart(
        [_run(run, k, term, split, is_of_families=is_of_families) for k, run in enumerate(shown)],
        height=height,
        xaxis=axis("Epoch"),
        yaxis=axis(f"{_long(term)}<br>{split} images", **({} if reach is None else {"range": reach})),
        showlegend=True,
        legend={"font": {"size": 13}},
        margin={"t": 20 + 22 * ((len(shown) + 1) // 2), "b": 48},
    )


def _run(run: Run, k: int, term: str, split: str, *, is_of_families: bool) -> Part:
    history, look = thinned(run.history), mark(run.family)
    colour = look.colour if is_of_families else CLASS_COLOURS[k % len(CLASS_COLOURS)]
    style = {"mode": "lines" if len(history) > 1 else "markers", "line": {"color": colour, "width": 2, "dash": DASHES[k % len(DASHES)]}}
    style |= {"marker": {"symbol": look.symbol, "size": 11, "color": colour}}
    pointer = "epoch %{x}: %{y:.2f}<extra>" + escape(run.name) + "</extra>"
    epochs = [epoch["epoch"] for epoch in history]
    return trace("scatter", x=epochs, y=curve(history, term, split), name=run.name, hovertemplate=pointer, **style)


def history_csv(runs: Sequence[Run]) -> bytes:
    """Every epoch of trainings as a CSV file, a line an epoch."""
    columns = [(split, term) for split in ("train", "test") for term in TERMS]
    names = ["model", "epoch", "n_epochs", "seconds", *(f"{split}_{term}" for split, term in columns)]
    return csv(names, (_row(run.name, epoch, columns) for run in runs for epoch in run.history))


def _row(name: str, epoch: Mapping[str, Any], columns: Sequence[tuple[str, str]]) -> list[Any]:
    """An epoch's line of the file, empty where the family has no such term."""
    terms = terms_of([epoch])
    numbers = [float(curve([epoch], term, split)[0]) if term in terms else None for split, term in columns]
    return [name, epoch["epoch"], epoch["n_epochs"], epoch["seconds"], *numbers]


def snapshot_table(x: np.ndarray, indices: Sequence[int], reconstructions: np.ndarray, sse: np.ndarray, epoch: int) -> ImageTable:
    """Fixed test images, and below each what came back after an epoch.

    Args:
        x: every test image, as bytes, (N, C, H, W).
        indices: of those that are shown, n of them.
        reconstructions: their x̂ as a screen shows it, bytes (n, C, H, W).
        sse: of each, (n,).
        epoch: after which.
    """
    originals = originals_table(x, indices)
    below = tuple(Tile(image, f"{value:.1f}") for image, value in zip(reconstructions, sse, strict=True))
    return replace(originals, rows=(*originals.rows, below), labels=(*originals.labels, f"epoch {epoch}, SSE below"))


def originals_table(x: np.ndarray, indices: Sequence[int]) -> ImageTable:
    """The fixed ones of all test images, bytes (N, C, H, W), before there is a model to show them to."""
    return ImageTable(tuple(Head("", f"#{i}") for i in indices), (tuple(Tile(x[i]) for i in indices),), ("test image",))


def manifold_html(images: np.ndarray, epoch: int, *, side: int = 230) -> str:
    """The manifold as one picture, enlarged by a whole number without blur.

    Args:
        images: (n, n, C, H, W).
        epoch: after which.
        side: pixels of the screen that it may take.
    """
    n, width = images.shape[1], images.shape[-1]
    times = max(1, side // (n * width))
    data = base64.b64encode(grid_png(images, times=1, gap=0)).decode()
    return (
        f'<img src="data:image/png;base64,{data}" alt="decoded plane of codes after epoch {epoch}" '
        f'style="width:{times * n * width}px;max-width:100%;image-rendering:pixelated;display:block">'
    )
