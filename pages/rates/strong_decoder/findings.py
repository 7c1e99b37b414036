"""What the context has taken from the code, in words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from pages.rates.strong_decoder.cached import best_models
from pages.rates.strong_decoder.controls import Chosen
from pages.shared.words import Words
from vae_core.explore.rates.strong_decoder import CONTEXTS
from vae_core.units import signed


def conclusion(chosen: Chosen, text: Words) -> str:
    """How much of the rate is left with this context, and what the bound gains."""
    model, blind = chosen.model, chosen.blind
    gain = blind.minus_elbo - model.minus_elbo
    section = "conclusion-blind" if not chosen.k else "conclusion-empty" if not model.n_active else "conclusion"
    values = {"rate": signed(model.rate), "most": signed(blind.rate), "gain": signed(gain), "share": f"{100 * model.rate / blind.rate:.0f}"}
    return text.said(section, **values, k=_pixels(chosen.k), active=model.n_active)


def answer(chosen: Chosen, text: Words) -> str:
    """Which step of the context takes most per pixel, and from which context on the code is empty."""
    found = [best_models()[0][chosen.tau, k] for k in CONTEXTS]
    rates = {k: model.rate for k, model in zip(CONTEXTS, found, strict=True)}
    before, after = max(pairwise(CONTEXTS), key=lambda step: (rates[step[0]] - rates[step[1]]) / (step[1] - step[0]))
    values = {"before": before, "after": after, "fall": signed(rates[before] - rates[after]), "tau": f"{chosen.tau:g}"}
    first = next((k for k, model in zip(CONTEXTS, found, strict=True) if not model.n_active), None)
    if first is None:
        return text.said("answer-left", **values, left=signed(found[-1].rate))
    return text.said("answer", **values, first=first)


def left_with_a_row(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: how many per cent of the rate are left where the decoder sees a row of pixels."""
    tau, k = float(state["strong_level"]), int(state["strong_context"])
    models = best_models()[0]
    model, blind = models[tau, k], models[tau, 0]
    gain = blind.minus_elbo - model.minus_elbo
    return {"value": 100 * model.rate / blind.rate, "rate": model.rate, "most": blind.rate, "gain": gain}


def _pixels(k: int) -> str:
    return f"{k} pixel{'' if k == 1 else 's'}"
