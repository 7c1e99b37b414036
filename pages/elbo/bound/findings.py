"""What the bound's page concludes, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.elbo.bound.cached import best_gaussian
from pages.elbo.bound.view import Setting
from pages.shared.words import Words
from vae_core.explore.elbo import bound
from vae_core.units import signed

SMALL = 0.01
"""Nats that are no gap worth a word."""


def conclusion(setting: Setting, text: Words) -> str:
    """What q lacks, and what even the best Gaussian lacks."""
    lost, least, modes = setting.gap - setting.least_gap, setting.least_gap, bound.n_modes(setting.world, setting.x)
    here = text.said("conclusion-best" if lost < SMALL else "conclusion", lost=signed(lost))
    if least < SMALL:
        return f"{here} {text.said('conclusion-tight')}"
    return f"{here} {text.said('conclusion-modes' if modes > 1 else 'conclusion-bent', least=signed(least), modes=modes)}"


def answer(text: Words) -> str:
    """The q that covers both modes, with the posterior's own mean and width, beside the best one."""
    world = bound.WORLDS["bend"]
    both, best = bound.matched(world, world.x), best_gaussian("bend", world.x)
    elbos = {name: signed(bound.elbo(world, world.x, q)) for name, q in (("both", both), ("one", best))}
    return text.said("answer", x=signed(world.x), width=signed(both.width), mode=signed(best.mean), **elbos)


def moved_by_q(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how much log p(x), the sum of ELBO and KL, changes from the q in the link to the best one, and what the ELBO gains."""
    world, x, q, best = _opened(state)
    sums = [bound.elbo(world, x, one) + bound.kl_to_posterior(world, x, one) for one in (q, best)]
    gains = bound.elbo(world, x, best) - bound.elbo(world, x, q)
    return {"value": sums[1] - sums[0], "log_px": sums[0], "gains": gains, "gap": bound.kl_to_posterior(world, x, q)}


def missed_by_the_best(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: by how many nats even the best Gaussian misses log p(x)."""
    world, x, _, best = _opened(state)
    return {"value": bound.kl_to_posterior(world, x, best), "modes": bound.n_modes(world, x)}


def both_costs(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: rate plus distortion plus ELBO, which is 0, with each of the three, at the q in the link."""
    world, x, q, _ = _opened(state)
    rate, distortion, elbo = bound.rate(q), bound.distortion(world, x, q), bound.elbo(world, x, q)
    return {"value": rate + distortion + elbo, "rate": rate, "distortion": distortion, "elbo": elbo}


def _opened(state: Mapping[str, Any]) -> tuple[bound.World, float, bound.Gaussian, bound.Gaussian]:
    """The world of a link, what is seen in it, q, and the best Gaussian."""
    name = next(name for name, world in bound.WORLDS.items() if world.title == state["bound_world"])
    x = float(state[f"bound_{name}_x"])
    q = bound.Gaussian(float(state[f"bound_{name}_mean"]), float(state[f"bound_{name}_width"]))
    return bound.WORLDS[name], x, q, best_gaussian(name, x)
