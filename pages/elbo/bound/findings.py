"""What the bound's page concludes, and what it answers."""

from __future__ import annotations

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
