"""The controls of which posterior: which image, how far q has moved, what is drawn on the map, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.posterior import cached as posterior
from pages.elbo.posterior.ascent_film.ascent_film import step
from pages.shared import controls
from pages.shared.controls import settle
from pages.shared.links import bound
from vae_core.specs import ModelSpec

SPLIT, LADDER, TIME, IMAGES, COSTS = SHOWN = ("the gap", "more draws", "time", "all images", "four approximations")
WEIGHTED, CHAIN, _ = DRAWN = ("draws", "chain", "neither")
IMAGE, PICKED = "posterior_image", "posterior_picked"
"""Key of the test image; where a click on the chart leaves the image that it wants."""
LARGER = "Only bounds reach log p(x) at d = {d}: gaps are at least what is shown. The map shows 2 of {d} dimensions."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the controls say.

    Attributes:
        spec: of the VAE.
        image: number of the test image.
        step: of the ascent.
        drawn: on the map, one of `DRAWN`.
        shown: beside the map, one of `SHOWN`.
    """

    spec: ModelSpec
    image: int
    step: int
    drawn: str
    shown: str

    @property
    def is_plane(self) -> bool:
        """Whether the code is the plane itself, so that everything is known."""
        return self.spec.latent_dim == 2


def choose(spec: ModelSpec, above: DeltaGenerator) -> Chosen:
    """Draw the controls.

    Args:
        spec: of the VAE.
        above: the place above the charts.
    """
    with above:
        shown = controls.segmented("Beside the map", _offered(spec), "posterior_shown")
    image = _image(spec)
    drawn = controls.segmented("Drawn on the map", DRAWN, "posterior_drawn")
    return Chosen(spec, image, step(), drawn, shown)


def _offered(spec: ModelSpec) -> tuple[str, ...]:
    return SHOWN if spec.latent_dim == 2 else tuple(name for name in SHOWN if name != IMAGES)


def _image(spec: ModelSpec) -> int:
    """A test image; at first one whose gap is the median, where the gaps came with the model."""
    is_sorted = spec.latent_dim == 2 and posterior.shipped(spec) is not None
    options = [str(number) for number in (by_gap(spec) if is_sorted else posterior.images_of(spec))]
    usual = options[len(options) // 2]
    if (picked := st.session_state.pop(PICKED, None)) is not None:
        st.session_state[IMAGE] = str(picked)
    settle(IMAGE, options, usual)
    label = "Test image, largest gap first" if is_sorted else "Test image"
    return int(st.select_slider(label, options, value=st.session_state.get(IMAGE, usual), **bound(IMAGE)))


def by_gap(spec: ModelSpec) -> list[int]:
    """Numbers of the test images whose gaps are measured, the largest gap first."""
    known = posterior.gaps(spec)
    return known.images[known.order].tolist()


def pick(image: int) -> None:
    """A click on the chart of all images: the page begins anew with this one."""
    st.session_state[PICKED] = image
    st.rerun()
