"""What few labels are worth with each representation, in words, and from how many on pixels are as good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.autoencoders.few_labels.cached import of_codes, of_pixels
from pages.autoencoders.few_labels.view import PIXELS, Setting
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.autoencoders.few_labels_figure import look
from vae_core.explore.means import Mean, mean_of_few


def conclusion(setting: Setting, text: Words) -> str:
    """The best codes beside the pixels, on the same labelled sets, and both with all labels."""
    codes = {name: of for name, of in setting.curves.items() if name != PIXELS}
    pixels = setting.curves[PIXELS]
    if not codes:
        return text.said("conclusion-no-models")
    best = max(codes, key=lambda name: codes[name].at(setting.n).mean())
    gap = mean_of_few(100 * (codes[best].at(setting.n) - pixels.at(setting.n)))
    section = "alike" if not gap.tells_apart else "more" if gap.value > 0 else "less"
    values = {"n": f"{setting.n:,}", "best": look(best)[1], "points": str(gap if gap.value > 0 else -gap)}
    ends = {"pool": f"{pixels.n_pool:,}", "codes": codes[best].with_all, "pixels": pixels.with_all}
    return f"{text.said(f'conclusion-{section}', **values)} {text.said('conclusion-all', **ends, best=values['best'])}"


def answer(setting: Setting, text: Words) -> str:
    """The first number of labels at which pixels are read as well as the best codes, on average over the draws."""
    codes = {name: of for name, of in setting.curves.items() if name != PIXELS}
    if not codes:
        return text.said("conclusion-no-models")
    pixels = setting.curves[PIXELS]
    best = {n: max((of.at(n) for of in codes.values()), key=np.mean) for n in setting.sizes}
    caught_up = next((n for n in setting.sizes if pixels.at(n).mean() >= best[n].mean()), None)
    said = text.said("answer-never", most=f"{setting.sizes[-1]:,}") if caught_up is None else text.said("answer", n=f"{caught_up:,}")
    lines = ["| Labels | Pixels, % | Best codes, % |", "| --- | --- | --- |"]
    lines += [f"| {n:,} | {mean_of_few(100 * pixels.at(n))} | {mean_of_few(100 * best[n])} |" for n in setting.sizes]
    return "\n".join([said, "", *lines])


def gap_of_an_autoencoder(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: by how many points codes of the autoencoder are read better than pixels; 0 where the draws do not tell them apart."""
    n, spec = int(state["n_labels"]), cached.specs(str(state["dataset"]), int(state["latent_dim"]))["autoencoder"]
    codes, pixels = (100 * of.at(n) for of in (of_codes(spec), of_pixels(spec.dataset)))
    gap = mean_of_few(codes - pixels)
    return {"value": gap.value if gap.tells_apart else 0.0, "gap": gap, "codes": mean_of_few(codes), "pixels": mean_of_few(pixels)}
