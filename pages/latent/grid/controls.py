"""The controls of the grids: which plane, which models stand side by side, and which two dimensions of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.latent.controls import two_dims
from pages.shared import cached, controls, page
from pages.shared.controls import Choice
from pages.shared.links import bound
from vae_core.explore.manifolds import Spacing
from vae_core.specs import ModelSpec

PER_SIDE, USUALLY_PER_SIDE, EXTENT = range(5, 31), 11, 3.0
"""Images per side that can be chosen, those with which the page opens, and how far the plane reaches then."""


def first_row(choice: Choice) -> tuple[str, str, int, Spacing, str]:
    """Draw the controls that stand above the picture in any case: which models, on which ground; folded, how many images per side, and the
    spacing and unit of codes."""
    models, below, more = st.columns(3, gap="small", vertical_alignment="bottom")
    with models:
        shown = controls.segmented("Models", ("side by side", "in focus"), key="shown")
    with below:
        ground = controls.segmented("Ground", ("codes", "prior", "none") if choice.has_data else ("prior", "none"), key="ground")
    with more, controls.advanced():
        n = st.slider("Images per side", PER_SIDE[0], PER_SIDE[-1], USUALLY_PER_SIDE, **bound("n_grid"))
        left, right = st.columns(2, gap="xsmall")
    with left:
        spacing = controls.segmented("Grid", ("linear", "quantile"), key="grid", help="quantile: z = Φ⁻¹ at equal steps of probability.")
    with right:
        help = "σ: of the prior, or of the codes where there is none."
        unit = controls.segmented("Unit", ("σ of codes", "code"), key="unit", help=help)
    return shown, ground, n, spacing, unit


@dataclass(frozen=True, slots=True)
class Places:
    """Where the picture stands, the controls of the plane, that of the code's size, and the number."""

    picture: DeltaGenerator
    plane: DeltaGenerator
    code: DeltaGenerator
    number: DeltaGenerator


def places(shown: str) -> Places:
    """Three models need the whole width, below the rest of the controls; one leaves room beside it."""
    if shown == "in focus":
        picture, side = page.columns()
        return Places(picture, side, side, side)
    plane, code, number = st.columns((7, 4, 8), gap="small")
    return Places(st.container(), plane, code, number)


def plane_of(choice: Choice, spec: ModelSpec) -> tuple[float, tuple[int, int]]:
    """Draw the controls of the plane: its extent in σ, and the two dimensions of the model in focus, where it has more."""
    reach, across = st.columns(2, gap="small") if spec.latent_dim > 2 else (st.container(),) * 2
    with reach:
        extent = st.slider("Extent (σ)", 0.5, 5.0, EXTENT, 0.5, **bound("extent"))
    with across:
        return extent, two_dims(cached.test_codes(spec) if choice.has_data else None, spec.latent_dim)


def compared(choice: Choice, families: Sequence[str]) -> dict[str, ModelSpec]:
    """Family → spec of the model in focus, then of the named families, of those that are trained; three at most."""
    trained = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
    order = dict.fromkeys((*families, choice.family))
    families_shown = [family for family in order if family in trained]
    if len(families_shown) > 3:
        families_shown = [*families_shown[:2], choice.family]
    return {family: trained[family] for family in families_shown}


def own_dims(spec: ModelSpec, choice: Choice) -> tuple[int, int]:
    """The two dimensions of a model whose means vary most over the test images, the smaller number first at d = 2."""
    if spec.latent_dim <= 2 or not choice.has_data:
        return 0, spec.latent_dim - 1 if spec.latent_dim <= 2 else 1
    return cached.test_codes(spec).by_activity[:2]
