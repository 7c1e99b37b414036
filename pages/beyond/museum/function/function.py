"""A shape as a function: what a network that saw 16 × 16 pixels says of any point, beside the exact shape."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.museum import cached as museum
from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.beyond import occupancy, shapes
from vae_core.explore.beyond.occupancy import FINE, N_NEW, Shape
from vae_core.units import signed

GIST = (
    "A network sees a shape in 16 × 16 pixels, and then says of any point whether it lies inside. Enlarge the edge: where are the pixels?"
)
EXPONENTS, ZOOMS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0), (1, 2, 4, 8, 16)
TRIED = (1.0, 2.0, 4.0, 8.0)
"""Exponents that the answer tries."""


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw picture, function and window, and the numbers beside them."""
    text = words.beside(__file__)
    with side:
        names = {"1": "diamond", "2": "disc", "8": "nearly a square"}
        help_ = ", ".join(f"{n}: {name}" for n, name in names.items())
        n = st.select_slider("Exponent n", EXPONENTS, 2.0, **bound("shape_n"), help=f"Of |u|ⁿ + |v|ⁿ ≤ rⁿ. {help_}.")
        r = st.slider("Radius r", *shapes.RADII, 0.6, 0.05, **bound("shape_r"))
        zoom = st.select_slider("Enlarged", ZOOMS, 16, **bound("shape_zoom"))
        told = museum.shape(r, n)
        numbers(told)
    with picture:
        page.chart(cached.lasting_chart("function space", (r, n, zoom), lambda: occupancy.occupancy_chart(told, zoom)))
    return Part(
        text=text,
        conclusion=conclusion(told, text),
        answer=lambda: answer(told.r, text),
        notebook=text.lines("notebook", r=r, n=n, zoom=zoom),
        downloads=[page.Download("CSV", "function-space.csv", "text/csv", lambda: _csv(told.r))],
    )


def numbers(told: Shape) -> None:
    """Overlap and area of this shape, and the mean overlap with others."""
    cells = f"Counted on {FINE} × {FINE} cells."
    page.number(
        "Overlap with the shape",
        _percent(told.overlap),
        f"Intersection over union; of the pixels {_percent(told.of_picture)}.",
        detail=cells,
    )
    formula = "πr²" if told.n == 2 else "4r²·Γ(1 + 1/n)²/Γ(1 + 2/n)"
    page.number("Area inside", f"{told.area:.4f}", f"Exact: {formula} = {shapes.area(told.r, told.n):.4f}.", detail=cells)
    network, pixels = museum.on_new_shapes()
    method = f"Mean, n = {N_NEW}, ± 95 % confidence interval; of their pixels {pixels.in_percent} %."
    page.number("Overlap, new shapes", f"{network.in_percent} %", method, detail="Shapes at random that the network was not trained on.")


def conclusion(told: Shape, text: Words) -> str:
    """How much of the shape the network has, beside its pixels, and how its area differs from the exact one."""
    exact = shapes.area(told.r, told.n)
    off = 100 * (told.area / exact - 1)
    side = "above" if off > 0 else "below"
    values = {"overlap": _percent(told.overlap), "pixels": _percent(told.of_picture), "off": signed(abs(off), 2), "side": side}
    return text.said("conclusion-more" if told.overlap > told.of_picture else "conclusion-less", **values)


def answer(r: float, text: Words) -> str:
    """Which exponent is hardest at this radius."""
    each = [museum.shape(r, n) for n in TRIED]
    hardest = min(each, key=lambda one: one.overlap)
    lines = ["| n | Overlap | Of the pixels | Area | Exact |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {t.n:g} | {_percent(t.overlap)} | {_percent(t.of_picture)} | {t.area:.4f} | {shapes.area(r, t.n):.4f} |" for t in each]
    said = text.said("answer", n=f"{hardest.n:g}", overlap=_percent(hardest.overlap))
    return "\n".join([said, "", *lines])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _csv(r: float) -> bytes:
    each = [museum.shape(r, n) for n in EXPONENTS]
    rows = [(t.r, t.n, t.overlap, t.of_picture, t.area, shapes.area(t.r, t.n)) for t in each]
    return csv(["r", "n", "overlap", "overlap_of_pixels", "area", "exact_area"], rows, digits=8)
