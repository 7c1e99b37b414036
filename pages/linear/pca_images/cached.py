"""Caches of the page on PCA of images."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.linear import face_or_not, pca_images, three_ways
from vae_core.explore.linear.face_or_not import FaceOrNot
from vae_core.explore.linear.three_ways import Way

FACES = "faces_25"


@cached.keep(most=64)
def test_sse(name: str, n_components: int) -> np.ndarray:
    """`explore.linear.pca_images.sse_of` every test image, (N,)."""
    return cached.fixed(pca_images.sse_of(cached.spectrum(name), cached.dataset(name).test.x, n_components))


@cached.keep(most=64)
def test_kept(name: str, n_components: int) -> float:
    """`explore.linear.pca_images.kept` of the test images."""
    return pca_images.kept(cached.spectrum(name), cached.dataset(name).test.x, n_components)


@cached.keep(most=8, spinner="Telling faces in 50 folds …")
def faces(n_states: int) -> FaceOrNot:
    """`explore.linear.face_or_not` of all images of faces and of what is none."""
    return face_or_not.face_or_not(*all_faces(), n_states=n_states)


@cached.keep(most=32, spinner="Taking 1,000 steps of each …")
def ways(name: str, latent_dim: int, noise: float, seed: int) -> tuple[Way, Way]:
    """EM and gradient ascent of pPCA from the same start (`explore.linear.three_ways`)."""
    eigenvalues = cached.spectrum(name).eigenvalues
    start = three_ways.start(eigenvalues, latent_dim, noise, seed)
    return three_ways.em(eigenvalues, start), three_ways.ascent(eigenvalues, start)


def all_faces() -> tuple[np.ndarray, np.ndarray]:
    """Training and test images together, (N, 1, 25, 25), and whether each is a face (0) or not (1): the folds split them anew."""
    images = cached.dataset(FACES)
    return np.concatenate([images.train.x, images.test.x]), np.concatenate([images.train.labels, images.test.labels])
