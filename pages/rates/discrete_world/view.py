"""The discrete world on the page: the tables, the trade of information and entropy, the numbers."""

from __future__ import annotations

import numpy as np

from pages.rates.discrete_world.controls import Setting
from pages.shared import cached, page
from vae_core.explore.rates import discrete_world_figure as figures
from vae_core.explore.rates.discrete_world import morph, objective, prior_and_decoder, random_world
from vae_core.explore.rates.information_trade_figure import Trade, trade
from vae_core.units import signed, tiny

N_DRAWS = 12
"""Random encoders that are shown side by side."""


def numbers(setting: Setting) -> None:
    """The sum that does not move, and the objective beside the bound."""
    world = setting.world
    left_over = world.information + world.conditional_entropy - world.entropy
    page.number(
        "I(y; z) + H(y|z)",
        f"{signed(world.information, 3)} + {signed(world.conditional_entropy, 3)} nats",
        f"Exact: H(y) = {world.entropy:.6f} nats, the same for every encoder (rounding error {tiny(abs(left_over))}).",
    )
    bound = objective(world, 1.0, setting.fit)
    gap = "which is H(y): tight" if bound - world.entropy < 1e-9 else f"{bound - world.entropy:.3f} above H(y), since P is not optimal"
    page.number(
        f"Objective at β = {setting.beta:g}",
        f"{setting.objective:.4f} nats",
        f"Exact. {_is_bound(setting, setting.objective - bound)} The model's own bound (β = 1) is {bound:.4f} nats, {gap}.",
    )


def _is_bound(setting: Setting, looser: float) -> str:
    """What an objective that lies so many nats above the model's own bound is worth as one."""
    if setting.beta < 1:
        return "It can fall below H(y), so it bounds nothing."
    if setting.beta == 1:
        return "It is the bound."
    if looser < 1e-9:
        return "It equals the bound here, because I(y; z) = 0."
    return f"It is still a bound, {looser:.3f} nats looser than at β = 1."


def charts(setting: Setting) -> None:
    """The three tables, and below them all encoders of the slider, or a dozen draws."""
    world = setting.world
    choices = (tuple(setting.pop.tolist()), setting.is_morph, setting.share, setting.draw, setting.fit, setting.beta)
    tables = cached.lasting_chart("discrete world", choices, lambda: figures.tables(world.q, *prior_and_decoder(world, setting.fit)))
    page.chart(tables, key="tables")
    levels = {"entropy": world.entropy, "actual": setting.objective}
    page.chart(cached.lasting_chart("information trade", choices, lambda: trade(encoders(setting), **levels)), key="trade")


def encoders(setting: Setting) -> Trade:
    """Every encoder of the slider, or the draws around the chosen one, each at its optimal P."""
    if setting.is_morph:
        places = np.linspace(0, 1, 51)
        worlds, name = [morph(setting.pop, float(place)) for place in places], "Q(z|y): constant (0), one-to-one (1)"
        at = int(np.abs(places - setting.share).argmin())
    else:
        first = setting.draw - setting.draw % N_DRAWS
        places = np.arange(first, first + N_DRAWS)
        worlds, name, at = [random_world(setting.pop, int(seed)) for seed in places], "Random Q(z|y), draw number", setting.draw - first
    information, entropy = (np.array([getattr(w, a) for w in worlds]) for a in ("information", "conditional_entropy"))
    return Trade(places, name, information, entropy, setting.beta * information + entropy, setting.beta, at, setting.is_morph)


def csv(setting: Setting) -> bytes:
    """The three tables as shown."""
    world = setting.world
    return figures.tables_csv("ABCD", world.q, *prior_and_decoder(world, setting.fit))


def tables_png(setting: Setting) -> bytes:
    """The three tables as a picture."""
    world = setting.world
    return figures.tables_png(world.q, *prior_and_decoder(world, setting.fit))
