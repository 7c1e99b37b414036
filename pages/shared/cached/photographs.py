"""Caches of the pages on photographs. What comes from an upload is kept with the session, and goes with it."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from pages.shared import cached
from vae_core import images
from vae_core.datasets import patches
from vae_core.explore import photographs as explore
from vae_core.explore import picture_files
from vae_core.identities import identity
from vae_core.models import LatentModel, default_spec
from vae_core.models.pca import PCA
from vae_core.store import Store
from vae_core.units import bits


@st.cache_resource(max_entries=4, show_spinner=False)
def held_out(name: str) -> np.ndarray:
    """The half of a named photograph that no model was trained on."""
    return patches.halves(name)[1]


@st.cache_resource(max_entries=4, scope="session", show_spinner="Reading the photograph …")
def uploaded(name: str, data: bytes) -> tuple[np.ndarray, tuple[int, int]]:
    """A photograph that was handed over, in three channels and at most half a megapixel, and its width and height before that.

    Raises:
        ValueError: if it cannot be read, or is smaller than patches are.
    """
    image = images.read_image(data, name=name)
    return explore.as_photograph(image), (image.shape[1], image.shape[0])


def digest(photograph: np.ndarray) -> str:
    """What stands for a photograph in the keys of caches."""
    return hashlib.sha256(repr(photograph.shape).encode() + photograph.tobytes()).hexdigest()


def base(dataset: str, photograph: np.ndarray | None) -> PCA:
    """PCA of a data set's patches with as many components as are kept, or of those of one photograph."""
    return _base(dataset, str(Store().local)) if photograph is None else _base_of(dataset, digest(photograph), photograph)


@st.cache_resource(max_entries=8, show_spinner="Finding the principal components …")
def _base(dataset: str, local: str) -> PCA:
    try:
        return cached.model(default_spec("pca", dataset, explore.MOST_COMPONENTS))
    except (KeyError, ValueError):  # not shipped: a data set of one's own
        return explore.fitted_to(cached.dataset(dataset).train.x, dataset)


@st.cache_resource(max_entries=4, scope="session", show_spinner="Finding the principal components …")
def _base_of(dataset: str, digest: str, _photograph: np.ndarray) -> PCA:
    return explore.fitted_to(explore.to_patches(_photograph, identity(dataset).shape[-1]), dataset)


def model(family: str, dataset: str, latent_dim: int, photograph: np.ndarray | None) -> LatentModel:
    """The model of patches; those of PCA and pPCA are the first components of one spectrum.

    Args:
        family: its name.
        dataset: of patches.
        latent_dim: components kept, or dimensions of the code.
        photograph: on whose own patches it is fitted (PCA and pPCA), or None.
    """
    if family == "pca":
        return explore.leading(base(dataset, photograph), latent_dim)
    if family == "ppca":
        return explore.with_density(base(dataset, photograph), latent_dim)
    return cached.model(default_spec(family, dataset, latent_dim))


def coded(family: str, dataset: str, latent_dim: int, photograph: np.ndarray, own: bool) -> explore.Coded:
    """`explore.coded` by the model of these choices, fitted to the photograph itself if `own`."""
    return _coded(family, dataset, latent_dim, own, digest(photograph), str(Store().local), photograph)


@st.cache_resource(max_entries=24, scope="session", show_spinner=False)
def _coded(family: str, dataset: str, latent_dim: int, own: bool, digest: str, local: str, _photograph: np.ndarray) -> explore.Coded:
    return explore.coded(model(family, dataset, latent_dim, _photograph if own else None), _photograph)


def matching(codec: picture_files.Codec, photograph: np.ndarray, found: explore.Coded) -> picture_files.File:
    """The file at the rate's bits, or where there is no rate, at the PSNR."""
    limit = found.likeness.psnr if found.rate is None else bits(found.rate)
    return _matching(codec, found.rate is None, limit, digest(photograph), photograph)


@st.cache_resource(max_entries=48, scope="session", show_spinner=False)
def _matching(codec: picture_files.Codec, by_psnr: bool, limit: float, digest: str, _photograph: np.ndarray) -> picture_files.File:
    return (picture_files.at_psnr if by_psnr else picture_files.at_bits)(_photograph, codec, limit)


def curve(codec: picture_files.Codec, photograph: np.ndarray) -> list[tuple[float, float]]:
    """`picture_files.curve`."""
    return _curve(codec, digest(photograph), photograph)


@st.cache_resource(max_entries=8, scope="session", show_spinner="Writing files at ten qualities …")
def _curve(codec: picture_files.Codec, digest: str, _photograph: np.ndarray) -> list[tuple[float, float]]:
    return picture_files.curve(_photograph, codec)


def rate_points(family: str, dataset: str, dims: tuple[int, ...], photograph: np.ndarray, own: bool) -> list[tuple[float, float]]:
    """`explore.rate_point` at each of these latent dimensions."""
    return _rate_points(family, dataset, dims, own, digest(photograph), str(Store().local), photograph)


@st.cache_resource(max_entries=8, scope="session", show_spinner=False)
def _rate_points(
    family: str, dataset: str, dims: tuple[int, ...], own: bool, digest: str, local: str, _photograph: np.ndarray
) -> list[tuple[float, float]]:
    return [explore.rate_point(model(family, dataset, d, _photograph if own else None), _photograph) for d in dims]
