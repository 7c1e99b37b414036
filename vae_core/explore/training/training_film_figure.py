"""Snapshots of a training as pictures for the browser, one of each kind an epoch, and as an animated GIF."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from vae_core.drawing.canvas import text_in
from vae_core.drawing.images import INK, PAPER, Theme, enlarged, grid_png
from vae_core.drawing.packing import file_array, named

MILLISECONDS, LAST_STAYS = 250, 5
CAPTION = "Test images, and below what comes back"


def film(
    x: np.ndarray,
    epochs: Sequence[int],
    reconstructions: Sequence[np.ndarray],
    manifolds: Sequence[np.ndarray],
    lines: Sequence[str],
    n_epochs: int,
) -> bytes:
    """PNG files for the browser, packed: the test images, then for each epoch its reconstructions, then its manifolds.

    Args:
        x: test images as bytes, (N, C, H, W).
        epochs: of the snapshots, (E,).
        reconstructions: E arrays (N, C, H, W).
        manifolds: E arrays (n, n, C, H, W), or none at all.
        lines: what is said of each epoch, (E,).
        n_epochs: of the whole training.
    """
    files = {"originals": grid_png(x[None], times=1, gap=1)}
    files |= {f"reconstructions{k}": grid_png(images[None], times=1, gap=1) for k, images in enumerate(reconstructions)}
    files |= {f"manifold{k}": grid_png(images, times=1, gap=0) for k, images in enumerate(manifolds)}
    header = {"epochs": list(epochs), "n_epochs": n_epochs, "lines": list(lines), "manifolds": len(manifolds), "caption": CAPTION}
    return named({name: file_array(file) for name, file in files.items()}, **header).data


def film_gif(
    x: np.ndarray,
    epochs: Sequence[int],
    reconstructions: Sequence[np.ndarray],
    manifolds: Sequence[np.ndarray],
    *,
    width: int = 640,
    theme: Theme = "light",
) -> bytes:
    """The film as a GIF that runs for ever, its last picture five times as long. Arguments as for `film`; `width` in pixels, at most."""
    pictures = []
    for k, epoch in enumerate(epochs):
        manifold = manifolds[k] if manifolds else None
        pictures.append(_picture(x, reconstructions[k], manifold, f"epoch {epoch}", width, theme))
    return animated(pictures)


def animated(pictures: Sequence[Image.Image]) -> bytes:
    """Pictures as a GIF that runs for ever, its last one five times as long."""
    file = io.BytesIO()
    pages = [picture.quantize(128, dither=Image.Dither.NONE) for picture in pictures]
    durations = [MILLISECONDS] * (len(pages) - 1) + [LAST_STAYS * MILLISECONDS]
    pages[0].save(file, "GIF", save_all=True, append_images=pages[1:], duration=durations, loop=0)
    return file.getvalue()


def _picture(x: np.ndarray, x_hat: np.ndarray, manifold: np.ndarray | None, title: str, width: int, theme: Theme) -> Image.Image:
    """Test images, reconstructions below, the manifold at the foot."""
    n, w = x.shape[0], x.shape[-1]
    full = n * w * max(1, width // (n * w))
    rows = [np.concatenate(list(images), axis=-1) for images in (x, x_hat)]
    if manifold is not None:
        rows.append(np.concatenate([np.concatenate(list(row), axis=-1) for row in manifold], axis=-2))
    parts = [enlarged(row, max(1, full // row.shape[-1])) for row in rows]
    line, gap = 24, 4
    size = (max(part.width for part in parts), line + sum(part.height + gap for part in parts))
    canvas = Image.new("RGB", size, PAPER[theme])
    text_in(ImageDraw.Draw(canvas), (4, 0), (size[0] - 8, line), title, size=16, colour=INK[theme], align="left")
    top = line
    for part in parts:
        canvas.paste(part, (0, top))
        top += part.height + gap
    return canvas
