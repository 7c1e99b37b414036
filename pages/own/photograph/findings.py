"""Whether a file does better than the code, in words, and what more components buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.own.photograph import cached as photographs
from pages.own.photograph.controls import Choices
from pages.shared import cached
from pages.shared.controls import the
from pages.shared.words import Words
from vae_core.drawing.theme import mark
from vae_core.explore.own.photographs import Coded
from vae_core.explore.own.picture_files import CODECS, File
from vae_core.identities import is_own
from vae_core.units import decibels

FEW, MANY = 3, 48


def conclusion(chosen: Choices, coded: Coded, files: Sequence[File], text: Words) -> str:
    """A file of as many bits beside the code with z sampled; without a rate, what a file of the same likeness takes."""
    file = max(files, key=lambda one: one.likeness.psnr)
    values = {"name": mark(chosen.family).short, "codec": file.codec, "bits": f"{file.bits_per_pixel:.2f}"}
    reached = {"psnr": decibels(coded.likeness.psnr), "reached": decibels(file.likeness.psnr)}
    if coded.bits_per_pixel is None or coded.sampled_psnr is None:
        return text.said("conclusion-no-rate", **values, subject=the(chosen.family, opens=True), **reached)
    psnr = {"sampled": decibels(coded.sampled_psnr), "reached": decibels(file.likeness.psnr)}
    return text.said("conclusion", **values, rate=f"{coded.bits_per_pixel:.2f}", **psnr)


def answer(chosen: Choices, text: Words) -> str:
    """PSNR and rate of pPCA with few and many components on this photograph, and how much of its code the VAE of many dimensions uses."""
    dataset = "patches_8" if is_own(chosen.dataset) else chosen.dataset
    choices = "answer", dataset, str(cached.state_of_models()), text.sections["answer"]
    return photographs.lasting(choices, lambda: _answer(chosen, dataset, text), chosen.photograph)


def _answer(chosen: Choices, dataset: str, text: Words) -> str:
    most = photographs.n_components(dataset, None)
    values: dict[str, object] = {}
    for name, d in (("few", FEW), ("many", min(MANY, most))):
        coded = photographs.coded("ppca", dataset, d, False, chosen.photograph)
        values |= {name: d, f"{name}_psnr": decibels(coded.likeness.psnr), f"{name}_rate": f"{coded.bits_per_pixel or 0:.2f}"}
    vae = max((c for c in cached.recipes(dataset) if c.spec.family == "vae"), key=lambda c: c.spec.latent_dim, default=None)
    if vae is None:
        return text.said("answer-no-vae", **values)
    return text.said("answer", **values, active=vae.metrics["active_units"], dims=vae.spec.latent_dim)


def file_beside_code(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: by how many dB the better file of as many bits is closer to the photograph than the code with z sampled."""
    dataset, photograph = f"patches_{state['patch']}", photographs.held_out(str(state["photo"]))
    coded = photographs.coded("ppca", dataset, int(state["kept"]), False, photograph)
    file = max((photographs.matching(codec, photograph, coded) for codec in CODECS), key=lambda one: one.likeness.psnr)
    reached, sampled = file.likeness.psnr, float(coded.sampled_psnr or 0)
    return {"value": reached - sampled, "sampled": sampled, "reached": reached, "bits": float(coded.bits_per_pixel or 0)}
