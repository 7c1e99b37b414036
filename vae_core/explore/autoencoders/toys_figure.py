"""A learned curve or sheet on its data, the density of the model beside its samples, and how much the decoder stretches space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace, upright
from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, SEQUENTIAL, house_chart, ticks_of_log_axis

LIMIT = 2.3
EVERY = 4
"""Every so many of the coordinate lines of a sheet, or of all space, are drawn."""
LEAST_SHOWN = 1e-7
"""Squared error below which there is none to be drawn on a logarithmic scale."""
CURVE = FAMILY_MARKS["vae"].colour
DATA = {"color": MUTED, "size": 3.5, "opacity": 0.45}


def manifold_on_data(
    x: np.ndarray,
    manifold: np.ndarray,
    codes: np.ndarray,
    *,
    scale: float = 0.0,
    linear: np.ndarray | None = None,
    sticks: np.ndarray | None = None,
    colour: str = CURVE,
    reach: float = LIMIT,
    height: int = 330,
) -> Chart:
    """g(z) drawn on the data: a curve coloured by z with its noise tube ± 2σ, a sheet of coordinate lines, or a cage of them.

    Args:
        x: data, (N, P) in the plane or in space.
        manifold: g(z), (n, P), (n, n, P) or (n, n, n, P).
        codes: along each latent dimension, (n,).
        scale: σ; at 0 there is no tube.
        linear: PCA's line or sheet, of the same shape, dotted beside it: of a sheet its border, and nothing where it is all there is.
        sticks: points and what becomes of them, (2, M, P), joined by sticks.
        colour: of the model's family.
        reach: half of the side of the square that is shown of the plane.
        height: in pixels.
    """
    kind = "scatter3d" if x.shape[1] == 3 else "scatter"
    beside = [] if linear is None or linear.ndim - 1 == x.shape[1] else [_pca(linear, kind)]
    joined = [] if sticks is None else [_sticks(sticks, kind)]
    if x.shape[1] == 3:
        return _in_space(x, manifold, codes, [*joined, *beside], colour, height)
    data = trace("scatter", **_xy(x), mode="markers", marker=DATA, name="data", hoverinfo="skip")
    shape = _curve(manifold, codes, scale, colour) if manifold.ndim == 2 else _sheet(manifold, colour)
    return _square([data, *joined, *shape, *beside], reach, height)


def density_and_samples(density: np.ndarray, grid: np.ndarray, samples: np.ndarray, *, reach: float = LIMIT, height: int = 330) -> Chart:
    """p(x) as a heat map, with samples on it.

    Args:
        density: (m, m), rows upwards.
        grid: coordinates along its side, (m,).
        samples: (N, 2).
        reach: half of the side of the square that is shown.
        height: in pixels.
    """
    bar = {"title": {"text": "p(x)", "side": "top"}, "thickness": 10, "len": 0.8}
    look = {"colorscale": SEQUENTIAL, "colorbar": bar, "zmin": 0, "hovertemplate": "(%{x:.2f}, %{y:.2f}): %{z:.3f}<extra></extra>"}
    heat = trace("heatmap", x=grid, y=grid, z=density.astype(np.float32), name="p(x)", **look)
    dots = {"color": "#ffffff", "size": 3, "opacity": 0.55, "line": {"width": 0}}
    shown = trace("scatter", **_xy(samples), mode="markers", marker=dots, name="samples", hoverinfo="skip")
    return _square([heat, shown], reach, height)


def samples_in_space(x: np.ndarray, samples: np.ndarray, *, height: int = 330) -> Chart:
    """Data and samples in space.

    Args:
        x: data, (N, 3).
        samples: (N, 3).
        height: in pixels.
    """
    return _scene([_dots_in_space(x, "data", 1.8, MUTED, 0.6), _dots_in_space(samples, "samples", 1.8, CURVE, 0.6)], height)


def error_over_epochs(
    epochs: np.ndarray, sse: np.ndarray, *, least: float, total: float, at: int, n_epochs: int, height: int = 330
) -> Chart:
    """Squared error of test points after each epoch, on a logarithmic scale, beside that of PCA and of their mean.

    Args:
        epochs: (n,).
        sse: (n,).
        least: of PCA, the least that a linear map can have; 0 where it has as many dimensions as the points.
        total: of the mean, which has no code: the variance.
        at: the epoch that is shown beside.
        n_epochs: of the training.
        height: in pixels.
    """
    mark, pca = FAMILY_MARKS["autoencoder"], FAMILY_MARKS["pca"]
    look = {"mode": "lines+markers", "line": {"color": mark.colour, "width": 2.5}, "marker": {"size": 6, "symbol": mark.symbol}}
    hover = "epoch %{x}: %{y:.3g}<extra></extra>"
    traces = [trace("scatter", x=epochs, y=sse, name="autoencoder", hovertemplate=hover, **look)] if len(sse) else []
    levels = {"PCA": (least, pca.colour, "dot"), "mean": (total, MUTED, "dash")}
    for name, (value, colour, dash) in levels.items():
        if value > LEAST_SHOWN:
            line = {"color": colour, "width": 2.5, "dash": dash}
            traces.append(trace("scatter", x=[0, n_epochs], y=[value, value], mode="lines", name=name, line=line, hoverinfo="skip"))
    values = [*sse.tolist(), *(value for value, _, _ in levels.values() if value > LEAST_SHOWN)]
    low, high = max(LEAST_SHOWN, 0.6 * min(values)), 1.6 * max(values)
    ticks = ticks_of_log_axis(low, high, (1,) if high > 100 * low else (1, 2, 5))
    up = {**_axis("SSE per point", 4), "type": "log", **ticks, "range": [np.log10(low), np.log10(high)]}
    across = {**_axis("epoch", 2), "range": (-0.02 * n_epochs, 1.02 * n_epochs)}
    shapes = [upright(at, line={"color": MUTED, "width": 1.5, "dash": "dash"})]
    margin = {"t": 30, "l": 66, "r": 8, "b": 40, "pad": 0}
    return house_chart(traces, height=height, xaxis=across, yaxis=up, shapes=shapes, margin=margin, showlegend=True)


def stretch(magnification: np.ndarray, codes: np.ndarray, *, colour: str = CURVE, height: int = 175) -> Chart:
    """√det(JᵀJ) over latent space: a curve over one dimension, a heat map over two, of three where the last is in its middle.

    Args:
        magnification: (n,), (n, n) or (n, n, n), the last dimension first.
        codes: along each dimension, (n,).
        colour: of the model's family.
        height: in pixels.
    """
    margin = {"t": 8, "l": 60, "b": 40, "r": 8, "pad": 0}
    if magnification.ndim == 1:
        look = {"mode": "lines", "line": {"color": colour, "width": 2.5}, "hovertemplate": "z = %{x:.2f}: %{y:.2f}<extra></extra>"}
        across, up = _axis("z", 2), {**_axis("|g′(z)|", 4), "rangemode": "tozero"}
        return house_chart([trace("scatter", x=codes, y=magnification, **look)], height=height, xaxis=across, yaxis=up, margin=margin)
    if magnification.ndim == 3:
        magnification = magnification[len(codes) // 2]
    bar = {"title": {"text": "√det(JᵀJ)", "side": "top"}, "thickness": 10}
    high = float(np.quantile(magnification, 0.99))
    heat = trace("heatmap", x=codes, y=codes, z=magnification, colorscale=SEQUENTIAL, zmin=0, zmax=high, colorbar=bar)
    across, up = {**_axis("z₁", 2), "constrain": "domain", "constraintoward": "right"}, {**_axis("z₂", 4), "scaleanchor": "x"}
    return house_chart([heat], height=height, xaxis=across, yaxis=up, margin=margin)


def _curve(curve: np.ndarray, codes: np.ndarray, scale: float, colour: str) -> list[Part]:
    """A curve coloured by its codes, (n, 2), over the tube of the noise about it."""
    look = {"fill": "toself", "fillcolor": "rgba(213,94,0,0.18)", "line": {"width": 0}, "hoverinfo": "skip"}
    tube = [trace("scatter", **_xy(_tube(curve, 2 * scale)), name="g(z) ± 2σ", **look)] if scale else []
    bar = {"title": {"text": "z", "side": "top"}, "thickness": 10, "len": 0.8}
    look = {"marker": {"color": codes, "colorscale": SEQUENTIAL, "size": 6, "colorbar": bar}, "line": {"color": colour, "width": 2}}
    look |= {"mode": "lines+markers", "customdata": codes, "hovertemplate": "z = %{customdata:.2f}: (%{x:.2f}, %{y:.2f})"}
    return [*tube, trace("scatter", **_xy(curve), name="g(z)", **look)]


def _pca(linear: np.ndarray, kind: str) -> Part:
    """PCA's line, (n, P), or the border of its sheet, (n, n, P)."""
    if linear.ndim == 3:
        linear = linear[[0, 0, -1, -1, 0], [0, -1, -1, 0, 0]]
    mark = FAMILY_MARKS["pca"]
    places = _xyz(linear) if kind == "scatter3d" else _xy(linear)
    line = {"color": mark.colour, "width": 4 if kind == "scatter3d" else 2.5, "dash": "dot"}
    return trace(kind, **places, mode="lines", name="PCA", line=line, hoverinfo="skip")


def _sticks(pairs: np.ndarray, kind: str) -> Part:
    """Lines from points to what becomes of them, (2, M, P)."""
    ends = _joined(pairs.transpose(1, 0, 2))
    places = _xyz(ends) if kind == "scatter3d" else _xy(ends)
    return trace(kind, **places, mode="lines", name="x to x̂", line={"color": MUTED, "width": 1}, hoverinfo="skip")


def _sheet(sheet: np.ndarray, colour: str) -> list[Part]:
    """Both families of coordinate lines of a sheet, (n, n, 2)."""
    families = (
        (sheet, "lines of z₂", {"color": colour, "width": 1.4, "dash": "solid"}),
        (sheet.transpose(1, 0, 2), "lines of z₁", {"color": CLASS_COLOURS[0], "width": 1.4, "dash": "dot"}),
    )
    return [
        trace("scatter", **_xy(_joined(lines[::EVERY])), mode="lines", line=line, name=name, hoverinfo="skip")
        for lines, name, line in families
    ]


def _cage(cage: np.ndarray, colour: str) -> Part:
    """Coordinate lines along all three dimensions of codes, (n, n, n, 3)."""
    along = (np.moveaxis(cage, k, 2)[::EVERY, ::EVERY].reshape(-1, cage.shape[k], 3) for k in range(3))
    lines = _joined(np.concatenate(list(along)))
    return trace("scatter3d", **_xyz(lines), mode="lines", name="g(z)", line={"color": colour, "width": 2}, hoverinfo="skip")


def _tube(curve: np.ndarray, width: float) -> np.ndarray:
    """Outline of all points within a distance of a curve, along its normals: (n, 2) → (2n, 2)."""
    tangent = np.gradient(curve, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1) / np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    return np.concatenate([curve + width * normal, (curve - width * normal)[::-1]])


def _joined(lines: np.ndarray) -> np.ndarray:
    """Lines as one, with a gap after each: (L, V, P) → (L·(V + 1), P)."""
    gap = np.full((len(lines), 1, lines.shape[2]), np.nan)
    return np.concatenate([lines, gap], axis=1).reshape(-1, lines.shape[2])


def _in_space(x: np.ndarray, manifold: np.ndarray, codes: np.ndarray, beside: Sequence[Part], colour: str, height: int) -> Chart:
    data = _dots_in_space(x, "data", 1.6, MUTED, 0.5)
    if manifold.ndim == 4:
        return _scene([data, *beside, _cage(manifold, colour)], height)
    if manifold.ndim == 2:
        line = {"color": codes, "colorscale": SEQUENTIAL, "width": 8}
        return _scene([data, *beside, trace("scatter3d", **_xyz(manifold), mode="lines", line=line, name="g(z)")], height)
    a, b, c = np.moveaxis(manifold, -1, 0)
    look = {"surfacecolor": np.broadcast_to(codes[None], a.shape), "colorscale": SEQUENTIAL, "opacity": 0.75, "showscale": False}
    return _scene([data, *beside, trace("surface", x=a, y=b, z=c, name="g(z)", **look)], height)


def _dots_in_space(points: np.ndarray, name: str, size: float, colour: str, opacity: float) -> Part:
    marker = {"size": size, "color": colour, "opacity": opacity}
    return trace("scatter3d", **_xyz(points), mode="markers", marker=marker, name=name, hoverinfo="skip")


def _xy(points: np.ndarray) -> dict[str, np.ndarray]:
    return {"x": points[:, 0], "y": points[:, 1]}


def _xyz(points: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip("xyz", points.T.astype(np.float32), strict=True))


def _axis(title: str, standoff: int) -> Part:
    return {"title": {"text": title, "standoff": standoff}}


def _scene(traces: Sequence[Part], height: int) -> Chart:
    """Points in space, of the same scale along all three axes."""
    look = {"range": (-1.6, 1.6), "color": MUTED, "showbackground": False}
    axes = {f"{letter}axis": axis(title, **look) for letter, title in zip("xyz", ("x₁", "x₂", "x₃"), strict=True)}
    layout = {"margin": {"t": 30, "l": 0, "r": 0, "b": 0}, "uirevision": "toy", "legend": {"itemsizing": "constant"}}
    return house_chart(traces, height=height, scene={**axes, "aspectmode": "cube"}, **layout)


def _square(traces: Sequence[Part], half: float, height: int) -> Chart:
    """Points in the plane, of the same scale along both axes, which reach as far to each side."""
    reach = {"range": (-half, half), "constrain": "domain"}
    layout = {"margin": {"t": 30, "l": 46, "r": 8, "b": 40, "pad": 0}, "uirevision": "toy"}
    layout["legend"] = {"itemsizing": "constant", "font": {"size": 12}, "y": 1.0}
    return house_chart(traces, height=height, xaxis=_axis("x₁", 2) | reach, yaxis=_axis("x₂", 2) | reach | {"scaleanchor": "x"}, **layout)
