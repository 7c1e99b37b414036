"""The morph as an animated GIF for slides, drawn from arrays by Pillow."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vae_core.figures.images import INK, PAPER, Theme

MOST_FRAMES = 90
WIDEST = 3.4
HELD = 5
"""The first and the last frame stay five times as long."""


def morph_gif(
    z: np.ndarray,
    y: np.ndarray,
    colours: np.ndarray,
    *,
    lines: Sequence[tuple[np.ndarray, np.ndarray]] = (),
    n_frames: int = 30,
    seconds: float = 3.0,
    size: int = 480,
    theme: Theme = "light",
) -> bytes:
    """A GIF of (1 − t)·z + t·y for t from 0 to 1 in even steps, running for ever.

    Args:
        z: points, (N, 2).
        y: where they go, (N, 2).
        colours: of the points, uint8 (N, 3).
        lines: polylines before and after, pairs of (L, V, 2).
        n_frames: pictures, first and last included.
        seconds: from t = 0 to t = 1.
        size: width and height in pixels.
        theme: of paper and ink.

    Raises:
        ValueError: if there are fewer than 2 frames or more than 90.
    """
    if not 2 <= n_frames <= MOST_FRAMES:
        raise ValueError(f"n_frames must be between 2 and {MOST_FRAMES}, got {n_frames}")
    widest = max(1.7, 1.12 * float(np.quantile(np.abs(y).max(-1), 0.995)))
    pictures = [
        morph_picture(z, y, colours, lines=lines, t=float(t), half_width=(1 - t) * WIDEST + t * widest, size=size, theme=theme)
        for t in np.linspace(0, 1, n_frames)
    ]
    palette = pictures[-1].quantize(64)
    pages = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    each = max(20, round(1000 * seconds / (n_frames - 1)))
    durations = [each * (HELD if k in (0, n_frames - 1) else 1) for k in range(n_frames)]
    file = io.BytesIO()
    pages[0].save(file, "GIF", save_all=True, append_images=pages[1:], duration=durations, loop=0, disposal=1)
    return file.getvalue()


def morph_picture(
    z: np.ndarray,
    y: np.ndarray,
    colours: np.ndarray,
    *,
    lines: Sequence[tuple[np.ndarray, np.ndarray]],
    t: float,
    half_width: float,
    size: int,
    theme: Theme,
) -> Image.Image:
    """One picture of the morph; arguments as for `morph_gif`, at one t and with half the width that the picture spans."""

    def pixel(points: np.ndarray) -> np.ndarray:
        return np.stack([points[..., 0], -points[..., 1]], -1) * size / (2 * half_width) + size / 2

    canvas = np.full((size, size, 3), [int(PAPER[theme][i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
    at = np.round(pixel((1 - t) * z + t * y)).astype(int)
    for dy in (0, 1):
        for dx in (0, 1):
            column, row = at[:, 0] + dx, at[:, 1] + dy
            seen = (column >= 0) & (column < size) & (row >= 0) & (row < size)
            canvas[row[seen], column[seen]] = colours[seen]
    picture = Image.fromarray(canvas)
    draw = ImageDraw.Draw(picture)
    for before, after in lines:
        for line_before, line_after in zip(before, after, strict=True):
            _polyline(draw, pixel((1 - t) * line_before + t * line_after), is_torn=_crosses_origin(line_before) & (t > 0))
    draw.text((size // 40, size // 40), f"t = {t:.2f}", fill=INK[theme], font=ImageFont.load_default(size // 22))
    return picture


def _polyline(draw: ImageDraw.ImageDraw, points: np.ndarray, *, is_torn: np.ndarray) -> None:
    for k in range(len(points) - 1):
        if not is_torn[k]:
            draw.line([*points[k], *points[k + 1]], fill="#808080", width=1)


def _crosses_origin(line: np.ndarray) -> np.ndarray:
    """For each segment of a polyline, (V, 2) -> (V − 1,), whether its middle is the origin, where the ring is torn."""
    return np.linalg.norm((line[1:] + line[:-1]) / 2, axis=-1) < 1e-6


def point_colours(share: np.ndarray, stops: Sequence[str]) -> np.ndarray:
    """Colours between hex stops at shares in [0, 1], uint8 (N, 3)."""
    rgb = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops])
    at = np.linspace(0, 1, len(stops))
    return np.round(np.stack([np.interp(share, at, rgb[:, c]) for c in range(3)], -1)).astype(np.uint8)
