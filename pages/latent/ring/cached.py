"""Caches of the pages on expressiveness: clouds, curves, trainings on the ring."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.shared import cached
from vae_core.drawing import payloads
from vae_core.explore.latent import films, line_to_curve, morph
from vae_core.explore.latent.ring import Estimate
from vae_core.explore.latent.ring_learning import SHIPPED
from vae_core.jobs.live_runs import LiveRuns


@st.cache_resource(max_entries=16, show_spinner=False)
def morph_cloud(n_points: int, dim: int, fingerprint: str = "") -> tuple[morph.Cloud, str, bytes]:
    """`explore.morph.cloud`, with its name and bytes for the browser; of a cached model's decoder if a fingerprint is given."""
    found = cached.by_fingerprint().get(fingerprint)
    cloud = morph.cloud(n_points, dim, None if found is None else cached.model(found.spec))
    return cloud, *payloads.cloud(cloud.z, cloud.lines, cloud.circles, image=cloud.image)


@st.cache_resource(max_entries=64, show_spinner=False)
def morph_estimates(name: str, values: tuple[tuple[str, float], ...], dim: int, n_points: int) -> tuple[np.ndarray, list[Estimate]]:
    """g(z) of the cloud's points, (N, d), and `explore.morph.estimates` of it."""
    chosen = morph.named_map(name, dict(values), dim)
    y = morph.image_of_points(chosen, morph_cloud(n_points, dim)[0].z)
    return cached.fixed(y), morph.estimates(chosen, y)


@st.cache_resource(max_entries=16, show_spinner=False)
def morph_table(name: str, values: tuple[tuple[str, float], ...], dim: int, n_points: int, fingerprint: str = "") -> bytes:
    """The cloud's points before and after the map, as CSV."""
    cloud = morph_cloud(n_points, dim, fingerprint)[0]
    y = cloud.image["y"] if fingerprint else morph_estimates(name, values, dim, n_points)[0]
    return payloads.table_csv([f"{letter}{k + 1}" for letter in "zy" for k in range(dim)], np.hstack([cloud.z, y]))


@st.cache_resource(max_entries=64, show_spinner=False)
def ring_in_dimensions(a: float, b: float, dim: int, n_points: int) -> tuple[morph.RadiusHistogram, list[Estimate]]:
    """`explore.morph.ring_in_dimensions`."""
    return morph.ring_in_dimensions(a, b, dim, n_points)


@st.cache_resource(show_spinner=False)
def ring_runs() -> LiveRuns:
    """The trainings on the ring that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.latent.ring_learning")


@st.cache_resource(show_spinner=False)
def ring_film() -> list[films.Frame]:
    """The film of the training that came with the program; empty if it is not there."""
    return films.load(SHIPPED) if SHIPPED.is_file() else []


@st.cache_resource(max_entries=16, show_spinner=False)
def curve_table(name: str, prior: str) -> line_to_curve.CurveTable:
    """`explore.line_to_curve.curve_table`."""
    return line_to_curve.curve_table(name, prior)


@st.cache_resource(max_entries=16, show_spinner=False)
def curve_samples(name: str, prior: str, n_points: int) -> tuple[np.ndarray, np.ndarray]:
    """`explore.line_to_curve.curve_samples`."""
    return line_to_curve.curve_samples(name, prior, n_points)
