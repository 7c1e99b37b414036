"""What stands beside and below the images of a path: names of rows and columns, the number, films or curves."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from pages.latent.paths.cached import path_images
from pages.shared import cached, controls, page
from pages.shared.links import bound
from vae_core.evaluation import ACTIVE_ABOVE
from vae_core.explore.codes import Codes
from vae_core.explore.latent.paths import N_SAMPLES, least_along, prior_range
from vae_core.explore.latent.paths_figure import film, score_curves
from vae_core.explore.means import mean_of_few
from vae_core.specs import ModelSpec
from vae_core.units import minus, signed, subscript

MOST = 8
"""Dimensions that a traversal shows."""
USUALLY = 9
"""Images along a path with which the page opens."""


def how_many() -> int:
    """Draw, folded, the control of how many images a path has."""
    with controls.advanced({"n_path": USUALLY}):
        return st.slider("Images", 5, 15, USUALLY, 2, **bound("n_path"))


def traversed(codes: Codes, index: int, n: int, span: str) -> tuple[list[int], np.ndarray]:
    """The dimensions that a traversal moves, those that vary most first, and the values that each takes, (dims, n)."""
    dims = list(codes.by_activity[:MOST])
    if span == "prior":
        return dims, codes.centre[dims, None] + codes.scale[dims, None] * prior_range(n)
    sd = codes.sd[index, dims] if codes.has_prior else codes.scale[dims] / 3
    return dims, codes.mean[index, dims, None] + sd[:, None] * np.linspace(-3, 3, n)


def row_names(codes: Codes, dims: list[int]) -> list[str]:
    """The dimensions with the variance of their means over the test images."""
    return [f"z{subscript(j + 1)}, var {codes.mean[:, j].var():.2f}" for j in dims]


def column_names(n: int, span: str) -> list[str]:
    """Where each column stands in the range of its row."""
    steps = prior_range(n) if span == "prior" else np.linspace(-3, 3, n)
    return [minus(f"{v:+.1f}σ") if abs(v) > 1e-9 else "0" for v in steps]


def path_number(spec: ModelSpec, codes: Codes, scores: dict[str, np.ndarray]) -> None:
    """The lowest score along the straight path beside that of the pixels; without scores how many dimensions carry something."""
    if not scores:
        _active_dimensions(spec, codes)
    elif codes.has_prior:
        averaged = "" if not cached.offers(spec).binarises else "mean over 8 binarisations ± 95 % confidence interval, "
        how = f"{averaged}importance-weighted bound from {N_SAMPLES} samples of z"
        straight, pixels = (in_words(least_along(scores[way])) for way in ("straight", "pixels"))
        page.number("Least bound on the way", f"{straight} nats", f"Of log p(x), straight path; {pixels} in pixels: {how}.", of=spec)
    else:
        straight, pixels = (in_words(-least_along(scores[way])) for way in ("straight", "pixels"))
        how = "exact, of the image and its reconstruction"
        page.number("Largest error on the way", f"{straight} SSE", f"Straight path; {pixels} in pixels: {how}.", of=spec)


def in_words(draws: np.ndarray) -> str:
    """The mean of a score's draws with Student's interval; of a single one, which is exact or one estimate, itself."""
    return str(mean_of_few(draws)) if len(draws) > 1 else signed(float(draws[0]), 1)


def _active_dimensions(spec: ModelSpec, codes: Codes) -> None:
    """As the model's evaluation counts them, on the images that its likelihood sees; a model without a density has none to count."""
    metrics, active = _metrics(spec), n_active(spec, codes)
    if metrics.get("active_units") is None:
        method = (
            f"Dimensions whose codes vary by more than {ACTIVE_ABOVE} over n = {len(codes.mean):,} test images. No density, so no rate."
        )
        page.number("Dimensions that vary", f"{active} of {codes.latent_dim}", method, of=spec)
        return
    images = "binarised test images" if metrics["binarisation_seed"] is not None else "test images"
    method = f"Posterior mean varies by more than {ACTIVE_ABOVE} over n = {metrics['n_images']:,} {images} (Burda et al. 2016)."
    page.number("Active dimensions", f"{active} of {codes.latent_dim}", method, of=spec)


def n_active(spec: ModelSpec, codes: Codes) -> int:
    """How many dimensions vary: by the model's evaluation, else over the codes of the test images."""
    counted = _metrics(spec).get("active_units")
    return int((codes.mean.var(0) > ACTIVE_ABOVE).sum()) if counted is None else counted


def _metrics(spec: ModelSpec) -> dict[str, Any]:
    return cached.metrics(spec.dataset, spec.latent_dim).get(spec.family, {})


def film_or_curves(spec: ModelSpec, ends: tuple[int, int], scores: dict[str, np.ndarray], *, is_film: bool) -> None:
    """The paths as films side by side, or how well the model knows the images along them."""
    unit = "log p(x) ≥ (nats)" if cached.offers(spec).has_density else "−SSE"
    if not is_film:
        t = np.linspace(0, 1, len(scores["straight"]))
        page.chart(cached.lasting_chart("path", (spec.fingerprint, ends, len(t)), lambda: score_curves(scores, t, unit=unit)))
        return
    for place, way in zip(st.columns(3), scores, strict=True):
        images = path_images(spec, ends, 31, way)
        place.image(film(images, times=max(1, 168 // images.shape[-1])), caption=way, alt=_told(way, ends, scores[way], unit))


def _told(way: str, ends: tuple[int, int], scores: np.ndarray, unit: str) -> str:
    """What a film shows to who does not see it: between which images it goes, and how well the model knows those on the way."""
    first, least, last = (signed(value, 1) for value in (scores[0], scores.min(), scores[-1]))
    return f"Film from test image {ends[0]} to {ends[1]} and back, path: {way}. {unit}: {first} at first, {last} at last, least {least}."
