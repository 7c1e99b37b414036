"""Caches of EM: the whole way of each model on each set of points."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.data import drawn
from vae_core.explore import em
from vae_core.explore.elbo.small_vae import VAEState, vae_path

N_POINTS, MOST = 160, 40
"""Points that are drawn of a drawing, and steps that can be taken."""


@cached.keep(most=64)
def points(code: str) -> np.ndarray:
    """Points of a drawing, float64 (160, 2)."""
    return cached.fixed(drawn.points(code).train.x[:N_POINTS].astype(np.float64))


@cached.keep(most=96)
def mixture_path(code: str, k: int, seed: int) -> list[em.State]:
    """`explore.em.mixture_path`."""
    return em.mixture_path(points(code), k, seed, MOST)


@cached.keep(most=96)
def k_means_path(code: str, k: int, seed: int) -> list[em.State]:
    """`explore.em.k_means_path`."""
    return em.k_means_path(points(code), k, seed, MOST)


@cached.keep(most=96)
def ppca_path(code: str, seed: int) -> list[em.State]:
    """`explore.em.ppca_path`."""
    return em.ppca_path(points(code), seed, MOST)


@cached.keep(most=96)
def gradient_path(code: str, seed: int) -> np.ndarray:
    """`explore.em.gradient_path`: one step of the gradient for every two of EM."""
    return cached.fixed(em.gradient_path(points(code), seed, MOST // 2))


@cached.keep(most=32, spinner="Training a small VAE for about two seconds …")
def small_vae_path(code: str, seed: int) -> list[VAEState]:
    """`explore.elbo.small_vae.vae_path`."""
    return vae_path(points(code), seed, MOST)
