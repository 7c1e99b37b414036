"""What the two networks have reached on the ring, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.latent.learn.cached import ring_film
from pages.latent.learn.view import frames_of, whole_epochs
from pages.shared.words import Words
from vae_core.explore.latent.ring import Ring, single_gaussian_kl
from vae_core.explore.latent.ring_learning import RingLearningSpec
from vae_core.jobs.live_runs import LiveRun
from vae_core.statistics import Z_95
from vae_core.units import signed, with_interval


def answer(spec: RingLearningSpec, run: LiveRun | None, text: Words) -> str:
    """Which share of each network's samples lies in the hole, the KL beside the dotted line, and whether the circle goes round."""
    frames = whole_epochs(frames_of(spec, run))
    line = f"{single_gaussian_kl(Ring()):.2f}"
    if not frames:
        return text.said("answer-untrained", line=line)
    regression, vae = frames[-2].metrics, frames[-1].metrics
    holes = {"regression": f"{100 * regression['hole']:.1f}", "vae": f"{100 * vae['hole']:.1f}"}
    section = "answer" if vae["winding"] else "answer-open"
    kl = with_interval(vae["kl"], Z_95 * vae["kl_se"])
    return text.said(section, **holes, line=line, kl=kl, epoch=frames[-1].epoch, turns=signed(vae["winding"], 0), hidden=spec.hidden)


def share_of_the_vae_in_the_hole(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: which share of the shipped VAE's samples lies where the ring has none, in percent, and its KL."""
    last = next(frame.metrics for frame in reversed(ring_film()) if frame.kind == "vae")
    return {"value": 100 * last["hole"], "kl": last["kl"], "line": single_gaussian_kl(Ring())}
