"""Paths through latent space: one dimension at a time through an image's code, and from one image's code to another's."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import torch
from scipy.special import ndtri

from vae_core.bounds import iwae_bound
from vae_core.errors import require
from vae_core.explore.codes import codes
from vae_core.explore.latent_pad import decoded
from vae_core.models import LatentModel
from vae_core.models.inputs import model_input
from vae_core.terms import squared_error

Way = Literal["straight", "spherical"]
N_SAMPLES = 100


def straight(start: np.ndarray, end: np.ndarray, t: np.ndarray) -> np.ndarray:
    """(1 − t)·a + t·b, (T, *shape), for codes or for images; its ends are a and b to the bit."""
    weight = t.reshape(-1, *(1,) * start.ndim)
    return (1 - weight) * start + weight * end


def spherical(start: np.ndarray, end: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The path along the great circle from a/‖a‖ to b/‖b‖ (Shoemake 1985), (T, D); its norm goes evenly from ‖a‖ to ‖b‖.

    Codes of N(0, I) in many dimensions lie near the sphere of radius √d, which the straight path leaves (White 2016).
    """
    norms = np.linalg.norm(start), np.linalg.norm(end)
    if min(norms) < 1e-12 or len(start) == 1:
        return straight(start, end, t)
    a, b = start / norms[0], end / norms[1]
    angle = np.arccos(np.clip(a @ b, -1, 1))
    if np.sin(angle) < 1e-9:  # in one direction or in opposite ones: no great circle is singled out
        return straight(start, end, t)
    direction = (np.sin((1 - t) * angle)[:, None] * a + np.sin(t * angle)[:, None] * b) / np.sin(angle)
    return direction * straight(np.array(norms[0]), np.array(norms[1]), t)[:, None]


def interpolation(start: np.ndarray, end: np.ndarray, n: int, way: Way) -> np.ndarray:
    """Codes from one to the other, (n, D), both ends included.

    Args:
        start: a, (D,).
        end: b, (D,).
        n: number of codes, at least 2.
        way: of the path.
    """
    require(n >= 2, "n", "be at least 2", n)
    require(way in get_args(Way), "way", f"be one of {', '.join(get_args(Way))}", way)
    path = {"straight": straight, "spherical": spherical}[way](start.astype(np.float64), end.astype(np.float64), np.linspace(0, 1, n))
    path[0], path[-1] = start, end
    return path


def prior_range(n: int) -> np.ndarray:
    """Φ⁻¹ at equal steps of probability from 0.5 % to 99.5 %, (n,)."""
    return ndtri(np.linspace(0.005, 0.995, n))


def traversal(model: LatentModel, z: np.ndarray, dims: list[int], offsets: np.ndarray) -> np.ndarray:
    """Images where one dimension at a time takes other values, float32 (len(dims), n, C, H, W).

    Args:
        model: a trained model.
        z: code of the image, (D,), that the other dimensions stay at.
        dims: the dimensions, from 0.
        offsets: the values that each of them takes, (len(dims), n).
    """
    moved = np.tile(z.astype(np.float64), (*offsets.shape, 1))
    for row, dim in enumerate(dims):
        moved[row, :, dim] = offsets[row]
    return decoded(model, moved.reshape(-1, len(z))).reshape(*offsets.shape, *model.spec.identity.shape)


@torch.no_grad()
def scores_along(model: LatentModel, images: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """How well a model knows each image: an importance-weighted bound on log p(x) (k = `N_SAMPLES`), or −SSE without a density.

    A model that binarises sees b = 1 where x > u, with one u ~ U(0, 1) a pixel for all images, for each of eight such u: along a path no
    binarisation of its own is added to an image. The noise of the bound is each image's own.

    Args:
        model: a trained model.
        images: float in [0, 1], (T, C, H, W).
        seed: of u and of the bound's samples.

    Returns:
        (8, T), a row for each u; a single row where nothing is binarised.
    """
    x = model_input(np.clip(images, 0, 1).astype(np.float32), model.device)
    if not model.has_density:
        return -squared_error(x, model.reconstruct(x)).numpy()[None]
    generator = torch.Generator().manual_seed(seed)
    if not model.binarises:
        return iwae_bound(model, x, N_SAMPLES, generator).numpy()[None]
    draws = [(x > torch.rand(x.shape[1:], generator=generator)).float() for _ in range(8)]
    return torch.stack([iwae_bound(model, b, N_SAMPLES, generator) for b in draws]).numpy()


def least_along(scores: np.ndarray) -> np.ndarray:
    """Of `scores_along`, (K, T), those of the image between both ends whose mean is the least, (K,).

    The ends of a path through pixels are the test images themselves, so that a path can only be told by what lies between.
    """
    return scores[:, least_at(scores)]


def least_at(scores: np.ndarray) -> int:
    """Which image that is."""
    return 1 + int(scores.mean(0)[1:-1].argmin())


def images_between(model: LatentModel, start: np.ndarray, end: np.ndarray, n: int, way: Way) -> np.ndarray:
    """What is decoded on the way from one image's code to another's, float32 (n, C, H, W).

    Args:
        model: a trained model.
        start: the one, as bytes, (C, H, W).
        end: the other.
        n: number of images.
        way: of the path.
    """
    a, b = codes(model, np.stack([start, end])).mean
    return decoded(model, interpolation(a, b, n, way))


def traversal_of_image(model: LatentModel, x: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Every dimension of an image's code over the range of the prior, in turn.

    Args:
        model: a trained model.
        x: the image as bytes, (C, H, W).
        n: number of values.

    Returns:
        The images, float32 (D, n, C, H, W), and the values in standard deviations, (n,).
    """
    code, values = codes(model, x[None]), prior_range(n)
    offsets = code.centre[:, None] + code.scale[:, None] * values
    return traversal(model, code.mean[0], list(range(model.spec.latent_dim)), offsets), values
