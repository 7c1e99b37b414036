"""Which test images are compared."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached
from pages.shared.controls import Choice, advanced, draw, segmented, the
from pages.shared.links import bound
from vae_core.explore.reconstructions import drawn, hardest

USUALLY = 4
"""Test images with which the page opens."""


def test_images(choice: Choice, *, most: int = 8) -> tuple[int, ...]:
    """Choose test images: drawn at random, by number, or the hardest of the model in focus. Their indices."""
    n_images = len(cached.dataset(choice.dataset).test)
    way = segmented("Test images", ("random", "chosen", "hardest"), key="images")
    place = st.container()
    with advanced({"n_images": USUALLY}):
        n = st.slider("How many", 1, most, USUALLY, **bound("n_images"))
    with place:
        return _chosen(choice, way, n_images, n)


def _chosen(choice: Choice, way: str, n_images: int, n: int) -> tuple[int, ...]:
    """The indices of so many, chosen that way of so many test images."""
    if way == "chosen":
        first = st.number_input("From test image", 0, n_images - 1, 0, **bound("first"))
        return tuple(range(first, min(first + n, n_images)))
    if way == "hardest":
        spec = cached.specs(choice.dataset, choice.latent_dim).get(choice.family)
        if spec is not None and cached.is_trained(spec):
            st.caption(f"The largest SSE under {the(choice.family)}, the model in focus, first.")
            return tuple(int(i) for i in hardest(cached.figure_per_image(spec, "sse"), n))
        st.caption(f"{the(choice.family, opens=True)} is not trained yet: drawn at random.")
    return tuple(int(i) for i in drawn(n_images, n, draw("Other images")))
