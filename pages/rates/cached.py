"""Caches that several pages on rate and β use: moments of pixels, exact rates, the doctor's examinations, the models of the frontier."""

from __future__ import annotations

import numpy as np

from pages.shared.cached import (
    by_fingerprint,
    checkpoints,
    dataset,
    is_trained,
    keep,
    model,
    of_model,
    recall,
    spectrum,
    written_at,
    z_free,
)
from vae_core import data
from vae_core.explore import water_filling
from vae_core.explore.rates import doctor, frontier, frontier_numbers, pixel_statistics, rates_on_train
from vae_core.explore.rates.frontier_numbers import End, NumbersFile
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.explore.rates.rates_on_train import RatesOnTrain, water_level
from vae_core.models.vae import VAESpec
from vae_core.specs import ModelSpec
from vae_core.store.checkpoints import Checkpoint

MOST_PIXELS = 4096
"""Larger images have a spectrum that takes too long to compute while one waits."""


def statistics(name: str) -> PixelStatistics | None:
    """Moments of a data set's training images: as shipped, else from the images; None where there are neither."""
    return shipped_statistics().get(name) or (statistics_of_images(name) if data.available(name) else None)


@keep(most=1)
def shipped_statistics() -> dict[str, PixelStatistics]:
    """`explore.rates.pixel_statistics.shipped`: moments of data sets by name."""
    return pixel_statistics.shipped()


@keep(most=8, spinner="Finding the variances of the training images …")
def statistics_of_images(name: str) -> PixelStatistics:
    """`explore.rates.pixel_statistics` of training images that are here."""
    return pixel_statistics.pixel_statistics(dataset(name).train.x)


def gaussian_models(name: str) -> list[tuple[VAESpec, RatesOnTrain]]:
    """The models of a data set whose likelihood is Gaussian of fixed scale, with their rates on the training images.

    Those of shipped models, and of some that have no weights here, came with the program; those of local ones are measured, where the
    images are here.
    """
    shipped = shipped_rates()
    rates = {
        spec: shipped[spec.fingerprint] for spec in rates_on_train.without_weights() if spec.dataset == name and spec.fingerprint in shipped
    }
    for one in checkpoints():
        if one.spec.dataset == name and water_level(one.spec) is not None:
            measured = shipped.get(one.spec.fingerprint)
            if measured is None and not one.is_shipped and data.available(name) and is_trained(one.spec):
                measured = measured_rates(one.spec)
            if measured is not None:
                rates[one.spec] = measured
    return list(rates.items())


@keep(most=1, of=lambda: written_at(rates_on_train.SHIPPED))
def shipped_rates() -> dict[str, RatesOnTrain]:
    """`explore.rates.rates_on_train.shipped`: rates by the fingerprints of models."""
    return rates_on_train.shipped()


@of_model(most=256, spinner="Measuring every training image …")
def measured_rates(spec: ModelSpec) -> RatesOnTrain:
    """`explore.rates.rates_on_train` of a trained model; its images must be there."""
    eigenvalues = np.array(statistics(spec.dataset).eigenvalues)
    return rates_on_train.rates_on_train(model(spec), dataset(spec.dataset).train.x, eigenvalues)


def has_linear_reconstructions(name: str) -> bool:
    """Whether the images are here, and not too large to wait for."""
    return data.available(name) and dataset(name).test.x[0].size <= MOST_PIXELS


def linear_reconstructions(name: str, indices: tuple[int, ...], tau: float, latent_dim: int) -> np.ndarray | None:
    """`explore.water_filling.reconstructions` of test images; None without the images, or where these are too large to wait for."""
    if not has_linear_reconstructions(name):
        return None
    return water_filling.reconstructions(spectrum(name), dataset(name).test.x[list(indices)], tau, latent_dim)


def spread_images(name: str, n: int) -> np.ndarray:
    """n test images of a data set, evenly spread, (n, C, H, W)."""
    test = dataset(name).test
    return test.x[list(test.spread(n))]


@of_model(most=128, spinner="Examining the code …")
def examination(spec: ModelSpec) -> doctor.Examination:
    """`explore.rates.doctor.examine` of a trained model; its images must be there."""
    eigenvalues, best_without_z = np.array(statistics(spec.dataset).eigenvalues), z_free(spec)
    return doctor.examine(model(spec), dataset(spec.dataset), eigenvalues, None if best_without_z is None else best_without_z.mean)


@of_model(most=128)
def swapped_reconstructions(spec: ModelSpec, n: int) -> tuple[np.ndarray, np.ndarray]:
    """`explore.rates.doctor.swapped_reconstructions` of n test images, evenly spread."""
    return doctor.swapped_reconstructions(model(spec), spread_images(spec.dataset, n))


def frontier_state() -> tuple[int, int]:
    """What changes when a model comes in, and when the numbers that came with the program do."""
    return _hash_of_models(), written_at(frontier_numbers.SHIPPED)


@recall(most=4)
def _hash_of_models() -> int:
    return hash(tuple(sorted(by_fingerprint())))


@keep(most=16, of=lambda title: frontier_state())
def frontier_dots(title: str) -> list[frontier.Dot]:
    """`explore.rates.frontier.dots` of a plane: what is trained by now, and what numbers came with the program."""
    specs = frontier.planes()[title]
    fingerprints = {spec.fingerprint for spec in specs}
    here = {c.spec.fingerprint: frontier_numbers.numbers_of(c) for c in checkpoints() if _is_of(c, fingerprints)}
    return frontier.dots(specs, here, shipped_numbers().models)


def _is_of(checkpoint: Checkpoint, fingerprints: set[str]) -> bool:
    spec = checkpoint.spec
    return isinstance(spec, VAESpec) and frontier_numbers.without_seed(spec).fingerprint in fingerprints


def frontier_ends() -> dict[str, End]:
    """Ends of the frontier that came with the program, by `explore.rates.frontier_numbers.end_name`."""
    return shipped_numbers().ends


@keep(most=2, of=lambda: written_at(frontier_numbers.SHIPPED))
def shipped_numbers() -> NumbersFile:
    """`explore.rates.frontier_numbers.read` of what came with the program."""
    return frontier_numbers.read(frontier_numbers.SHIPPED)


def frontier_end(spec: VAESpec) -> End | None:
    """Where a plane's frontier begins: as it came with the program, else from the images if they are here."""
    shipped = frontier_ends().get(frontier_numbers.end_name(spec))
    return end_of_images(spec) if shipped is None and data.available(spec.dataset) else shipped


@keep(most=16, of=lambda _spec: frontier_numbers.end_name(_spec))
def end_of_images(_spec: VAESpec) -> End:
    """`explore.rates.frontier_numbers.end` of training images that are here."""
    return frontier_numbers.end(_spec, dataset(_spec.dataset))
