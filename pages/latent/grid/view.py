"""Grids of decoded images on the page: which models, on which plane of codes, over which ground; the chart and the count beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass

import streamlit as st

from pages.latent.grid.cached import holes, manifold_grid
from pages.shared import cached, page
from pages.shared.chart.chart import packed
from pages.shared.fetched_files import Fetched, held
from vae_core.drawing.chart import Chart
from vae_core.drawing.theme import mark
from vae_core.explore.latent.holes import CONFIDENT, Holes, distances_in_words
from vae_core.explore.manifolds import ManifoldGrid, Spacing
from vae_core.explore.manifolds_figure import Panel, manifold_grids
from vae_core.specs import ModelSpec
from vae_core.units import subscript

HEIGHT, HEIGHT_ALONE = 370, 470
"""Of the grids side by side, below two rows of controls, and of one alone, beside them."""
DIMS = 64
"""Pixels of the two fields that name dimensions, above three grids; models of two dimensions need none."""


@dataclass(frozen=True, slots=True)
class Plane:
    """What is chosen for all models alike."""

    n: int
    spacing: Spacing
    extent: float
    unit: str
    ground: str


@dataclass(frozen=True, slots=True)
class GridView:
    """Models by their family, the two dimensions of each, and the plane."""

    specs: dict[str, ModelSpec]
    dims: dict[str, tuple[int, int]]
    plane: Plane
    has_data: bool

    def __hash__(self) -> int:
        return hash((*self.specs.items(), *self.dims.values(), self.plane))

    @property
    def choices(self) -> tuple:
        """Everything that the picture depends on."""
        fingerprints = tuple(spec.fingerprint for spec in self.specs.values())
        return (fingerprints, tuple(self.dims.values()), *astuple(self.plane), self.has_data)

    def grid(self, family: str) -> ManifoldGrid:
        """A model's images on its own two dimensions."""
        return manifold_grid(self.specs[family], *self._plane(family))

    def holes(self) -> dict[str, Holes]:
        """What each model draws where no code lies, by its short name; none where the data set is not here."""
        found = {family: holes(spec, *self._plane(family)) for family, spec in self.specs.items()}
        return {mark(family).short: one for family, one in found.items() if one is not None}

    def _plane(self, family: str) -> tuple[int, Spacing, float, tuple[int, int], bool]:
        plane = self.plane
        return plane.n, plane.spacing, plane.extent, self.dims[family], plane.unit == "code"


def chart(view: GridView) -> None:
    """Draw the grids of all models side by side; the browser fetches their pictures by address."""

    def draw() -> tuple[bytes, Fetched]:
        fetched = Fetched()
        return packed(figure(view, lambda png: fetched.add(held(png)))), fetched

    page.chart(cached.lasting("grid", view.choices, draw)[0])


def figure(view: GridView, address: Callable[[bytes], str]) -> Chart:
    """`manifolds_figure.manifold_grids` of the view."""
    grids, unit, ground = {f: view.grid(f) for f in view.specs}, "code" if view.plane.unit == "code" else "σ", view.plane.ground
    density = {f: {"codes": g.aggregate, "prior": g.prior, "none": None}[ground] for f, g in grids.items()}
    names = {f: tuple(f"z{subscript(k + 1)} ({unit})" for k in view.dims[f]) for f in grids}
    titles = {f: f"{mark(f).glyph} {mark(f).short}" for f in grids}
    panels = [Panel(titles[f], g.images, g.axis, density[f], names[f], g.is_empty) for f, g in grids.items()]
    name = {"codes": "density of the codes q(z)", "prior": "density of the prior", "none": ""}[ground]
    has_fields = any(spec.latent_dim > 2 for spec in view.specs.values())
    height = HEIGHT_ALONE if len(panels) == 1 else HEIGHT - DIMS * has_fields
    return manifold_grids(panels, density_name=name, height=height, address=address)


def empty_cells(view: GridView, focus: str) -> None:
    """How many cells of the grid hold no code, of the model in focus and of the others."""

    def draw() -> None:
        counted = {f: grid for f in view.specs if (grid := view.grid(f)).n_empty is not None}
        if counted:
            others = ", ".join(f"{mark(f).short} {grid.n_empty}" for f, grid in counted.items() if f != focus)
            method = f"No test code there: counted, n = {counted[focus].n_codes:,}."
            beside = f" {others}." if others else ""
            value = f"{counted[focus].n_empty} of {view.plane.n**2}"
            page.number(f"Empty cells, {mark(focus).short}", value, method + beside, of=view.specs[focus])

    cached.lasting("empty cells", (focus, *view.choices), draw)


def distances(view: GridView) -> None:
    """How far what the models draw is from the training images, where no code lies and where codes lie; and what reads it."""

    def draw() -> None:
        if models := view.holes():
            judge = cached.classifier(next(iter(view.specs.values())).dataset)
            how = judge and f"With confidence: a label of probability {CONFIDENT} or more. Of this classifier: {judge.accuracy.in_words}."
            st.caption(distances_in_words(models), help=how)

    cached.lasting("distances in holes", view.choices, draw)
