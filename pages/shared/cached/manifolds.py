"""Caches of the pages on learned manifolds: codes, what is decoded from them, paths, means, trainings on toys."""

from __future__ import annotations

import json
from typing import Literal

import numpy as np
import streamlit as st

from pages.shared import cached
from vae_core import datasets
from vae_core.explore import latent_pad, latents, manifolds, paths, smoothness, toy_manifolds
from vae_core.explore import samples as draws
from vae_core.explore.live_runs import LiveRuns
from vae_core.figures import latents as latent_figures
from vae_core.figures.latent_pad import COLUMNS, sprite_sheet
from vae_core.models import spec_from_json
from vae_core.specs import ModelSpec
from vae_core.store import Store

N_ON_PAD = 2000


def test_codes(spec: ModelSpec) -> latents.Codes:
    """`explore.latents.codes` of every test image."""
    return _test_codes(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=128, show_spinner="Encoding the images …")
def _test_codes(fingerprint: str, local: str, _spec: ModelSpec) -> latents.Codes:
    return latents.codes(cached.model(_spec), cached.dataset(_spec.dataset).test.x)


def train_codes(spec: ModelSpec) -> latents.Codes:
    """`explore.latents.codes` of every training image."""
    return _train_codes(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=24, show_spinner="Encoding the images …")
def _train_codes(fingerprint: str, local: str, _spec: ModelSpec) -> latents.Codes:
    return latents.codes(cached.model(_spec), cached.dataset(_spec.dataset).train.x)


def decoder_payload(spec: ModelSpec) -> latent_pad.Payload:
    """`explore.latent_pad.decoder_payload` of a trained model."""
    return _decoder_payload(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=32, show_spinner=False)
def _decoder_payload(fingerprint: str, local: str, _spec: ModelSpec) -> latent_pad.Payload:
    return latent_pad.decoder_payload(cached.model(_spec))


def pad_codes(spec: ModelSpec) -> latent_pad.Payload:
    """Codes of at most 2,000 test images with their thumbnails, for the latent pad."""
    return _pad_codes(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=32, show_spinner=False)
def _pad_codes(fingerprint: str, local: str, _spec: ModelSpec) -> latent_pad.Payload:
    labels = cached.dataset(_spec.dataset).test.labels
    return latent_pad.codes_payload(test_codes(_spec).mean, labels, _thumbnails(_spec.dataset), columns=COLUMNS)


def codes_csv(spec: ModelSpec) -> bytes:
    """`figures.latents.codes_csv` of every test image."""
    return _codes_csv(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=16, show_spinner=False)
def _codes_csv(fingerprint: str, local: str, _spec: ModelSpec) -> bytes:
    return latent_figures.codes_csv(test_codes(_spec).mean, cached.dataset(_spec.dataset).test.labels)


def manifold_grid(
    spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool
) -> manifolds.ManifoldGrid:
    """`explore.manifolds.manifold_grid` on the plane of two latent dimensions, with test codes where the data set is here."""
    return _manifold_grid(spec.fingerprint, str(Store().local), n, spacing, extent, dims, as_is, spec)


@st.cache_resource(max_entries=32, show_spinner=False)
def _manifold_grid(
    fingerprint: str, local: str, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool, _spec: ModelSpec
) -> manifolds.ManifoldGrid:
    axis = manifolds.grid_axis(n, spacing=spacing, extent=extent)
    codes = test_codes(_spec) if datasets.available(_spec.dataset) else None
    return manifolds.manifold_grid(cached.model(_spec), axis, dims=dims, codes=codes, as_is=as_is)


def samples(spec: ModelSpec, law: draws.CodeLaw, n: int, seed: int, draw_pixels: bool) -> np.ndarray:
    """`explore.samples.images_of_codes` at codes drawn from the prior, or from a law fitted to the training codes."""
    return _samples(spec.fingerprint, str(Store().local), law, n, seed, draw_pixels, spec)


@st.cache_resource(max_entries=128, show_spinner=False)
def _samples(fingerprint: str, local: str, law: draws.CodeLaw, n: int, seed: int, draw_pixels: bool, _spec: ModelSpec) -> np.ndarray:
    fitted = draws.standard_law(_spec.latent_dim) if law == "prior" else _fitted_law(fingerprint, local, law, _spec)
    z = fitted.codes(*draws.noise(n, _spec.latent_dim, seed))
    return cached.fixed(draws.images_of_codes(cached.model(_spec), z, draw_pixels=draw_pixels, seed=seed))


@st.cache_resource(max_entries=32, show_spinner="Fitting a law to the codes …")
def _fitted_law(fingerprint: str, local: str, law: draws.CodeLaw, _spec: ModelSpec) -> draws.FittedLaw:
    return draws.fitted_law(train_codes(_spec).mean, law)


def per_image(spec: ModelSpec) -> dict[str, np.ndarray]:
    """`explore.latents.per_image` of every test image: SSE, and where there is a density ELBO and rate."""
    return _per_image(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=32, show_spinner="Measuring every test image …")
def _per_image(fingerprint: str, local: str, _spec: ModelSpec) -> dict[str, np.ndarray]:
    return latents.per_image(cached.model(_spec), cached.dataset(_spec.dataset).test.x)


def path_images(spec: ModelSpec, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"]) -> np.ndarray:
    """Images along a path between two test images, float (n, C, H, W)."""
    return _path_images(spec.fingerprint, str(Store().local), ends, n, way, spec)


@st.cache_resource(max_entries=128, show_spinner=False)
def _path_images(
    fingerprint: str, local: str, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"], _spec: ModelSpec
) -> np.ndarray:
    if way == "pixels":
        start, end = (cached.dataset(_spec.dataset).test.x[i] / 255.0 for i in ends)
        return cached.fixed(paths.straight(start, end, np.linspace(0, 1, n)))
    mean = test_codes(_spec).mean
    return cached.fixed(decoded(_spec, paths.interpolation(mean[ends[0]], mean[ends[1]], n, way)))


def path_scores(spec: ModelSpec, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"]) -> np.ndarray:
    """`explore.paths.score_along` of the images of a path, (n,)."""
    return _path_scores(spec.fingerprint, str(Store().local), ends, n, way, spec)


@st.cache_resource(max_entries=128, show_spinner="Following the path …")
def _path_scores(
    fingerprint: str, local: str, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"], _spec: ModelSpec
) -> np.ndarray:
    return cached.fixed(paths.score_along(cached.model(_spec), path_images(_spec, ends, n, way)))


def traversal(spec: ModelSpec, z: np.ndarray, dims: list[int], values: np.ndarray) -> np.ndarray:
    """`explore.paths.traversal`; too quick to be kept."""
    return paths.traversal(cached.model(spec), z, dims, values)


def average_at(spec: ModelSpec, z: tuple[float, ...], widen: float) -> smoothness.Average:
    """`explore.smoothness.average_at`: the training images that q(z|x) averages at a code."""
    return _average_at(spec.fingerprint, str(Store().local), z, widen, spec)


@st.cache_resource(max_entries=64, show_spinner=False)
def _average_at(fingerprint: str, local: str, z: tuple[float, ...], widen: float, _spec: ModelSpec) -> smoothness.Average:
    return smoothness.average_at(train_codes(_spec), cached.dataset(_spec.dataset).train.x, np.array(z), widen=widen)


@st.cache_resource(show_spinner=False)
def toy_runs() -> LiveRuns:
    """The trainings on toys that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.toy_manifolds", read=toy_manifolds.read_frame)


@st.cache_resource(max_entries=16, show_spinner=False)
def untrained_toy(spec_json: str) -> toy_manifolds.ToyFrame:
    """`explore.toy_manifolds.untrained_frame`: what there is to see before the first epoch."""
    return toy_manifolds.untrained_frame(spec_from_json(json.loads(spec_json)))


def decoded(spec: ModelSpec, z: np.ndarray) -> np.ndarray:
    """`explore.latent_pad.decoded`: E[x|z], float32 (N, C, H, W); too quick to be kept."""
    return latent_pad.decoded(cached.model(spec), z)


@st.cache_resource(max_entries=6, show_spinner=False)
def _thumbnails(name: str) -> tuple[bytes, int]:
    return sprite_sheet(cached.dataset(name).test.x[:N_ON_PAD])
