"""The bound on the page: the picture, its numbers as Python finds them, the sentence that follows, and the files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pages.elbo.agreement import within
from pages.elbo.bound.bound_picture import bound_picture as component
from pages.elbo.bound.cached import best_gaussian
from pages.elbo.bound.controls import Chosen
from pages.shared import page
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import bound
from vae_core.explore.elbo.derivations import GENERAL, NOTATIONS, lines, value
from vae_core.explore.elbo.gaussian import PRIOR, Gaussian
from vae_core.units import signed


@dataclass(frozen=True, slots=True)
class Setting:
    """The world, the x that is seen, and q.

    Attributes:
        world: the decoder and its noise.
        x: what is seen.
        q: where it was let go.
        best: the Gaussian of the largest ELBO.
    """

    world: bound.World
    x: float
    q: Gaussian
    best: Gaussian

    @property
    def gap(self) -> float:
        """KL(q ‖ p(z|x)), nats."""
        return bound.kl_to_posterior(self.world, self.x, self.q)

    @property
    def least_gap(self) -> float:
        """KL of the best Gaussian to the posterior, nats."""
        return bound.kl_to_posterior(self.world, self.x, self.best)


def draw(chosen: Chosen) -> Setting:
    """Draw the picture; what is set in it."""
    component.bound_picture(chosen.world, below=chosen.below, weights=chosen.weights, lines=chosen.lines, slip=chosen.slip)
    view = component.view(chosen.world)
    return Setting(bound.WORLDS[chosen.world], view.x, view.q, best_gaussian(chosen.world, view.x))


def numbers(setting: Setting) -> None:
    """log p(x), and both splits of what the bound lacks."""
    world, x, q = setting.world, setting.x, setting.q
    evidence = bound.log_evidence(world, x)
    apart = within(bound.elbo(world, x, q) + setting.gap - evidence)
    page.number(
        "log p(x) = ELBO + KL",
        f"{signed(evidence, 3)} nats",
        f"Exact: quadrature with {bound.N_Z:,} points. Both parts, found apart, sum to it within {apart}.",
    )


def downloads(chosen: Chosen, setting: Setting) -> list[page.Download]:
    """The curves, and every line of every derivation with its value."""
    return [
        page.Download("CSV", f"bound-{chosen.world}.csv", "text/csv", lambda: curves(setting)),
        page.Download("Derivations", f"bound-{chosen.world}-derivations.csv", "text/csv", lambda: derivations(setting)),
    ]


def curves(setting: Setting) -> bytes:
    """Prior, posterior, q and the best Gaussian over z, as CSV."""
    z = np.linspace(-4, 4, 801)
    posterior = np.exp(bound.log_posterior(setting.world, setting.x, z))
    others = [np.exp(one.log_density(z)) for one in (PRIOR, setting.q, setting.best)]
    return csv(["z", "prior", "q", "best", "posterior"], np.column_stack([z, *others, posterior]).tolist(), digits=8)


def derivations(setting: Setting) -> bytes:
    """Every line in every notation with its value in nats, as CSV."""
    values = bound.quantities(setting.world, setting.x, setting.q)
    rows = [
        [notation, derivation, line.relation, line.formula, value(line, values), line.why]
        for notation in NOTATIONS
        for derivation in GENERAL
        for line in lines(derivation, notation)
    ]
    return csv(["slides", "derivation", "relation", "formula", "nats", "why"], rows, digits=10)
