"""What the tables show at the chosen β, in words, and what comes of the random encoders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.rates.discrete_world.controls import Setting
from pages.rates.discrete_world.view import N_DRAWS
from pages.shared.words import Words
from vae_core.explore.rates.discrete_world import POPULATIONS, morph, objective, random_world
from vae_core.units import signed, tiny

WEIGHTS = (0.9, 1.1)
"""Below and above the β at which the ELBO does not care."""


def conclusion(setting: Setting, text: Words) -> str:
    """Which encoder wins at this β, and by how much one nat of information moves the objective."""
    world, above = setting.world, objective(setting.world, 1.0, setting.fit) - setting.world.entropy
    values = {"information": f"{world.information:.2f}", "entropy": f"{world.entropy:.2f}", "above": f"{above:.2f}"}
    if above > 1e-9:
        return text.said("conclusion-not-optimal", **values)
    side = "below" if setting.beta < 1 else "above"
    section = "conclusion" if setting.beta == 1 else f"conclusion-{side}"
    return text.said(section, **values, beta=f"{setting.beta:g}", moves=f"{abs(1 - setting.beta):.2f}")


def answer(setting: Setting, text: Words) -> str:
    """The dozen draws around the chosen one, at β below and above 1, beside the best of all encoders."""
    first = setting.draw - setting.draw % N_DRAWS
    draws = {draw: random_world(setting.pop, draw) for draw in range(first, first + N_DRAWS)}
    values: dict[str, object] = {"first": first, "last": first + N_DRAWS - 1, "entropy": f"{next(iter(draws.values())).entropy:.4f}"}
    values["spread"] = tiny(np.ptp([objective(world, 1.0) for world in draws.values()]))
    for name, beta in zip(("low", "high"), WEIGHTS, strict=True):
        reached = {draw: objective(world, beta) for draw, world in draws.items()}
        best = min(reached, key=lambda draw: reached[draw])
        ends = min(objective(morph(setting.pop, share), beta) for share in (0.0, 1.0))
        values |= {f"{name}_draw": best, name: signed(reached[best], 4), f"{name}_best": signed(ends, 4)}
    return text.said("answer", **values)


def moved_by_the_encoder(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: by how much I(y; z) + H(y|z) changes from the constant code to the one-to-one code, with both terms at both ends."""
    constant, one_to_one = (morph(_population(state), share) for share in (0.0, 1.0))
    sums = [world.information + world.conditional_entropy for world in (constant, one_to_one)]
    return {"value": sums[1] - sums[0], "entropy": constant.entropy, "most": one_to_one.information}


def best_share(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how far from constant (0) to one-to-one (1) the best encoder of the slider is at the β of the link."""
    shares, beta = np.linspace(0, 1, 51), float(state["world_beta"])
    reached = [objective(morph(_population(state), float(share)), beta) for share in shares]
    return {"value": float(shares[int(np.argmin(reached))]), "least": min(reached), "entropy": morph(_population(state), 0.0).entropy}


def left_by_the_tables(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: by how many nats the bound exceeds H(y) with the tables P of the link, and with both optimal ones."""
    world = morph(_population(state), float(state["share"]))
    return {name: objective(world, 1.0, fit) - world.entropy for name, fit in (("value", state["world_fit"]), ("optimal", "both optimal"))}


def _population(state: Mapping[str, Any]) -> np.ndarray:
    return np.array(POPULATIONS[str(state["population"])])
