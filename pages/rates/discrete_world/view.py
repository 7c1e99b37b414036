"""The discrete world on the page: which population and encoder, which P, which β; the tables, the trade, the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import streamlit as st

from pages.shared import cached, controls, page
from pages.shared.links import bound
from vae_core.explore.rates import discrete_world_figure as figures
from vae_core.explore.rates import information_trade_figure as information_trade
from vae_core.explore.rates.discrete_world import POPULATIONS, Fit, World, drawn, fitted, morph, objective

BETAS = ("0", "0.25", "0.5", "0.75", "0.9", "1", "1.1", "1.25", "1.5", "2", "4")
N_DRAWS = 12


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What is shown."""

    pop: np.ndarray
    is_morph: bool
    share: float
    draw: int
    fit: Fit
    beta: float

    @property
    def world(self) -> World:
        """The population with the chosen encoder."""
        return morph(self.pop, self.share) if self.is_morph else drawn(self.pop, self.draw)

    @property
    def objective(self) -> float:
        """β·rate + distortion of the tables as they are shown."""
        return objective(self.world, self.beta, self.fit)


def choose() -> View:
    """Draw the controls."""
    is_morph = controls.segmented("Encoder Q(z|y)", ("morph", "random"), "encoder") == "morph"
    share = st.slider("From constant to one-to-one", 0.0, 1.0, 0.5, 0.02, **bound("share")) if is_morph else 0.5
    draw = 0 if is_morph else controls.draw("Draw Q", key="world_draw")
    beta = float(st.select_slider("β", BETAS, value="1", **bound("world_beta")))
    population = st.selectbox("Pop(y)", list(POPULATIONS), index=1, **bound("population"))
    about = "Each can be optimised alone, while Q is held fixed."
    fit = st.selectbox("P(z) and P(y|z)", get_args(Fit), **bound("world_fit"), help=about)
    return View(np.array(POPULATIONS[population]), is_morph, share, draw, fit, beta)


def numbers(view: View) -> None:
    """The sum that does not move, and the objective beside the bound."""
    world = view.world
    left_over = world.information + world.conditional_entropy - world.entropy
    page.number(
        "I(y; z) + H(y|z)",
        f"{page.signed(world.information, 3)} + {page.signed(world.conditional_entropy, 3)} nats",
        f"Exact sums: H(y) = {world.entropy:.6f} nats, whatever Q; left over {abs(left_over):.0e}.",
    )
    bound = objective(world, 1.0, view.fit)
    gap = "which is H(y): tight" if bound - world.entropy < 1e-9 else f"{bound - world.entropy:.3f} above H(y), since P is not optimal"
    page.number(
        f"Objective at β = {view.beta:g}",
        f"{view.objective:.4f} nats",
        f"Exact. {_is_bound(view)} The model's own bound (β = 1) is {bound:.4f} nats, {gap}.",
    )


def _is_bound(view: View) -> str:
    if view.beta < 1:
        return "Below H(y) it can fall, so it bounds nothing."
    return "It is the bound." if view.beta == 1 else "A bound still, but a loose one."


def charts(view: View) -> None:
    """The three tables, and below them all encoders of the slider, or a dozen draws."""
    world = view.world
    choices = (tuple(view.pop.tolist()), view.is_morph, view.share, view.draw, view.fit, view.beta)
    page.chart(cached.plotted("discrete world", choices, lambda: figures.tables(world.q, *fitted(world, view.fit))), key="tables")
    levels = {"entropy": world.entropy, "actual": view.objective}
    page.chart(cached.plotted("information trade", choices, lambda: information_trade.trade(trade(view), **levels)), key="trade")


def trade(view: View) -> information_trade.Trade:
    """Every encoder of the slider, or the draws around the chosen one, each at its optimal P."""
    if view.is_morph:
        places = np.linspace(0, 1, 51)
        worlds, name = [morph(view.pop, float(place)) for place in places], "Q(z|y) from constant (0) to one-to-one (1)"
        at = int(np.abs(places - view.share).argmin())
    else:
        first = view.draw - view.draw % N_DRAWS
        places = np.arange(first, first + N_DRAWS)
        worlds, name, at = [drawn(view.pop, int(seed)) for seed in places], "Random Q(z|y), draw number", view.draw - first
    information, entropy = (np.array([getattr(w, a) for w in worlds]) for a in ("information", "conditional_entropy"))
    return information_trade.Trade(places, name, information, entropy, view.beta * information + entropy, view.beta, at, view.is_morph)


def csv(view: View) -> bytes:
    """The three tables as shown."""
    world = view.world
    return figures.tables_csv("ABCD", world.q, *fitted(world, view.fit))


def tables_png(view: View) -> bytes:
    """The three tables as a picture."""
    world = view.world
    return figures.tables_png(world.q, *fitted(world, view.fit))
