"""What the page on the divergence concludes, and what it answers."""

from __future__ import annotations

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
