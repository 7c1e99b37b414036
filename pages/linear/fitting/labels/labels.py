"""Two ways to tell what a picture shows: by the probability of each label alone, or by a density for each; and what only a density sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.linear.fitting import cached as caches
from pages.linear.fitting.cached import N_FITTED, N_TEST
from pages.linear.fitting.components import choose_components
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.draws import draws
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core import data
from vae_core.drawing.chart import Chart
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.tables import csv
from vae_core.explore import odd_pictures
from vae_core.explore import odd_pictures_figure as figures
from vae_core.explore.codes import named
from vae_core.explore.linear.by_class import Told
from vae_core.explore.means import Share
from vae_core.explore.odd_pictures import KINDS, SURE, UNLIKE, Kind

GIST = "What does a picture show? One way learns p(y|x) alone, the other p(x) of each label. Show both what is no image at all."
HEIGHT = 330


@dataclass(frozen=True, slots=True)
class View:
    """A data set with labels, a test image of it, and what is made of that."""

    dataset: str
    title: str
    n_components: int
    index: int
    kind: Kind

    @property
    def told(self) -> Mapping[Kind, Told]:
        """What both ways say of each kind of pictures."""
        return caches.told(self.dataset, self.n_components)

    @property
    def names(self) -> list[str]:
        """Of the labels, in the order of the probabilities."""
        return [str(name) for name in named(caches.by_label(self.dataset, self.n_components).classes, data.class_names(self.dataset))]

    def below(self, kind: Kind) -> np.ndarray:
        """The share of test images that have a smaller log p(x) than each picture of a kind, (N,)."""
        return odd_pictures.share_below(self.told["test image"].log_px, self.told[kind].log_px)

    def right(self, by_density: bool) -> Share:
        """How many test images one of both ways reads right."""
        told = self.told["test image"]
        p = told.by_density if by_density else told.by_regression
        is_right = caches.by_label(self.dataset, self.n_components).classes[p.argmax(1)] == caches.test_labels(self.dataset)
        return Share(int(is_right.sum()), len(is_right))


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw what both ways say of a picture, the others beside it, and the controls."""
    draws.instead_of_images(choice, (picture, side))
    labels = cached.labels(choice.dataset, "train")
    if labels is None or len(set(labels)) < 2:
        picture.info(f"{choice.title} has no two labels: choose MNIST 5k or Digits in the sidebar.")
        st.stop()
    text = words.beside(__file__)
    with side:
        view = choose(choice)
        numbers(view)
    choices = view.dataset, view.n_components, view.index, view.kind
    table = cached.lasting("pictures and labels", choices, lambda: pictures(view))
    with picture:
        page.chart(cached.lasting_chart("probabilities of labels", choices, lambda: chart(view)), key="labels")
        page.image_table(table, beside=225, charts=HEIGHT)
    values = {"dataset": view.dataset, "d": view.n_components, "n": N_FITTED, "n_test": N_TEST, "index": view.index, "kind": view.kind}
    return Part(
        text=text,
        conclusion=conclusion(view, text),
        answer=lambda: answer(view, text),
        notebook=text.lines("notebook", **values),
        downloads=page.downloads(f"{view.dataset}-labels", table, lambda: csv_of(view)),
    )


def choose(choice: Choice) -> View:
    """Draw the controls."""
    controls.settle("fit_picture", KINDS, KINDS[0])
    kind = st.selectbox("Picture", KINDS, **bound("fit_picture"))
    index = controls.draw("Next image", key="fit_image") % len(caches.test_labels(choice.dataset))
    return View(choice.dataset, choice.title, choose_components(choice.dataset), index, kind)


def numbers(view: View) -> None:
    """How often each way is right."""
    n = view.right(True).n
    page.number("Right, by p(y|x) alone", str(view.right(False)), f"Logistic regression; n = {n:,} test images, 95 % confidence interval.")
    page.number("Right, by p(x|y) p(y)", str(view.right(True)), "A Gaussian for each label, and Bayes' rule, exact; the same images.")
    st.caption("Below each picture: its log p(x), exact. The histogram is of test images.")


def chart(view: View) -> Chart:
    """What both ways say of the picture."""
    told = view.told[view.kind]
    ways = {"logistic regression": told.by_regression[view.index], "a density per label": told.by_density[view.index]}
    of = (ways, view.told["test image"].log_px, float(told.log_px[view.index]))
    return figures.probabilities(view.names, *of, height=HEIGHT)


def pictures(view: View) -> ImageTable:
    """All that is made of the test image."""
    x = caches.test_images(view.dataset, N_TEST)
    shown = {kind: (odd_pictures.pictures(x, kind)[view.index], float(view.told[kind].log_px[view.index])) for kind in KINDS}
    return figures.pictures(shown, view.kind)


def conclusion(view: View, text: Words) -> str:
    """What both ways read, how sure they are, and whether p(x) finds the picture unlike the data."""
    told, below = view.told[view.kind], float(view.below(view.kind)[view.index])
    p, q = told.by_regression[view.index], told.by_density[view.index]
    read, other = (view.names[int(one.argmax())] for one in (p, q))
    values = {"label": read, "other": other, "p": _probability(p.max()), "q": _probability(q.max())}
    first = text.said("read-alike" if read == other else "read-apart", **values)
    section = "unlike" if below <= UNLIKE else "more-probable" if below >= 1 - UNLIKE else "usual"
    return f"{first} {text.said(section, below=_so_many(below).capitalize(), above=_so_many(1 - below))}"


def _probability(p: float) -> str:
    """Two digits, and never 1 of what is less."""
    return "more than 0.99" if p > 0.99 else f"{p:.2f}"


def _so_many(share: float) -> str:
    """Of test images."""
    return "all" if share == 1 else f"{100 * share:.1f} %"


def answer(view: View, text: Words) -> str:
    """How often each way is sure of each kind, and how often p(x) is small."""
    rows, test = [], view.told["test image"].log_px
    for kind, told in view.told.items():
        n = len(told.log_px)
        shares = (odd_pictures.n_sure(told.by_regression), odd_pictures.n_sure(told.by_density), int((view.below(kind) <= UNLIKE).sum()))
        rows.append(f"| {kind} | {' | '.join(str(Share(count, n)) for count in shares)} |")
    head = "| picture | sure, p(y\\|x) alone | sure, densities | unlike |"
    table = "\n".join([head, "|---|---|---|---|", *rows])
    most = max(view.told, key=lambda kind: float(np.median(view.told[kind].log_px)))
    return text.said("answer", table=table, most=most, n=f"{len(test):,}", sure=SURE, unlike=f"{100 * (1 - UNLIKE):.0f}")


def csv_of(view: View) -> bytes:
    """A line for each picture and label."""
    rows = []
    for kind, told in view.told.items():
        for name, p, q in zip(view.names, told.by_regression[view.index], told.by_density[view.index], strict=True):
            rows.append([kind, name, float(p), float(q), float(told.log_px[view.index])])
    return csv(["picture", "label", "p(y|x), logistic regression", "p(y|x), densities", "log p(x), nats"], rows, digits=6)
