"""Which approach has which ticks, and which comes closest to the data, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.beyond.approaches.view import COLUMNS, POINTS, Setting, asked
from pages.shared.words import Words, listed
from vae_core.explore.beyond.approaches import STEPS
from vae_core.explore.beyond.approaches_figure import LOOKS


def conclusion(setting: Setting, text: Words) -> str:
    """Who has all ticks, or the most; who is closest to the density of the data, and who is farthest."""
    return f"{_ticks(setting, text)} {_closest(setting, text)}"


def _ticks(setting: Setting, text: Words) -> str:
    n_ticks = {name: sum(one.ticks) for name, one in asked(setting.dataset).items()}
    most = max(n_ticks.values())
    best = [_the(name) for name, n in n_ticks.items() if n == most]
    section = "conclusion-all-ticks" if most == len(COLUMNS) else "conclusion-ticks"
    return text.said(section, best=listed(best), n=most, verb="has" if len(best) == 1 else "have")


def _closest(setting: Setting, text: Words) -> str:
    gaps = setting.gaps
    best, worst = (pick(gaps, key=lambda name: gaps[name].value) for pick in (min, max))
    ties = [name for name in gaps if name != best and not gaps[name].less(gaps[best]).tells_apart]
    values = {"step": f"{setting.step:,}", "best": _the(best), "gap": gaps[best], "worst": _the(worst), "far": gaps[worst]}
    ends = {"ties": listed([_the(name) for name in ties])}
    return text.said("conclusion-tied" if ties else "conclusion-closest", **values, **ends)


def _the(approach: str) -> str:
    """An approach in a sentence."""
    names = {"autoregressive": "the autoregressive model", "flow": "the flow"}
    return names.get(approach, f"the {LOOKS[approach].short}")


def answer(setting: Setting, text: Words) -> str:
    """Who is closest after each number of steps, and how many ticks each has."""
    lines = ["| Steps | Closest | Nats below the data's log p(x) |", "| --- | --- | --- |"]
    for at, step in enumerate(STEPS):
        gaps = {name: frames[at].mean("gap") for name, frames in setting.film.frames.items()}
        known = {name: gap for name, gap in gaps.items() if gap is not None}
        best = min(known, key=lambda name: known[name].value)
        lines.append(f"| {step:,} | {LOOKS[best].short} | {known[best]} |")
    counts = [f"{LOOKS[name].short} {sum(one.ticks)}" for name, one in asked(setting.dataset).items()]
    best_told = 100 * setting.film.frames["gan"][-1].metrics["best_told"]
    return "\n".join([text.said("answer", counts=listed(counts), n=len(COLUMNS), best_told=f"{best_told:.0f}"), "", *lines])


def with_all_ticks(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: how many of the four have all four ticks, and how many each has."""
    dataset = POINTS[str(state["approach_points"])]
    n_ticks = {name: sum(one.ticks) for name, one in asked(dataset).items()}
    lacking = {name: len(COLUMNS) - n for name, n in n_ticks.items()}
    counts = {f"of_{name}": n for name, n in n_ticks.items()}
    return {"value": sum(n == 0 for n in lacking.values()), **counts}
