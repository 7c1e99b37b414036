"""What guessing concludes, and what it answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pages.elbo.evidence import cached as evidence
from pages.elbo.evidence.guess import view
from pages.elbo.evidence.guess.controls import Guess, dims
from pages.shared.words import Words
from vae_core.explore.elbo.guessing import log_mean
from vae_core.units import signed, tiny, with_interval

SHOWN = (100, 1_000, 10_000)
"""Numbers of draws in the answer."""
CLOSE = 1.0
"""Nats that an estimate may miss and still be called close."""


def conclusion(guess: Guess, text: Words) -> str:
    """How many draws count, and by how much the estimate misses."""
    made, exact = view.draws(guess), view.image(guess).log_evidence
    error = log_mean(made.log_weights) - exact
    if guess.posterior:
        return text.said("conclusion-posterior", n=f"{guess.n:,}", spread=tiny(np.ptp(made.log_weights)))
    values = {"n": f"{guess.n:,}", "share": _percent(made.shares.max()), "size": f"{made.effective_size:,.1f}"}
    far = {"error": signed(error, 1 if abs(error) >= CLOSE else 2), "factor": f"{abs(error) / np.log(10):,.0f}"}
    return text.said("conclusion-close" if abs(error) < CLOSE else "conclusion", **values, **far)


def _percent(share: float) -> str:
    """A share, which is never said to be all."""
    return "more than 99.9 %" if share > 0.999 else f"{100 * share:.3g} %"


def answer(guess: Guess, text: Words) -> str:
    """The median error of many seeds, for each d that needs no fitting and the chosen one."""
    known = [d for d in dims(guess.dataset) if d == guess.latent_dim or evidence.is_trained(guess.dataset, d)]
    rows = [_row(replace(guess, latent_dim=d, posterior=False)) for d in known]
    table = "\n".join(["| d | " + " | ".join(f"K = {k:,}" for k in SHOWN) + " |", "|" + "---|" * (len(SHOWN) + 1), *rows])
    return text.said("answer", index=guess.index, table=table)


def _row(guess: Guess) -> str:
    """The median errors at one d, as a line of a table."""
    steps, exact = view.ladder(guess, SHOWN[-1]), view.image(guess).log_evidence
    errors = dict(zip(steps.counts.tolist(), zip(steps.median - exact, steps.half_width, strict=True), strict=True))
    return f"| {guess.latent_dim} | " + " | ".join(with_interval(*map(float, errors[k])) for k in SHOWN) + " |"
