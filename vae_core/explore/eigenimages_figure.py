"""Exact PCA as pictures: the mean, and what each principal component adds to it and takes from it."""

from __future__ import annotations

import numpy as np

from vae_core.drawing import tables
from vae_core.drawing.image_table import Head, ImageTable, Tile

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def eigenimages(mean: np.ndarray, eigenvalues: np.ndarray, components: np.ndarray, x: np.ndarray, *, n: int = 7) -> ImageTable:
    """The mean plus and minus two standard deviations along the first principal components, above some of the images.

    Args:
        mean: of the training images, float (P,).
        eigenvalues: λ of their covariance, (P,), largest first.
        components: unit eigenvectors as rows, (R, P).
        x: some of the images, uint8 (M, C, H, W).
        n: components shown, at most.
    """
    n = min(n, len(components))
    total = max(float(eigenvalues.sum()), np.finfo(float).tiny)
    steps = 2 * np.sqrt(eigenvalues[:n])[:, None] * components[:n]  # (n, P)
    heads = [Head("Mean", "x̄"), *(Head(f"v{j + 1}".translate(SUBSCRIPTS), f"{100 * eigenvalues[j] / total:.1f} %") for j in range(n))]
    rows: list[tuple[Tile | None, ...]] = [
        tuple(Tile(image.reshape(x.shape[1:])) for image in (mean, *(mean + sign * steps))) for sign in (1, -1)
    ]
    images: list[Tile | None] = [Tile(image) for image in x[: n + 1]]
    rows.append((*images, *[None] * (n + 1 - len(images))))
    return ImageTable(tuple(heads), tuple(rows), ("x̄ + 2σⱼvⱼ", "x̄ − 2σⱼvⱼ", "Training images"))


def preview(x: np.ndarray, captions: list[str], *, across: int = 10, down: int = 4) -> ImageTable:
    """The first images of a data set in the making, each with its label.

    Args:
        x: uint8 (N, C, S, S).
        captions: one for each image.
        across: images in a row, at most.
        down: rows, at most.
    """
    tiles = [Tile(image, caption) for image, caption in zip(x[: across * down], captions, strict=False)]
    across = min(across, len(tiles))
    padded = [*tiles, *[None] * (-len(tiles) % across)]
    return ImageTable(tuple(Head("") for _ in range(across)), tuple(tuple(padded[i : i + across]) for i in range(0, len(padded), across)))


def spectrum_csv(eigenvalues: np.ndarray) -> bytes:
    """The eigenvalues with their shares as a CSV file, one a line."""
    total = float(eigenvalues.sum()) or 1.0
    return tables.csv(["component", "eigenvalue", "share"], ([j, value, value / total] for j, value in enumerate(eigenvalues.tolist(), 1)))
