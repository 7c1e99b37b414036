"""Which label a picture has: by Bayes' rule with a model of the images of each label, and by a classifier that knows no p(x)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.labels import cached as caches
from pages.beyond.labels.cvae import Subject, choose
from pages.beyond.labels.findings import both_ways
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.chart import Chart
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.tables import csv
from vae_core.explore import odd_pictures_figure as figures
from vae_core.explore.beyond.which_label import N_SAMPLES
from vae_core.explore.odd_pictures import KINDS, SURE, UNLIKE, Kind, pictures, share_below
from vae_core.units import minus

GIST = "A model of the images of each label is a classifier, by Bayes' rule. Show both ways what is no image: which of them notices?"
CLASSIFIER, BAYES = "classifier, p(y|x) alone", "Bayes' rule, p(x|y) p(y)"
HEIGHT = 330


@dataclass(frozen=True, slots=True)
class View:
    """A model, a test image, and what is made of that."""

    subject: Subject
    index: int
    kind: Kind

    @property
    def log_px_y(self) -> dict[Kind, tuple[np.ndarray, float, np.ndarray]]:
        """Of each kind: p(y|x) by Bayes' rule, (K,), log p(x), and p(y|x) of the classifier, (K,)."""
        return caches.of_one(self.subject.spec, self.index)

    @property
    def below(self) -> float:
        """The share of test images that have a smaller log p(x)."""
        return float(share_below(caches.of_all(self.subject.spec).log_px, np.array([self.log_px_y[self.kind][1]]))[0])


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw what both ways say of a picture, the others below it, and the controls."""
    text = words.beside(__file__)
    with side:
        view = _choose(choice)
        _numbers(view.subject)
    spec, choices = view.subject.spec, (view.subject.spec.fingerprint, view.index, view.kind)
    table = cached.lasting("pictures of which label", choices, lambda: _pictures(view))
    with picture:
        page.chart(cached.lasting_chart("which label", choices, lambda: _chart(view)), key="which-label")
        page.image_table(table, beside=225, charts=HEIGHT)
    values = {"dataset": spec.dataset, "d": spec.latent_dim, "n_labels": len(view.subject.names), "index": view.index, "kind": view.kind}
    return Part(
        text=text,
        conclusion=_conclusion(view, text),
        answer=lambda: _answer(view, text),
        notebook=text.lines("notebook", **values),
        downloads=page.downloads(f"{spec.dataset}-which-label", table, lambda: _csv(view)),
    )


def _choose(choice: Choice) -> View:
    subject = choose(choice)
    controls.settle("label_picture", KINDS, KINDS[0])
    kind = st.selectbox("Picture", KINDS, **bound("label_picture"))
    index = controls.draw("Next image", key="label_image") % len(cached.dataset(subject.dataset).test)
    return View(subject, index, kind)


def _numbers(subject: Subject) -> None:
    """How often each way is right, on the same test images."""
    both, of = both_ways(subject), caches.of_all(subject.spec)
    images = f"n = {of.right.n:,} test images, 95 % confidence interval"
    method = f"Importance-weighted bounds on log p(x | y), {N_SAMPLES} samples of z per label; {images}."
    page.number("Right, by Bayes' rule", str(both["bayes"]), method, of=subject.spec)
    page.number("Right, by the classifier", str(both["classifier"]), f"The same {of.right.n:,} test images.")
    st.caption(f"log p(x) is at least {of.mean} nats per test image (sum over the labels). Below each picture: its own.")


def _chart(view: View) -> Chart:
    by_bayes, log_px, by_classifier = view.log_px_y[view.kind]
    ways = {CLASSIFIER: by_classifier, BAYES: by_bayes}
    return figures.probabilities(view.subject.names, ways, caches.of_all(view.subject.spec).log_px, log_px, height=HEIGHT)


def _pictures(view: View) -> ImageTable:
    x = cached.dataset(view.subject.dataset).test.x
    shown = {kind: (pictures(x, kind)[view.index], log_px) for kind, (_, log_px, _) in view.log_px_y.items()}
    return figures.pictures(shown, view.kind)


def _conclusion(view: View, text: Words) -> str:
    """What both ways read, how sure they are, and whether log p(x) finds the picture unlike the data."""
    by_bayes, log_px, by_classifier = view.log_px_y[view.kind]
    read, other = (view.subject.names[int(p.argmax())] for p in (by_classifier, by_bayes))
    values = {"label": read, "other": other, "p": _probability(by_classifier.max()), "q": _probability(by_bayes.max())}
    first = text.said("read-alike" if read == other else "read-apart", **values)
    section = "unlike" if view.below <= UNLIKE else "more-probable" if view.below >= 1 - UNLIKE else "usual"
    shares = {"below": _so_many(view.below).capitalize(), "above": _so_many(1 - view.below)}
    return f"{first} {text.said(section, log_px=minus(f'{log_px:,.0f}'), **shares)}"


def _probability(p: float) -> str:
    """Two digits, and never 1 of what is less."""
    return "more than 0.99" if p > 0.99 else f"{p:.2f}"


def _so_many(share: float) -> str:
    """Of test images."""
    return "all" if share == 1 else f"{100 * share:.1f} %"


def _answer(view: View, text: Words) -> str:
    """How often each way is sure of each kind, and how often log p(x) is small."""
    by_kind = caches.of_all(view.subject.spec).by_kind
    rows = [f"| {kind} | {of.by_classifier} | {of.by_bayes} | {of.unlike} |" for kind, of in by_kind.items()]
    table = "\n".join(["| picture | sure, classifier | sure, Bayes' rule | unlike |", "|---|---|---|---|", *rows])
    n = next(iter(by_kind.values())).unlike.n
    return text.said("answer", table=table, n=n, sure=SURE, unlike=f"{100 * (1 - UNLIKE):.0f}")


def _csv(view: View) -> bytes:
    rows = [
        [kind, name, float(p), float(q), log_px]
        for kind, (by_bayes, log_px, by_classifier) in view.log_px_y.items()
        for name, p, q in zip(view.subject.names, by_classifier, by_bayes, strict=True)
    ]
    return csv(["picture", "label", "p(y|x), classifier", "p(y|x), Bayes' rule", "log p(x), nats"], rows, digits=6)
