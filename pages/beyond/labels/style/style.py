"""Whether the code still says which label it is of: codes of a VAE and of one that was told the label, coloured by it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.labels import cached as caches
from pages.beyond.labels.cvae import Subject, choose
from pages.beyond.labels.findings import labels_left
from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import mark
from vae_core.explore.beyond.labels import N_NEIGHBOURS
from vae_core.explore.codes import on_dims
from vae_core.explore.codes_figure import latent_scatter
from vae_core.specs import ModelSpec

GIST = "Codes of test images, coloured by their label. Left: no label was told. Right: the encoder knew it. Where are the colours mixed?"
HEIGHT = 400


@dataclass(frozen=True, slots=True)
class Scatter:
    """The codes of a model on its two most active dimensions."""

    spec: ModelSpec

    def chart(self) -> Chart:
        """Coloured by label, with the prior's circles."""
        codes = caches.test_codes(self.spec)
        shown = on_dims(codes, codes.by_activity[:2])
        return latent_scatter(shown.points, shown.names, labels=cached.labels(self.spec.dataset), prior_circles=True, height=HEIGHT)


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw both scatters, and how often the label is told from the code."""
    text = words.beside(__file__)
    with side:
        subject = choose(choice)
        if subject.beside is None:
            st.caption("No VAE of this d is trained beside it.")
        _numbers(subject)
    with picture:
        columns = st.columns(2, gap="small")
        for column, spec in zip(columns, _models(subject), strict=False):
            with column:
                st.markdown(f"**{mark(spec.family).short}**, {'told the label' if spec == subject.spec else 'told nothing'}")
                chart = cached.lasting_chart("codes by label", (spec.fingerprint,), Scatter(spec).chart)
                page.chart(chart, key=f"style-{spec.family}")
    values = {"dataset": subject.dataset, "d": subject.spec.latent_dim}
    return Part(
        text=text,
        conclusion=_conclusion(subject, text),
        answer=lambda: _answer(subject, text),
        notebook=text.lines("notebook", **values),
        downloads=page.downloads(f"{subject.dataset}-codes-of-labels", None, lambda: _csv(subject)),
    )


def _models(subject: Subject) -> list[ModelSpec]:
    """The VAE that was told nothing, if it is trained, and the one that was told the label."""
    return [spec for spec in (subject.beside, subject.spec) if spec is not None]


def _numbers(subject: Subject) -> None:
    """How often the label is told from the codes of each."""
    left = labels_left(subject)
    own = left["own"]
    guessing = f"Guessing: {left['chance']:.0f} %."
    method = f"By the {N_NEIGHBOURS} nearest codes of training images; n = {own.n:,} test images, 95 % confidence interval. {guessing}"
    page.number("Label told from μ(x, y)", str(own), method, of=subject.spec)
    rows = [f"| {mark(spec.family).short} | {of.by_neighbours.in_brief} | {of.by_lines.in_brief} |" for spec, of in _probed(subject)]
    st.markdown("\n".join(["| % told | neighbours | linear |", "|---|---|---|", *rows]))


def _probed(subject: Subject) -> list:
    return [(spec, caches.probed(spec)) for spec in _models(subject)]


def _conclusion(subject: Subject, text: Words) -> str:
    """How much of the label is left in the codes, beside guessing and beside the VAE that was told nothing."""
    left = labels_left(subject)
    if left["other"] is None:
        return text.said("conclusion-alone", **left)
    is_left = left["own"].interval[0] > left["chance"] / 100
    is_less = left["own"].is_below(left["other"])
    return text.said("conclusion-left" if is_left and is_less else "conclusion" if is_less else "conclusion-alike", **left)


def _answer(subject: Subject, text: Words) -> str:
    """The same at every d that is trained."""
    rows = ["| d | told the label | told nothing |", "|---|---|---|"]
    for one in subject.at_every_d():
        other = "–" if one.beside is None else str(caches.probed(one.beside).by_neighbours)
        rows.append(f"| {one.spec.latent_dim} | {caches.probed(one.spec).by_neighbours} | {other} |")
    return text.said("answer", table="\n".join(rows), chance=f"{labels_left(subject)['chance']:.0f}")


def _csv(subject: Subject) -> bytes:
    of_labels = cached.labels(subject.dataset)
    rows = []
    for spec in _models(subject):
        codes = caches.test_codes(spec)
        points = codes.mean[:, list(codes.by_activity[:2])]
        rows += [[spec.family, i, str(of_labels[i]), *map(float, point)] for i, point in enumerate(points)]
    return csv(["model", "test image", "label", "most active dimension", "second"], rows, digits=4)
