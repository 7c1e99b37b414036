"""Whether z is used, in words, and at which σ it comes alive."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from pages.shared import cached
from pages.shared.words import Words
from pages.training.numbers import named, score, unit
from pages.training.train.cached import eigenvalues
from vae_core.explore import training_collapse
from vae_core.explore.training.training_figure import curve, terms_of
from vae_core.specs import ModelSpec

SCALES = (1.0, 0.2)
"""σ that the page asks one to try, at β = 1."""


def conclusion(spec: ModelSpec, history: Sequence[dict[str, Any]], text: Words, *, has_data: bool) -> tuple[str, bool]:
    """What is known after the last epoch, or beforehand, and whether it is a symptom."""
    theory = training_collapse.prediction(spec, partial(eigenvalues, spec.dataset)) if has_data else ""
    if not history:
        return text.said("conclusion-untrained", theory=theory).strip(), False
    last, free = history[-1], cached.z_free(spec) if has_data else None
    if "rate" not in last["test"] or free is None or spec.is_closed_form:
        term = terms_of(history)[-1]
        end = score(curve(history, term, "test")[-1], spec, term, last)
        values = {"epoch": last["epoch"], "term": named(term), "value": f"{end}{unit(term)}"}
        return text.said("conclusion", **values, theory=theory).strip(), False
    rate, bound = last["test"]["rate"], last["test"]["distortion"] + last["test"]["rate"]
    scores = {"rate": score(rate, spec, "rate", last), "bound": score(bound, spec, "elbo", last), "free": free.mean}
    values = scores | {"how": free.how, "theory": theory}
    if training_collapse.is_nearly_unused(last, free):
        return text.said("conclusion-unused", **values), True
    return text.said("conclusion-worse" if bound > free.test else "conclusion-used", **values), bound > free.test


def answer(spec: ModelSpec, text: Words, *, has_data: bool) -> str:
    """The σ below which the first dimension survives at β = 1, and how many survive at the two that one is asked to try."""
    if not has_data:
        return text.said("answer-no-images")
    known = eigenvalues(spec.dataset)
    kept = [int((known[: spec.latent_dim] > scale**2).sum()) for scale in SCALES]
    values = {"first": f"{known[0]:.3g}", "sigma": f"{np.sqrt(known[0]):.2f}", "dims": spec.latent_dim}
    return text.said("answer", **values, wide=f"{SCALES[0]:g}", wide_kept=kept[0], narrow=f"{SCALES[1]:g}", narrow_kept=kept[1])
