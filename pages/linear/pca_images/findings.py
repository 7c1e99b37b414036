"""What PCA of images concludes from its numbers, and the answer to what it asks one to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pages.linear.pca_images import cached as caches
from pages.linear.pca_images.view import FACES, MOVE, N_MOVED, NOISES, PPCA, Setting, below, small
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.linear.pca_images import components_for, kept
from vae_core.explore.linear.three_ways import N_STEPS, closed_form, log_px

ARRIVED = 0.1
"""Nats per image below the closed form that count as having reached it."""


def conclusion(setting: Setting, text: Words) -> str:
    """How much of the images so many components hold; of faces, which way to tell them is right more often."""
    eigenvalues = setting.exact.eigenvalues
    if setting.show == FACES:
        told = caches.faces(setting.n_states)
        gap = told.gap
        better, worse = ("Logistic regression", "the mixture") if gap.value > 0 else ("The mixture", "logistic regression")
        values = {"better": better, "worse": worse, "points": f"{100 * abs(gap.value):.1f}"}
        return text.said("conclusion-faces" if gap.tells_apart else "conclusion-faces-alike", **values)
    if setting.show == PPCA:
        em, gradient = below(setting)
        section = {(False, False): "", (False, True): "-gradient-late", (True, False): "-em-late", (True, True): "-both-late"}
        values = {"n": f"{N_STEPS:,}", "noise": setting.noise, "em": in_words(em), "gradient": in_words(gradient)}
        return text.said(f"conclusion-ways{section[em > ARRIVED, gradient > ARRIVED]}", **values)
    if setting.show == MOVE and setting.own is not None and setting.x is not None:
        shares = {"own": kept(setting.exact, setting.x[None], N_MOVED), "test": caches.test_kept(setting.choice.dataset, N_MOVED)}
        return text.said("conclusion-move-own", n=N_MOVED, **{name: f"{100 * share:.0f}" for name, share in shares.items()})
    if setting.show == MOVE:
        held = 100 * eigenvalues[:N_MOVED].sum() / eigenvalues.sum()
        return text.said("conclusion-move", n=N_MOVED, held=f"{held:.0f}", rest=f"{100 - held:.0f}")
    k = setting.n_components
    values = {"k": k, "kept": f"{100 * eigenvalues[:k].sum() / eigenvalues.sum():.1f}", "pixels": f"{len(eigenvalues):,}"}
    if k >= setting.exact.rank:
        return text.said("conclusion-rank", k=k, title=setting.choice.title)
    return text.said("conclusion", ninety=setting.counts[0.9], title=setting.choice.title, **values)


def in_words(gap: float) -> str:
    """`view.small` within a sentence."""
    return small(gap).replace("<", "less than")


def task(setting: Setting, text: Words) -> str:
    """What to try."""
    return text.said("try-ways") if setting.show == PPCA else text.try_this


def answer(setting: Setting, text: Words) -> str:
    """How many components it takes; of the ways to pPCA, where each ends from a small σ² and from a large one."""
    if setting.show == PPCA:
        ends = {name: below(replace(setting, noise=noise)) for name, noise in (("small", NOISES[0]), ("large", NOISES[-1]))}
        gaps = {f"{way}_{name}": in_words(gap) for name, pair in ends.items() for way, gap in zip(("em", "gradient"), pair, strict=True)}
        return text.said("answer-ways", n=f"{N_STEPS:,}", d=setting.n_components, least=NOISES[0], most=NOISES[-1], **gaps)
    names = dict(zip(("ninety", "ninety_five", "ninety_nine"), setting.counts.values(), strict=True))
    return text.said("answer", title=setting.choice.title, pixels=f"{len(setting.exact.eigenvalues):,}", rank=setting.exact.rank, **names)


def components_for_nine_tenths(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how many components hold nine tenths of the variance, and what the first one holds, in percent."""
    eigenvalues = cached.spectrum(str(state["dataset"])).eigenvalues
    first = 100 * float(eigenvalues[0] / eigenvalues.sum())
    return {"value": components_for(eigenvalues, 0.9), "n": len(eigenvalues), "first": first}


def steps_to_the_closed_form(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: after how many steps EM is within `ARRIVED` of the closed form, and gradient ascent from the same start."""
    dataset, d, noise = str(state["dataset"]), int(state["ppca_d"]), float(state["ppca_noise"])
    eigenvalues = cached.spectrum(dataset).eigenvalues
    nearly = log_px(eigenvalues, closed_form(eigenvalues, d)) - ARRIVED
    em, ascent = (next((t for t, reached in enumerate(way.log_px) if reached > nearly), None) for way in caches.ways(dataset, d, noise, 0))
    late = f"more than {N_STEPS:,}"
    return {"value": N_STEPS + 1 if em is None else em, "em": em or late, "gradient": ascent or late}
