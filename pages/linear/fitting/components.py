"""The choice of the principal components that Gaussians of pixels have widths in."""

from __future__ import annotations

import streamlit as st

from pages.linear.fitting import cached as caches
from pages.shared import controls
from pages.shared.links import bound

DIMS = (30, 10, 2)
"""Numbers of components, the first by default."""


def dims_of(dataset: str) -> tuple[int, ...]:
    """Those of `DIMS` that the images of a data set have, and one more."""
    return tuple(d for d in DIMS if d < caches.spectrum(dataset).rank)


def choose_components(dataset: str) -> int:
    """Draw the menu of d."""
    dims = dims_of(dataset)
    controls.settle("fit_dims", dims, dims[0])
    help_ = "Within these directions the Gaussians have widths of their own. Outside all pixels have the same noise."
    return st.selectbox("Principal components, d", dims, **bound("fit_dims"), help=help_)
