"""Caches of the pages on training and of the model library: how long it takes, what it must reach, its film, its file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from pages.shared import cached
from vae_core import data as datasets
from vae_core.explore.training import training as trainings
from vae_core.explore.training import training_film
from vae_core.explore.training import training_film_figure as film_figures
from vae_core.explore.training.training import Pace
from vae_core.models.pca import spectrum
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import Store, archive


def pace(spec: TrainedSpec) -> Pace:
    """`explore.training.pace`: seconds an epoch takes here, from a timed fraction of one."""
    return _pace(replace(spec, n_epochs=2, seed=0).fingerprint, spec)


@st.cache_resource(max_entries=64, show_spinner="Timing a fraction of an epoch …")
def _pace(fingerprint: str, _spec: TrainedSpec) -> Pace:
    return trainings.pace(_spec, cached.dataset(_spec.dataset))


@st.cache_resource(max_entries=8, show_spinner="Finding the variances of the training images …")
def eigenvalues(name: str) -> np.ndarray:
    """Eigenvalues of the training images' covariance, (P,), largest first."""
    return cached.fixed(spectrum(cached.dataset(name).train.x).eigenvalues.copy())


def snapshots(spec: ModelSpec) -> tuple[tuple[str, int], ...]:
    """The files of a training's snapshots, and when each was written."""
    return tuple((path.name, path.stat().st_mtime_ns) for path in training_film.files(spec, Store()))


def film(spec: ModelSpec) -> list[training_film.Snapshot]:
    """The snapshots of a training; of a model that was trained without any, how it ended; empty where nothing is known."""
    state = snapshots(spec)
    ended = not state and cached.is_trained(spec) and datasets.available(spec.dataset)
    return _film(spec, state, ended)


@cached.of_model(most=8)
def _film(spec: ModelSpec, state: tuple, ended: bool) -> list[training_film.Snapshot]:
    if ended:
        return [training_film.snapshot(cached.model(spec), cached.dataset(spec.dataset), spec.n_epochs)]
    return training_film.load(spec, Store())


def film_files(spec: ModelSpec, lines: tuple[str, ...]) -> tuple[bytes, bytes]:
    """The film for the browser (`figures.training_film.film`), and as an animated GIF."""
    epochs = tuple(taken.epoch for taken in film(spec))
    return _film_files(spec, epochs, lines)


@cached.of_model(most=8, spinner="Drawing the snapshots …")
def _film_files(spec: ModelSpec, epochs: tuple[int, ...], lines: tuple[str, ...]) -> tuple[bytes, bytes]:
    taken = film(spec)
    x, manifolds = cached.dataset(spec.dataset).test.x[list(taken[-1].indices)], [t.manifold for t in taken if t.manifold is not None]
    images, n_epochs = [t.reconstructions for t in taken], spec.n_epochs
    return film_figures.film(x, epochs, images, manifolds, lines, n_epochs), film_figures.film_gif(x, epochs, images, manifolds)


@cached.of_model(most=8)
def exported(spec: ModelSpec) -> bytes:
    """`archive.exported`: a cached model as one file."""
    return archive.exported(Store().find(spec))
