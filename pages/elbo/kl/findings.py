"""What the page on the divergence concludes, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.elbo.kl.kl_picture.kl_picture import View
from pages.shared.words import Words
from vae_core.explore.elbo.gaussian import PRIOR, Gaussian, kl
from vae_core.explore.elbo.kl import best_width, between, both_ways, shrinking
from vae_core.units import NATS_PER_BIT, signed

HALVED = (0.1, 0.05)


def conclusion(setting: View, text: Words) -> str:
    """What the mean and the width cost, the other way round, and the way round by r."""
    q = setting.q
    there, back = both_ways(q)
    if there < 1e-4:
        return text.said("conclusion-same")
    r = between(q, PRIOR)
    by = {"mean": signed(q.mean**2 / 2), "width": signed(kl(Gaussian(0.0, q.width), PRIOR)), "there": signed(there), "back": signed(back)}
    return text.said("conclusion", **by, round=signed(kl(q, r) + kl(r, PRIOR)))


def answer(setting: View, text: Words) -> str:
    """How much a halved width costs, and where halving stops to pay."""
    at = shrinking(np.array(HALVED), setting.sharpness)
    values = {
        "before": f"{HALVED[0]:g}",
        "after": f"{HALVED[1]:g}",
        "step": signed(float(at.divergence[1] - at.divergence[0]), 3),
        "limit": signed(NATS_PER_BIT, 3),
        "gain": signed(float(at.error[0] - at.error[1]), 3),
        "sharpness": f"{setting.sharpness:.3g}",
        "best": signed(best_width(setting.sharpness), 3),
    }
    return text.said("answer", **values)


def cost_of_halving(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: by how many nats KL(q ‖ N(0, 1)) grows when the width of the link is halved, beside ln 2."""
    mean, width = float(state["kl_mean"]), float(state["kl_width"])
    before, after = (kl(Gaussian(mean, w), PRIOR) for w in (width, width / 2))
    return {"value": after - before, "before": before, "after": after, "limit": NATS_PER_BIT}


def other_way_round(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: KL(p ‖ q) as a multiple of KL(q ‖ p), for the q of the link and p = N(0, 1)."""
    there, back = both_ways(Gaussian(float(state["kl_mean"]), float(state["kl_width"])))
    return {"value": back / there, "there": there, "back": back}
