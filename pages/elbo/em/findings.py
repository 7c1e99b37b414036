"""What the page on EM concludes, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.elbo.em import cached as em_cached
from pages.elbo.em.controls import K_MEANS, MIXTURE, VAE, Chosen
from pages.elbo.em.view import Path, path_of
from pages.shared.words import Words
from vae_core.data import drawn
from vae_core.units import nats, signed

CLOSED = 1e-9
"""Nats that count as no gap."""
SEEN = 5e-5
"""Nats that show in four decimals."""


def conclusion(path: Path, text: Words) -> str:
    """What the last step did to the gap and to the likelihood."""
    n, now = path.chosen.n, path.now
    gap = now.log_px - now.bound
    values = {"n": n, "gap": f"{gap:.4f}", "log_px": signed(now.log_px, 3)}
    if path.chosen.model == K_MEANS:
        before = path.states[max(n - 1, 0)]
        settled = n > 1 and abs(now.bound - path.states[n - 2].bound) < CLOSED
        section = "conclusion-k-means-settled" if settled else "conclusion-k-means"
        return text.said(section if n else "conclusion-k-means-start", sse=f"{-now.bound:.3f}", fell=f"{now.bound - before.bound:.3f}")
    if n == 0:
        return text.said("conclusion-start-single" if abs(gap) < CLOSED else "conclusion-start", **values)
    if path.chosen.model == VAE:
        return text.said("conclusion-vae", **values)
    before = path.states[n - 1]
    bound, log_px = now.bound - before.bound, now.log_px - before.log_px
    if max(abs(bound), abs(log_px)) < SEEN:
        return text.said("conclusion-settled", **values, step=now.step)
    if now.step == "E":
        return text.said("conclusion-e", **values, raised=f"{bound:.4f}")
    return text.said("conclusion-m-single" if abs(gap) < CLOSED else "conclusion-m", **values, raised=f"{log_px:.4f}")


def answer(chosen: Chosen, text: Words) -> str:
    """What the first E step and the first M step do on these points, and that the gap of a VAE does not close."""
    k = max(chosen.k, 2)
    start, e, m = path_of(Chosen(MIXTURE, chosen.code, k, chosen.seed, 0)).states[:3]
    values = {"closed": e.bound - start.bound, "lifted": m.log_px - e.log_px, "reopened": m.log_px - m.bound}
    return text.said(
        "answer",
        n=em_cached.N_POINTS,
        k=k,
        moved=f"{abs(e.log_px - start.log_px):.3f}",
        **{name: nats(value) for name, value in values.items()},
    )


def moved_by_the_e_step(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: by how much the first E step moves log p(x) and lifts the bound, and what the M step lifts, nats per point."""
    code = drawn.presets()[str(state["em_points"])]
    start, e, m = path_of(Chosen(MIXTURE, code, int(state["em_k"]), int(state["em_seed"]), 0)).states[:3]
    return {"value": e.log_px - start.log_px, "lifted": e.bound - start.bound, "gap": e.log_px - e.bound, "by_m": m.log_px - e.log_px}
