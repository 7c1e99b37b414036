"""A person's own picture through the models: what comes back, where it lies, and whether a model has seen anything like it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.explore.codes import Codes, Projection, codes, on_principal_axes
from vae_core.explore.own.own_images_figure import Through
from vae_core.explore.reconstructions import reconstructions, sse_per_image
from vae_core.models import LatentModel
from vae_core.passes import per_image
from vae_core.specs import ModelSpec
from vae_core.statistics import psnr

N_DRAWS, N_OWN_DRAWS = 4, 64
"""Draws of binarisation and noise that an ELBO is averaged over: for each test image, and for a person's own picture."""
ScoreName = Literal["log p(x)", "ELBO", "−SSE"]


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Pictures that went through a model.

    Attributes:
        spec: the model.
        x_hat: E[x | z = E q(z|x)], float32 (N, C, H, W), not clipped.
        sse: summed over pixels, (N,).
        psnr: in dB, (N,).
    """

    spec: ModelSpec
    x_hat: np.ndarray
    sse: np.ndarray
    psnr: np.ndarray


def passage(model: LatentModel, x: np.ndarray) -> Passage:
    """Pictures as bytes, (N, C, H, W), through a model."""
    sse = sse_per_image(model, x)
    return Passage(model.spec, reconstructions(model, x), sse, psnr(sse / math.prod(x.shape[1:])))


def score_name(model: LatentModel) -> ScoreName:
    """What `scores` are of this model."""
    if not model.has_density:
        return "−SSE"
    return "log p(x)" if model.has_exact_log_px else "ELBO"


@torch.no_grad()
def score_draws(model: LatentModel, x: np.ndarray, n_draws: int = N_DRAWS) -> np.ndarray:
    """How well a model explains each image: exact log p(x), (1, N), else draws of the ELBO, (n_draws, N), else −SSE, (1, N).

    In nats but for −SSE, which is for models without a density. A draw is of the noise, and of the binarisation where the model binarises;
    of an image among others they are other draws than of the image alone.
    """
    name = score_name(model)
    if name == "−SSE":
        return -sse_per_image(model, x)[None]
    if name == "log p(x)":
        return per_image(model, x, lambda model, part, _: model.log_px(part))[None]
    seen = np.concatenate([as_observed(model, x, seed) for seed in range(n_draws)])
    return elbo_per_image(model, seen).elbo.numpy().reshape(n_draws, len(x))


def scores(model: LatentModel, x: np.ndarray) -> np.ndarray:
    """Means of `score_draws`, (N,)."""
    return score_draws(model, x).mean(0)


def percentile(test_scores: np.ndarray, score: float) -> float:
    """Percent of the test images that score below this."""
    return float(100 * (test_scores < score).mean())


def percentile_half_width(test_scores: np.ndarray, score: float, half_width: float) -> float:
    """Half the width of that percentile's interval, in points, from the score's interval, score ± half_width."""
    return (percentile(test_scores, score + half_width) - percentile(test_scores, score - half_width)) / 2


def nearest(points: np.ndarray, query: np.ndarray, n: int, *, at_once: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the n points nearest to a query in Euclidean distance, nearest first, and the distances; both (n,).

    Args:
        points: (N, …), as codes or as images; bytes count as byte/255.
        query: one of them, (…).
        n: how many.
        at_once: points that are held as floats together.
    """
    unit = 255.0 if points.dtype == np.uint8 else 1.0
    target = query.astype(np.float32).ravel() / unit
    parts = [points[first : first + at_once].reshape(-1, target.size) for first in range(0, len(points), at_once)]
    squares = np.concatenate([((part.astype(np.float32) / unit - target) ** 2).sum(1, dtype=np.float64) for part in parts])
    order = np.argsort(squares, kind="stable")[:n]
    return order, np.sqrt(squares[order])


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a picture lies among the test codes on a plane.

    Attributes:
        plane: of the test codes.
        point: of the picture, (2,).
    """

    plane: Projection
    point: np.ndarray


def place(test_codes: Codes, z: np.ndarray) -> Place:
    """The code itself on a plane of two dimensions or fewer; else on the two principal axes of the test codes.

    Args:
        test_codes: of the test images.
        z: code of the picture, (D,).
    """
    if test_codes.latent_dim == 2:
        return Place(Projection(test_codes.mean, ("z1", "z2"), 1.0), z)
    if test_codes.latent_dim == 1:
        flat = np.hstack([test_codes.mean, np.zeros_like(test_codes.mean)])
        return Place(Projection(flat, ("z1", ""), 1.0), np.array([z[0], 0.0]))
    plane = on_principal_axes(test_codes)
    centre = test_codes.mean.mean(0, dtype=np.float64)
    axes = np.linalg.lstsq(test_codes.mean - centre, plane.points, rcond=None)[0]  # (D, 2), exact: the plane is a linear map of the codes
    return Place(plane, (z - centre) @ axes)


def through(model: LatentModel, x: np.ndarray) -> Through:
    """One picture as bytes, (C, H, W), through a model: what comes back, with its error."""
    passed = passage(model, x[None])
    return Through(passed.spec.family, passed.spec.latent_dim, passed.x_hat[0], float(passed.sse[0]), float(passed.psnr[0]))


def place_among(model: LatentModel, test_x: np.ndarray, x: np.ndarray) -> Place:
    """`place` of a picture's code, (C, H, W), among those of a model's test images, (N, C, H, W), all as bytes."""
    return place(codes(model, test_x), codes(model, x[None]).mean[0])
