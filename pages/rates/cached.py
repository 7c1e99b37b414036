"""Caches that several pages on rate and β use: moments of pixels, exact rates, the doctor's examinations, the models of the frontier."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from pages.shared.cached import checkpoints, dataset, is_trained, model, of_model, z_free
from vae_core import data
from vae_core.explore import water_filling
from vae_core.explore.rates import doctor, frontier, frontier_numbers, pixel_statistics, rates_on_train
from vae_core.explore.rates.frontier_numbers import End, NumbersFile
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.explore.rates.rates_on_train import RatesOnTrain, water_level
from vae_core.models.pca import Spectrum, spectrum
from vae_core.models.vae import VAESpec
from vae_core.specs import ModelSpec
from vae_core.store.checkpoints import Checkpoint

MOST_PIXELS = 4096
"""Larger images have a spectrum that takes too long to compute while one waits."""


def statistics(name: str) -> PixelStatistics | None:
    """Moments of a data set's training images: as shipped, else from the images; None where there are neither."""
    shipped = _shipped_statistics().get(name)
    return shipped or (_statistics(name=name) if data.available(name) else None)


@st.cache_resource(max_entries=1, show_spinner=False)
def _shipped_statistics() -> dict[str, PixelStatistics]:
    return pixel_statistics.shipped()


@st.cache_resource(max_entries=8, show_spinner="Finding the variances of the training images …")
def _statistics(name: str) -> PixelStatistics:
    return pixel_statistics.pixel_statistics(dataset(name).train.x)


def gaussian_models(name: str) -> list[tuple[VAESpec, RatesOnTrain]]:
    """The models of a data set whose likelihood is Gaussian of fixed scale, with their rates on the training images.

    Those of shipped models, and of some that have no weights here, came with the program; those of local ones are measured, where the
    images are here.
    """
    shipped = _shipped_rates(written=_written_at(rates_on_train.SHIPPED))
    rates = {
        spec: shipped[spec.fingerprint] for spec in rates_on_train.without_weights() if spec.dataset == name and spec.fingerprint in shipped
    }
    for one in checkpoints():
        if one.spec.dataset == name and water_level(one.spec) is not None:
            measured = shipped.get(one.spec.fingerprint)
            if measured is None and not one.is_shipped and data.available(name) and is_trained(one.spec):
                measured = _rates_on_train(one.spec)
            if measured is not None:
                rates[one.spec] = measured
    return list(rates.items())


@st.cache_resource(max_entries=1, show_spinner=False)
def _shipped_rates(written: int) -> dict[str, RatesOnTrain]:
    return rates_on_train.shipped()


@of_model(most=256, spinner="Measuring every training image …")
def _rates_on_train(spec: ModelSpec) -> RatesOnTrain:
    eigenvalues = np.array(statistics(spec.dataset).eigenvalues)
    return rates_on_train.rates_on_train(model(spec), dataset(spec.dataset).train.x, eigenvalues)


def has_linear_reconstructions(name: str) -> bool:
    """Whether the images are here, and not too large to wait for."""
    return data.available(name) and dataset(name).test.x[0].size <= MOST_PIXELS


def linear_reconstructions(name: str, indices: tuple[int, ...], tau: float, latent_dim: int) -> np.ndarray | None:
    """`explore.water_filling.reconstructions` of test images; None without the images, or where these are too large to wait for."""
    if not has_linear_reconstructions(name):
        return None
    return water_filling.reconstructions(_spectrum(name=name), dataset(name).test.x[list(indices)], tau, latent_dim)


@st.cache_resource(max_entries=4, show_spinner="Finding the principal components …")
def _spectrum(name: str) -> Spectrum:
    return spectrum(dataset(name).train.x)


def spread_images(name: str, n: int) -> np.ndarray:
    """n test images of a data set, evenly spread, (n, C, H, W)."""
    test = dataset(name).test
    return test.x[list(test.spread(n))]


@of_model(most=128, spinner="Examining the code …")
def examination(spec: ModelSpec) -> doctor.Examination:
    """`explore.rates.doctor.examine` of a trained model; its images must be there."""
    eigenvalues, best_without_z = np.array(statistics(spec.dataset).eigenvalues), z_free(spec)
    return doctor.examine(model(spec), dataset(spec.dataset), eigenvalues, None if best_without_z is None else best_without_z.test)


@of_model(most=128)
def swapped_reconstructions(spec: ModelSpec, n: int) -> tuple[np.ndarray, np.ndarray]:
    """`explore.rates.doctor.swapped_reconstructions` of n test images, evenly spread."""
    return doctor.swapped_reconstructions(model(spec), spread_images(spec.dataset, n))


def frontier_dots(title: str) -> list[frontier.Dot]:
    """`explore.rates.frontier.dots` of a plane: what is trained by now, and what numbers came with the program."""
    return _frontier_dots(title=title, state=frontier_state())


@st.cache_resource(max_entries=16, show_spinner=False)
def _frontier_dots(title: str, state: tuple[int, int]) -> list[frontier.Dot]:
    specs = frontier.planes()[title]
    wanted = {spec.fingerprint for spec in specs}
    here = {c.spec.fingerprint: frontier_numbers.numbers_of(c) for c in checkpoints() if _is_of(c, wanted)}
    return frontier.dots(specs, here, _shipped_numbers(written=state[1]).models)


def _is_of(checkpoint: Checkpoint, wanted: set[str]) -> bool:
    spec = checkpoint.spec
    return isinstance(spec, VAESpec) and frontier_numbers.without_seed(spec).fingerprint in wanted


def frontier_state() -> tuple[int, int]:
    """What changes when a model comes in, and when the numbers that came with the program do."""
    names = tuple(sorted(one.spec.fingerprint for one in checkpoints()))
    return hash(names), _written_at(frontier_numbers.SHIPPED)


def frontier_ends() -> dict[str, End]:
    """Ends of the frontier that came with the program, by `explore.rates.frontier_numbers.end_name`."""
    return _shipped_numbers(written=_written_at(frontier_numbers.SHIPPED)).ends


@st.cache_resource(max_entries=2, show_spinner=False)
def _shipped_numbers(written: int) -> NumbersFile:
    return frontier_numbers.read(frontier_numbers.SHIPPED)


def frontier_end(spec: VAESpec) -> End | None:
    """Where a plane's frontier begins: as it came with the program, else from the images if they are here."""
    name = frontier_numbers.end_name(spec)
    shipped = frontier_ends().get(name)
    return _frontier_end(name=name, _spec=spec) if shipped is None and data.available(spec.dataset) else shipped


@st.cache_resource(max_entries=16, show_spinner=False)
def _frontier_end(name: str, _spec: VAESpec) -> End:
    return frontier_numbers.end(_spec, dataset(_spec.dataset))


def _written_at(path: Path) -> int:
    """When a file was last written; 0 if there is none."""
    return path.stat().st_mtime_ns if path.is_file() else 0
