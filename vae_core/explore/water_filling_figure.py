"""Variances that water drowns, and beside them the exact rate–distortion curve with trained models on it; the water can be let out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, level_axes, new_figure, prepared, ticks_of_log_axis

if TYPE_CHECKING:
    import plotly.graph_objects as go

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
        said: one line on it.
    """

    tau: float
    rate: float
    distortion: float
    tangent: np.ndarray
    said: str


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model in the plane, in the axes' own units; models of one group are drawn alike.

    Attributes:
        group: its name in the legend.
        is_linear: whether it must lie on a curve.
        rate, distortion: where it lies.
        said: what the pointer is told.
    """

    group: str
    is_linear: bool
    rate: float
    distortion: float
    said: str


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """The scree plot under water and the plane, at any of its levels, in a hundredth of the time that the first takes.

    Attributes:
        levels: from the highest to the lowest.
        parts: data, layout and frames of the figure at the first level; frame k is what differs at level k.
    """

    levels: Sequence[Level]
    parts: dict[str, Any]

    def at(self, k: int) -> go.Figure:
        """The figure at level k. A button lets the water out, level by level; another brings it back to k."""
        frame, data, layout = self.parts["frames"][k], list(self.parts["data"]), self.parts["layout"]
        for trace, change in zip(frame["traces"], frame["data"], strict=True):
            data[trace] = {**data[trace], **change}
        layout = {**layout, **frame["layout"], "updatemenus": [_buttons(self.levels, k)]}
        return prepared({**self.parts, "data": data, "layout": layout})


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
    figure = new_figure(height=height)
    shown = eigenvalues[: _n_shown(eigenvalues, levels[-1].tau)]
    moving = _moving(shown, levels[0], latent_dim)
    for trace in moving:
        figure.add_trace(trace)
    for name, points in curves.items():
        _add_curve(figure, name, points, is_first=name == next(iter(curves)))
    for k, group in enumerate(dict.fromkeys(model.group for model in trained)):
        _add_group(figure, [model for model in trained if model.group == group], k)
    _axes(figure, shown, len(eigenvalues), levels[-1].tau, curves, trained, titles)
    figure.update_layout(title=_title(levels[0]), bargap=0.0, barmode="stack", uirevision="filling")
    frames = [
        {
            "name": f"{level.tau:g}",
            "data": _changes(shown, level, latent_dim),
            "traces": list(range(len(moving))),
            "layout": {"title": _title(level)},
        }
        for level in levels
    ]
    return Filling(levels, {**figure.to_dict(), "frames": frames})


def _n_shown(eigenvalues: np.ndarray, lowest: float) -> int:
    return min(len(eigenvalues), int((eigenvalues > lowest).sum() * 1.15) + 2, MOST_BARS)


def _heights(eigenvalues: np.ndarray, level: Level, latent_dim: int) -> tuple[list[float], list[float], list[float]]:
    """Of the three bars of each dimension: below the water, above it, and what the code has no dimension for."""
    is_in_code = np.arange(1, len(eigenvalues) + 1) <= latent_dim
    coded = (eigenvalues > level.tau) & is_in_code
    below = np.where(coded, level.tau, np.where(is_in_code, eigenvalues, 0.0))
    above = np.where(coded, eigenvalues - level.tau, 0.0)
    return _short(below), _short(above), _short(np.where(is_in_code, 0.0, eigenvalues))


def _moving(eigenvalues: np.ndarray, level: Level, latent_dim: int) -> list[go.Scatter | go.Bar]:
    """What changes with the water: below it, above it, what the code has no dimension for; its surface; the dot and its tangent."""
    import plotly.graph_objects as go

    j = np.arange(1, len(eigenvalues) + 1)
    looks = (
        ("distortion min(λ, τ)", WATER, ""),
        ("above water: rate", ABOVE, ""),
        (f"j > d = {latent_dim}: not in the code", NOT_IN_CODE, "/"),
    )
    bars = [
        go.Bar(
            x=j,
            y=heights,
            name=name,
            marker={"color": colour, "line": {"width": 0}, "pattern": {"shape": pattern, "size": 5}},
            customdata=_short(eigenvalues),
            hovertemplate="j = %{x}: λ = %{customdata}<extra>" + name + "</extra>",
            showlegend=any(height > 0 for height in heights) or colour != NOT_IN_CODE,
        )
        for (name, colour, pattern), heights in zip(looks, _heights(eigenvalues, level, latent_dim), strict=True)
    ]
    surface = go.Scatter(
        x=[0.5, len(j) + 0.5], y=[level.tau] * 2, mode="lines", line={"color": "#0072b2", "width": 2}, name="τ", showlegend=False
    )
    tangent = go.Scatter(
        x=level.tangent[0],
        y=level.tangent[1],
        mode="lines",
        line={"color": MUTED, "width": 2, "dash": "dot"},
        name="tangent",
        hoverinfo="skip",
        showlegend=False,
        xaxis="x2",
        yaxis="y2",
    )
    dot = go.Scatter(
        x=[level.rate],
        y=[level.distortion],
        mode="markers",
        marker={"size": 17, "color": "rgba(0,0,0,0)", "line": {"color": "#0072b2", "width": 4}},
        name="optimum at τ",
        text=[level.said],
        hovertemplate="%{text}<extra></extra>",
        xaxis="x2",
        yaxis="y2",
        showlegend=False,
    )
    return [*bars, surface, tangent, dot]


def _changes(eigenvalues: np.ndarray, level: Level, latent_dim: int) -> list[dict[str, Any]]:
    """What of the moving traces differs from level to level."""
    bars = [{"type": "bar", "y": heights} for heights in _heights(eigenvalues, level, latent_dim)]
    across, up = level.tangent.tolist()
    surface, tangent = {"type": "scatter", "y": [level.tau] * 2}, {"type": "scatter", "x": across, "y": up}
    return [*bars, surface, tangent, {"type": "scatter", "x": [level.rate], "y": [level.distortion], "text": [level.said]}]


def _short(values: np.ndarray) -> list[float]:
    """Four digits: what the picture needs, at a quarter of the bytes."""
    return [float(f"{value:.4g}") for value in values]


def _title(level: Level) -> dict[str, Any]:
    return {"text": level.said, "x": 0.0, "xref": "paper", "y": 0.995, "yanchor": "top", "font": {"size": 15}}


def _add_curve(figure: go.Figure, name: str, points: np.ndarray, *, is_first: bool) -> None:
    look = {"color": "#0072b2" if is_first else MUTED, "width": 2.5 if is_first else 1.5, "dash": "solid" if is_first else "dash"}
    figure.add_scatter(x=points[0], y=points[1], mode="lines", line=look, name=name, hoverinfo="skip", xaxis="x2", yaxis="y2")


def _add_group(figure: go.Figure, group: Sequence[Trained], k: int) -> None:
    vae = FAMILY_MARKS["vae"]
    colour = CLASS_COLOURS[(3, 4, 6, 1, 9, 7)[k % 6]] if group[0].is_linear else vae.colour
    figure.add_scatter(
        x=[model.rate for model in group],
        y=[model.distortion for model in group],
        mode="markers" if group[0].is_linear else "lines+markers",
        line={"dash": vae.dash, "width": 1.5, "color": colour},
        marker={"symbol": SYMBOLS[k % len(SYMBOLS)], "size": 8 if group[0].is_linear else 10, "color": colour},
        name=group[0].group,
        text=[model.said for model in group],
        hovertemplate="%{text}<extra></extra>",
        xaxis="x2",
        yaxis="y2",
    )


def _axes(
    figure: go.Figure,
    shown: np.ndarray,
    n_dims: int,
    lowest: float,
    curves: dict[str, np.ndarray],
    trained: Sequence[Trained],
    titles: tuple[str, str],
) -> None:
    low, high = min(lowest, float(shown[shown > 0].min())), float(shown.max())
    across = "Dimension j (principal component)" + (f", the first {len(shown)} of {n_dims}" if len(shown) < n_dims else "")
    points = next(iter(curves.values()))
    right = float(points[0].max()) * 1.03
    tops = [float(points[1].max()), *(model.distortion for model in trained)]
    bottoms = [float(points[1].min()), *(model.distortion for model in trained)]
    room = 0.05 * (max(tops) - min(bottoms))
    figure.update_layout(
        xaxis={
            "domain": [0, SPLIT[0]],
            "title": {"text": across, "standoff": 4},
            "range": [0.3, len(shown) + 0.7],
        },
        yaxis={
            "title": {"text": "Variance λⱼ (log scale)", "standoff": 4},
            "type": "log",
            "range": [np.log10(low / 1.3), np.log10(high * 1.6)],
            **ticks_of_log_axis(low / 1.3, high * 1.6),
        },
        xaxis2={"domain": [SPLIT[1], 1], "anchor": "y2", "title": {"text": titles[0], "standoff": 4}, "range": [-0.03 * right, right]},
        yaxis2={"anchor": "x2", "title": {"text": titles[1], "standoff": 4}, "range": [min(bottoms) - room, max(tops) + room]},
        margin={"t": 84 if len(figure.data) < 10 else 108, "l": 62, "r": 8, "b": 46},
        legend={"font": {"size": 12}, "y": 1.005, "itemsizing": "constant", "traceorder": "normal"},
    )
    level_axes(figure)


def _buttons(levels: Sequence[Level], at: int) -> dict[str, Any]:
    """Let the water out from the highest level; stop; and back to the level that was chosen."""
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
            {"label": "↺", "method": "animate", "args": [[f"{levels[at].tau:g}"], back]},
        ],
    }
