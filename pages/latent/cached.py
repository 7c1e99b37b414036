"""Caches of the pages on learned manifolds: codes, what is decoded from them, paths, means, trainings on toys."""

from __future__ import annotations

import json
from typing import Literal

import numpy as np
import streamlit as st

from pages.shared import cached
from vae_core import data as datasets
from vae_core.explore import codes as latents
from vae_core.explore import codes_figure as latent_figures
from vae_core.explore import latent_pad, manifolds
from vae_core.explore.autoencoders import toy_manifolds
from vae_core.explore.latent import paths, smoothness
from vae_core.explore.latent import samples as draws
from vae_core.explore.latent_pad_figure import COLUMNS, sprite_sheet
from vae_core.jobs.live_runs import LiveRuns
from vae_core.models import spec_from_json
from vae_core.specs import ModelSpec

N_ON_PAD = 2000


@cached.of_model(most=128, spinner="Encoding the images …")
def test_codes(spec: ModelSpec) -> latents.Codes:
    """`explore.latents.codes` of every test image."""
    return latents.codes(cached.model(spec), cached.dataset(spec.dataset).test.x)


@cached.of_model(most=24, spinner="Encoding the images …")
def train_codes(spec: ModelSpec) -> latents.Codes:
    """`explore.latents.codes` of every training image."""
    return latents.codes(cached.model(spec), cached.dataset(spec.dataset).train.x)


@cached.of_model(most=32)
def decoder_payload(spec: ModelSpec) -> latent_pad.Payload:
    """`explore.latent_pad.decoder_payload` of a trained model."""
    return latent_pad.decoder_payload(cached.model(spec))


@cached.of_model(most=32)
def pad_codes(spec: ModelSpec) -> latent_pad.Payload:
    """Codes of at most 2,000 test images with their thumbnails, for the latent pad."""
    labels = cached.dataset(spec.dataset).test.labels
    return latent_pad.codes_payload(test_codes(spec).mean, labels, _thumbnails(spec.dataset), columns=COLUMNS)


@cached.of_model(most=16)
def codes_csv(spec: ModelSpec) -> bytes:
    """`figures.latents.codes_csv` of every test image."""
    return latent_figures.codes_csv(test_codes(spec).mean, cached.dataset(spec.dataset).test.labels)


@cached.of_model(most=32)
def manifold_grid(
    spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool
) -> manifolds.ManifoldGrid:
    """`explore.manifolds.manifold_grid` on the plane of two latent dimensions, with test codes where the data set is here."""
    axis = manifolds.grid_axis(n, spacing=spacing, extent=extent)
    codes = test_codes(spec) if datasets.available(spec.dataset) else None
    return manifolds.manifold_grid(cached.model(spec), axis, dims=dims, codes=codes, as_is=as_is)


@cached.of_model(most=128)
def samples(spec: ModelSpec, law: draws.CodeLaw, n: int, seed: int, draw_pixels: bool) -> np.ndarray:
    """`explore.samples.images_of_codes` at codes drawn from the prior, or from a law fitted to the training codes."""
    fitted = draws.standard_law(spec.latent_dim) if law == "prior" else _fitted_law(spec, law)
    z = fitted.codes(*draws.noise(n, spec.latent_dim, seed))
    return cached.fixed(draws.images_of_codes(cached.model(spec), z, draw_pixels=draw_pixels, seed=seed))


@cached.of_model(most=32, spinner="Fitting a law to the codes …")
def _fitted_law(spec: ModelSpec, law: draws.CodeLaw) -> draws.FittedLaw:
    return draws.fitted_law(train_codes(spec).mean, law)


@cached.of_model(most=32, spinner="Measuring every test image …")
def per_image(spec: ModelSpec) -> dict[str, np.ndarray]:
    """`explore.latents.per_image` of every test image: SSE, and where there is a density ELBO and rate."""
    return latents.per_image(cached.model(spec), cached.dataset(spec.dataset).test.x)


@cached.of_model(most=128)
def path_images(spec: ModelSpec, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"]) -> np.ndarray:
    """Images along a path between two test images, float (n, C, H, W)."""
    if way == "pixels":
        start, end = (cached.dataset(spec.dataset).test.x[i] / 255.0 for i in ends)
        return cached.fixed(paths.straight(start, end, np.linspace(0, 1, n)))
    mean = test_codes(spec).mean
    return cached.fixed(decoded(spec, paths.interpolation(mean[ends[0]], mean[ends[1]], n, way)))


@cached.of_model(most=128, spinner="Following the path …")
def path_scores(spec: ModelSpec, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"]) -> np.ndarray:
    """`explore.paths.score_along` of the images of a path, (n,)."""
    return cached.fixed(paths.score_along(cached.model(spec), path_images(spec, ends, n, way)))


def traversal(spec: ModelSpec, z: np.ndarray, dims: list[int], values: np.ndarray) -> np.ndarray:
    """`explore.paths.traversal`; too quick to be kept."""
    return paths.traversal(cached.model(spec), z, dims, values)


@cached.of_model(most=64)
def average_at(spec: ModelSpec, z: tuple[float, ...], widen: float) -> smoothness.Average:
    """`explore.smoothness.average_at`: the training images that q(z|x) averages at a code."""
    return smoothness.average_at(train_codes(spec), cached.dataset(spec.dataset).train.x, np.array(z), widen=widen)


@st.cache_resource(show_spinner=False)
def toy_runs() -> LiveRuns:
    """The trainings on toys that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.autoencoders.toy_manifolds", read=toy_manifolds.read_frame)


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
