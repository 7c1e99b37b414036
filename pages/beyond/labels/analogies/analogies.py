"""Images of one style with every label: the code is kept, and the label that goes with it into the decoder is changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.labels import cached as caches
from pages.beyond.labels.cvae import Subject, choose
from pages.beyond.labels.findings import with_another_label
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.own_picture import OwnPicture
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.image_table import ImageTable
from vae_core.explore.beyond import labels_figure as figures
from vae_core.explore.means import Mean, mean_of_metrics
from vae_core.explore.reconstructions import drawn

GIST = "Each row is one code, decoded with every label. Look along a row: what stays of the image on the left?"
USUALLY, MOST = 5, 10
"""Test images with which the page opens, and at most."""


@dataclass(frozen=True, slots=True)
class View:
    """A model, the test images that it is shown, and the picture that one brought, if it is shown, too."""

    subject: Subject
    indices: tuple[int, ...]
    own: OwnPicture | None


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the rows, and beside them how many are read as they should and what the label is worth."""
    text = words.beside(__file__)
    with side:
        view = _choose(choice)
        _numbers(view.subject)
    subject, choices = view.subject, (view.subject.spec.fingerprint, view.indices)
    table = _table(view) if view.own is not None else cached.lasting("analogies", choices, lambda: _table(view))
    with picture:
        page.image_table(table, beside=285)
    values = {"dataset": subject.dataset, "d": subject.spec.latent_dim, "indices": list(view.indices), "names": subject.names}
    return Part(
        text=text,
        conclusion=_conclusion(subject, text),
        answer=lambda: _answer(subject, text),
        notebook=text.lines("notebook", **values),
        downloads=page.downloads(f"{subject.dataset}-analogies", table, lambda: _csv(subject)),
    )


def _choose(choice: Choice) -> View:
    subject = choose(choice)
    seed = controls.draw("Other images", key="label_images")
    own = OwnPicture.last()
    is_mine = own is not None and st.toggle("My picture first", True, **bound("label_mine"))
    with controls.advanced({"label_rows": USUALLY}):
        n = st.slider("How many", 1, MOST, USUALLY, **bound("label_rows"))
    indices = drawn(len(cached.dataset(subject.dataset).test), n, seed)
    return View(subject, tuple(int(i) for i in indices), own if is_mine else None)


def _table(view: View) -> ImageTable:
    """A row for each image, with its label before it."""
    spec, test, names = view.subject.spec, cached.dataset(view.subject.dataset).test, view.subject.names
    x, (images, read) = test.x[list(view.indices)], caches.analogies(spec, view.indices)
    rows = [f"a {names[test.labels[i]]} (#{i})" for i in view.indices]
    if view.own is not None:
        mine = view.own.like(spec.dataset).steps[-1].image[None]
        label, own, own_read = caches.of_own(spec, mine)
        rows = [f"yours, a {names[label]}?", *rows]
        x, images, read = (np.concatenate(pair) for pair in ((mine, x), (own, images), (own_read, read)))
    return figures.analogies(x, images, read, names=names, rows=rows)


def _numbers(subject: Subject) -> None:
    """How many are read as the label that was asked for, and how well the model predicts an image whose label it knows."""
    share, accuracy = caches.changed(subject.spec).as_wanted, subject.classifier.accuracy
    method = f"n = {share.n:,} test images, each decoded once with a label that is not its own; 95 % confidence interval."
    detail = f"Read by the classifier of the data set: {accuracy.in_words}."
    page.number("Read as the label asked for", str(share), method, of=subject.spec, detail=detail)
    metrics = cached.checkpoint(subject.spec).metrics
    method = f"Bound on −log p(x | y); n = {metrics['n_images']:,} test images, 95 % confidence interval."
    page.number("−ELBO, given the label", f"{-mean_of_metrics(metrics, 'elbo')} nats", method, of=subject.spec)
    if told := _beside_vae(subject):
        st.caption(told)


def _beside_vae(subject: Subject) -> str:
    """What the label is worth, beside a VAE that is told none; with what it costs to tell, both are bounds on log p(x)."""
    gain = None if subject.beside is None else cached.difference("elbo", subject.spec, subject.beside)
    if gain is None:
        return ""
    cost = math.log(len(subject.names))
    less = f"{gain if gain.value > 0 else -gain} nats {'below' if gain.value > 0 else 'above'} the VAE's of the same d, on the same images."
    left = Mean(gain.value - cost, gain.half_width, gain.n)
    still = (
        f"{left if left.value > 0 else -left} nats {'below' if left.value > 0 else 'above'} it" if left.tells_apart else "not told from it"
    )
    return f"{less} With the {cost:.2f} nats that it takes to say which of {len(subject.names)} labels, it is {still}."


def _conclusion(subject: Subject, text: Words) -> str:
    """How often the new label is read, and whether the slant goes along."""
    changed = with_another_label(subject.spec)
    return text.said("conclusion" if changed["low"] > 0 else "conclusion-not-kept", **changed)


def _answer(subject: Subject, text: Words) -> str:
    """How often each label is read where it was asked for."""
    shares = caches.read_with_each(subject.spec)
    worst, best = (extreme(shares, key=lambda y: shares[y].count) for extreme in (min, max))
    table = "\n".join(["| label | read as it |", "|---|---|", *(f"| {subject.names[y]} | {share} |" for y, share in shares.items())])
    names = {"worst": subject.names[worst], "best": subject.names[best]}
    return text.said("answer", **names, low=shares[worst], high=shares[best], n=f"{shares[worst].n:,}", table=table)


def _csv(subject: Subject) -> bytes:
    changed, names = caches.changed(subject.spec), subject.names
    of_each = ([names[int(y)] for y in column] for column in (changed.labels, changed.wanted, changed.read))
    return figures.analogies_csv(*of_each, changed.slants)
