"""Denoising: noise on images, the best linear denoiser in closed form, and what autoencoders that saw noise in training make of it.

Squared errors are per image, summed over pixels, of the image as it was; nothing is clipped but what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import numpy as np
import torch

from vae_core.data import drawn
from vae_core.models import LatentModel, default_spec
from vae_core.models.autoencoder import AutoencoderSpec
from vae_core.models.corruption import corrupted
from vae_core.models.pca import Spectrum
from vae_core.specs import Corruption

LATENT_DIMS = {"mnist_5k": 20, "digits": 10, "faces_25": 10, "patches_8": 12}
"""Data set → d of the denoising autoencoders that come with the program."""
STRENGTHS: dict[Corruption, float] = {"gaussian": 0.5, "mask": 0.5, "salt_and_pepper": 0.3}
"""Of the noise that they were trained with: σ, or the share of pixels that are set."""
STRENGTHS_TRIED: dict[Corruption, float] = {"none": 0.0, **STRENGTHS}
"""What every model is tried on: images as they are, and each noise as one of them knows it."""
PLAIN, LINEAR, BEST = "plain", "linear", "best"
"""The names of three denoisers: without noise in training, linear, and the best linear one in closed form."""
NONE_BELOW = 1e-9
"""An eigenvalue below this share of the largest is none."""


def specs(dataset: str) -> dict[str, AutoencoderSpec]:
    """The plain autoencoder, those that were trained with one kind of noise, under its name, and a linear one with Gaussian noise.

    All have the same data, code and training; those that are not linear have the same network.
    """
    d = LATENT_DIMS[dataset]
    plain, linear = (cast(AutoencoderSpec, default_spec(family, dataset, d)) for family in ("autoencoder", "linear-autoencoder"))
    with_noise: dict[str, AutoencoderSpec] = {
        kind: replace(plain, corruption=kind, corruption_strength=strength) for kind, strength in STRENGTHS.items()
    }
    return {PLAIN: plain, **with_noise, LINEAR: replace(linear, corruption="gaussian", corruption_strength=STRENGTHS["gaussian"])}


def noisy(x: np.ndarray, corruption: Corruption, strength: float, seed: int = 0, painted: np.ndarray | None = None) -> np.ndarray:
    """x̃ of images as bytes, (N, C, H, W), float32, not clipped.

    Args:
        x: the images.
        corruption: what is done to a pixel.
        strength: σ of Gaussian noise; the share of pixels that are set, where none are painted.
        seed: of the noise.
        painted: bool (H, W), the pixels that get the noise, all of them; None for every pixel by chance.
    """
    clean, generator = torch.tensor(x, dtype=torch.float32) / 255, torch.Generator().manual_seed(seed)
    share = strength if painted is None or corruption == "gaussian" else 1.0
    seen = corrupted(clean, corruption, share, generator).numpy()
    return seen if painted is None else np.where(painted, seen, clean.numpy())


def painted_pixels(code: str, side: int) -> np.ndarray:
    """The pixels of a square image that a code (`data.drawn`) paints, bool (H, W), rows downwards.

    Raises:
        ValueError: if it is no code, or no pixel is painted.
    """
    return drawn.decoded(code, side)[::-1]


@cache
def presets(side: int) -> dict[str, str]:
    """What one can begin to paint with on an image, (H, W) = (side, side): what it is called → its code."""
    down, across = np.mgrid[:side, :side]
    middle = (np.maximum(abs(2 * down + 1 - side), abs(2 * across + 1 - side)) < side / 2)[::-1]
    shapes = {"stroke": drawn.brushed([(-2, -1.2), (2, 1.2)], 0.55, side), "middle": middle, "lower half": down < side // 2}
    return {name: drawn.encoded(cells) for name, cells in shapes.items()}


@torch.no_grad()
def denoised(model: LatentModel, seen: np.ndarray) -> np.ndarray:
    """g(f(x̃)), float32 (N, C, H, W). `reconstruct` takes no pixel beyond [0, 1], and noise has some."""
    return model.likelihood(model.posterior(torch.tensor(seen)).mean).mean.numpy()


def sse(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    """‖x − x̂‖² of images as bytes, (N,), float64."""
    return np.square(x_hat - x / 255).reshape(len(x), -1).sum(1)


def sse_by_part(x: np.ndarray, x_hat: np.ndarray, painted: np.ndarray) -> np.ndarray:
    """`sse` of the painted pixels and of the others, (2, N)."""
    squares = np.square(x_hat - x / 255)
    return np.stack([squares[..., pixels].reshape(len(x), -1).sum(1) for pixels in (painted, ~painted)])


@dataclass(frozen=True, slots=True, eq=False)
class LinearDenoiser:
    """The best affine map from noisy to clean training images, x̂ = x̄ + W(x̃ − E x̃), W = C_{xx̃} C_{x̃x̃}⁻¹.

    Attributes:
        weight: W, (P, P); V diag(λ/(λ + σ²)) Vᵀ for Gaussian noise.
        mean: x̄, (P,).
        noisy_mean: E x̃, (P,).
        kept: the variance that each dimension of x̂ explains, (P,), largest first: λ²/(λ + σ²) for Gaussian noise.
        total: the variance of the training images.
    """

    weight: np.ndarray
    mean: np.ndarray
    noisy_mean: np.ndarray
    kept: np.ndarray
    total: float

    def __call__(self, seen: np.ndarray) -> np.ndarray:
        """x̂ of noisy images, (N, C, H, W) → the same."""
        flat = seen.reshape(len(seen), -1)
        return (self.mean + (flat - self.noisy_mean) @ self.weight.T).reshape(seen.shape)

    def expected_sse(self, latent_dim: int | None = None) -> float:
        """On training images, over all noise: of every linear map the least, or of those through so many numbers."""
        return self.total - float(self.kept[:latent_dim].sum())


def best_linear(exact: Spectrum, corruption: Corruption, strength: float) -> LinearDenoiser:
    """The best linear denoiser of training images, in closed form (Wiener 1949, in matrices).

    Noise strikes each pixel by itself, so E[x̃|x] = ax + b, and C_{x̃x̃} = a²S + diag E[Var(x̃ⱼ|x)]. Through d numbers the best one projects
    x̂ onto the first d principal axes of W C_{x̃x̃} Wᵀ (reduced-rank regression: Izenman 1975).

    Args:
        exact: of the training images.
        corruption: what is done to a pixel.
        strength: of it.
    """
    variances = exact.eigenvalues[: len(exact.components)]  # of fewer images than pixels, the others are 0
    covariance = (exact.components.T * variances) @ exact.components
    slope, noisy_mean, variance = _moments(exact.mean, exact.mean**2 + covariance.diagonal(), corruption, strength)
    if corruption == "gaussian":  # shares its axes with S
        gain = variances / (variances + strength**2)
        weight, kept = (exact.components.T * gain) @ exact.components, gain * variances
    else:
        weight = slope * covariance @ np.linalg.pinv(slope**2 * covariance + np.diag(variance), rcond=NONE_BELOW, hermitian=True)
        kept = np.linalg.eigvalsh(slope * weight @ covariance)[::-1]
    return LinearDenoiser(weight, exact.mean, noisy_mean, kept, float(exact.eigenvalues.sum()))


def _moments(mean: np.ndarray, square: np.ndarray, corruption: Corruption, strength: float) -> tuple[float, np.ndarray, np.ndarray]:
    """a, E x̃ and E[Var(x̃|x)] of each pixel, from E x and E x²."""
    if corruption in ("none", "gaussian"):
        return 1.0, mean, np.full_like(mean, strength**2 if corruption == "gaussian" else 0.0)
    slope, level = 1 - strength, strength * (0.5 if corruption == "salt_and_pepper" else 0.0)
    # x̃² is x² with probability a, and 0 or 1, whose mean is the level's, else; (ax + b)² is taken off
    return slope, slope * mean + level, slope * square + level - (slope**2 * square + 2 * slope * level * mean + level**2)


def errors(model: LatentModel | LinearDenoiser, x: np.ndarray, corruption: Corruption, strength: float) -> np.ndarray:
    """‖x − x̂‖² of what a denoiser makes of each noisy image, (N,): images as bytes, and the same noise for every denoiser."""
    return sse(x, _made(model, noisy(x, corruption, strength)))


def painted_errors(
    model: LatentModel | LinearDenoiser | None, x: np.ndarray, corruption: Corruption, strength: float, painted: np.ndarray
) -> np.ndarray:
    """`errors` where noise lies on painted pixels alone, of those and of the others, (2, N); without a model, of the noise itself.

    No denoiser is told which pixels are painted: each expects the noise on all of them.
    """
    seen = noisy(x, corruption, strength, painted=painted)
    return sse_by_part(x, seen if model is None else _made(model, seen), painted)


def _made(model: LatentModel | LinearDenoiser, seen: np.ndarray) -> np.ndarray:
    return model(seen) if isinstance(model, LinearDenoiser) else denoised(model, seen)


@torch.no_grad()
def drift(model: LatentModel, x: np.ndarray, corruption: Corruption, strength: float, seed: int = 0) -> np.ndarray:
    """‖f(x̃) − f(x)‖² of each image, (N,), in units of the total variance of the clean images' codes."""
    clean, seen = (model.posterior(torch.tensor(part)).mean.numpy() for part in (noisy(x, "none", 0), noisy(x, corruption, strength, seed)))
    return np.square(seen - clean).sum(1) / clean.var(0).sum()
