"""What *Denoising* concludes from its numbers, and the answers to what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.autoencoders.denoising import cached as caches
from pages.autoencoders.denoising import view
from pages.autoencoders.denoising.controls import CODES, KINDS, MATRIX, Setting
from pages.shared.words import Words
from vae_core.explore.autoencoders import denoising
from vae_core.explore.autoencoders.denoising import BEST, LINEAR, PLAIN, STRENGTHS, STRENGTHS_TRIED
from vae_core.explore.autoencoders.denoising_figure import NOISES, TITLES
from vae_core.explore.means import Mean, mean_of, ratio_of


def conclusion(setting: Setting, text: Words) -> str:
    """What the numbers of the view say."""
    if not {PLAIN, LINEAR, *KINDS} <= set(setting.specs):
        return text.said("conclusion-untrained")
    if setting.show == MATRIX:
        return _of_the_matrix(setting, text)
    if setting.show == CODES:
        return _of_the_codes(setting, text)
    if setting.painted:
        return _of_the_painted(setting, text)
    of = view.errors(setting, setting.kind, setting.strength)
    apart, linear = mean_of(of[setting.kind] - of[BEST]), mean_of(of[LINEAR] - of[BEST])
    section = "conclusion-alike" if not apart.tells_apart else "conclusion" if apart.value < 0 else "conclusion-worse"
    values = {"noise": setting.noise, "own": TITLES[setting.kind], "best": mean_of(of[BEST]), "sse": mean_of(of[setting.kind])}
    beaten = "loses against that best one" if linear.value > 0 else "beats that best one"
    values["linear"] = beaten if linear.tells_apart else "is not told from that best one"
    return text.said(section, **values, times=ratio_of(of[setting.kind], of[BEST]))


def _of_the_painted(setting: Setting, text: Words) -> str:
    """What the model that knows the noise makes of the painted pixels and of the others, and which denoiser has the least error of all."""
    of = view.painted_errors(setting)
    inside, outside = (mean_of(part) for part in of[setting.kind])
    least = min(of, key=lambda name: of[name].sum())
    values = {"noise": setting.noise, "own": TITLES[setting.kind], "before": mean_of(view.painted_noise(setting))}
    values |= {"least": TITLES[least], "sse": mean_of(of[least].sum(0))}
    return text.said("conclusion-painted", **values, inside=inside, outside=outside)


def _of_the_matrix(setting: Setting, text: Words) -> str:
    """For how many noises the model that knows it is the best of the trained ones, and which is an exception."""
    leads = {kind: _leading(setting, kind) for kind in KINDS}
    own = [kind for kind, (name, _) in leads.items() if name == kind]
    others = [f"for {NOISES[kind]} it is {TITLES[name]}" for kind, (name, _) in leads.items() if name != kind]
    clean, _ = _leading(setting, "none")
    values = {"n": len(own), "of": len(KINDS), "clean": TITLES[clean], "others": "; ".join(others)}
    return text.said("conclusion-matrix" if not others else "conclusion-matrix-but", **values)


def _leading(setting: Setting, kind: denoising.Corruption) -> tuple[str, Mean]:
    """Which trained model has the least error on a noise, and how far the next is above it."""
    of = {name: values for name, values in view.errors(setting, kind, STRENGTHS_TRIED[kind]).items() if name != BEST}
    first, second, *_ = sorted(of, key=lambda name: of[name].mean())
    return first, mean_of(of[second] - of[first])


def _of_the_codes(setting: Setting, text: Words) -> str:
    """Whether training with the noise keeps the codes in place, and what it does to the gap between training and test images."""
    moved = {name: mean_of(caches.drift(setting.specs[name], setting.kind, setting.strength)) for name in (PLAIN, setting.kind)}
    gaps = {name: _gap(*view.clean(setting)[name]) for name in moved}
    noise = f"{setting.noise[0].upper()}{setting.noise[1:]}"
    values = {"noise": noise, "own": TITLES[setting.kind], "moved": moved[setting.kind].in_percent, "plain": moved[PLAIN].in_percent}
    return text.said("conclusion-codes", **values, gap=gaps[setting.kind], plain_gap=gaps[PLAIN])


def _gap(train: Mean, test: Mean) -> str:
    """By how many percent the test error is above the training error, which is of other images; or that they are not told apart."""
    times = test.over(train, None)
    above = Mean(times.value - 1, times.half_width, times.n).in_percent
    if not above.tells_apart:
        return "not told from"
    return f"{above} % above" if above.value > 0 else f"{-above} % below"


def answer(setting: Setting, text: Words) -> str:
    """Which model is best on each noise, and what the one that was trained with a mask makes of images without."""
    if not {PLAIN, LINEAR, *KINDS} <= set(setting.specs):
        return text.said("conclusion-untrained")
    leads = {kind: _leading(setting, kind) for kind in STRENGTHS_TRIED}
    best = "; ".join(f"{NOISES[kind]}: {TITLES[name]} (the next is {gap} above)" for kind, (name, gap) in leads.items())
    clean = view.errors(setting, "none", 0.0)
    return text.said("answer", best=best, mask=mean_of(clean["mask"]), plain=mean_of(clean[PLAIN]))


def error_beside_best_linear(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the error of the autoencoder trained with Gaussian noise, as a multiple of the best linear denoiser's."""
    dataset, sigma = str(state["dn_data"]), STRENGTHS["gaussian"]
    own = caches.errors(denoising.specs(dataset)["gaussian"], "gaussian", sigma)
    best = caches.best_errors(dataset, "gaussian", sigma)
    times = ratio_of(own, best)
    return {"value": times.value, "times": times, "own": mean_of(own), "best": mean_of(best), "sigma": sigma}


def codes_moved(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: how far Gaussian noise moves the codes of the denoising autoencoder, beside how far it moves the plain one's."""
    specs, sigma = denoising.specs(str(state["dn_data"])), STRENGTHS["gaussian"]
    plain, own = (caches.drift(specs[name], "gaussian", sigma) for name in (PLAIN, "gaussian"))
    times = ratio_of(own, plain)
    return {"value": times.value, "times": times, "own": mean_of(own).in_percent, "plain": mean_of(plain).in_percent, "sigma": sigma}
