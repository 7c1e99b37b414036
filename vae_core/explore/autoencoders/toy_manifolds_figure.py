"""A learned curve or sheet on its data, the density of the model beside its samples, and how much the decoder stretches space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, SEQUENTIAL, new_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

LIMIT = 2.3
EVERY = 4
"""Every so many of the sheet's coordinate lines are drawn."""
CURVE = FAMILY_MARKS["vae"].colour
DATA = {"color": MUTED, "size": 3.5, "opacity": 0.45}


def manifold_on_data(x: np.ndarray, manifold: np.ndarray, axis: np.ndarray, *, scale: float, height: int = 330) -> go.Figure:
    """g(z) drawn on the data: a curve coloured by z with its noise tube ± 2σ, or a sheet of coordinate lines.

    Args:
        x: data, (N, P) in the plane or in space.
        manifold: g(z), (n, P) or (n, n, P).
        axis: codes along each latent dimension, (n,).
        scale: σ.
        height: in pixels.
    """
    if x.shape[1] == 3:
        return _in_space(x, manifold, axis, height)
    figure = new_figure(height=height)
    figure.add_scatter(x=x[:, 0], y=x[:, 1], mode="markers", marker=DATA, name="data", hoverinfo="skip")
    if manifold.ndim == 2:
        tube = _tube(manifold, 2 * scale)
        figure.add_scatter(
            x=tube[:, 0],
            y=tube[:, 1],
            fill="toself",
            fillcolor="rgba(213,94,0,0.18)",
            line={"width": 0},
            name="g(z) ± 2σ",
            hoverinfo="skip",
        )
        bar = {"title": {"text": "z", "side": "top"}, "thickness": 10, "len": 0.8}
        marker = {"color": axis, "colorscale": SEQUENTIAL, "size": 6, "colorbar": bar}
        line = {"color": CURVE, "width": 2}
        look = {"mode": "lines+markers", "line": line, "marker": marker, "name": "g(z)", "customdata": axis}
        figure.add_scatter(x=manifold[:, 0], y=manifold[:, 1], hovertemplate="z = %{customdata:.2f}: (%{x:.2f}, %{y:.2f})", **look)
    else:
        for k, (across, name) in enumerate(((manifold, "lines of z₂"), (manifold.transpose(1, 0, 2), "lines of z₁"))):
            lines = _joined(across[::EVERY])
            line = {"color": (CURVE, CLASS_COLOURS[0])[k], "width": 1.4, "dash": ("solid", "dot")[k]}
            figure.add_scatter(x=lines[:, 0], y=lines[:, 1], mode="lines", line=line, name=name, hoverinfo="skip")
    return _square(figure)


def density_and_samples(density: np.ndarray, grid: np.ndarray, samples: np.ndarray, *, height: int = 330) -> go.Figure:
    """p(x) as a heat map, with samples on it.

    Args:
        density: (m, m), rows upwards.
        grid: coordinates along its side, (m,).
        samples: (N, 2).
        height: in pixels.
    """
    figure = new_figure(height=height)
    bar = {"title": {"text": "p(x)", "side": "top"}, "thickness": 10, "len": 0.8}
    heat = {"colorscale": SEQUENTIAL, "colorbar": bar, "zmin": 0, "name": "p(x)"}
    figure.add_heatmap(x=grid, y=grid, z=density.astype(np.float32), hovertemplate="(%{x:.2f}, %{y:.2f}): %{z:.3f}<extra></extra>", **heat)
    dots = {"color": "#ffffff", "size": 3, "opacity": 0.55, "line": {"width": 0}}
    figure.add_scatter(x=samples[:, 0], y=samples[:, 1], mode="markers", marker=dots, name="samples", hoverinfo="skip")
    return _square(figure)


def samples_in_space(x: np.ndarray, samples: np.ndarray, *, height: int = 330) -> go.Figure:
    """Data and samples in space.

    Args:
        x: data, (N, 3).
        samples: (N, 3).
        height: in pixels.
    """
    figure = new_figure(height=height)
    for points, name, colour in ((x, "data", MUTED), (samples, "samples", CURVE)):
        figure.add_scatter3d(
            **_xyz(points), mode="markers", marker={"size": 1.8, "color": colour, "opacity": 0.6}, name=name, hoverinfo="skip"
        )
    return _scene(figure)


def stretch(magnification: np.ndarray, axis: np.ndarray, *, height: int = 175) -> go.Figure:
    """√det(JᵀJ) over latent space: a curve over one dimension, a heat map over two.

    Args:
        magnification: (n,) or (n, n), the second dimension first.
        axis: codes along each dimension, (n,).
        height: in pixels.
    """
    figure = new_figure(height=height)
    if magnification.ndim == 1:
        line = {"color": CURVE, "width": 2.5}
        figure.add_scatter(x=axis, y=magnification, mode="lines", line=line, hovertemplate="z = %{x:.2f}: %{y:.2f}<extra></extra>")
        figure.update_xaxes(title={"text": "z", "standoff": 2})
        figure.update_yaxes(title={"text": "|g′(z)|", "standoff": 4}, rangemode="tozero")
    else:
        bar = {"title": {"text": "√det(JᵀJ)", "side": "top"}, "thickness": 10}
        high = float(np.quantile(magnification, 0.99))
        figure.add_heatmap(x=axis, y=axis, z=magnification, colorscale=SEQUENTIAL, zmin=0, zmax=high, colorbar=bar)
        figure.update_xaxes(title={"text": "z₁", "standoff": 2}, constrain="domain", constraintoward="right")
        figure.update_yaxes(title={"text": "z₂", "standoff": 4}, scaleanchor="x")
    figure.update_layout(margin={"t": 8, "l": 60, "b": 40, "r": 8, "pad": 0})
    return figure


def _tube(curve: np.ndarray, width: float) -> np.ndarray:
    """Outline of all points within a distance of a curve, along its normals: (n, 2) → (2n, 2)."""
    tangent = np.gradient(curve, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1) / np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    return np.concatenate([curve + width * normal, (curve - width * normal)[::-1]])


def _joined(lines: np.ndarray) -> np.ndarray:
    """Lines as one, with a gap after each: (L, V, P) → (L·(V + 1), P)."""
    gap = np.full((len(lines), 1, lines.shape[2]), np.nan)
    return np.concatenate([lines, gap], axis=1).reshape(-1, lines.shape[2])


def _in_space(x: np.ndarray, manifold: np.ndarray, axis: np.ndarray, height: int) -> go.Figure:
    figure = new_figure(height=height)
    figure.add_scatter3d(**_xyz(x), mode="markers", marker={"size": 1.6, "color": MUTED, "opacity": 0.5}, name="data", hoverinfo="skip")
    if manifold.ndim == 2:
        line = {"color": axis, "colorscale": SEQUENTIAL, "width": 8}
        figure.add_scatter3d(**_xyz(manifold), mode="lines", line=line, name="g(z)")
    else:
        a, b, c = np.moveaxis(manifold, -1, 0)
        colour = np.broadcast_to(axis[None], a.shape)
        figure.add_surface(x=a, y=b, z=c, surfacecolor=colour, colorscale=SEQUENTIAL, opacity=0.75, showscale=False, name="g(z)")
    return _scene(figure)


def _xyz(points: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip("xyz", points.T.astype(np.float32), strict=True))


def _scene(figure: go.Figure) -> go.Figure:
    axis = {"range": (-1.6, 1.6), "title": {"text": ""}, "color": MUTED, "showbackground": False}
    scene = {
        "xaxis": {**axis, "title": {"text": "x₁"}},
        "yaxis": {**axis, "title": {"text": "x₂"}},
        "zaxis": {**axis, "title": {"text": "x₃"}},
    }
    figure.update_layout(
        scene={**scene, "aspectmode": "cube"}, margin={"t": 30, "l": 0, "r": 0, "b": 0}, uirevision="toy", legend={"itemsizing": "constant"}
    )
    return figure


def _square(figure: go.Figure) -> go.Figure:
    figure.update_xaxes(title={"text": "x₁", "standoff": 2}, range=(-LIMIT, LIMIT), constrain="domain")
    figure.update_yaxes(title={"text": "x₂", "standoff": 2}, range=(-LIMIT, LIMIT), scaleanchor="x", constrain="domain")
    figure.update_layout(
        margin={"t": 30, "l": 46, "r": 8, "b": 40, "pad": 0},
        uirevision="toy",
        legend={"itemsizing": "constant", "font": {"size": 12}, "y": 1.0},
    )
    return figure
