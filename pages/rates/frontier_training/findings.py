"""Where a sweep of models stands, in words, and which of them leaves the star last."""

from __future__ import annotations

import numpy as np

from pages.rates.frontier_training.view import smallest
from pages.shared.words import Words
from vae_core.explore.means import as_earned
from vae_core.explore.rates.frontier_training import Sweep
from vae_core.models.vae import VAESpec

AT_THE_STAR = 0.5
"""Nats of rate up to which a model is at the star: its code says next to nothing."""


def conclusion(sweep: Sweep | None, text: Words) -> str:
    """How many models have left rate 0 after the last epoch, and which has the best ELBO."""
    if sweep is None or not sweep.n_done:
        return text.said("conclusion-untrained")
    left, (best, total) = int((sweep.rate[-1] > AT_THE_STAR).sum()), smallest(sweep)
    values = {"n": len(sweep.specs), "left": left, "epoch": sweep.n_done, "limit": AT_THE_STAR}
    return text.said("conclusion", **values, model=_name(best), best=as_earned(total))


def answer(sweep: Sweep | None, text: Words) -> str:
    """Which model leaves the star last, after which epoch, and how many never do."""
    if sweep is None or not sweep.n_done:
        return text.said("answer-untrained")
    away = sweep.rate > AT_THE_STAR  # (E, M)
    leaves = away.any(0)
    epochs = np.where(leaves, away.argmax(0) + 1, 0)
    stay = int((~leaves).sum())
    least, most = (as_earned(sweep.mean("rate", 1, int(find(sweep.rate[0])))) for find in (np.nanargmin, np.nanargmax))
    if epochs.min() == epochs.max() == 1:
        return text.said("answer-at-once", n=len(sweep.specs), least=least, most=most)
    values = {"limit": AT_THE_STAR, "stay": stay or "None", "verb": "stays" if stay == 1 else "stay", "n": len(sweep.specs)}
    last = int(epochs.argmax())
    return text.said("answer", **values, model=_name(sweep.specs[last]), epoch=int(epochs[last]), most=most)


def _name(spec: VAESpec) -> str:
    return f"d = {spec.latent_dim}, β = {spec.beta:g}"
