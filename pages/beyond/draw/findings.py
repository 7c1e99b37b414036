"""What *Step by step* concludes from its numbers, and the answers to what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.beyond.draw import cached as caches
from pages.beyond.draw import view
from pages.beyond.draw.view import Setting
from pages.shared.words import Words
from vae_core.explore.beyond.draw import STEPS, StepTerms
from vae_core.explore.means import Mean, mean_of, ratio_of
from vae_core.units import tiny


def conclusion(setting: Setting, text: Words) -> str:
    """Whether the steps make the bound better, beside one step and beside the VAE, and how the rate is spread over them."""
    if setting.stop < setting.n_steps:
        return _of_the_rest(setting, text)
    if setting.n_steps == 1:
        apart = np.abs(setting.terms.negative_elbo() - caches.as_vae()).max()
        return f"{text.said('conclusion-one', apart=tiny(float(apart)))} {_beside_the_vae(setting.terms, text)}"
    sentences = (_beside_one_step(setting, text), _of_all(text), _beside_the_vae(setting.terms, text), _spread(setting.terms, text))
    return " ".join(filter(None, sentences))


def _beside_one_step(setting: Setting, text: Words) -> str:
    apart = mean_of(caches.step_terms(1).negative_elbo() - setting.terms.negative_elbo())
    section = "conclusion-alike" if not apart.tells_apart else "conclusion-better" if apart.value > 0 else "conclusion-worse"
    return text.said(section, steps=setting.n_steps, nats=apart if apart.value > 0 else -apart, n=f"{apart.n:,}")


def _of_all(text: Words) -> str:
    """Which number of steps has the lowest −ELBO; nothing where the images do not tell it from the next."""
    best, ahead = best_of_all()
    return text.said("best", best=best, nats=ahead) if ahead.tells_apart else ""


def best_of_all() -> tuple[int, Mean]:
    """The number of steps with the lowest −ELBO, and by how much the next is above it on the same images."""
    scores = {n_steps: caches.step_terms(n_steps).negative_elbo() for n_steps in STEPS}
    best, second, *_ = sorted(scores, key=lambda n_steps: scores[n_steps].mean())
    return best, mean_of(scores[second] - scores[best])


def _beside_the_vae(terms: StepTerms, text: Words) -> str:
    apart = mean_of(terms.negative_elbo() - caches.negative_elbo_of_vae(caches.vae()))
    section = "vae-alike" if not apart.tells_apart else "vae-better" if apart.value > 0 else "vae-worse"
    own = caches.n_weights(terms.n_steps)
    values = {"nats": apart if apart.value > 0 else -apart, "d": caches.VAE_DIM}
    return text.said(section, **values, times=f"{caches.n_weights_of_vae(caches.vae()) / own:.1f}")


def _spread(terms: StepTerms, text: Words) -> str:
    half = terms.n_steps // 2
    return text.said("spread", half=half, share=share_of_first(terms, half).in_percent, rate=mean_of(terms.rates.sum(0)))


def share_of_first(terms: StepTerms, n_steps: int) -> Mean:
    """The part of the whole rate that the first steps pay."""
    return ratio_of(terms.rates[:n_steps].sum(0), terms.rates.sum(0))


def _of_the_rest(setting: Setting, text: Words) -> str:
    """What the steps that are not made would cost and gain."""
    terms, stop = setting.terms, setting.stop
    costs, gains = terms.rates[stop:].sum(0), terms.gained[stop:].sum(0)
    net = mean_of(gains - costs)
    section = "rest-alike" if not net.tells_apart else "rest-worth" if net.value > 0 else "rest-not-worth"
    values = {"stop": stop, "paid": mean_of(costs), "gained": mean_of(gains), "net": net if net.value > 0 else -net}
    return text.said(section, **values, rest=setting.n_steps - stop)


def answer(setting: Setting, text: Words) -> str:
    """Which step gains most for each nat that it pays, and the table of all."""
    terms = setting.terms
    per_nat = [ratio_of(fall, rate) for fall, rate in zip(terms.gained, terms.rates, strict=True)]
    best = int(np.argmax([ratio.value for ratio in per_nat]))
    least = int(np.argmin([ratio.value for ratio in per_nat]))
    values = {"best": best + 1, "most": per_nat[best], "worst": least + 1, "least": per_nat[least]}
    lines = ["| Step | Paid: KL, nats | Gained, nats | Gained per nat paid |", "| --- | --- | --- | --- |"]
    rows = zip(view.paid(terms), view.gained(terms), per_nat, strict=True)
    lines += [f"| {t} | {paid} | {gained} | {ratio} |" for t, (paid, gained, ratio) in enumerate(rows, 1)]
    return "\n".join([text.said("answer" if terms.n_steps > 1 else "answer-one", **values), "", *lines])


def best_number_of_steps(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: which number of steps has the lowest −ELBO, and by how much."""
    best, ahead = best_of_all()
    one, *_, most = (mean_of(caches.step_terms(n_steps).negative_elbo()) for n_steps in STEPS)
    own = mean_of(caches.step_terms(best).negative_elbo())
    return {"value": best, "ahead": ahead, "own": own, "one": one, "most": most}
