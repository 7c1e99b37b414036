"""One manifold for each label over the same codes, and one code that is framed in all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.labels import cached as caches
from pages.beyond.labels.cached import EXTENT
from pages.beyond.labels.cvae import Subject, choose_plane
from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.tables import csv
from vae_core.explore.beyond import labels
from vae_core.explore.beyond import labels_figure as figures

GIST = "One manifold for each label, over the same codes z. Move z: the frame is at the same place in all of them."


@dataclass(frozen=True, slots=True)
class View:
    """A model of two dimensions, and the code that is framed."""

    subject: Subject
    z: tuple[float, float]

    @property
    def cell(self) -> tuple[int, int]:
        """Row and column of the nearest code of the grid; z₂ rises upwards."""
        column, up = (int(np.abs(caches.axis() - one).argmin()) for one in self.z)
        return len(caches.axis()) - 1 - up, column


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the manifolds, what the framed code is with each label, and how often draws are read as their label."""
    text = words.beside(__file__)
    with side:
        view = _choose(choice)
        _numbers(view.subject)
    spec, choices = view.subject.spec, (view.subject.spec.fingerprint, view.z)
    with picture:
        sheets = cached.lasting("manifolds of labels", choices, lambda: _sheets(view))
        st.html(sheets.to_html(beside=425, stacked=1, most=170))
        row = cached.lasting("one code with each label", choices, lambda: _row(view))
        st.html(row.to_html(beside=690, most=56))
    values = {"dataset": spec.dataset, "extent": EXTENT, "n": len(caches.axis()), "names": view.subject.names, "cell": view.cell}
    return Part(
        text=text,
        conclusion=_conclusion(view, text),
        answer=lambda: _answer(view, text),
        notebook=text.lines("notebook", **values),
        downloads=page.downloads(f"{spec.dataset}-label-manifolds", sheets, lambda: _csv(view)),
    )


def _choose(choice: Choice) -> View:
    subject = choose_plane(choice)
    across, up = (st.slider(name, -EXTENT, EXTENT, 0.0, 0.1, **bound(key)) for name, key in (("z₁", "label_z1"), ("z₂", "label_z2")))
    return View(subject, (across, up))


def _numbers(subject: Subject) -> None:
    share, accuracy = caches.drawn_as(subject.spec), subject.classifier.accuracy
    method = f"n = {share.n:,} draws of z from the prior, each with a label that is drawn, too; 95 % confidence interval."
    page.number("Draws read as their label", str(share), method, of=subject.spec, detail=f"Classifier: {accuracy.in_words}.")


def _sheets(view: View) -> ImageTable:
    return figures.manifolds(caches.manifolds(view.subject.spec), view.subject.names, view.cell)


def _row(view: View) -> ImageTable:
    return figures.at_one_code(*caches.at_code(view.subject.spec, view.z), view.subject.names)


def _conclusion(view: View, text: Words) -> str:
    """How many of the pictures at this code are read as their label, and how alike the slant changes over all manifolds."""
    _, read = caches.at_code(view.subject.spec, view.z)
    right = int((read == np.arange(len(read))).sum())
    z = ", ".join(f"{one:.1f}".replace("-", "−") for one in view.z)
    agree = labels.slants_agree(caches.manifolds(view.subject.spec))
    return text.said("conclusion" if agree > 0.5 else "conclusion-apart", z=z, right=right, n=len(read), agree=f"{agree:.2f}")


def _answer(view: View, text: Words) -> str:
    """Where on the plane pictures lean furthest to the right, on average over the labels."""
    leans = _slants(view).mean(0)
    row, column = np.unravel_index(leans.argmax(), leans.shape)
    across, up = caches.axis()[column], caches.axis()[::-1][row]
    at = [f"{value:.1f}".replace("-", "−") for value in (across, up)]
    return text.said("answer", across=at[0], up=at[1], most=f"{leans.max():.2f}", least=f"{leans.min():.2f}".replace("-", "−"))


def _slants(view: View) -> np.ndarray:
    """Of every picture of the manifolds, (K, n, n)."""
    images = caches.manifolds(view.subject.spec)
    return labels.slant(images.reshape(-1, *images.shape[3:]).clip(0, 1)).reshape(images.shape[:3])


def _csv(view: View) -> bytes:
    axis, slants = caches.axis(), _slants(view)
    rows = [
        [name, float(axis[column]), float(axis[::-1][row]), float(slants[k, row, column])]
        for k, name in enumerate(view.subject.names)
        for row in range(len(axis))
        for column in range(len(axis))
    ]
    return csv(["label", "z1", "z2", "slant"], rows, digits=4)
