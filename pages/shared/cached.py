"""Every cache of the program. Each function wraps one call into vae_core; what it returns is shared by all sessions and read-only."""

from __future__ import annotations

import numpy as np
import streamlit as st

from vae_core import datasets
from vae_core.checkpoints import Checkpoint, DamagedCheckpoint
from vae_core.datasets import Images, Points
from vae_core.explore import reconstructions as explore
from vae_core.explore import start
from vae_core.models import FAMILIES, LatentModel, default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store


def dataset(name: str) -> Images | Points:
    """The data set of that name; it must be on this machine (`datasets.available`)."""
    return _dataset(name)


@st.cache_resource(max_entries=6, show_spinner="Reading the images …")
def _dataset(name: str) -> Images | Points:
    return datasets.load(name)


def specs(dataset: str, latent_dim: int) -> dict[str, ModelSpec]:
    """The shipped recipe of every family that allows this latent dimension."""
    found = {}
    for family in FAMILIES:
        try:
            found[family] = default_spec(family, dataset, latent_dim)
        except ValueError:
            continue  # more dimensions than this family can have
    return found


def checkpoints() -> list[Checkpoint]:
    """Everything that is cached on this machine; read again when a folder of it changes."""
    store = Store()
    state = tuple((str(root), root.stat().st_mtime_ns if root.is_dir() else 0) for root in (store.shipped, store.local))
    return _checkpoints(state)


@st.cache_resource(max_entries=4, show_spinner=False)
def _checkpoints(state: tuple) -> list[Checkpoint]:
    return Store().checkpoints()


def checkpoint(spec: ModelSpec) -> Checkpoint | None:
    """What is known of a trained model without its weights; None if there is none."""
    return next((found for found in checkpoints() if found.spec.fingerprint == spec.fingerprint), None)


def model(spec: ModelSpec) -> LatentModel:
    """The trained model.

    Raises:
        KeyError: if the store has no such model.
        DamagedCheckpoint: if its files are not what was saved.
    """
    return _model(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=64, show_spinner=False)
def _model(fingerprint: str, local: str, _spec: ModelSpec) -> LatentModel:
    return Store().load(_spec)


def is_trained(spec: ModelSpec) -> bool:
    """Whether the model is there and sound."""
    try:
        return spec in Store() and model(spec) is not None
    except (KeyError, DamagedCheckpoint):
        return False


def trained(specs: dict[str, ModelSpec]) -> dict[str, ModelSpec]:
    """Those that are there and sound, in their order."""
    return {family: spec for family, spec in specs.items() if is_trained(spec)}


def reconstructions(spec: ModelSpec, indices: tuple[int, ...]) -> np.ndarray:
    """`explore.reconstructions` of these test images, float32 (N, C, H, W)."""
    return _reconstructions(spec.fingerprint, str(Store().local), indices, spec)


@st.cache_resource(max_entries=256, show_spinner=False)
def _reconstructions(fingerprint: str, local: str, indices: tuple[int, ...], _spec: ModelSpec) -> np.ndarray:
    return _fixed(explore.reconstructions(model(_spec), dataset(_spec.dataset).test.x[list(indices)]))


def sse_per_image(spec: ModelSpec) -> np.ndarray:
    """`explore.sse_per_image` of every test image, float64 (N,)."""
    return _sse_per_image(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=64, show_spinner="Measuring every test image …")
def _sse_per_image(fingerprint: str, local: str, _spec: ModelSpec) -> np.ndarray:
    return _fixed(explore.sse_per_image(model(_spec), dataset(_spec.dataset).test.x))


def prior_means(spec: ModelSpec, n: int, seed: int) -> np.ndarray | None:
    """`explore.prior_means`: E[x|z] for n codes from the prior, or None."""
    return _prior_means(spec.fingerprint, str(Store().local), n, seed, spec)


@st.cache_resource(max_entries=128, show_spinner=False)
def _prior_means(fingerprint: str, local: str, n: int, seed: int, _spec: ModelSpec) -> np.ndarray | None:
    drawn = explore.prior_means(model(_spec), n, seed)
    return None if drawn is None else _fixed(drawn)


def offers(spec: ModelSpec) -> start.Offers:
    """`explore.start.offers` of a trained model."""
    return _offers(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=64, show_spinner=False)
def _offers(fingerprint: str, local: str, _spec: ModelSpec) -> start.Offers:
    return start.offers(model(_spec))


@st.cache_resource(max_entries=1, show_spinner=False)
def device_name() -> str:
    """Where this machine trains, in words."""
    return start.device_name()


def _fixed(array: np.ndarray) -> np.ndarray:
    """The array, which all sessions share, locked against writing."""
    array.setflags(write=False)
    return array
