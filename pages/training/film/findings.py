"""How far a training had come at an epoch, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pages.shared import cached
from pages.shared.words import Words
from pages.training.numbers import named, score, spread, unit
from vae_core.explore.means import mean_of_few, ratio_of, to_earned
from vae_core.explore.training.training_figure import curve, terms_of
from vae_core.explore.training.training_film import Snapshot
from vae_core.specs import ModelSpec

HALF, LITTLE = 0.5, 0.1


def conclusion(spec: ModelSpec, history: Sequence[dict[str, Any]], epoch: int | None, text: Words, film: Sequence[Snapshot] = ()) -> str:
    """Which share of the way from its first to its last value the score had gone by an epoch; without scores, what the film says.

    Args:
        spec: of the training.
        history: every epoch.
        epoch: that is shown, or the nearest to it; the last one for None.
        text: of the page.
        film: its snapshots.
    """
    if not history:
        return _of_the_film(film, text) if film else text.said("conclusion-unknown")
    row = -1 if epoch is None else min(range(len(history)), key=lambda k: abs(history[k]["epoch"] - epoch))
    term = terms_of(history)[-1]
    values = curve(history, term, "test")
    gone = 100 * (values[row] - values[0]) / (values[-1] - values[0]) if values[-1] != values[0] else 100.0
    numbers = {
        "epoch": history[row]["epoch"],
        "last": history[-1]["epoch"],
        "term": named(term),
        "value": f"{to_earned(values[row], spread(spec, term, history[row]))}{unit(term)}",
        "end": f"{score(values[-1], spec, term, history[-1])}{unit(term)}",
    }
    return text.said("conclusion", **numbers, gone=f"{gone:.0f}")


def _of_the_film(film: Sequence[Snapshot], text: Words) -> str:
    """How the error of the images that are shown changed."""
    first, last = (film[k] for k in (0, -1))
    before, after = mean_of_few(first.sse), mean_of_few(last.sse)
    less = ratio_of(first.sse - last.sse, first.sse)
    section = "conclusion-film" if less.value >= LITTLE else "conclusion-film-little"
    errors = {"before": before, "after": after, "share": less.in_percent}
    what = {"n": len(last.sse), "things": things(last)}
    return text.said(section, first=first.epoch, last=last.epoch, **what, **errors)


def things(shot: Snapshot) -> str:
    """What is shown, in a word."""
    return "images" if shot.reconstructions.ndim == 4 else "points"


def answer(spec: ModelSpec, history: Sequence[dict[str, Any]], text: Words, film: Sequence[Snapshot] = ()) -> str:
    """The epoch at which the rate passes half of what it ends at; without a rate, that at which half of the error's fall is done."""
    if not history:
        return _answer_of_the_film(film, text)
    epochs = [event["epoch"] for event in history]
    if "rate" not in terms_of(history):
        errors = curve(history, "sse", "test")
        at = int(np.argmax(errors <= errors[-1] + HALF * (errors[0] - errors[-1])))
        first = to_earned(errors[0], spread(spec, "sse", history[0]))
        return text.said("answer-no-rate", epoch=epochs[at], first=first, end=score(errors[-1], spec, "sse", history[-1]))
    rates, distortions = (curve(history, term, "test") for term in ("rate", "distortion"))
    at = int(np.argmax(rates >= HALF * rates[-1]))
    top, last = int(rates.argmax()), history[-1]
    shown = {"rate": at, "most": top, "begins": 0}
    values = {name: to_earned(rates[k], spread(spec, "rate", history[k])) for name, k in shown.items()}
    falls = to_earned(distortions[-1] - distortions[0], spread(spec, "distortion", last))
    return text.said("answer", **values, end=score(rates[-1], spec, "rate", last), epoch=epochs[at], top=epochs[top], falls=falls)


def _answer_of_the_film(film: Sequence[Snapshot], text: Words) -> str:
    if len(film) < 2:
        return text.said("answer-untrained")
    errors = np.array([shot.sse.mean() for shot in film])
    at = int(np.argmax(errors <= errors[-1] + HALF * (errors[0] - errors[-1])))
    return text.said("answer-film", epoch=film[at].epoch, first=mean_of_few(film[0].sse), end=mean_of_few(film[-1].sse))


def half_way(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: the epoch by which the rate has passed half of what it ends at, in percent of all epochs."""
    spec = cached.specs(str(state["dataset"]), int(state["latent_dim"]))["vae"]
    history = cached.by_fingerprint()[spec.fingerprint].history
    rates = curve(history, "rate", "test")
    epoch = history[int(np.argmax(rates >= HALF * rates[-1]))]["epoch"]
    return {
        "value": 100 * epoch / history[-1]["epoch"],
        "epoch": epoch,
        "last": history[-1]["epoch"],
        "end": score(rates[-1], spec, "rate", history[-1]),
    }
