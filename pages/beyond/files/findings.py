"""What a file weighs beside its −ELBO and beside other files, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.beyond.files.cached import Written, written
from pages.beyond.files.view import BINS, Setting
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.beyond.files import HEADER
from vae_core.identities import identity
from vae_core.specs import ModelSpec
from vae_core.units import counted, times


def conclusion(setting: Setting, text: Words) -> str:
    """The file beside −ELBO, what lies between, the shortest file of general use, and whether all came back."""
    of, coded = setting.written, setting.written.coded
    size, expected = len(coded.data), float(coded.predicted.sum() / 8)
    name, best = of.best
    values = {
        "what": setting.what,
        "size": f"{size:,}",
        "expected": f"{expected:,.0f}",
        "header": HEADER.size,
        "borrowed": f"{coded.borrowed / 8:.0f}",
        "overhead": coded.overhead,
        "name": name,
        "best": f"{best:,}",
        "ratio": times(size / best),
        "n": f"{setting.n:,}",
        "equal": f"{of.n_equal:,}",
    }
    back = "back" if of.n_equal == setting.n else "not-back"
    than = "shorter" if size < best else "longer" if size > best else "as-long"
    one = "-one" if setting.n == 1 else ""
    return " ".join(text.said(f"conclusion-{section}", **values) for section in (f"file{one}", f"{back}{one}", than))


def conclusion_read(pixels: np.ndarray, data: bytes, spec: ModelSpec, text: Words) -> str:
    """How many images a file gave, and what it weighs."""
    rate = f"{8 * len(data) / (len(pixels) * identity(spec.dataset).n_pixels):.3f}"
    return text.said("conclusion-read", n=counted(len(pixels), "image"), size=f"{len(data):,}", rate=rate)


def answer(setting: Setting, text: Words) -> str:
    """The file of the same images with other numbers of bins."""
    if setting.is_own:
        return text.said("answer-own")
    of = {n: written(setting.spec, setting.n, n.bit_length() - 1, setting.seed).coded for n in BINS}
    few, many = (of[n] for n in (BINS[0], BINS[-1]))
    lines = ["| Bins per dimension | File, bytes | Borrowed, bytes | No bits back, bytes |", "| --- | --- | --- | --- |"]
    lines += [f"| {n:,} | {len(one.data):,} | {one.borrowed / 8:.0f} | {one.without_bits_back:,} |" for n, one in of.items()]
    values = {"few": f"{len(few.data):,}", "many": f"{len(many.data):,}", "least": f"{BINS[0]:,}", "most": f"{BINS[-1]:,}"}
    values |= {"few_none": f"{few.without_bits_back:,}", "many_none": f"{many.without_bits_back:,}"}
    return "\n".join([text.said("answer", **values), "", *lines])


def beside_general_use(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: the VAE's file in percent of the shortest file of general use, with both, and −ELBO in bytes."""
    spec = cached.specs(str(state["dataset"]), int(state["latent_dim"]))["vae"]
    of: Written = written(spec, int(state["files_n"]), int(state["files_bins"]).bit_length() - 1, int(state.get("files_draw", 0)))
    name, best = of.best
    size = len(of.coded.data)
    return {"value": 100 * size / best, "size": size, "name": name, "best": best, "expected": float(of.coded.predicted.sum() / 8)}
