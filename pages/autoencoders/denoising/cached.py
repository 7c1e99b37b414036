"""Caches of *Denoising*: errors of every test image on each noise, and the best linear denoisers."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.autoencoders import denoising
from vae_core.explore.autoencoders.denoising import LinearDenoiser
from vae_core.explore.means import Mean, mean_of
from vae_core.specs import Corruption, ModelSpec


@cached.keep(most=16, spinner="Solving for the best linear denoiser …")
def best_linear(name: str, corruption: Corruption, strength: float) -> LinearDenoiser:
    """`explore.autoencoders.denoising.best_linear` of a data set's training images."""
    return denoising.best_linear(cached.spectrum(name), corruption, strength)


@cached.keep(most=128)
def best_errors(name: str, corruption: Corruption, strength: float) -> np.ndarray:
    """Squared errors of that denoiser on the test images, (N,)."""
    return cached.fixed(denoising.errors(best_linear(name, corruption, strength), cached.dataset(name).test.x, corruption, strength))


@cached.keep(most=128)
def noisy_errors(name: str, corruption: Corruption, strength: float) -> np.ndarray:
    """Squared errors of the noisy test images themselves, (N,)."""
    x = cached.dataset(name).test.x
    return cached.fixed(denoising.sse(x, denoising.noisy(x, corruption, strength)))


@cached.keep(most=64)
def painted_noise(name: str, corruption: Corruption, strength: float, painted: str) -> np.ndarray:
    """Squared errors of the test images themselves with noise on the pixels of a code, (2, N): of those, and of the others."""
    x = cached.dataset(name).test.x
    return cached.fixed(denoising.painted_errors(None, x, corruption, strength, _pixels(x, painted)))


@cached.keep(most=64)
def best_painted_errors(name: str, corruption: Corruption, strength: float, painted: str) -> np.ndarray:
    """The same of what the best linear denoiser of the noise on all pixels makes of them, (2, N)."""
    x, best = cached.dataset(name).test.x, best_linear(name, corruption, strength)
    return cached.fixed(denoising.painted_errors(best, x, corruption, strength, _pixels(x, painted)))


@cached.of_model(most=256)
def painted_errors(spec: ModelSpec, corruption: Corruption, strength: float, painted: str) -> np.ndarray:
    """The same of a trained model, (2, N)."""
    x = cached.dataset(spec.dataset).test.x
    return cached.fixed(denoising.painted_errors(cached.model(spec), x, corruption, strength, _pixels(x, painted)))


def _pixels(x: np.ndarray, painted: str) -> np.ndarray:
    return denoising.painted_pixels(painted, x.shape[-1])


def denoised(spec: ModelSpec, seen: np.ndarray) -> np.ndarray:
    """`explore.autoencoders.denoising.denoised` of a few noisy images, which takes a millisecond, and is not kept."""
    return denoising.denoised(cached.model(spec), seen)


@cached.of_model(most=512, spinner="Trying every test image …")
def errors(spec: ModelSpec, corruption: Corruption, strength: float) -> np.ndarray:
    """`explore.autoencoders.denoising.errors` of a trained model on the test images, (N,)."""
    return cached.fixed(denoising.errors(cached.model(spec), cached.dataset(spec.dataset).test.x, corruption, strength))


@cached.of_model(most=512, spinner="Encoding every test image …")
def drift(spec: ModelSpec, corruption: Corruption, strength: float) -> np.ndarray:
    """`explore.autoencoders.denoising.drift` of the codes of test images, (N,)."""
    return cached.fixed(denoising.drift(cached.model(spec), cached.dataset(spec.dataset).test.x, corruption, strength))


@cached.of_model(most=64)
def train_error(spec: ModelSpec) -> Mean:
    """Mean squared error of the training images without noise."""
    return mean_of(denoising.errors(cached.model(spec), cached.dataset(spec.dataset).train.x, "none", 0.0))
