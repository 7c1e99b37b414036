"""How unevenly a curve spreads its samples, in words, and what the spiral and the circle do with a prior."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.latent.line.cached import curve_table
from pages.shared.words import Words
from vae_core.explore.latent.line_to_curve import CURVES, PRIORS

EVEN = 1.01
"""Ratio of densities up to which samples are spread evenly, and of speeds up to which they are the same."""


def conclusion(curve: str, prior: str, text: Words) -> str:
    """Where along the curve samples are densest and where sparsest, for this prior."""
    table = curve_table(curve, prior)
    inside = slice(1, -1)  # a prior may be 0 at the ends
    density, speed = table.density[inside], table.speed[inside]
    values = {"curve": CURVES[curve].title.lower(), "slow": f"{speed.min():.1f}", "fast": f"{speed.max():.1f}"}
    if density.max() < EVEN * density.min():
        return text.said("conclusion-even", **values)
    dense, sparse = (table.z[inside][index] for index in (density.argmax(), density.argmin()))
    section = "conclusion-one-speed" if speed.max() < EVEN * speed.min() else "conclusion"
    return text.said(section, **values, dense=f"{dense:.2f}", sparse=f"{sparse:.2f}")


def answer(text: Words) -> str:
    """Speed and density at the ends of the spiral, and the share of samples in the circle's first half for each prior."""
    spiral = curve_table("spiral", "uniform")
    values = {name: f"{getattr(spiral, name)[0]:.2f}" for name in ("speed", "density")}
    values |= {f"{name}_end": f"{getattr(spiral, name)[-1]:.3g}" for name in ("speed", "density")}
    halves = {}
    for prior in PRIORS:
        table = curve_table("circle", prior)
        first = table.z <= 0.5
        halves[prior] = float(np.trapezoid(table.prior[first], table.z[first]))
    most = max(halves, key=lambda prior: halves[prior])
    speed = curve_table("circle", "uniform").speed
    return text.said("answer", **values, circle=f"{speed.mean():.2f}", prior=most, share=f"{100 * halves[most]:.0f}")


def densest_place(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: z where samples lie densest along the curve, and how many times as densely as where they are sparsest."""
    curve = next(name for name, one in CURVES.items() if one.title == state["curve_name"])
    table = curve_table(curve, str(state["curve_prior"]))
    return {"value": float(table.z[table.density.argmax()]), "times": float(table.density.max() / table.density.min())}
