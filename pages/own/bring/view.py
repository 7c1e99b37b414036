"""What the models make of a picture: through each of them, in numbers and as files. Computed for the session, kept in no shared cache."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from pages.own import cached as own
from pages.own.bring.cached import passage
from pages.own.session import SAMPLE, Selection
from pages.shared import cached, page
from pages.shared.controls import Choice, latent_dims, the
from pages.shared.own_picture import OwnPicture
from vae_core.data.preparation import Preparation, Prepared, made_like
from vae_core.drawing.tables import csv_of_rows
from vae_core.drawing.theme import mark
from vae_core.explore.own.own_images_figure import Through
from vae_core.explore.own.own_results_figure import results_zip
from vae_core.specs import ModelSpec
from vae_core.units import decibels


def keep(selection: Selection, how: Preparation) -> None:
    """Let other pages show the picture that is looked at, where it is a person's own."""
    if selection.way != SAMPLE:
        OwnPicture(selection.picture, how).keep()


def warn(found: Prepared) -> None:
    """What is to be said of the input before anybody believes a number of it."""
    for sentence in found.warnings:
        st.warning(sentence, icon=":material/warning:")


def beside(found: Prepared) -> int:
    """Pixels of height that are taken beside the images: by the steps, the warnings and the conclusion."""
    return 334 + 75 * (len(found.warnings) + ((found.n_pieces or 0) > 1))


def reading(choice: Choice, x: np.ndarray) -> None:
    """What the data set's classifier reads of the input, where it has one and there is something to read."""
    one = own.reading(choice.dataset, x) if x.any() else None
    if one is not None:
        st.metric("Read as", one.label, help=one.accuracy)
        st.caption(one.how)


def models(choice: Choice) -> list[ModelSpec]:
    """Every trained recipe of the data set: all families at all cached latent dimensions."""
    dims = latent_dims(choice.dataset)
    return [spec for dim in dims for spec in cached.trained(cached.specs(choice.dataset, dim)).values()]


def passages(specs: list[ModelSpec], x: np.ndarray) -> list[Through]:
    """A picture, uint8 (C, H, W), through every model."""
    through = [passage(spec, x[None]) for spec in specs]
    return [Through(p.spec.family, p.spec.latent_dim, p.x_hat[0], float(p.sse[0]), float(p.psnr[0])) for p in through]


def numbers(choice: Choice, through: list[Through]) -> None:
    """Squared error and PSNR of the picture through the model in focus, or what is missing."""
    one = next((t for t in through if (t.family, t.latent_dim) == (choice.family, choice.latent_dim)), None)
    if one is None:
        st.caption(f"{the(choice.family, opens=True)} is not trained for {choice.title} at d = {choice.latent_dim}.")
        return
    method, detail = f"Exact, summed over pixels of this picture; PSNR {decibels(one.psnr)}.", "Through the posterior mean, not clipped."
    spec = cached.specs(choice.dataset, choice.latent_dim)[choice.family]
    page.number(f"SSE, {mark(choice.family).short}, d = {choice.latent_dim}", f"{one.sse:.2f}", method, of=spec, detail=detail)


def files(choice: Choice, selection: Selection, how: Preparation, specs: list[ModelSpec], through: list[Through]) -> list[page.Download]:
    """All pictures through all models as one ZIP file, made when it is asked for; the numbers of the one that is looked at as CSV."""
    name = f"own-images-{choice.dataset}"
    shown = rows(selection.picture.name, specs, through)

    def everything() -> bytes:
        inputs = [(picture.name, made_like(choice.dataset, picture.over(how.behind), how)) for picture in selection.pictures]
        parts = [(label, x, passages(specs, x)) for label, x in inputs]
        lines = []
        for number, (label, x, each) in enumerate(parts, start=1):
            for spec, row in zip(specs, rows(label, specs, each), strict=True):
                lines.append({"folder": f"{number:02d}", **row, "score": own.score_name(spec), "value": own.score(spec, x).value})
        about = {"preparation": how.to_json(), "models": [{**spec.to_json(), "fingerprint": spec.fingerprint} for spec in specs]}
        return results_zip(parts, lines, about)

    return [
        page.Download("ZIP", f"{name}.zip", "application/zip", everything),
        page.Download("CSV", f"{name}.csv", "text/csv", csv_of_rows(shown)),
    ]


def rows(name: str, specs: list[ModelSpec], through: list[Through]) -> list[dict[str, Any]]:
    """The numbers of one picture, a line for each model."""
    return [
        {
            "picture": name,
            "family": one.family,
            "latent_dim": one.latent_dim,
            "fingerprint": spec.fingerprint,
            "sse": one.sse,
            "psnr_db": one.psnr,
        }
        for spec, one in zip(specs, through, strict=True)
    ]
