"""z as a function of its noise at two parameters, and what the gradient estimates say beside the exact gradient."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, panel, trace, upright
from vae_core.drawing.theme import MUTED, house_chart, level_axes

EXACT, MOVED, RELAXED, SCORE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"


def noise_and_gradient(
    u: np.ndarray,
    curves: dict[str, np.ndarray],
    parameters: np.ndarray,
    exact: np.ndarray,
    means: np.ndarray | None,
    estimates: dict[str, tuple[np.ndarray, np.ndarray]],
    *,
    at: float,
    parameter: str,
    height: int = 430,
) -> Chart:
    """Two panels.

    Args:
        u: noise, (U,).
        curves: name → z of that noise, (U,).
        parameters: m or ℓ, (M,).
        exact: gradient at each, (M,).
        means: of the relaxed gradient at each, by quadrature, (M,); None for the others.
        estimates: name → mean of the draws at every fourth parameter, and half of its 95 % interval.
        at: the parameter that is chosen.
        parameter: its name.
        height: in pixels.
    """
    traces = [_curve(u, z, name, k) for k, (name, z) in enumerate(curves.items())]
    traces.append(_line(parameters, exact, "exact gradient", EXACT, "solid"))
    if means is not None:
        traces.append(_line(parameters, means, "relaxed, expected", RELAXED, "dash"))
    looks = {"pathwise": (MOVED, "circle"), "relaxed": (RELAXED, "square"), "score function": (SCORE, "diamond")}
    traces += [_points(parameters[::4], *pair, name, looks[name]) for name, pair in estimates.items()]
    layout = level_axes(
        {
            "xaxis": axis("noise u", domain=[0, 0.42], range=[0, 1]),
            "yaxis": axis("z"),
            "xaxis2": axis(parameter, domain=[0.56, 1], anchor="y2"),
            "yaxis2": axis("gradient", anchor="x2"),
        }
    )
    shapes = [upright(at, line={"color": MUTED, "width": 2, "dash": "dot"}, xref="x2", yref="y2")]
    return house_chart(traces, height=height, **layout, shapes=shapes, margin={"t": 56, "b": 48}, showlegend=True)


def _curve(u: np.ndarray, z: np.ndarray, name: str, k: int) -> Part:
    colour, dash = ((MOVED, "solid"), (MOVED, "dash"), (RELAXED, "solid"), (RELAXED, "dash"))[k]
    return trace("scatter", x=u, y=z, mode="lines", line={"color": colour, "width": 2.5, "dash": dash}, name=name)


def _line(x: np.ndarray, y: np.ndarray, name: str, colour: str, dash: str) -> Part:
    return trace("scatter", x=x, y=y, mode="lines", line={"color": colour, "width": 3, "dash": dash}, name=name, **panel(1))


def _points(x: np.ndarray, mean: np.ndarray, half_width: np.ndarray, name: str, look: tuple[str, str]) -> Part:
    marker, bars = {"color": look[0], "symbol": look[1], "size": 9}, {"type": "data", "array": half_width, "visible": True}
    return trace("scatter", x=x, y=mean, mode="markers", marker=marker, error_y=bars, name=f"{name}, draws", **panel(1))
