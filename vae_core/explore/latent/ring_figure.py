"""Charts of a map of N(0, I): radii beside their exact law, the density of the image, how volume is stretched, and what was learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, trace, upright
from vae_core.drawing.packing import Payload, named
from vae_core.drawing.theme import CIVIDIS, FAMILY_MARKS, MUTED, SEQUENTIAL, house_chart
from vae_core.units import with_interval

SAMPLED, EXACT = "#8fb8de", "#d55e00"
"""What was sampled, and the closed form beside it, in every chart of these pages."""

REGRESSION = "#0072b2"

COLUMNS = ((1, "6rem", "left"), (0, "4.4rem", "right"), (0, "6.6rem", "right"))
"""Growth, width and side of the columns of a table of estimates: where it is narrow, the name stands above its numbers."""


AMOUNTS = CIVIDIS[2:]
"""Stops for amounts: the house's scale without its dark end, where points would not be seen on a dark page."""
ANGLES = (
    "#a7770c",
    "#c56033",
    "#d94360",
    "#dd26a3",
    "#c43be0",
    "#9961f4",
    "#5f7fe4",
    "#2890b7",
    "#0f9788",
    "#27994f",
    "#778d11",
    "#a7770c",
)
"""Stops for angles: a cycle of even lightness (Plotly's Phase, which is cmocean's)."""
PALETTES = {"angle": ANGLES, "radius": AMOUNTS, "magnification": AMOUNTS}
"""Colour stops for each way to colour the points."""


def cloud_payload(z: np.ndarray, lines: np.ndarray, circles: np.ndarray, *, image: Mapping[str, np.ndarray] | None = None) -> Payload:
    """Points of a morph with its coordinate lines and circles.

    Args:
        z: (N, d).
        lines: (L, V, d).
        circles: (C, V, d).
        image: for a map that the browser cannot compute: `y` (N, d), `lines_y`, `circles_y` and `log_det` (N,); sent as float16.
    """
    learned = {name: array.astype(np.float16) for name, array in (image or {}).items()}
    return named({"z": z, "lines": lines, "circles": circles, **learned})


def estimates_table(rows: Sequence[tuple[str, float, float, float]]) -> str:
    """Exact numbers beside a sample's, as HTML.

    Args:
        rows: (name, exact, sample, half the width of its 95 % interval) of each.
    """
    numbers = [(name, f"<b>{exact:.6f}</b>", with_interval(sample, half_width)) for name, exact, sample, half_width in rows]
    return table([("", "exact", "sample ± 95 %"), *numbers])


Interval = tuple[float, float | None]
"""A mean, and half the width of its 95 % interval."""


def learning_table(vae: Mapping[str, Interval], holes: Mapping[str, str], *, entropy: float) -> str:
    """What both networks reached, beside the exact answer, as HTML.

    Args:
        vae: what its last frame measured.
        holes: of each network the share of samples in the hole, in per cent with its interval.
        entropy: of the ring, in nats.
    """
    return table(
        [
            ("", "exact", "reached ± 95 %"),
            ("VAE: log p(y)", f"<b>{-entropy:.6f}</b>", with_interval(*vae["log_px"])),
            ("VAE: KL(p‖model)", "<b>0</b>", with_interval(*vae["kl"])),
            ("VAE: ELBO", "≤ log p", with_interval(*vae["elbo"])),
            ("VAE: ρ &lt; 1", "<b>0</b>", f"{holes['vae']} %"),
            ("Regression: ρ &lt; 1", "<b>0</b>", f"{holes['regression']} %"),
        ]
    )


def table(lines: Sequence[tuple[str, str, str]]) -> str:
    """Three columns as HTML, the first line as head; where it is narrow, a name stands above its numbers."""
    row = "display: flex; flex-wrap: wrap; justify-content: flex-end; column-gap: 0.7rem; padding: 0.05rem 0"
    columns = [f"flex: {grow} 1 {width}; text-align: {side}; white-space: nowrap" for grow, width, side in COLUMNS]
    cells = [[f'<span style="{style}">{text}</span>' for style, text in zip(columns, line, strict=True)] for line in lines]
    body = "".join(f'<div style="{row}">{"".join(spans)}</div>' for spans in cells).replace(">-", ">−")
    return f'<div style="font-size: max(0.9rem, var(--least-type, 0px)); font-variant-numeric: tabular-nums">{body}</div>'


def radius_chart(
    *,
    edges: np.ndarray,
    heights: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    rho: np.ndarray,
    density: np.ndarray | None,
    dim: int,
    n_points: int,
    marks: Mapping[str, float] | None = None,
    height: int = 260,
) -> Chart:
    """Histogram of radii with its 95 % intervals, and the exact density as a line.

    Args:
        edges: of the bins, (B + 1,).
        heights: share of samples over width of the bin, (B,).
        low: lower ends of the 95 % intervals of the heights, (B,).
        high: upper ends.
        rho: where the exact density is given, (R,).
        density: exact p(ρ), (R,), or None.
        dim: number of dimensions.
        n_points: samples that were counted.
        marks: exact numbers on the axis by name, the mean and the mode, say.
        height: in pixels.
    """
    bars = {"marker": {"color": SAMPLED, "line": {"width": 0}}, "width": np.diff(edges), "name": "samples ± 95 %"}
    bars |= {"error_y": {"array": high - heights, "arrayminus": heights - low, "thickness": 1, "width": 0, "color": MUTED}}
    pointer = "ρ = %{x:.3f}<br>%{y:.3f} (%{customdata[0]:.3f} to %{customdata[1]:.3f})<extra>n = "
    bars |= {"customdata": np.stack([low, high], 1), "hovertemplate": f"{pointer}{n_points:,}</extra>"}
    traces = [trace("bar", x=(edges[1:] + edges[:-1]) / 2, y=heights, **bars)]
    if density is not None:
        traces.append(trace("scatter", x=rho, y=density, mode="lines", name="exact", line={"color": EXACT, "width": 3}))
    return house_chart(
        traces,
        height=height,
        **_exact_marks(marks or {}),
        bargap=0,
        margin={"t": 54, "b": 50, "l": 56},
        legend={"font": {"size": 13}, "y": 1.12},
        xaxis=axis(f"ρ = ‖g(z)‖, d = {dim}"),
        yaxis=axis("p(ρ)", rangemode="tozero"),
    )


def _exact_marks(marks: Mapping[str, float]) -> dict[str, list[Part]]:
    """Lines at numbers, with their names above: the smallest dotted, its name at its left."""
    smallest, lines, names = min(marks.values(), default=0.0), [], []
    for name, x in marks.items():
        lines.append(upright(x, line={"color": EXACT, "width": 1.5, "dash": "dot" if x == smallest else "solid"}))
        side = "right" if x == smallest else "left"
        names.append(note(f"{name} {x:.4g}", x=x, y=1, yref="paper", yanchor="bottom", xanchor=side))
    return {"shapes": lines, "annotations": names} if marks else {}


def density_map(pixels: np.ndarray, density: np.ndarray, y: np.ndarray, *, is_exact: bool, height: int = 330) -> Chart:
    """Heat map of p(y) over the plane, on square pixels, with some samples on it.

    Args:
        pixels: their centres along both axes, (P,).
        density: p(y), (P, P), rows along the second coordinate.
        y: samples to mark, (N, 2).
        is_exact: whether the density is a closed form; else it was counted from samples.
        height: in pixels.
    """
    bar = {"title": {"text": "p(y)"}, "thickness": 12, "tickfont": {"size": 12}, "outlinewidth": 0}
    pointer = "y = (%{x:.2f}, %{y:.2f})<br>p(y) = %{z:.3g}<extra></extra>"
    name = "exact p(y)" if is_exact else "counted p(y)"
    heat = trace("heatmap", x=pixels, y=pixels, z=density, colorscale=SEQUENTIAL, colorbar=bar, hovertemplate=pointer, name=name)
    marker = {"size": 3, "color": "rgba(255, 255, 255, 0.75)", "line": {"width": 0.5, "color": "rgba(0, 0, 0, 0.55)"}}
    dots = trace("scatter", x=y[:, 0], y=y[:, 1], mode="markers", marker=marker, name=f"{len(y)} samples", hoverinfo="skip")
    half = float(pixels[-1] + (pixels[1] - pixels[0]) / 2)
    reach = {"range": [-half, half], "constrain": "domain"}
    return house_chart(
        [heat, dots],
        height=height,
        xaxis=axis("y₁", **reach),
        yaxis=axis("y₂", scaleanchor="x", **reach),
        showlegend=False,
        margin={"t": 10, "b": 46, "l": 50, "r": 8},
    )


def stretch_chart(r: np.ndarray, det: np.ndarray, prior: np.ndarray, *, at: float | None, height: int = 260) -> Chart:
    """det J against r = ‖z‖, over the density of r under the prior.

    Args:
        r: (R,).
        det: det J at radius r, (R,).
        prior: density of r, (R,).
        at: radius of a point that is followed.
        height: in pixels.
    """
    below = {"mode": "lines", "fill": "tozeroy", "line": {"width": 0}, "fillcolor": "rgba(143, 184, 222, 0.35)", "hoverinfo": "skip"}
    look = {"yaxis": "y2", "mode": "lines", "line": {"color": EXACT, "width": 3}}
    shapes = [level(1, yref="y2", line={"color": MUTED, "dash": "dot", "width": 1.5})]
    if at is not None:
        shapes.append(upright(at, line={"color": MUTED, "width": 2}))
    return house_chart(
        [trace("scatter", x=r, y=prior, name="p(r)", **below), trace("scatter", x=r, y=det, name="det J, exact", **look)],
        height=height,
        shapes=shapes,
        xaxis=axis("r = ‖z‖"),
        yaxis={"visible": False, "rangemode": "tozero"},
        yaxis2=axis("det J", overlaying="y", type="log", dtick=1),
        margin={"t": 34, "b": 50, "l": 64},
        legend={"font": {"size": 13}},
    )


def kl_chart(epoch: Sequence[int], kl: Sequence[float], half_width: Sequence[float], *, collapsed: float, height: int = 200) -> Chart:
    """KL(p‖VAE) in nats after each epoch with its 95 % interval, the exact optimum 0, and what a model scores that ignores z.

    Args:
        epoch: (E,).
        kl: in nats, (E,).
        half_width: of its 95 % interval, (E,).
        collapsed: KL of the best single Gaussian.
        height: in pixels.
    """
    mark = FAMILY_MARKS["vae"]
    look = {"mode": "lines+markers", "line": {"color": mark.colour, "width": 2.5}, "marker": {"symbol": mark.symbol, "size": 6}}
    bars = {"array": list(half_width), "thickness": 1.5, "width": 0}
    ends = ((0.0, "exact optimum: 0", "solid", "top"), (collapsed, f"one Gaussian: {collapsed:.3f}", "dot", "bottom"))
    at_right = {"x": 1, "xref": "x domain", "xanchor": "right", "yref": "y"}
    return house_chart(
        [trace("scatter", x=list(epoch), y=list(kl), name="KL(p ‖ VAE) ± 95 %", error_y=bars, **look)],
        height=height,
        shapes=[level(value, line={"color": MUTED, "width": 1.5, "dash": dash}) for value, _, dash, _ in ends],
        annotations=[note(text, y=value, yanchor=side, **at_right) for value, text, _, side in ends],
        xaxis=axis("epoch", rangemode="tozero"),
        yaxis=axis("KL (nats)", range=[-0.55, 1.15 * max(collapsed, min(4.0, max(kl, default=0.0)))]),
        margin={"t": 10, "b": 46, "l": 56},
    )


def curve_chart(z: np.ndarray, prior: np.ndarray, speed: np.ndarray, density: np.ndarray, *, at: float, height: int = 290) -> Chart:
    """p(z), |g'(z)| and their quotient over z, with a line at one z.

    Args:
        z: (N,).
        prior: p(z), (N,).
        speed: |g'(z)|, (N,).
        density: p(z)/|g'(z)|, (N,).
        at: the z that is marked.
        height: in pixels.
    """
    lines = (("p(z)", prior, MUTED, "dot"), ("|g′(z)|", speed, REGRESSION, "dash"), ("p(z)/|g′(z)|", density, EXACT, "solid"))
    return house_chart(
        [
            trace("scatter", x=z, y=values, mode="lines", name=name, line={"color": colour, "width": 3, "dash": dash})
            for name, values, colour, dash in lines
        ],
        height=height,
        shapes=[upright(at, line={"color": MUTED, "width": 2})],
        xaxis=axis("z", range=[0, 1]),
        yaxis=axis("on a log scale", type="log", dtick=1, range=[-2, 1.3]),
        margin={"t": 40, "b": 50, "l": 60},
        legend={"font": {"size": 13}},
    )
