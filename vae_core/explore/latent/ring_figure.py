"""Charts of a map of N(0, I): radii beside their exact law, the density of the image, how volume is stretched, and what was learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from vae_core.drawing.theme import FAMILY_MARKS, MUTED, SEQUENTIAL, new_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

SAMPLED, EXACT = "#8fb8de", "#d55e00"
"""What was sampled, and the closed form beside it, in every chart of these pages."""

REGRESSION = "#0072b2"

COLUMNS = ((1, "6rem", "left"), (0, "4.4rem", "right"), (0, "6.6rem", "right"))
"""Growth, width and side of the columns of a table of estimates: where it is narrow, the name stands above its numbers."""


def palettes() -> dict[str, list[str]]:
    """Colour stops for the points: a cycle of even lightness for angles; for amounts the house's scale without its dark end."""
    from plotly.colors import cyclical, sequential

    amounts = [as_hex(colour) for colour in sequential.Cividis][2:]
    return {"angle": [as_hex(colour) for colour in cyclical.Phase], "radius": amounts, "magnification": amounts}


def as_hex(colour: str) -> str:
    """`#rrggbb` of a colour that may be written rgb(r, g, b)."""
    if colour.startswith("#"):
        return colour
    return "#" + "".join(f"{int(part):02x}" for part in colour[4:-1].split(","))


def estimates_table(rows: Sequence[tuple[str, float, float, float]]) -> str:
    """Exact numbers beside a sample's, as HTML.

    Args:
        rows: (name, exact, sample, standard error) of each.
    """
    numbers = [(name, f"<b>{exact:.6f}</b>", f"{sample:.4f} ± {error:.4f}") for name, exact, sample, error in rows]
    return table([("", "exact", "sample ± s.e."), *numbers])


def learning_table(regression: dict[str, float], vae: dict[str, float], *, entropy: float) -> str:
    """What both networks reached, beside the exact answer, as HTML.

    Args:
        regression: its last frame's metrics.
        vae: the same.
        entropy: of the ring, in nats.
    """
    return table(
        [
            ("", "exact", "reached ± s.e."),
            ("VAE: log p(y)", f"<b>{-entropy:.6f}</b>", f"{vae['log_px']:.3f} ± {vae['log_px_se']:.3f}"),
            ("VAE: KL(p‖model)", "<b>0</b>", f"{vae['kl']:.3f} ± {vae['kl_se']:.3f}"),
            ("VAE: ELBO", "≤ log p", f"{vae['elbo']:.3f}"),
            ("VAE: ρ &lt; 1", "<b>0</b>", f"{100 * vae['hole']:.1f} ± {100 * vae['hole_se']:.1f} %"),
            ("Regression: ρ &lt; 1", "<b>0</b>", f"{100 * regression['hole']:.1f} ± {100 * regression['hole_se']:.1f} %"),
        ]
    )


def table(lines: Sequence[tuple[str, str, str]]) -> str:
    """Three columns as HTML, the first line as head; where it is narrow, a name stands above its numbers."""
    row = "display: flex; flex-wrap: wrap; justify-content: flex-end; column-gap: 0.7rem; padding: 0.1rem 0"
    columns = [f"flex: {grow} 1 {width}; text-align: {side}; white-space: nowrap" for grow, width, side in COLUMNS]
    cells = [[f'<span style="{style}">{text}</span>' for style, text in zip(columns, line, strict=True)] for line in lines]
    body = "".join(f'<div style="{row}">{"".join(spans)}</div>' for spans in cells).replace(">-", ">−")
    return f'<div style="font-size: 0.9rem; font-variant-numeric: tabular-nums">{body}</div>'


def radius_chart(
    *,
    edges: np.ndarray,
    heights: np.ndarray,
    standard_error: np.ndarray,
    rho: np.ndarray,
    density: np.ndarray | None,
    dim: int,
    n_points: int,
    marks: Mapping[str, float] | None = None,
    height: int = 260,
) -> go.Figure:
    """Histogram of radii with its standard errors, and the exact density as a line.

    Args:
        edges: of the bins, (B + 1,).
        heights: share of samples over width of the bin, (B,).
        standard_error: of the heights, (B,).
        rho: where the exact density is given, (R,).
        density: exact p(ρ), (R,), or None.
        dim: number of dimensions.
        n_points: samples that were counted.
        marks: exact numbers on the axis by name, the mean and the mode, say.
        height: in pixels.
    """
    figure = new_figure(height=height)
    figure.add_bar(
        x=(edges[1:] + edges[:-1]) / 2,
        y=heights,
        width=np.diff(edges),
        name="samples ± s.e.",
        marker={"color": SAMPLED, "line": {"width": 0}},
        error_y={"array": standard_error, "thickness": 1, "width": 0, "color": MUTED},
        hovertemplate="ρ = %{x:.3f}<br>%{y:.3f}<extra>n = " + f"{n_points:,}</extra>",
    )
    if density is not None:
        figure.add_scatter(x=rho, y=density, mode="lines", name="exact", line={"color": EXACT, "width": 3})
    marks = marks or {}
    smallest = min(marks.values(), default=0.0)
    for name, value in marks.items():
        is_left = value == smallest
        figure.add_vline(value, line={"color": EXACT, "width": 1.5, "dash": "dot" if is_left else "solid"})
        text = f"{name} {value:.4g}"
        figure.add_annotation(
            x=value, y=1, yref="paper", yanchor="bottom", xanchor="right" if is_left else "left", text=text, showarrow=False
        )
    figure.update_layout(bargap=0, margin={"t": 54, "b": 50, "l": 56}, legend={"font": {"size": 13}, "y": 1.12})
    figure.update_xaxes(title=f"ρ = ‖g(z)‖, d = {dim}")
    figure.update_yaxes(title="p(ρ)", rangemode="tozero")
    return figure


def density_map(axis: np.ndarray, density: np.ndarray, y: np.ndarray, *, is_exact: bool, height: int = 330) -> go.Figure:
    """Heat map of p(y) over the plane, on square pixels, with some samples on it.

    Args:
        axis: pixel centres along both axes, (P,).
        density: p(y), (P, P), rows along the second coordinate.
        y: samples to mark, (N, 2).
        is_exact: whether the density is a closed form; else it was counted from samples.
        height: in pixels.
    """
    figure = new_figure(height=height)
    figure.add_heatmap(
        x=axis,
        y=axis,
        z=density,
        colorscale=SEQUENTIAL,
        colorbar={"title": {"text": "p(y)"}, "thickness": 12, "tickfont": {"size": 12}, "outlinewidth": 0},
        hovertemplate="y = (%{x:.2f}, %{y:.2f})<br>p(y) = %{z:.3g}<extra></extra>",
        name="exact p(y)" if is_exact else "counted p(y)",
    )
    marker = {"size": 3, "color": "rgba(255, 255, 255, 0.75)", "line": {"width": 0.5, "color": "rgba(0, 0, 0, 0.55)"}}
    figure.add_scatter(x=y[:, 0], y=y[:, 1], mode="markers", marker=marker, name=f"{len(y)} samples", hoverinfo="skip")
    half = float(axis[-1] + (axis[1] - axis[0]) / 2)
    figure.update_xaxes(title="y₁", range=[-half, half], constrain="domain")
    figure.update_yaxes(title="y₂", range=[-half, half], scaleanchor="x", constrain="domain")
    figure.update_layout(showlegend=False, margin={"t": 10, "b": 46, "l": 50, "r": 8})
    return figure


def stretch_chart(r: np.ndarray, det: np.ndarray, prior: np.ndarray, *, at: float | None, height: int = 260) -> go.Figure:
    """det J against r = ‖z‖, over the density of r under the prior.

    Args:
        r: (R,).
        det: det J at radius r, (R,).
        prior: density of r, (R,).
        at: radius of a point that is followed.
        height: in pixels.
    """
    figure = new_figure(height=height)
    figure.add_scatter(
        x=r, y=prior, mode="lines", fill="tozeroy", line={"width": 0}, fillcolor="rgba(143, 184, 222, 0.35)", name="p(r)", hoverinfo="skip"
    )
    figure.add_scatter(x=r, y=det, yaxis="y2", mode="lines", line={"color": EXACT, "width": 3}, name="det J, exact")
    figure.add_hline(1, yref="y2", line={"color": MUTED, "dash": "dot", "width": 1.5})
    if at is not None:
        figure.add_vline(at, line={"color": MUTED, "width": 2})
    figure.update_layout(
        yaxis={"visible": False, "rangemode": "tozero"},
        yaxis2={"overlaying": "y", "title": "det J", "type": "log", "dtick": 1},
        margin={"t": 34, "b": 50, "l": 64},
        legend={"font": {"size": 13}},
    )
    figure.update_xaxes(title="r = ‖z‖")
    return figure


def kl_chart(epoch: Sequence[int], kl: Sequence[float], error: Sequence[float], *, collapsed: float, height: int = 200) -> go.Figure:
    """KL(p‖VAE) in nats after each epoch with its standard error, the exact optimum 0, and what a model scores that ignores z.

    Args:
        epoch: (E,).
        kl: in nats, (E,).
        error: standard error, (E,).
        collapsed: KL of the best single Gaussian.
        height: in pixels.
    """
    figure, mark = new_figure(height=height), FAMILY_MARKS["vae"]
    figure.add_scatter(
        x=list(epoch),
        y=list(kl),
        mode="lines+markers",
        name="KL(p ‖ VAE) ± s.e.",
        line={"color": mark.colour, "width": 2.5},
        marker={"symbol": mark.symbol, "size": 6},
        error_y={"array": list(error), "thickness": 1.5, "width": 0},
    )
    for value, text, dash, side in (
        (0.0, "exact optimum: 0", "solid", "top"),
        (collapsed, f"one Gaussian: {collapsed:.3f}", "dot", "bottom"),
    ):
        note = {"text": text, "xanchor": "right", "yanchor": side}
        figure.add_hline(value, line={"color": MUTED, "width": 1.5, "dash": dash}, annotation=note)
    figure.update_xaxes(title="epoch", rangemode="tozero")
    figure.update_yaxes(title="KL(p‖VAE), nats", range=[-0.55, 1.15 * max(collapsed, min(4.0, max(kl, default=0.0)))])
    figure.update_layout(margin={"t": 10, "b": 46, "l": 56})
    return figure


def curve_chart(z: np.ndarray, prior: np.ndarray, speed: np.ndarray, density: np.ndarray, *, at: float, height: int = 290) -> go.Figure:
    """p(z), |g'(z)| and their quotient over z, with a line at one z.

    Args:
        z: (N,).
        prior: p(z), (N,).
        speed: |g'(z)|, (N,).
        density: p(z)/|g'(z)|, (N,).
        at: the z that is marked.
        height: in pixels.
    """
    figure = new_figure(height=height)
    lines = (("p(z)", prior, MUTED, "dot"), ("|g′(z)|", speed, REGRESSION, "dash"), ("p(z)/|g′(z)|", density, EXACT, "solid"))
    for name, values, colour, dash in lines:
        figure.add_scatter(x=z, y=values, mode="lines", name=name, line={"color": colour, "width": 3, "dash": dash})
    figure.add_vline(at, line={"color": MUTED, "width": 2})
    figure.update_xaxes(title="z", range=[0, 1])
    figure.update_yaxes(title="on a log scale", type="log", dtick=1, range=[-2, 1.3])
    figure.update_layout(margin={"t": 40, "b": 50, "l": 60}, legend={"font": {"size": 13}})
    return figure
