"""The picture of the plane: dots in the axes' units, and the lines that the theory draws through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.shared.page import signed
from vae_core.explore import frontier
from vae_core.explore.frontier import Axes, Dot
from vae_core.explore.frontier_numbers import End
from vae_core.figures import frontier as figures

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 455


def plane_dots(found: list[Dot], axes: Axes) -> list[figures.PlaneDot]:
    """The dots in the axes' units."""
    return [_on_plane(dot, axes) for dot in found]


def _on_plane(dot: Dot, axes: Axes) -> figures.PlaneDot:
    return figures.PlaneDot(dot.spec.latent_dim, dot.spec.beta, *dot.point(axes), *dot.spread(axes), len(dot.seeds))


def plane(found: list[Dot], axes: Axes, dot: Dot, end: End | None) -> go.Figure:
    """The plane with the lines that its axes allow, one dot in focus."""
    placed = None if end is None else frontier.end_on_axes(end, axes, dot.spec.identity.n_features)
    return figures.rate_distortion_plane(
        plane_dots(found, axes),
        rate_unit=axes.rate,
        distortion_unit=axes.distortion,
        lines=lines(found, axes, dot),
        end=placed,
        chosen=_on_plane(dot, axes),
        height=HEIGHT,
    )


def lines(found: list[Dot], axes: Axes, dot: Dot) -> list[figures.PlaneLine]:
    """Equal ELBO, the best bound on the entropy, and the tangent at the dot, as far as the axes allow them."""
    equal, tangent = (frontier.slope(dot.spec, axes, kind) for kind in ("equal ELBO", "tangent"))
    if equal is None:
        return []
    drawn = []
    if axes.distortion == "nats":
        minus_elbos = [-one.own.metrics["elbo"] for one in found]
        levels = frontier.round_levels(min(minus_elbos), max(minus_elbos))
        bound = frontier.entropy_bound(found)
        name = "entropy" if dot.spec.likelihood == "bernoulli" else "differential entropy"
        drawn += [figures.PlaneLine(level, equal, signed(level, 0), "equal") for level in levels]
        drawn.append(figures.PlaneLine(bound.nats, equal, f"{name} ≤ {signed(bound.nats, 1)} nats", "entropy"))
    else:
        at_zero = [y - equal * x for x, y in (one.point(axes) for one in found)]
        drawn += [figures.PlaneLine(level, equal, "", "equal") for level in frontier.round_levels(min(at_zero), max(at_zero))]
    x, y = dot.point(axes)
    drawn.append(figures.PlaneLine(y - tangent * x, tangent, f"tangent, slope {tangent:.3g}".replace("-", "−"), "tangent"))
    return drawn
