"""What the page on posteriors concludes, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.elbo.posterior import cached as posterior
from pages.elbo.posterior.controls import COSTS, IMAGES, LADDER, TIME
from pages.elbo.posterior.view import View
from pages.shared import cached, controls
from pages.shared.words import Words
from vae_core.explore.elbo.gaps import Gaps
from vae_core.explore.means import Mean, Share, ratio_of
from vae_core.units import nats

REACHED = 0.5
"""Nats below log p(x) from which on a bound has not reached it."""
PRICES = {
    "family: q is a Gaussian": "{gaussian}",
    "family: q is diagonal, too": "{diagonal}",
    "amortization: one encoder for all images": "{amortization}",
    "bound: training maximizes the ELBO, not log p(x)": "{gap}, the sum of the above",
    "Monte Carlo: one draw of z per image": "no bias, standard deviation {draw}",
}
"""What a VAE approximates, and where its cost stands among `means_of`."""


def conclusion(view: View, text: Words) -> str:
    """What the chart beside the map shows of this image."""
    shown, one = view.chosen.shown, view.split
    if shown == LADDER:
        return _of_the_ladder(view, text)
    if shown == TIME:
        return _of_the_race(view, text)
    if shown == IMAGES and view.chosen.is_plane:
        return text.said("conclusion-images", **means_of(posterior.gaps(view.chosen.spec)))
    values = {"gap": nats(one.gap), "amortization": nats(one.amortization), "diagonal": nats(one.diagonal), "gaussian": nats(one.gaussian)}
    if shown == COSTS:
        return text.said("conclusion-costs" if view.chosen.is_plane else "conclusion-costs-bound", draw=nats(one.draw), **values)
    whose = "encoder" if one.amortization > one.approximation else "family"
    sentence = text.said(f"conclusion-{whose}" if view.chosen.is_plane else "conclusion-bound", **values)
    return " ".join([sentence, *_moved(view, text)])


def _moved(view: View, text: Words) -> list[str]:
    """What the ascent has reached so far."""
    step = min(view.chosen.step, len(view.path) - 1)
    if step == 0:
        return []
    where = "diagonal" if step == view.n_diagonal else "full" if step == len(view.path) - 1 else "way"
    return [text.said(f"moved-{where}", n="1 step" if step == 1 else f"{step} steps", left=nats(view.gap_now))]


def _of_the_ladder(view: View, text: Words) -> str:
    steps = posterior.ladder(view.chosen.spec, view.chosen.image)
    left = view.split.log_px - steps.bounds
    values = {
        "first": nats(left[0]),
        "most": f"{steps.counts[-1]:,}",
        "last": nats(abs(left[-1])),
        "side": "below" if left[-1] > 0 else "above",
    }
    of_the_plane = "conclusion-ladder" if left[-1] < REACHED else "conclusion-ladder-far"
    return text.said(of_the_plane if view.chosen.is_plane else "conclusion-ladder-bound", **values)


def _of_the_race(view: View, text: Words) -> str:
    run = posterior.race(view.chosen.spec, view.chosen.image)
    values = {"encoder": f"{1000 * run.encoder_seconds:.2g}", "total": f"{1000 * run.seconds[-1]:,.0f}", "steps": 200}
    if run.overtakes is None:
        return text.said("conclusion-time-never", **values, short=nats(run.encoder_elbo - float(run.elbos[-1])))
    return text.said("conclusion-time", **values, after=f"{1000 * run.overtakes:,.0f}", times=f"{run.overtakes / run.encoder_seconds:,.0f}")


def means_of(known: Gaps) -> dict[str, str]:
    """Means over the test images, with their intervals, and how often the encoder's part is the larger one."""
    share = Share(int((known.amortization > known.approximation).sum()), len(known.images))
    means = {name: str(known.mean(name)) for name in ("amortization", "approximation", "diagonal", "gaussian", "gap", "draw")}
    return means | {"share": str(share), "n": f"{len(known.images)}", "median": nats(float(np.median(known.gap)))}


def answer(view: View, text: Words) -> str:
    """Which part of the gap is the larger one, over all test images; the four approximations with what each costs."""
    one = view.split
    here = {"amortization": one.amortization, "approximation": one.approximation, "gap": one.gap, "draw": one.draw}
    if not view.chosen.is_plane:
        return text.said("answer-bound", image=view.chosen.image, **{name: nats(value) for name, value in here.items()})
    means = means_of(posterior.gaps(view.chosen.spec))
    rows = (f"| {name} | {cost.format(**means)} |" for name, cost in PRICES.items())
    table = "\n".join(["| approximation | cost, with its 95 % confidence interval |", "|---|---|", *rows])
    return text.said("answer", **means, title=controls.called(view.chosen.spec.dataset), table=table)


def notebook(view: View, text: Words) -> str:
    """Lines that split the gap of this image."""
    spec = view.chosen.spec
    section = "notebook" if view.chosen.is_plane else "notebook-bound"
    return text.lines(section, dataset=spec.dataset, d=spec.latent_dim, image=view.chosen.image)


def encoders_share(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: how much of the mean gap over the test images is the encoder's, in percent, and both parts in nats."""
    known = posterior.gaps(cached.specs(str(state["dataset"]), 2)["vae"])
    share = ratio_of(known.amortization, known.gap).in_percent
    parts = {"encoder": known.mean("amortization"), "family": known.mean("approximation")}
    return {"value": share.value, "share": share, **parts, "n": len(known.images)}
