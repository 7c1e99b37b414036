"""What a dot says beside the others of its plane, in words, and what β and d change along its row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.rates.cached import frontier_dots
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.means import Mean, mean_of_metrics, part_of_metrics
from vae_core.explore.rates.frontier import Dot


def conclusion(dots: Sequence[Dot], dot: Dot, text: Words) -> str:
    """How much of its code a model uses, and how far its ELBO is from the best one of the plane."""
    best = max(dots, key=lambda one: one.own.metrics["elbo"])
    values = {"rate": part_of_metrics(dot.own.metrics, "rate"), "active": dot.own.metrics["active_units"], "dims": dot.spec.latent_dim}
    if dot == best:
        return text.said("conclusion-best", **values, elbo=mean_of_metrics(dot.own.metrics, "elbo"))
    model = f"d = {best.spec.latent_dim}, β = {best.spec.beta:g}"
    apart = below(best, dot)
    return text.said("conclusion" if apart.tells_apart else "conclusion-alike", **values, below=apart, best=model)


def below(top: Dot, dot: Dot) -> Mean:
    """By how much its ELBO is below another's: image by image where both models are here, else as if each had images of its own."""
    are_here = cached.is_trained(top.spec) and cached.is_trained(dot.spec)
    paired = cached.difference("elbo", top.spec, dot.spec) if are_here else None
    return paired or mean_of_metrics(top.own.metrics, "elbo").less(mean_of_metrics(dot.own.metrics, "elbo"))


def _worth(dots: Sequence[Dot], dot: Dot, text: Words) -> str:
    """By how many nats a nat of rate makes an image better, up to the model of the next smaller β; at the smallest, from the one before."""
    row = _of(dots, latent_dim=dot.spec.latent_dim)
    if len(row) < 2:
        return ""
    at = row.index(dot)
    more, less = (dot, row[1]) if at == 0 else (row[at - 1], dot)
    section, other = ("worth-last", less) if at == 0 else ("worth-more", more)
    slope = worth(more, less)
    return text.said(section if slope.value > 0 else f"{section}-nothing", beta=f"{other.spec.beta:g}", slope=slope)


def worth(more: Dot, less: Dot) -> Mean:
    """By how many nats of distortion a nat of rate makes an image better from one model to another: 1 + ΔELBO/ΔR.

    The ELBOs are compared image by image. How their difference varies with the rates' is not kept, so that both intervals are added.
    """
    paid, gained = mean_of_metrics(more.own.metrics, "rate").less(mean_of_metrics(less.own.metrics, "rate")), below(more, less)
    slope = 1 + gained.value / paid.value
    half_width = ((gained.half_width or 0.0) + abs(slope - 1) * (paid.half_width or 0.0)) / abs(paid.value)
    return Mean(slope, half_width or None, gained.n)


def answer(dots: Sequence[Dot], dot: Dot, text: Words) -> str:
    """What is left of the bars from the smallest β to the largest, at the largest d; and from which d on the ELBO rises no more."""
    row = _of(dots, latent_dim=max(one.spec.latent_dim for one in dots))
    many, few = row[0], row[-1]
    values = {
        "dims": many.spec.latent_dim,
        "low": f"{many.spec.beta:g}",
        "high": f"{few.spec.beta:g}",
        "low_active": many.own.metrics["active_units"],
        "high_active": few.own.metrics["active_units"],
        "low_rate": part_of_metrics(many.own.metrics, "rate"),
        "high_rate": part_of_metrics(few.own.metrics, "rate"),
        "beta": f"{dot.spec.beta:g}",
        "worth": _worth(dots, dot, text),
    }
    column = sorted(_of(dots, beta=dot.spec.beta), key=lambda one: one.spec.latent_dim)
    if len(column) < 2:
        return text.said("answer-one", **values)
    enough = _enough(column)
    section = "answer-rising" if enough == column[-1].spec.latent_dim else "answer"
    return text.said(section, **values, enough=enough, column=", ".join(str(one.spec.latent_dim) for one in column))


def _of(dots: Sequence[Dot], **same: float) -> list[Dot]:
    """The dots of a row or a column, by β."""
    return sorted((one for one in dots if all(getattr(one.spec, k) == v for k, v in same.items())), key=lambda one: one.spec.beta)


def _enough(column: Sequence[Dot]) -> int:
    """The smallest d of a column whose ELBO the test images do not tell from the column's best."""
    best = max(column, key=lambda one: one.own.metrics["elbo"])
    return min(one.spec.latent_dim for one in column if one == best or not below(best, one).tells_apart)


def rate_over_beta(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: how many times the rate at the smallest β is that at the largest, at the d of the link, with the active dimensions."""
    row = _of(frontier_dots(str(state["plane"])), latent_dim=int(state["d"]))
    first, last = row[0].own.metrics, row[-1].own.metrics
    rates = {name: mean_of_metrics(one, "rate") for name, one in (("low_rate", first), ("high_rate", last))}
    times = rates["low_rate"].over(rates["high_rate"], None)
    active = {"low_active": first["active_units"], "high_active": last["active_units"]}
    return {"value": times.value, "times": times, **rates, **active, "low": row[0].spec.beta, "high": row[-1].spec.beta}


def best_beta(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the β whose model has the largest ELBO at the d of the link."""
    row = _of(frontier_dots(str(state["plane"])), latent_dim=int(state["d"]))
    best = max(row, key=lambda dot: dot.own.metrics["elbo"])
    return {"value": best.spec.beta, "elbo": mean_of_metrics(best.own.metrics, "elbo"), "n": len(row)}
