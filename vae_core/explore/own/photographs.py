"""A whole photograph through a model of patches: what comes back, and what its code costs.

A photograph is uint8 (H, W, 3). Rates are in nats, and named bits where they are bits; a pixel is a place, with its three colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from vae_core.data.patches import halves
from vae_core.errors import require
from vae_core.explore.own.likeness import Likeness, likeness, psnr
from vae_core.models import LatentModel
from vae_core.models.inputs import batches
from vae_core.models.pca import PCA, PCASpec, spectrum
from vae_core.models.ppca import PPCA, PPCASpec
from vae_core.units import bits

MOST_PIXELS = 500_000
SMALLEST_SIDE = 32
"""Four patches of the larger size."""
MOST_COMPONENTS = 192
"""Of the PCA that is shipped for each size of patch: all of 8 × 8, a quarter of 16 × 16."""
NOISE_SEED = 0
ROUNDING_VARIANCE = 1 / (12 * 255**2)
"""Of a number in [0, 1] that was rounded to a byte."""


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A photograph after it went through a model.

    Attributes:
        picture: E[x | z = E q(z|x)] of every patch, put together, uint8 (H, W, 3).
        likeness: of that picture.
        rate: Σ KL(q(z|x) ‖ p(z)) over the patches; None if the family has none.
        sampled_psnr: PSNR with z sampled from q(z|x), which is what a code of that rate can carry; None without a rate.
    """

    picture: np.ndarray
    likeness: Likeness
    rate: float | None
    sampled_psnr: float | None

    @property
    def bits_per_pixel(self) -> float | None:
        """The rate in bits per pixel."""
        return None if self.rate is None else bits(self.rate) / (self.picture.shape[0] * self.picture.shape[1])


def as_photograph(image: np.ndarray) -> np.ndarray:
    """An image as `images.read_image` returns it, in three channels, reduced to at most half a megapixel.

    Raises:
        ValueError: if a side is shorter than a patch.
    """
    picture = Image.fromarray(image).convert("RGB")
    scale = (MOST_PIXELS / (picture.width * picture.height)) ** 0.5
    if scale < 1:
        picture = picture.resize((max(1, int(picture.width * scale)), max(1, int(picture.height * scale))), Image.Resampling.LANCZOS)
    size = f"{picture.width} × {picture.height}"
    require(
        min(picture.size) >= SMALLEST_SIDE,
        "photograph",
        f"be at least {SMALLEST_SIDE} × {SMALLEST_SIDE} pixels, or else another be chosen",
        size,
    )
    return np.asarray(picture)


def to_patches(photograph: np.ndarray, size: int) -> np.ndarray:
    """The patches that tile it, row by row, uint8 (N, 3, size, size); at the right and lower edge the last pixels are repeated."""
    height, width = photograph.shape[:2]
    padded = np.pad(photograph, ((0, -height % size), (0, -width % size), (0, 0)), mode="edge")
    rows, columns = padded.shape[0] // size, padded.shape[1] // size
    tiles = padded.reshape(rows, size, columns, size, 3).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(tiles.reshape(-1, 3, size, size))


def from_patches(patches: np.ndarray, height: int, width: int) -> np.ndarray:
    """The inverse of `to_patches`: (N, 3, size, size) of any type → (height, width, 3)."""
    size = patches.shape[-1]
    rows, columns = -(-height // size), -(-width // size)
    tiles = patches.reshape(rows, columns, 3, size, size).transpose(0, 3, 1, 4, 2)
    return tiles.reshape(rows * size, columns * size, 3)[:height, :width]


def coded(model: LatentModel, photograph: np.ndarray) -> Coded:
    """The photograph patch by patch through a model of patches, (3, S, S)."""
    picture, sampled, rate = _through(model, photograph)
    return Coded(picture, likeness(photograph, picture), rate, None if sampled is None else psnr(photograph, sampled))


def rate_point(model: LatentModel, photograph: np.ndarray) -> tuple[float, float]:
    """(bits per pixel, PSNR with z sampled) of a model that has a rate."""
    _, sampled, rate = _through(model, photograph)
    if sampled is None or rate is None:
        raise ValueError(f"model must have a rate, got {model.spec.family}")
    return bits(rate) / (photograph.shape[0] * photograph.shape[1]), psnr(photograph, sampled)


@torch.no_grad()
def _through(model: LatentModel, photograph: np.ndarray) -> tuple[np.ndarray, np.ndarray | None, float | None]:
    """The photograph through the posterior means, through a sampled z, and Σ KL; the last two where the model has a density."""
    x = to_patches(photograph, model.spec.identity.shape[-1])
    noise, means, sampled, rate = torch.Generator().manual_seed(NOISE_SEED), [], [], 0.0
    for part in batches(x, 4000, model.device):
        posterior = model.encode(part)
        means.append(model.decode(posterior.mean).mean.numpy())
        if model.has_density:
            sampled.append(model.decode(posterior.sample(noise)).mean.numpy())
            rate += float(posterior.kl_per_dim().sum(dtype=torch.float64))
    together = [_as_bytes(from_patches(np.concatenate(parts), *photograph.shape[:2])) for parts in (means, sampled) if parts]
    return (together[0], together[1], rate) if model.has_density else (together[0], None, None)


def _as_bytes(x: np.ndarray) -> np.ndarray:
    """What a screen shows: clipped to [0, 1], rounded."""
    return np.round(np.clip(x, 0, 1) * 255).astype(np.uint8)


def leading(model: PCA, latent_dim: int) -> PCA:
    """PCA with fewer components: the first of a fitted model's, for one spectrum serves every number of them.

    Raises:
        ValueError: if the model has fewer.
    """
    require(1 <= latent_dim <= model.spec.latent_dim, "latent_dim", f"be between 1 and {model.spec.latent_dim}", latent_dim)
    shorter = PCA(PCASpec(dataset=model.spec.dataset, latent_dim=latent_dim))
    tensors = model.state_dict() | {"components": model.components[:latent_dim]}
    shorter.load_state_dict(tensors)
    return shorter.eval().requires_grad_(False)


def with_density(model: PCA, latent_dim: int) -> PPCA:
    """Probabilistic PCA with the first components of a fitted PCA, its noise the mean of the discarded λ (Tipping & Bishop 1999).

    The noise is at least that of rounding to bytes: a photograph of one colour has no other.

    Raises:
        ValueError: if the model has fewer components, or pPCA cannot have so many.
    """
    pca, ppca = leading(model, latent_dim), PPCA(PPCASpec(dataset=model.spec.dataset, latent_dim=latent_dim))
    eigenvalues = pca.eigenvalues.double()
    noise = eigenvalues[latent_dim:].mean().clamp(min=ROUNDING_VARIANCE)
    weight = pca.components.double().T * (eigenvalues[:latent_dim] - noise).clamp(min=0).sqrt()
    ppca.load_state_dict({"mean": pca.mean, "weight": weight.float(), "noise_variance": noise.float()})
    return ppca.eval().requires_grad_(False)


def fitted_to(patches: np.ndarray, dataset: str) -> PCA:
    """PCA of any patches, exact, with at most 192 components.

    Args:
        patches: uint8 (N, 3, S, S).
        dataset: one whose images have that shape.

    Raises:
        ValueError: if there are fewer than two patches.
    """
    require(len(patches) >= 2, "patches", "be at least two", len(patches))
    exact = spectrum(patches)
    own = PCA(PCASpec(dataset=dataset, latent_dim=min(MOST_COMPONENTS, len(exact.components))))
    arrays = {"mean": exact.mean, "components": exact.components[: own.spec.latent_dim], "eigenvalues": exact.eigenvalues}
    own.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(array)).float() for name, array in arrays.items()})
    return own.eval().requires_grad_(False)


def held_out(name: str) -> np.ndarray:
    """The half of a photograph of scikit-learn's that no model was trained on, uint8 (H, W, 3)."""
    return halves(name)[1]
