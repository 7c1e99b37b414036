"""The controls of the ring: which map, of how many points, in how many dimensions, coloured by what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import streamlit as st

from pages.latent.ring.cached import morph_cloud
from pages.latent.ring.ring_morph import ring_morph as component
from pages.latent.ring.ring_morph.ring_morph import Slider, View
from pages.shared import cached, controls
from pages.shared.labels import label
from pages.shared.links import bound
from pages.shared.painting import painting
from vae_core.explore.latent import morph
from vae_core.explore.latent.comparison_maps import MAPS, Map, NamedMap
from vae_core.explore.latent.drawn_map import DrawnMap
from vae_core.explore.latent.ring_figure import PALETTES

LAYERS = {"both": ("points", "grid", "circles"), "grid": ("points", "grid"), "circles": ("points", "circles"), "none": ("points",)}
LAW_DIMS = (2, 3, 5, 10, 30, 100)
BY_HAND = "Drawn by hand"
"""The title of the map to what a person paints."""
N_POINTS, USUALLY = (500, 2000, 5000, 10_000, 20_000), 10_000
"""Numbers of points, and that with which the page opens."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the controls say.

    Attributes:
        name: of a map, `drawn`, or `learned`.
        fingerprint: of the model whose decoder is the map; empty for a formula.
        drawing: the code of what is painted, where the map draws that (`data.drawn`); else empty.
        dim: number of dimensions of the picture.
        law_dim: number of dimensions that the radius law and the numbers are for; of the picture but for the ring.
        n_points: how many points.
        colour: what colours them.
        layers: what is drawn.
    """

    name: str
    fingerprint: str
    drawing: str
    dim: int
    law_dim: int
    n_points: int
    colour: str
    layers: tuple[str, ...]

    @property
    def formula(self) -> NamedMap | None:
        """The map's formula, inverse and parameters; None for a learned one, and for that of a drawing."""
        return MAPS.get(self.name)

    @property
    def sliders(self) -> list[Slider]:
        """The map's parameters."""
        return [Slider(p.name, p.low, p.high, p.step, p.default) for p in self.formula.parameters] if self.formula else []

    def map(self, view: View) -> Map | None:
        """The map at the parameters that are set; None for a learned one."""
        if self.drawing:
            return DrawnMap(self.drawing)
        return morph.named_map(self.name, view.values, self.dim) if self.formula else None

    @property
    def points(self) -> tuple[int, int, str, str]:
        """What tells one cloud of points from another."""
        return self.n_points, self.dim, self.fingerprint, self.drawing


def decoders() -> dict[str, str]:
    """Every cached VAE with two latent dimensions: what a person reads, and its fingerprint; those of the usual recipes come first."""
    specs = [one.spec for one in cached.checkpoints() if one.spec.family == "vae" and one.spec.latent_dim == 2]
    named = sorted((label(spec), spec.fingerprint) for spec in specs)
    shared = Counter(name for name, _ in named)
    named.sort(key=lambda pair: pair[0].count(","))
    return {f"decoder: {name}" + (f", {mark[:6]}" if shared[name] > 1 else ""): mark for name, mark in named}


def choose() -> Chosen:
    """Draw the controls."""
    learned = decoders()
    titles = {named.title: name for name, named in MAPS.items()}
    title = st.selectbox("Map g", [*titles, BY_HAND, *learned], **bound("ring_map"))
    name = titles.get(title, "drawn" if title == BY_HAND else "learned")
    drawing, fingerprint = painting.paint() if title == BY_HAND else "", learned.get(title, "")
    if not drawing:
        st.caption(r"$z \mapsto \mathbb{E}[x \mid z]$" if fingerprint else f"${MAPS[name].formula}$")
    dims = (2, 3) if name in MAPS else (2,)
    dim = 2
    if len(dims) > 1:
        dim = st.segmented_control("Dimensions", dims, default=2, required=True, **bound("ring_dim"), width="stretch")
    colour = controls.segmented(
        "Colour by", ("angle", "radius", "magnification"), "ring_colour", help="Magnification is 1/|det J|, of a decoder 1/√det(JᵀJ)."
    )
    lines = controls.segmented(
        "Lines", tuple(LAYERS), "ring_lines", help="The coordinate grid, and circles about the origin at r = 0.5, 1, … 3."
    )
    with controls.advanced({"ring_points": USUALLY}):
        n_points = st.select_slider("Points", N_POINTS, value=USUALLY, **bound("ring_points"))
    law_dim = dim
    if name == "ring":
        law_dim = st.select_slider("Dimension d used for the radius chart and table", LAW_DIMS, value=dim, **bound(f"ring_law_{dim}d"))
    return Chosen(name, fingerprint, drawing, dim, law_dim, n_points, colour, LAYERS[lines])


def draw(chosen: Chosen) -> View:
    """Draw the moving picture; what a person has set in it."""
    payload = morph_cloud(*chosen.points)[1]
    usual = ", ".join(f"{s.name} = {s.default:g}" for s in chosen.sliders)
    component.ring_morph(
        payload,
        chosen=chosen.name,
        sliders=chosen.sliders,
        preset=usual if chosen.name == "ring" else "Reset",
        colour=chosen.colour,
        layers=chosen.layers,
        palettes=PALETTES,
    )
    return component.view(chosen.sliders)
