"""A posterior over two codes under the Gaussians that stand for it, and charts of what they miss. Nats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, panel, trace, upright
from vae_core.drawing.packing import named
from vae_core.drawing.theme import MUTED, house_chart, level_axes, ticks_of_log_axis
from vae_core.units import nats

EXACT, ENCODER, DIAGONAL, FULL = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
LOOKS = {"encoder's q": ENCODER, "q now": ENCODER, "best diagonal q": DIAGONAL, "best full q": FULL}
"""Of the ellipses: their names and colours."""
PARTS = {"amortization": ENCODER, "diagonal family": DIAGONAL, "Gaussian family": FULL}
"""Of the gap, from the lowest to the uppermost, and their colours."""
PATTERNS = {"amortization": "", "diagonal family": "/", "Gaussian family": "x"}
LEAST = 1e-4
"""Nats: what is smaller is drawn here, on an axis that has no 0."""
WIDTHS = 2
"""Of q, from its mean to the ellipse that is drawn."""


def window(means: np.ndarray, widths: np.ndarray, seen: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper corner, (2,) each, of a square that holds the ellipses and what is seen of the posterior.

    Args:
        means: of the Gaussians, (K, 2).
        widths: their standard deviations along each axis, (K, 2).
        seen: corners of the posterior, (2, 2); None where it is not known.
    """
    reach = 1.25 * WIDTHS * widths
    places = np.concatenate([means - reach, means + reach, *([] if seen is None else [seen])])
    middle, half = (places.max(0) + places.min(0)) / 2, 0.52 * np.ptp(places, axis=0).max()
    return middle - half, middle + half


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """q on a plane after each step of an ascent.

    Attributes:
        means: (S, 2).
        covariances: (S, 2, 2).
        gaps: log p(x) − ELBO, (S,).
        n_diagonal: steps to the best diagonal q.
    """

    means: np.ndarray
    covariances: np.ndarray
    gaps: np.ndarray
    n_diagonal: int


def ascent_film(
    way: Way,
    *,
    of: str,
    start: int,
    window: tuple[np.ndarray, np.ndarray],
    heat: tuple[tuple[float, float, float, float], np.ndarray] | None = None,
    draws: tuple[np.ndarray, np.ndarray] | None = None,
    chain: np.ndarray | None = None,
    names: tuple[str, str] = ("z₁", "z₂"),
    parts: Mapping[str, float] | None = None,
    is_bound: bool = False,
    height: str = "400px",
) -> bytes:
    """The posterior as a heat map, weighted draws or a chain on it, and q on its way, for the browser.

    Args:
        way: of q.
        of: names the image, and what was drawn of it: q stays where it is as long as that does.
        start: the step that is shown first.
        window: lower and upper corner of what is seen, (2,) each.
        heat: where its cells begin and end, across and up, and the density in 255ths of the largest, uint8 (H, W); None where it is not
            known.
        draws: importance samples from the encoder's q, (n, 2), and their shares of the weight, (n,), which size their dots.
        chain: places that a chain visits, (n, 2).
        names: of the axes.
        parts: of the encoder's gap, nats by the names of `PARTS`, as bars beside the map; None for no bars.
        is_bound: whether log p(x) is a lower bound on it, and so the gap.
        height: as CSS.
    """
    header: dict[str, Any] = {"of": of, "start": start, "n_diagonal": way.n_diagonal, "window": [end.tolist() for end in window]}
    header |= {"axes": names, "looks": LOOKS, "widths": WIDTHS, "top": EXACT, "is_bound": is_bound, "height": height}
    header["parts"] = None if parts is None else {name: (value, PARTS[name]) for name, value in parts.items()}
    arrays = {"means": way.means, "covariances": way.covariances[:, [0, 1, 1], [0, 0, 1]], "gaps": way.gaps}
    if heat is not None:
        header["heat_ends"], arrays["heat"] = heat
    if draws is not None:
        arrays |= {"draws": draws[0], "shares": draws[1]}
    if chain is not None:
        arrays["chain"] = chain
    return named(arrays, **header).data


def split_bars(parts: Mapping[str, float], now: float, *, is_bound: bool = False, height: int = 400) -> Chart:
    """What the encoder's q and the present q lack to log p(x), the first in its parts, hanging from log p(x).

    Args:
        parts: nats by the names of `PARTS`.
        now: log p(x) − ELBO of the present q.
        is_bound: whether log p(x) is a lower bound on it, and so the gap.
        height: in pixels.
    """
    columns, gap = ["encoder's q", "q now"], sum(parts.values())
    traces, base = [], -gap
    for name, value in parts.items():
        look: Part = {
            "marker": {
                "color": PARTS[name],
                "pattern": {"shape": PATTERNS[name], "fgcolor": "#ffffff", "bgcolor": PARTS[name], "solidity": 0.25},
            }
        }
        look |= {"name": f"{name} {nats(value)}", "hovertemplate": f"{name}: {nats(value)} nats<extra></extra>", "width": [0.6]}
        traces.append(trace("bar", x=columns[:1], y=np.array([value]), base=[base], **look))
        base += value
    look = {"marker": {"color": MUTED}, "name": f"KL(q ‖ p(z|x)) now {nats(now)}", "width": [0.6]}
    traces.append(trace("bar", x=columns[1:], y=np.array([now]), base=[-now], hovertemplate=f"{nats(now)} nats<extra></extra>", **look))
    top = "log p(x), at least" if is_bound else "log p(x)"
    mark = note(top, x=1, xref="x domain", xanchor="right", y=0, yanchor="bottom")
    most = max(gap, now, 0.02)
    axes = {
        "xaxis": axis("", type="category", categoryorder="array", categoryarray=columns),
        "yaxis": axis("ELBO − log p(x) (nats)", range=[-1.06 * most, 0.1 * most]),
    }
    lines = {"shapes": [level(0, line={"color": EXACT, "width": 3})], "annotations": [mark]}
    legend = {"font": {"size": 13}, "traceorder": "reversed"}
    return house_chart(traces, height=height, barmode="overlay", **axes, **lines, legend=legend, margin={"t": 64, "l": 60, "r": 8, "b": 44})


def ladder_chart(
    counts: np.ndarray, bounds: np.ndarray, half_widths: np.ndarray, top: float, *, is_bound: bool = False, height: int = 400
) -> Chart:
    """Importance-weighted bounds over the number of draws, below log p(x).

    Args:
        counts: k, (C,).
        bounds: (C,).
        half_widths: of their 95 % intervals, (C,); NaN where it is not known.
        top: log p(x), or the best bound on it.
        is_bound: whether it is a bound.
        height: in pixels.
    """
    bars = {"type": "data", "array": np.nan_to_num(half_widths), "color": ENCODER}
    look = {"mode": "lines+markers", "line": {"color": ENCODER, "width": 2.5}, "marker": {"size": 8}, "error_y": bars}
    name = "log p(x), at least" if is_bound else "log p(x), by quadrature"
    ends = {"x": counts[[0, -1]].astype(float), "y": np.array([top, top])}
    traces = [
        trace("scatter", **ends, mode="lines", name=name, line={"color": EXACT, "width": 3}),
        trace("scatter", x=counts.astype(float), y=bounds, name="bound by k draws", **look),
    ]
    room = max(top - bounds[0], 0.05)
    axes = {
        "xaxis": axis("number of draws k", type="log", **ticks_of_log_axis(counts[0], counts[-1], (1,))),
        "yaxis": axis("nats", range=[bounds[0] - 0.15 * room, max(top, bounds.max()) + 0.12 * room]),
    }
    return house_chart(traces, height=height, **axes, margin={"t": 44, "l": 60, "r": 8, "b": 48})


def race_chart(
    milliseconds: np.ndarray, elbos: np.ndarray, encoder: tuple[float, float], best: float, top: float, *, height: int = 400
) -> Chart:
    """The ELBO over the time spent on this image: by gradient ascent from the prior, and by one pass of the encoder.

    Args:
        milliseconds: of each state of the ascent, (S,).
        elbos: (S,).
        encoder: milliseconds and ELBO of the encoder.
        best: ELBO of the best diagonal q.
        top: log p(x).
        height: in pixels.
    """
    line = {"mode": "lines+markers", "line": {"color": DIAGONAL, "width": 2.5}, "marker": {"size": 5, "symbol": "square"}}
    diamond = {"mode": "markers", "marker": {"color": ENCODER, "size": 14, "symbol": "diamond"}}
    traces = [
        trace("scatter", x=milliseconds, y=elbos, name="ascent from the prior", **line),
        trace("scatter", x=np.array([encoder[0]]), y=np.array([encoder[1]]), name="one pass of the encoder", **diamond),
    ]
    shapes = [level(top, line={"color": EXACT, "width": 3}), level(best, line={"color": DIAGONAL, "width": 1.5, "dash": "dot"})]
    marks = [note("log p(x)", x=0, xref="x domain", xanchor="left", y=top, yanchor="bottom")]
    ends = min(encoder[0], milliseconds[0]) * 0.6, milliseconds[-1] * 1.4
    low = min(encoder[1], float(np.quantile(elbos, 0.25)))
    room = max(top - low, 0.5)
    axes = {
        "xaxis": axis("milliseconds on this machine", type="log", range=np.log10(ends).tolist(), **ticks_of_log_axis(*ends, (1,))),
        "yaxis": axis("ELBO (nats)", range=[low - 0.15 * room, top + 0.12 * room]),
    }
    return house_chart(traces, height=height, **axes, shapes=shapes, annotations=marks, margin={"t": 44, "l": 60, "r": 8, "b": 48})


def gaps_chart(approximation: np.ndarray, amortization: np.ndarray, at: int, *, height: int = 400) -> Chart:
    """The gap of each test image and its two parts, from the largest to the smallest, to click on, and how often each size occurs.

    Args:
        approximation: of each image, in the order of the gap, (N,).
        amortization: (N,).
        at: place of the chosen image.
        height: in pixels.
    """
    rank, gap = np.arange(1, len(approximation) + 1), approximation + amortization
    ring = {"mode": "markers", "marker": {"color": "rgba(0, 0, 0, 0)", "size": 14, "line": {"color": EXACT, "width": 3}}}
    dots = {"mode": "markers", "marker": {"color": MUTED, "size": 7}, "customdata": rank - 1}
    pointer = {"hovertemplate": "number %{x} of the order: %{y:.3g} nats<extra></extra>"}
    parts = {"approximation": (approximation, FULL, "diamond"), "amortization": (amortization, ENCODER, "square")}
    traces = [
        *(_part(rank, values, name, colour, symbol) for name, (values, colour, symbol) in parts.items()),
        trace("scatter", x=rank, y=np.maximum(gap, LEAST), name="gap, to click on", **dots, **pointer),
        trace("scatter", x=rank[[at]], y=np.maximum(gap[[at]], LEAST), name="the chosen image", hoverinfo="skip", **ring),
        _histogram(np.maximum(gap, LEAST)),
    ]
    low, high = max(float(np.minimum(approximation, amortization).min()), LEAST), 1.5 * float(gap.max())
    ticks = ticks_of_log_axis(low, high, (1,))
    layout = level_axes(
        {
            "xaxis": axis("test images, largest gap first", domain=[0, 0.6]),
            "yaxis": axis("nats", type="log", range=np.log10([0.8 * low, high]).tolist(), **ticks),
            "xaxis2": axis("gap (nats)", domain=[0.74, 1], anchor="y2", type="log", **ticks),
            "yaxis2": axis("images", anchor="x2", rangemode="tozero"),
        }
    )
    chosen = upright(max(float(gap[at]), LEAST), line={"color": EXACT, "width": 2.5}, xref="x2", yref="y2")
    return house_chart(traces, height=height, shapes=[chosen], **layout, margin={"t": 44, "b": 52})


def _part(rank: np.ndarray, values: np.ndarray, name: str, colour: str, symbol: str) -> Part:
    marker = {"color": colour, "size": 4, "symbol": symbol}
    return trace("scatter", x=rank, y=np.maximum(values, LEAST), mode="markers", marker=marker, name=name, hoverinfo="skip")


def _histogram(gap: np.ndarray) -> Part:
    """Counts in bins of equal width of the logarithm, as steps."""
    edges = np.geomspace(gap.min() * 0.999, gap.max() * 1.001, 16)
    counts = np.histogram(gap, edges)[0]
    look = {"line": {"color": MUTED, "width": 1.5, "shape": "hv"}, "fill": "tozeroy", "fillcolor": "rgba(128, 128, 128, 0.4)"}
    return trace("scatter", x=edges, y=np.append(counts, 0), mode="lines", showlegend=False, hoverinfo="skip", **look, **panel(1))


def costs_chart(
    names: Sequence[str], here: np.ndarray, means: tuple[np.ndarray, np.ndarray, int] | None = None, *, height: int = 400
) -> Chart:
    """Nats that each approximation costs, for one image and on average.

    Args:
        names: of the approximations.
        here: for the chosen image, (K,).
        means: over the test images, and the half-widths of their 95 % intervals, (K,) each, and the number of images; None where they
            were not measured.
        height: in pixels.
    """
    traces = [trace("bar", y=list(names), x=here, orientation="h", name="this image", marker={"color": ENCODER})]
    most = here.max()
    if means is not None:
        values, half_widths, n = means
        look = {"marker": {"color": MUTED, "pattern": {"shape": "/", "fgcolor": "#ffffff", "bgcolor": MUTED, "solidity": 0.25}}}
        bars = {"type": "data", "array": half_widths, "color": MUTED}
        traces.append(trace("bar", y=list(names), x=values, orientation="h", name=f"mean of n = {n} test images", error_x=bars, **look))
        most = max(most, (values + half_widths).max())
    axes = {
        "xaxis": axis("nats per image", range=[0, max(1.15 * float(most), 0.05)]),
        "yaxis": axis("", autorange="reversed", tickfont={"size": 13}, automargin=True),
    }
    return house_chart(traces, height=height, **axes, margin={"t": 44, "l": 8, "r": 8, "b": 56})
