"""Caches of the curves that a line becomes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from vae_core.explore.latent import line_to_curve


@st.cache_resource(max_entries=16, show_spinner=False)
def curve_table(name: str, prior: str) -> line_to_curve.CurveTable:
    """`explore.latent.line_to_curve.curve_table`."""
    return line_to_curve.curve_table(name, prior)


@st.cache_resource(max_entries=16, show_spinner=False)
def curve_samples(name: str, prior: str, n_points: int) -> tuple[np.ndarray, np.ndarray]:
    """`explore.latent.line_to_curve.curve_samples`."""
    return line_to_curve.curve_samples(name, prior, n_points)
