"""Variances that water drowns, and beside them the exact rate–distortion curve with trained models on it; the water can be let out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vae_core.drawing.chart import TO_ITS_FRAME, Chart, Part, axis, panel, trace
from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, house_chart, level_axes, ticks_of_log_axis

WATER, ABOVE = "#56b4e9", "#d55e00"
NOT_IN_CODE = "rgba(128, 128, 128, 0.45)"
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "star")
SPLIT = (0.44, 0.57)
"""Where the left panel ends and the right one begins, as shares of the width."""
MILLISECONDS = 220
MOST_BARS = 150
"""More are not told apart; the curve counts all."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One water level, and the optimum there in the axes' own units.

    Attributes:
        tau: the level.
        rate, distortion: of the dot on the curve.
        tangent: rates and distortions of two points on the tangent, (2, 2).
        text: one line on it.
    """

    tau: float
    rate: float
    distortion: float
    tangent: np.ndarray
    text: str


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model in the plane, in the axes' own units; models of one group are drawn alike.

    Attributes:
        group: its name in the legend.
        is_linear: whether it must lie on a curve.
        rate, distortion: where it lies.
        text: what the pointer is told.
    """

    group: str
    is_linear: bool
    rate: float
    distortion: float
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """The scree plot under water and the plane, at any of its levels, in a hundredth of the time that the first takes.

    Attributes:
        levels: from the highest to the lowest.
        chart: at the first level; its frame k is what differs at level k.
    """

    levels: Sequence[Level]
    chart: Chart

    def at(self, k: int) -> Chart:
        """The chart at level k. A button lets the water out, level by level; another brings it back to k."""
        return replace(self.chart, frame=self.chart.frames[k])


def filling(
    eigenvalues: np.ndarray,
    levels: Sequence[Level],
    *,
    latent_dim: int,
    curves: dict[str, np.ndarray],
    trained: Sequence[Trained] = (),
    titles: tuple[str, str],
    height: int = 400,
) -> Filling:
    """The scree plot under water, and the plane.

    Args:
        eigenvalues: λ, (P,), largest first.
        levels: from the highest to the lowest.
        latent_dim: d; the dimensions beyond it are not in the code.
        curves: name → rates and distortions of a curve, (2, n), the first drawn boldest.
        trained: models.
        titles: of the plane's two axes.
        height: in pixels.
    """
    shown = eigenvalues[: _n_shown(eigenvalues, levels[-1].tau)]
    moving = _moving(shown, levels[0], latent_dim)
    lines = [_line(name, points, is_first=k == 0) for k, (name, points) in enumerate(curves.items())]
    groups = dict.fromkeys(model.group for model in trained)
    dots = [_group([model for model in trained if model.group == group], k) for k, group in enumerate(groups)]
    traces = [*moving, *lines, *dots]
    chart = house_chart(
        traces,
        height=height,
        title=_title(levels[0]),
        **level_axes(_scree_axes(shown, len(eigenvalues), levels[-1].tau) | _plane_axes(next(iter(curves.values())), trained, titles)),
        margin={"t": 84 if len(traces) < 10 else 108, "l": 62, "r": 8, "b": 46},
        legend={"font": {"size": 12}, "y": 1.005, "itemsizing": "constant", "traceorder": "normal"},
        bargap=0.0,
        barmode="stack",
        uirevision="filling",
        updatemenus=[_buttons(levels)],
    )
    return Filling(levels, replace(chart, frames=[_frame(shown, level, latent_dim, len(moving)) for level in levels]))


def _frame(eigenvalues: np.ndarray, level: Level, latent_dim: int, n_moving: int) -> Part:
    changes = _changes(eigenvalues, level, latent_dim)
    return {"name": f"{level.tau:g}", "data": changes, "traces": list(range(n_moving)), "layout": {"title": _title(level)}}


def _n_shown(eigenvalues: np.ndarray, lowest: float) -> int:
    return min(len(eigenvalues), int((eigenvalues > lowest).sum() * 1.15) + 2, MOST_BARS)


def _heights(eigenvalues: np.ndarray, level: Level, latent_dim: int) -> tuple[list[float], list[float], list[float]]:
    """Of the three bars of each dimension: below the water, above it, beyond the code; none of the third if the code has all."""
    is_in_code = np.arange(1, len(eigenvalues) + 1) <= latent_dim
    coded = (eigenvalues > level.tau) & is_in_code
    below = np.where(coded, level.tau, np.where(is_in_code, eigenvalues, 0.0))
    above = np.where(coded, eigenvalues - level.tau, 0.0)
    return _short(below), _short(above), [] if is_in_code.all() else _short(np.where(is_in_code, 0.0, eigenvalues))


def _moving(eigenvalues: np.ndarray, level: Level, latent_dim: int) -> list[Part]:
    """What changes with the water: below it, above it, what the code has no dimension for; its surface; the dot and its tangent."""
    below, above, beyond = _heights(eigenvalues, level, latent_dim)
    bars = [
        _bars(eigenvalues, below, "distortion min(λ, τ)", WATER),
        _bars(eigenvalues, above, "above water: rate", ABOVE),
        _bars(eigenvalues, beyond, f"j > d = {latent_dim}: not in the code", NOT_IN_CODE, pattern="/", is_named=any(beyond)),
    ]
    line = {"mode": "lines", "line": {"color": "#0072b2", "width": 2}, "showlegend": False}
    surface = trace("scatter", x=[0.5, len(eigenvalues) + 0.5], y=[level.tau] * 2, name="τ", **line)
    dotted = {"mode": "lines", "line": {"color": MUTED, "width": 2, "dash": "dot"}, "hoverinfo": "skip", "showlegend": False}
    tangent = trace("scatter", x=level.tangent[0], y=level.tangent[1], name="tangent", **dotted, **panel(1))
    ring = {"size": 17, "color": "rgba(0,0,0,0)", "line": {"color": "#0072b2", "width": 4}}
    look = {"mode": "markers", "marker": ring, "text": [level.text], "hovertemplate": "%{text}<extra></extra>", "showlegend": False}
    return [*bars, surface, tangent, trace("scatter", x=[level.rate], y=[level.distortion], name="optimum at τ", **look, **panel(1))]


def _bars(eigenvalues: np.ndarray, heights: list[float], name: str, colour: str, *, pattern: str = "", is_named: bool = True) -> Part:
    look = {"color": colour, "line": {"width": 0}, "pattern": {"shape": pattern, "size": 5}}
    eigenvalues = eigenvalues[: len(heights)]
    pointer = {"customdata": _short(eigenvalues), "hovertemplate": "j = %{x}: λ = %{customdata}<extra>" + name + "</extra>"}
    return trace("bar", x=np.arange(1, len(eigenvalues) + 1), y=heights, name=name, marker=look, showlegend=is_named, **pointer)


def _changes(eigenvalues: np.ndarray, level: Level, latent_dim: int) -> list[Part]:
    """What of the moving traces differs from level to level."""
    across, up = level.tangent.tolist()
    return [
        *(trace("bar", y=heights) for heights in _heights(eigenvalues, level, latent_dim)),
        trace("scatter", y=[level.tau] * 2),
        trace("scatter", x=across, y=up),
        trace("scatter", x=[level.rate], y=[level.distortion], text=[level.text]),
    ]


def _short(values: np.ndarray) -> list[float]:
    """Four digits: what the picture needs, at a quarter of the bytes."""
    return [float(f"{value:.4g}") for value in values]


def _title(level: Level) -> Part:
    return {"text": level.text, "x": 0.0, "xref": "paper", "y": 0.995, "yanchor": "top", "font": {"size": 15}}


def _line(name: str, points: np.ndarray, *, is_first: bool) -> Part:
    bold, thin = {"color": "#0072b2", "width": 2.5, "dash": "solid"}, {"color": MUTED, "width": 1.5, "dash": "dash"}
    look = {"mode": "lines", "line": bold if is_first else thin, "hoverinfo": "skip"}
    return trace("scatter", x=points[0], y=points[1], name=name, **look, **panel(1))


def _group(group: Sequence[Trained], k: int) -> Part:
    vae, is_linear = FAMILY_MARKS["vae"], group[0].is_linear
    colour = CLASS_COLOURS[(3, 4, 6, 1, 9, 7)[k % 6]] if is_linear else vae.colour
    look = {"mode": "markers" if is_linear else "lines+markers", "line": {"dash": vae.dash, "width": 1.5, "color": colour}}
    look |= {"marker": {"symbol": SYMBOLS[k % len(SYMBOLS)], "size": 8 if is_linear else 10, "color": colour}}
    pointer = {"text": [model.text for model in group], "hovertemplate": "%{text}<extra></extra>"}
    across, up = [model.rate for model in group], [model.distortion for model in group]
    return trace("scatter", x=across, y=up, name=group[0].group, **look, **pointer, **panel(1))


def _scree_axes(shown: np.ndarray, n_dims: int, lowest: float) -> dict[str, Part]:
    low, high = min(lowest, float(shown[shown > 0].min())) / 1.3, float(shown.max()) * 1.6
    across = "Dimension j (principal component)" + (f", the first {len(shown)} of {n_dims}" if len(shown) < n_dims else "")
    up = {"type": "log", "range": [np.log10(low), np.log10(high)], **ticks_of_log_axis(low, high)}
    return {
        "xaxis": axis(across, domain=[0, SPLIT[0]], range=[0.3, len(shown) + 0.7]),
        "yaxis": axis("Variance λⱼ (log scale)", **up),
    }


def _plane_axes(points: np.ndarray, trained: Sequence[Trained], titles: tuple[str, str]) -> dict[str, Part]:
    """Axes of the plane, on which the first curve and all models are seen."""
    right = float(points[0].max()) * 1.03
    highest = max(float(points[1].max()), *(model.distortion for model in trained), -np.inf)
    lowest = min(float(points[1].min()), *(model.distortion for model in trained), np.inf)
    room = 0.05 * (highest - lowest)
    return {
        "xaxis2": axis(titles[0], domain=[SPLIT[1], 1], anchor="y2", range=[-0.03 * right, right]),
        "yaxis2": axis(titles[1], anchor="x2", range=[lowest - room, highest + room]),
    }


def _buttons(levels: Sequence[Level]) -> Part:
    """Let the water out from the highest level; stop; and back to the level that was chosen, which is the chart's frame."""
    frame = {"duration": MILLISECONDS, "redraw": True}
    back = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}, "transition": {"duration": 0}}
    play = {"mode": "immediate", "frame": frame, "transition": {"duration": 0}, "fromcurrent": False}
    return {
        "type": "buttons",
        "direction": "right",
        "x": 1.0,
        "xanchor": "right",
        "y": 1.0,
        "yanchor": "top",
        "pad": {"t": 4, "r": 4},
        "font": {"size": 13},
        "bgcolor": "rgba(128, 128, 128, 0.12)",
        "showactive": False,
        "buttons": [
            {"label": "▶ τ falls", "method": "animate", "args": [[f"{level.tau:g}" for level in levels], play]},
            {"label": "■", "method": "animate", "args": [[None], back]},
            {"label": "↺", "method": "skip", "name": TO_ITS_FRAME},
        ],
    }


def exact_filling(eigenvalues: np.ndarray, optima: Sequence[tuple[float, float, float]], *, latent_dim: int) -> Filling:
    """`filling` by exact optima alone: (τ, rate in nats, expected SSE) of each, from the highest water to the lowest."""
    curve = np.array([(rate, error) for _, rate, error in optima]).T
    steps = [Level(tau, rate, error, curve[:, :0], f"τ = {tau:g}, R = {rate:.2f} nats") for tau, rate, error in optima]
    return filling(eigenvalues, steps, latent_dim=latent_dim, curves={"exact": curve}, titles=("Rate (nats)", "Expected SSE"))
