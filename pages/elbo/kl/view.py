"""The divergence on the page: the picture, its numbers as Python finds them, and the file."""

from __future__ import annotations

import numpy as np

from pages.elbo.agreement import within
from pages.elbo.kl.controls import Chosen
from pages.elbo.kl.kl_picture import kl_picture as component
from pages.shared import page
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo.gaussian import PRIOR, kl
from vae_core.explore.elbo.kl import monte_carlo, quadrature
from vae_core.units import signed

FORMULAS = (
    (
        (r"\int q \log q \, dz = - \frac{1}{2} \log 2 \pi - \frac{1}{2} (1 + \log \sigma^2)", "Minus the entropy of q"),
        (r"\int q \log p \, dz = - \frac{1}{2} \log 2 \pi - \frac{1}{2} (\mu^2 + \sigma^2)", "Minus the cross-entropy"),
        (r"KL(q \Vert p) = \frac{1}{2} (\mu^2 + \sigma^2 - 1 - \log \sigma^2)", "Their difference"),
    ),
    (
        (r"\int p \log p \, dz = - \frac{1}{2} \log 2 \pi - \frac{1}{2}", "Minus the entropy of p"),
        (r"\int p \log q \, dz = - \frac{1}{2} \log 2 \pi - \log \sigma - \frac{1 + \mu^2}{2 \sigma^2}", "Minus the cross-entropy"),
        (r"KL(p \Vert q) = \log \sigma + \frac{1 + \mu^2}{2 \sigma^2} - \frac{1}{2}", "Their difference"),
    ),
)
"""The two integrals and their difference, for KL(q ‖ p) and for KL(p ‖ q)."""


def draw(chosen: Chosen, text: Words) -> component.View:
    """Draw the picture; what is set in it."""
    formulas = FORMULAS if chosen.below == "integrals" else ((), ())
    component.kl_picture(chosen.eps, below=chosen.below, formulas=formulas, note=text.sections.get(f"note-{chosen.below}", ""))
    return component.view()


def numbers(chosen: Chosen, setting: component.View) -> None:
    """The divergence, and how far the other two ways are from it."""
    exact, drawn = kl(*setting.pair), monte_carlo(*setting.pair, chosen.eps)
    apart = (drawn.value - exact) / drawn.standard_error if drawn.standard_error else 0.0  # where q is p, each draw is exact
    page.number(
        "KL(p ‖ q)" if setting.is_swapped else "KL(q ‖ p)",
        f"{signed(exact, 4)} nats",
        f"Exact: closed form; quadrature agrees within {within(quadrature(*setting.pair) - exact)}. "
        f"The mean of n = {drawn.n:,} draws is {signed(apart, 1)} standard errors away.",
    )


def curves(setting: component.View) -> bytes:
    """Both densities and the integrand over z, as CSV."""
    z = np.linspace(-6, 6, 2401)
    log_one, log_other = (one.log_density(z) for one in setting.pair)
    columns = [z, np.exp(setting.q.log_density(z)), np.exp(PRIOR.log_density(z)), np.exp(log_one) * (log_one - log_other)]
    return csv(["z", "q", "p", "integrand"], np.column_stack(columns).tolist(), digits=8)
