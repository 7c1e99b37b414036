"""What the two networks have reached on the ring, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.latent.learn.cached import ring_film
from pages.latent.learn.view import frames_of, whole_epochs
from pages.shared.words import Words
from vae_core.explore.latent.ring import Ring, share_in_the_hole, single_gaussian_kl
from vae_core.explore.latent.ring_learning import RingLearningSpec
from vae_core.explore.means import Mean
from vae_core.jobs.live_runs import LiveRun
from vae_core.units import signed


def answer(spec: RingLearningSpec, run: LiveRun | None, text: Words) -> str:
    """Which share of each network's samples lies in the hole, the KL beside the dotted line, and whether the circle goes round."""
    frames = whole_epochs(frames_of(spec, run))
    line = f"{single_gaussian_kl(Ring()):.2f}"
    if not frames:
        return text.said("answer-untrained", line=line)
    regression, vae = frames[-2:]
    holes = {"regression": str(regression.hole), "vae": str(vae.hole)}
    turns = vae.metrics["winding"]
    values = {"line": line, "kl": vae.mean("kl"), "epoch": vae.epoch, "turns": signed(turns, 0), "hidden": spec.hidden}
    return text.said("answer" if turns else "answer-open", **holes, **values)


def share_of_the_vae_in_the_hole(state: Mapping[str, Any]) -> dict[str, float | str | Mean]:
    """For a lecture: which share of the shipped VAE's samples lies where the ring has none, in percent, what its noise alone brings there,
    and its KL."""
    last = next(frame for frame in reversed(ring_film()) if frame.kind == "vae")
    noise = 100 * share_in_the_hole(Ring(), last.metrics["scale"])
    values = {"noise": noise, "kl": last.mean("kl"), "line": single_gaussian_kl(Ring())}
    return {"value": 100 * last.hole.share, "hole": str(last.hole), **values}
