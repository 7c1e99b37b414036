"""What more dimensions do: nearest neighbours, uniform images, and how many dimensions the images themselves fill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.linear.fitting import cached as caches
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.draws import draws
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.chart import Chart
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.tables import csv
from vae_core.explore.linear import fitting_figure
from vae_core.explore.linear import intrinsic_dimension_figure as figures
from vae_core.explore.linear.intrinsic_dimension import NEAR, AtSize, Estimate

GIST = "The images are shrunk to P values each, beside images of uniform noise. Raise P: which of the two thin out?"
N_SHOWN = 8
HEIGHT = 285


@dataclass(frozen=True, slots=True)
class View:
    """A data set, and which of its sizes is chosen."""

    dataset: str
    title: str
    at: int

    @property
    def sizes(self) -> list[AtSize]:
        """All of them, the images' own the last."""
        return caches.at_sizes(self.dataset)

    @property
    def here(self) -> AtSize:
        """The chosen one."""
        return self.sizes[self.at]

    @property
    def n(self) -> int:
        """Images whose neighbours are found."""
        return len(caches.neighbour_images(self.dataset))

    @property
    def known(self) -> int:
        """Dimension of the torus that the estimator is tried on: what the images are estimated at, rounded."""
        return max(1, round(self.here.images.dimension.value))


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw both curves, images and noise at the chosen size, and the slider beside them."""
    draws.instead_of_images(choice, (picture, side))
    text = words.beside(__file__)
    with side:
        view = choose(choice)
        numbers(view)
    table = rows(view)
    with picture:
        page.chart(cached.lasting_chart("neighbours", (view.dataset, view.at), lambda: chart(view)), key="neighbours")
        page.image_table(table, beside=225, charts=HEIGHT)
    return Part(
        text=text,
        conclusion=conclusion(view, text),
        answer=lambda: answer(view, text),
        notebook=text.lines("notebook", dataset=view.dataset, n=caches.N_NEIGHBOURS, dim=view.known),
        downloads=page.downloads(f"{view.dataset}-dimensions", table, lambda: csv_of(view)),
    )


def choose(choice: Choice) -> View:
    """Draw the slider."""
    values = [size.n_values for size in caches.at_sizes(choice.dataset)]
    controls.settle("fit_values", values, values[-1])
    d = st.select_slider("Values per image, P", values, values[-1], **bound("fit_values"))
    return View(choice.dataset, choice.title, values.index(d))


def numbers(view: View) -> None:
    """The dimension that neighbours tell, and how many uniform images are near."""
    here = view.here
    check = caches.on_a_torus(view.known, view.n)
    how = f"From two nearest neighbours, n = {here.images.dimension.n:,} training images; 95 % confidence interval."
    page.number("Intrinsic dimension", interval(here.images.dimension), how)
    st.caption(f"Check: a torus of known dimension {view.known}, with as many points, gives {interval(check)}.")
    page.number(
        "Nearest / mean distance", f"{here.images.contrast:.2f}", f"Of uniform noise with as many values: {here.uniform.contrast:.2f}."
    )
    how = f"As near to a training image as {100 * NEAR:.0f} % of the test images are; n = {view.n:,} draws."
    page.number("Uniform images that are near", f"{here.near:,}", how)


def interval(estimate: Estimate) -> str:
    """An estimate with the ends of its interval."""
    return f"{estimate.value:.1f} ({estimate.low:.1f} to {estimate.high:.1f})"


def chart(view: View) -> Chart:
    """Both curves over P."""
    both = [[size.images for size in view.sizes], [size.uniform for size in view.sizes]]
    dims = [[(n.dimension.value, n.dimension.low, n.dimension.high) for n in some] for some in both]
    tori = [(dim, estimate.value) for dim, estimate in caches.on_tori(view.n).items()]
    return figures.over_values(
        np.array([size.n_values for size in view.sizes]),
        np.array([[n.contrast for n in some] for some in both]),
        np.array(dims),
        np.array(tori),
        chosen=view.here.n_values,
        name=view.title,
        height=HEIGHT,
    )


def rows(view: View) -> ImageTable:
    """Test images at the chosen size above uniform ones, each with the distance of the nearest training image."""
    (images, far), (noise, farther) = caches.examples(view.dataset, view.here.shape, N_SHOWN)
    captions = ([f"{distance:.2f}" for distance in some] for some in (far, farther))
    return fitting_figure.image_rows(
        [(name, x, below) for name, x, below in zip(("test images", "uniform noise"), (images, noise), captions, strict=True)]
    )


def conclusion(view: View, text: Words) -> str:
    """How many dimensions the images fill, what the estimator makes of what is known, and that noise is no image."""
    here, check = view.here, caches.on_a_torus(view.known, view.n)
    own = here.images.dimension
    section = "conclusion-steps" if own.low > here.n_values else "conclusion"
    many = "1 value" if here.n_values == 1 else f"{here.n_values:,} values"
    values = {"title": view.title, "values": many, "near": f"{here.near:,}", "n": f"{view.n:,}"}
    values |= {"own": f"{own.value:.1f}", "low": f"{own.low:.1f}", "high": f"{own.high:.1f}"}
    return text.said(section, known=view.known, check=f"{check.value:.1f}", noise=_few_digits(here.uniform.dimension.value), **values)


def _few_digits(dimension: float) -> str:
    """As many as 1,000 points earn: they tell a dimension to some 6 %."""
    return f"{dimension:.1f}" if dimension < 100 else f"{dimension:.0f}"


def answer(view: View, text: Words) -> str:
    """From which P on the nearest uniform image is hardly nearer than the average one, and none is near an image."""
    first, last = view.sizes[0], view.sizes[-1]
    even = next((size for size in view.sizes if size.uniform.contrast > 0.5), last)
    none = next((size for size in view.sizes if size.near == 0), None)
    values = {"first": f"{first.uniform.contrast:.3f}", "P": f"{first.n_values:,}"}
    values |= {"even": f"{even.n_values:,}", "even_is": f"{even.uniform.contrast:.2f}", "last": f"{last.n_values:,}"}
    values |= {"noise": f"{last.uniform.contrast:.2f}", "images": f"{last.images.contrast:.2f}"}
    return text.said("answer" if none else "answer-some", none=f"{none.n_values:,}" if none else "", **values)


def csv_of(view: View) -> bytes:
    """A line a size."""
    heads = [f"{what} of {whose}" for whose in ("images", "noise") for what in ("nearest / mean", "dimension", "low", "high")]
    lines = []
    for size in view.sizes:
        both = ((n.contrast, n.dimension.value, n.dimension.low, n.dimension.high) for n in (size.images, size.uniform))
        lines.append([size.n_values, *(value for some in both for value in some), size.near])
    return csv(["P", *heads, "uniform images that are near"], lines, digits=6)
