"""The picture of the plane: dots in the axes' units, and the lines that the theory draws through them."""

from __future__ import annotations

from vae_core.drawing.chart import Chart
from vae_core.explore.means import to_earned
from vae_core.explore.rates import frontier
from vae_core.explore.rates import frontier_figure as figures
from vae_core.explore.rates.frontier import Axes, Dot
from vae_core.explore.rates.frontier_lines_figure import PlaneLine
from vae_core.explore.rates.frontier_numbers import End
from vae_core.units import signed

HEIGHT = 436


def whole_plane(dots: list[Dot], axes: Axes, end: End | None) -> figures.Plane:
    """The plane of these dots with the lines that its axes allow."""
    n_features = dots[0].spec.identity.n_features
    return figures.rate_distortion_plane(
        [_on_plane(dot, axes) for dot in dots],
        rate_unit=axes.rate,
        distortion_unit=axes.distortion,
        lines=lines(dots, axes),
        end=None if end is None else frontier.end_on_axes(end, axes, n_features),
        end_text="" if end is None else frontier.end_in_words(end, axes, n_features),
        height=HEIGHT,
    )


def in_focus(whole: figures.Plane, axes: Axes, dot: Dot) -> Chart:
    """The plane with one dot in focus, and the tangent there as far as the axes allow it."""
    return whole.at(_on_plane(dot, axes), tangent(axes, dot))


def _on_plane(dot: Dot, axes: Axes) -> figures.PlaneDot:
    return figures.PlaneDot(dot.spec.latent_dim, dot.spec.beta, *dot.point(axes), *dot.spread(axes), len(dot.seeds), dot.in_words(axes))


def lines(dots: list[Dot], axes: Axes) -> list[PlaneLine]:
    """Equal ELBO and the best bound on the entropy, as far as the axes allow them."""
    likelihood, equal = dots[0].spec.likelihood, frontier.slope(dots[0].spec, axes, "equal ELBO")
    if equal is None:
        return []
    if axes.distortion != "nats":
        at_zero = [y - equal * x for x, y in (dot.point(axes) for dot in dots)]
        return [PlaneLine(level, equal, "", "equal") for level in frontier.round_levels(min(at_zero), max(at_zero))]
    minus_elbos = [-dot.own.metrics["elbo"] for dot in dots]
    levels = frontier.round_levels(min(minus_elbos), max(minus_elbos))
    bound, name = frontier.entropy_bound(dots), "entropy" if likelihood == "bernoulli" else "differential entropy"
    equals = [PlaneLine(level, equal, signed(level, 0), "equal") for level in levels]
    return [*equals, PlaneLine(bound.nats, equal, f"{name} ≤ {to_earned(bound.nats, bound.half_width)} nats", "entropy")]


def tangent(axes: Axes, dot: Dot) -> PlaneLine | None:
    """The line along which a β-VAE does not change its loss, through the dot; None where the axes do not allow it."""
    slope = frontier.slope(dot.spec, axes, "tangent")
    if slope is None:
        return None
    x, y = dot.point(axes)
    return PlaneLine(y - slope * x, slope, "tangent")
