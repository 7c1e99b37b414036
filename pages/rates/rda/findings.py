"""What the welded dials leave alone, in words, and what halving σ does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.rates.rda.view import Dials
from pages.shared.words import Words
from vae_core.explore.rates.rda import rda_lambda
from vae_core.explore.water_filling import optimum

HALF_SSE = 0.5
"""λ of the loss ½ SSE + KL."""


def conclusion(dials: Dials, text: Words) -> str:
    """What the linear optimum keeps at this λ, and which β stands for it at this σ."""
    best = optimum(np.array(dials.statistics.eigenvalues), dials.tau)
    values = {"weight": f"{dials.rda_lambda:.3g}", "sigma": f"{dials.sigma:g}", "beta": f"{dials.beta:.3g}"}
    return text.said("conclusion", **values, n_active=best.n_active, rate=f"{best.rate:.3g}")


def answer(dials: Dials, text: Words) -> str:
    """β at σ = 1 and at σ = ½ for this λ, and what the linear optimum spends on ½ SSE + KL."""
    whole, half = (dials.tau / sigma**2 for sigma in (1.0, 0.5))
    best = optimum(np.array(dials.statistics.eigenvalues), 1 / (2 * HALF_SSE))
    values = {"weight": f"{rda_lambda(whole, 1.0):.3g}", "whole": f"{whole:.3g}", "half": f"{half:.3g}", "times": f"{half / whole:g}"}
    return text.said("answer", **values, half_sse=HALF_SSE, rate=f"{best.rate:.3g}", n_active=best.n_active)


def beta_at_half_sigma(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: by which factor β grows when σ is halved at the λ of the link."""
    weight = float(state["rda_lambda"])
    whole, half = (1 / (2 * weight * sigma**2) for sigma in (1.0, 0.5))
    return {"value": half / whole, "whole": whole, "half": half, "weight": weight}
