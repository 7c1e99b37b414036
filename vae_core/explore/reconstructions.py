"""What a model keeps of an image: reconstructions, their errors image by image, and means with intervals."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch

from vae_core.explore.means import mean_of_metrics
from vae_core.explore.reconstructions_figure import Measured
from vae_core.models import LatentModel, default_spec
from vae_core.models.pca import PCA
from vae_core.passes import N_AT_ONCE, labelled_batches, per_image
from vae_core.store.checkpoints import Checkpoint
from vae_core.terms import squared_error

PUBLISHED: dict[tuple[str, int], dict[str, float]] = {("mnist", 30): {"autoencoder": 3.00, "pca": 13.87}}
"""Mean test SSE as printed by Hinton & Salakhutdinov 2006: (data set, latent dimension) → family → SSE."""

SSE_METHOD = "through the posterior mean, not binarised, not clipped"


@torch.no_grad()
def reconstructions(model: LatentModel, x: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """x̂ = E[x | z = E q(z|x)] of images as bytes, (N, C, H, W) → float32 (N, C, H, W); never sampled, not clipped to [0, 1]."""
    parts = [given.reconstruct(part).cpu().numpy() for given, part in labelled_batches(model, x, labels, N_AT_ONCE)]
    return np.concatenate(parts).astype(np.float32)


@torch.no_grad()
def sse_per_image(model: LatentModel, x: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """‖x − x̂‖² of each image, summed over pixels, through the posterior mean of the grey image: (N, C, H, W) → float64 (N,)."""
    return per_image(model, x, lambda model, part, _: squared_error(part, model.reconstruct(part)), labels)


def hardest(sse: np.ndarray, n: int) -> np.ndarray:
    """Indices of the n images with the largest error, largest first; of equal ones the first comes first."""
    return np.argsort(-sse, kind="stable")[:n]


def drawn(n_images: int, n: int, seed: int) -> np.ndarray:
    """Indices of n different images out of so many, drawn at random from a seed."""
    return np.random.default_rng(seed).permutation(n_images)[:n]


def published(dataset: str) -> list[tuple[str, int, float]]:
    """What was printed for a data set: (family, latent dimension, mean test SSE)."""
    return [(family, dim, sse) for (name, dim), values in PUBLISHED.items() if name == dataset for family, sse in values.items()]


def discarded_variance(model: PCA) -> float:
    """Σ_{j>d} λ_j of a fitted PCA: the smallest training SSE that any linear map through d dimensions can have (Eckart & Young 1936)."""
    return float(model.eigenvalues[model.spec.latent_dim :].double().sum())


@torch.no_grad()
def prior_means(model: LatentModel, n: int, seed: int) -> np.ndarray | None:
    """E[x|z] for n codes drawn from the prior N(0, I), float32 (n, C, H, W); None if the family has no prior to draw from."""
    if not model.has_density:
        return None
    return model.sample(n, torch.Generator().manual_seed(seed)).mean.numpy().astype(np.float32)


def measured(dataset: str, checkpoints: Iterable[Checkpoint]) -> list[Measured]:
    """Mean test SSE of every recipe of a data set among these models, from its stored evaluation."""
    recipes = [c for c in checkpoints if c.spec.dataset == dataset and c.spec == default_spec(c.spec.family, dataset, c.spec.latent_dim)]
    means = [(c.spec, mean_of_metrics(c.metrics)) for c in recipes]
    return [Measured(spec.family, spec.latent_dim, mean.value, mean.half_width, mean.n) for spec, mean in means]
