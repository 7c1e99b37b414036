"""A morph as an animated GIF for slides, in the plane or in space, drawn from arrays by Pillow."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from vae_core.drawing.canvas import typeface
from vae_core.drawing.images import INK, PAPER, Theme

MOST_FRAMES = 90
WIDEST = 3.4
HELD = 5
"""The first and the last frame stay five times as long."""
N_COLOURS = 128


@dataclass(frozen=True, slots=True)
class Camera:
    """Where points of the plane or of space land on a square picture; the browser's camera is the same (`drawing.js`).

    Attributes:
        half_width: half of the width that the picture spans.
        yaw: turn of space about its third axis, in radians.
        pitch: tilt after that.
    """

    half_width: float
    yaw: float = 0.6
    pitch: float = 0.45

    def project(self, points: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Pixels, (..., 2), and how far behind the middle the points lie, (...): mild perspective in space, none in the plane.

        Args:
            points: (..., 2) or (..., 3).
            size: width and height of the picture.
        """
        x, y = points[..., 0], points[..., 1]
        scale, far = size / (2 * self.half_width), np.zeros(points.shape[:-1])
        if points.shape[-1] == 3:
            right, away = math.cos(self.yaw) * x + math.sin(self.yaw) * y, math.cos(self.yaw) * y - math.sin(self.yaw) * x
            up = math.cos(self.pitch) * points[..., 2] + math.sin(self.pitch) * away
            far = math.cos(self.pitch) * away - math.sin(self.pitch) * points[..., 2]
            x, y = right, up
        depth = 4 * self.half_width
        near = scale * depth / (depth + far)
        return np.stack([size / 2 + near * x, size / 2 - near * y], -1), far


@dataclass(frozen=True, slots=True)
class Film:
    """How a film of a morph is made.

    Attributes:
        n_frames: pictures, first and last included.
        seconds: from t = 0 to t = 1.
        size: width and height in pixels.
        dot: width of a point in pixels.
        spans: half of the width of the first picture and of the last; what holds nearly all points if None.
        turned: yaw and pitch of the camera, for d = 3.
        theme: of paper and ink.
    """

    n_frames: int = 30
    seconds: float = 3.0
    size: int = 480
    dot: int = 2
    spans: tuple[float, float] | None = None
    turned: tuple[float, float] = (0.6, 0.45)
    theme: Theme = "light"

    def __post_init__(self) -> None:
        if not 2 <= self.n_frames <= MOST_FRAMES:
            raise ValueError(f"n_frames must be between 2 and {MOST_FRAMES}, got {self.n_frames}")


def morph_gif(
    z: np.ndarray,
    y: np.ndarray,
    colours: np.ndarray,
    *,
    lines: Sequence[tuple[np.ndarray, np.ndarray]] = (),
    film: Film | None = None,
) -> bytes:
    """A GIF of (1 − t)·z + t·y for t from 0 to 1 in even steps, running for ever.

    Args:
        z: points, (N, d) with d = 2 or 3.
        y: where they go, (N, d).
        colours: of the points, uint8 (N, 3).
        lines: polylines before and after, pairs of (L, V, d).
        film: how it is made; by default as a `Film` is.
    """
    film = film or Film()
    first, last = film.spans or (WIDEST, max(WIDEST / 2, 1.12 * float(np.quantile(np.abs(y[:, :2]).max(-1), 0.995))))
    pictures = []
    for t in map(float, np.linspace(0, 1, film.n_frames)):
        camera = Camera((1 - t) * first + t * last, *film.turned)
        moved = [((1 - t) * before + t * after, _crosses_origin(before) & (t > 0)) for before, after in lines]
        moment = (1 - t) * z + t * y
        text = f"t = {t:.2f}"
        pictures.append(picture(moment, colours, camera, lines=moved, text=text, size=film.size, dot=film.dot, theme=film.theme))
    return gif(pictures, seconds=film.seconds)


def gif(pictures: Sequence[Image.Image], *, seconds: float) -> bytes:
    """Pictures as an animated GIF in colours that they share, running for ever; `seconds` from the first to the last."""
    palette = pictures[-1].quantize(N_COLOURS)
    pages = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    each = max(20, round(1000 * seconds / (len(pages) - 1)))
    durations = [each * (HELD if k in (0, len(pages) - 1) else 1) for k in range(len(pages))]
    file = io.BytesIO()
    pages[0].save(file, "GIF", save_all=True, append_images=pages[1:], duration=durations, loop=0, disposal=1)
    return file.getvalue()


def picture(
    points: np.ndarray,
    colours: np.ndarray,
    camera: Camera,
    *,
    lines: Sequence[tuple[np.ndarray, np.ndarray]] = (),
    text: str = "",
    size: int = 480,
    dot: int = 2,
    theme: Theme = "light",
) -> Image.Image:
    """Points, with polylines over them and a line of text at the top; in space the farther points are fainter and lie behind.

    Args:
        points: (N, d) with d = 2 or 3.
        colours: uint8 (N, 3).
        camera: what is seen.
        lines: polylines, (L, V, d), and which of their segments are left out, (L, V − 1).
        text: the line.
        size: width and height in pixels.
        dot: width of a point in pixels.
        theme: of paper and ink.
    """
    paper = np.array([int(PAPER[theme][i : i + 2], 16) for i in (1, 3, 5)])
    canvas = np.full((size, size, 3), paper, np.uint8)
    at, far = camera.project(points, size)
    if points.shape[-1] == 3:
        order = np.argsort(-far)
        share = np.clip(0.72 - 0.4 * far / camera.half_width, 0.25, 1)[:, None]
        colours = np.round(share * colours + (1 - share) * paper).astype(np.uint8)
        at, colours = at[order], colours[order]
    offset = np.arange(dot) - (dot - 1) // 2
    column, row = (np.round(at[:, k, None, None]).astype(int) + offset.reshape(shape) for k, shape in ((0, (1, -1)), (1, (-1, 1))))
    column, row = (part.ravel() for part in np.broadcast_arrays(column, row))  # (N·dot²,), a dot at a time: the last one stays
    seen = (column >= 0) & (column < size) & (row >= 0) & (row < size)
    canvas[row[seen], column[seen]] = np.repeat(colours, dot * dot, axis=0)[seen]
    drawn = Image.fromarray(canvas)
    pen = ImageDraw.Draw(drawn)
    for polylines, left_out in lines:
        for polyline, is_torn in zip(camera.project(polylines, size)[0], left_out, strict=True):
            _polyline(pen, polyline, is_torn=is_torn)
    pen.text((size // 40, size // 40), text, fill=INK[theme], font=typeface(size // 22))
    return drawn


def _polyline(draw: ImageDraw.ImageDraw, points: np.ndarray, *, is_torn: np.ndarray) -> None:
    for k in range(len(points) - 1):
        if not is_torn[k]:
            draw.line([*points[k], *points[k + 1]], fill="#808080", width=1)


def _crosses_origin(line: np.ndarray) -> np.ndarray:
    """For each segment of polylines, (L, V, d) -> (L, V − 1), whether its middle is the origin, where the ring is torn."""
    return np.linalg.norm((line[:, 1:] + line[:, :-1]) / 2, axis=-1) < 1e-6
