"""Caches of the pages on exact rates, collapse and the discrete world."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.shared.cached import checkpoints, dataset, is_trained, model, of_model
from pages.training import cached as trainings
from vae_core import data as datasets
from vae_core.explore import water_filling
from vae_core.explore.rates import doctor as collapse
from vae_core.explore.rates import pixel_statistics as pixels
from vae_core.explore.rates import rates_on_train as rates
from vae_core.explore.rates import rda
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.explore.rates.rates_on_train import RatesOnTrain, water_level
from vae_core.models.pca import Spectrum, spectrum
from vae_core.models.vae import VAESpec
from vae_core.specs import ModelSpec

MOST_PIXELS = 4096
"""Larger images have a spectrum that takes too long to compute while one waits."""


def statistics(name: str) -> PixelStatistics | None:
    """Moments of a data set's training images: as shipped, else from the images; None where there are neither."""
    kept = _shipped_statistics().get(name)
    return kept or (_statistics(name=name) if datasets.available(name) else None)


@st.cache_resource(max_entries=1, show_spinner=False)
def _shipped_statistics() -> dict[str, PixelStatistics]:
    return pixels.shipped()


@st.cache_resource(max_entries=8, show_spinner="Finding the variances of the training images …")
def _statistics(name: str) -> PixelStatistics:
    return pixels.pixel_statistics(dataset(name).train.x)


def gaussian_models(name: str) -> list[tuple[VAESpec, RatesOnTrain]]:
    """The models of a data set whose likelihood is Gaussian of fixed scale, with their rates on the training images.

    Those of shipped models, and of some that have no weights here, came with the program; those of local ones are measured, where the
    images are here.
    """
    kept = _shipped_rates(written=rates.SHIPPED.stat().st_mtime_ns if rates.SHIPPED.is_file() else 0)
    found = {s: kept[s.fingerprint] for s in rates.without_weights() if s.dataset == name and s.fingerprint in kept}
    for one in checkpoints():
        spec = one.spec
        if spec.dataset == name and water_level(spec) is not None:
            measured = kept.get(spec.fingerprint)
            if measured is None and not one.is_shipped and datasets.available(name) and is_trained(spec):
                measured = _rates_on_train(spec)
            if measured is not None:
                found[spec] = measured
    return list(found.items())


@st.cache_resource(max_entries=1, show_spinner=False)
def _shipped_rates(written: int) -> dict[str, RatesOnTrain]:
    return rates.shipped()


@of_model(most=256, spinner="Measuring every training image …")
def _rates_on_train(spec: ModelSpec) -> RatesOnTrain:
    eigenvalues = np.array(statistics(spec.dataset).eigenvalues)
    return rates.rates_on_train(model(spec), dataset(spec.dataset).train.x, eigenvalues)


def has_linear_reconstructions(name: str) -> bool:
    """Whether the images are here, and not too large to wait for."""
    return datasets.available(name) and dataset(name).test.x[0].size <= MOST_PIXELS


def linear_reconstructions(name: str, indices: tuple[int, ...], tau: float, latent_dim: int) -> np.ndarray | None:
    """`explore.water_filling.reconstructions` of test images; None without the images, or where these are too large to wait for."""
    if not has_linear_reconstructions(name):
        return None
    return water_filling.reconstructions(_spectrum(name=name), dataset(name).test.x[list(indices)], tau, latent_dim)


@st.cache_resource(max_entries=4, show_spinner="Finding the principal components …")
def _spectrum(name: str) -> Spectrum:
    return spectrum(dataset(name).train.x)


def shown(name: str, n: int) -> np.ndarray:
    """n test images of a data set, evenly spread, (n, C, H, W)."""
    test = dataset(name).test
    return test.x[list(test.spread(n))]


@of_model(most=128, spinner="Examining the code …")
def examination(spec: ModelSpec) -> collapse.Examination:
    """`explore.collapse.examine` of a trained model; its images must be there."""
    free = trainings.z_free(spec)
    found = np.array(statistics(spec.dataset).eigenvalues)
    return collapse.examine(model(spec), dataset(spec.dataset), found, None if free is None else free.test)


@of_model(most=128)
def swapped(spec: ModelSpec, n: int) -> tuple[np.ndarray, np.ndarray]:
    """`explore.collapse.swapped_reconstructions` of n test images, evenly spread."""
    return collapse.swapped_reconstructions(model(spec), shown(spec.dataset, n))


@st.cache_resource(max_entries=32, show_spinner=False)
def rda_gradients(name: str, beta: float, sigma: float) -> rda.Gradients:
    """`explore.rda.gradients` of an untrained network on the first training images."""
    x = dataset(name).train.x[: rda.N_IMAGES]
    return rda.gradients(rda.untrained(name, x, sigma=sigma), x, beta=beta)
