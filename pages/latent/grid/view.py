"""Grids of decoded images on the page: which models, on which plane of codes, over which ground; the chart and the count beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from functools import partial

import streamlit as st

from pages.latent.grid.cached import Empty, counted, holes, manifold_grid
from pages.latent.grid.controls import EXTENT, PER_SIDE, USUALLY_PER_SIDE
from pages.shared import cached, page
from pages.shared.chart.chart import packed
from pages.shared.fetched_files import Fetched, held
from vae_core.drawing.chart import Chart
from vae_core.drawing.theme import mark
from vae_core.explore.confidence import CONFIDENT
from vae_core.explore.latent.holes import Holes, distances_in_words
from vae_core.explore.manifolds import ManifoldGrid, Spacing
from vae_core.explore.manifolds_figure import Panel, manifold_grids
from vae_core.identities import is_own
from vae_core.specs import ModelSpec
from vae_core.units import subscript

HEIGHT, HEIGHT_ALONE = 370, 470
"""Of the grids side by side, below two rows of controls, and of one alone, beside them."""


@dataclass(frozen=True, slots=True)
class Plane:
    """What is chosen for all models alike."""

    n: int
    spacing: Spacing
    extent: float
    unit: str
    ground: str


OPENED = Plane(USUALLY_PER_SIDE, "linear", EXTENT, "σ of codes", "codes")


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

    @property
    def is_as_opened(self) -> bool:
        """Whether this is what the page opens with of images that come with the program, whose holes were measured before."""
        return self.plane == OPENED and all(s.latent_dim == 2 and not is_own(s.dataset) for s in self.specs.values())

    def at(self, n: int) -> GridView:
        """The same with so many images per side."""
        return replace(self, plane=replace(self.plane, n=n))

    def grid(self, family: str) -> ManifoldGrid:
        """A model's images on its own two dimensions."""
        return manifold_grid(self.specs[family], *self._plane(family))

    def empty(self, family: str) -> Empty | None:
        """How many of its cells hold no code; None where the data set is not here."""
        return counted(self.specs[family], *self._plane(family))

    def holes(self) -> dict[str, Holes]:
        """What each model draws where no code lies, by its short name; none where the data set is not here."""
        found = {family: holes(spec, *self._plane(family)) for family, spec in self.specs.items()}
        return {mark(family).short: one for family, one in found.items() if one is not None}

    def _plane(self, family: str) -> tuple[int, Spacing, float, tuple[int, int], bool]:
        plane = self.plane
        return plane.n, plane.spacing, plane.extent, self.dims[family], plane.unit == "code"


def chart(view: GridView) -> None:
    """Draw the grids of all models side by side; the browser fetches their pictures by address."""
    page.chart(_chart(view))


def _chart(view: GridView) -> bytes:
    def draw() -> tuple[bytes, Fetched]:
        fetched = Fetched()
        return packed(figure(view, lambda png: fetched.add(held(png)))), fetched

    return cached.lasting("grid", view.choices, draw)[0]


def prepare(view: GridView) -> None:
    """Make what every other number of images per side shows, beside the visitors: of what the page opens with once one of them is there, of
    other planes and models once one of them has moved the slider off its start."""
    if view.plane.n == USUALLY_PER_SIDE and not view.is_as_opened:
        return

    def work(one: GridView) -> None:
        _chart(one)
        one.holes()

    def works() -> Iterator[Callable[[], None]]:
        for n in sorted(PER_SIDE, key=lambda n: abs(n - view.plane.n)):
            yield partial(work, view.at(n))

    cached.prepare("grid", (str(cached.state_of_models()), *view.at(USUALLY_PER_SIDE).choices), works())


def figure(view: GridView, address: Callable[[bytes], str]) -> Chart:
    """`manifolds_figure.manifold_grids` of the view."""
    grids, unit, ground = {f: view.grid(f) for f in view.specs}, "code" if view.plane.unit == "code" else "σ", view.plane.ground
    density = {f: {"codes": g.aggregate, "prior": g.prior, "none": None}[ground] for f, g in grids.items()}
    names = {f: tuple(f"z{subscript(k + 1)} ({unit})" for k in view.dims[f]) for f in grids}
    titles = {f: f"{mark(f).glyph} {mark(f).short}" for f in grids}
    panels = [Panel(titles[f], g.images, g.axis, density[f], names[f], g.is_empty) for f, g in grids.items()]
    name = {"codes": "density of the codes q(z)", "prior": "density of the prior", "none": ""}[ground]
    height = HEIGHT_ALONE if len(panels) == 1 else HEIGHT
    return manifold_grids(panels, density_name=name, height=height, address=address)


def empty_cells(view: GridView, focus: str) -> None:
    """How many cells of the grid hold no code, of the model in focus and of the others."""

    def draw() -> None:
        counted = {f: empty for f in view.specs if (empty := view.empty(f)) is not None}
        if counted:
            others = ", ".join(f"{mark(f).short} {empty.n}" for f, empty in counted.items() if f != focus)
            method = f"No test code there: counted, n = {counted[focus].n_codes:,}."
            beside = f" {others}." if others else ""
            value = f"{counted[focus].n} of {view.plane.n**2}"
            page.number(f"Empty cells, {mark(focus).short}", value, method + beside, of=view.specs[focus])

    cached.lasting("empty cells", (focus, *view.choices), draw)


def distances(view: GridView) -> None:
    """How far what the models draw is from the training images, where no code lies and where codes lie; and what reads it."""

    def draw() -> None:
        if models := view.holes():
            judge = cached.classifier(next(iter(view.specs.values())).dataset)
            how = judge and f"Sure: a label of probability {CONFIDENT} or more. Of this classifier: {judge.accuracy.in_words}."
            st.caption(distances_in_words(models), help=how)

    cached.lasting("distances in holes", view.choices, draw)
