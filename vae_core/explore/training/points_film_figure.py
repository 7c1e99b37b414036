"""Snapshots of a training on points, drawn: what test points come back as, and the decoded plane of codes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from vae_core.drawing.canvas import text_in
from vae_core.drawing.images import INK, PAPER, Theme, to_png
from vae_core.drawing.packing import file_array, named
from vae_core.drawing.theme import FAMILY_MARKS, MUTED

SIDE, OVER = 640, 2
"""Pixels of a picture along each side, and how many times as many it is drawn with, so that its lines are smooth."""
ROOM = 1.15
"""The picture reaches so many times as far as the data."""
OBLIQUE = 0.3
"""Of points in space the second coordinate runs to the right and up by so much of its length."""
EVERY = 4
"""Every so many of the coordinate lines of the decoded plane are drawn."""
CAPTION = "Grey: test points. In colour: what comes back, and the decoded plane of codes, ±2 sd"


def picture(
    x: np.ndarray, x_hat: np.ndarray, sheet: np.ndarray | None, *, family: str = "vae", title: str = "", theme: Theme = "light"
) -> Image.Image:
    """Test points, what comes back of them, and the lines of the decoded plane.

    Args:
        x: test points, (N, P) in the plane or in space.
        x_hat: their reconstructions, (N, P).
        sheet: E[x|z] over the plane of codes, (n, n, P), or None.
        family: of the model, whose colour is that of the drawing.
        title: written above.
        theme: of the paper.
    """
    side, reach, colour = SIDE * OVER, ROOM * float(np.abs(flat(x)).max()), FAMILY_MARKS[family].colour
    drawing = Image.new("RGB", (side, side), PAPER[theme])
    pen = ImageDraw.Draw(drawing)

    def at(points: np.ndarray) -> np.ndarray:
        return side / 2 * (1 + flat(points.astype(np.float32)) * [1, -1] / reach)

    for dots, of, radius in ((at(x), MUTED, 4), (at(x_hat), colour, 5)):
        for u, v in dots:
            pen.ellipse((u - radius, v - radius, u + radius, v + radius), fill=of)
    if sheet is not None:
        for line in [*sheet[::EVERY], *sheet.swapaxes(0, 1)[::EVERY]]:
            pen.line([tuple(point) for point in at(line).tolist()], fill=colour, width=3, joint="curve")
    small = drawing.resize((SIDE, SIDE), Image.Resampling.BOX)
    if title:
        text_in(ImageDraw.Draw(small), (8, 4), (SIDE - 16, 26), title, size=18, colour=INK[theme], align="left")
    return small


def flat(points: np.ndarray) -> np.ndarray:
    """Points in the plane as they are, points in space seen obliquely along their second coordinate: (N, 2) or (N, 3) → (N, 2)."""
    return points if points.shape[1] == 2 else points[:, [0, 2]] + OBLIQUE * points[:, [1]]


def film(pictures: Sequence[Image.Image], epochs: Sequence[int], lines: Sequence[str], n_epochs: int) -> bytes:
    """PNG files for the browser, packed, one an epoch.

    Args:
        pictures: of the snapshots, E of them.
        epochs: after which, (E,).
        lines: what is said of each epoch, (E,).
        n_epochs: of the whole training.
    """
    files = {f"drawn{k}": file_array(to_png(one.quantize(64, dither=Image.Dither.NONE))) for k, one in enumerate(pictures)}
    header = {"epochs": list(epochs), "n_epochs": n_epochs, "lines": list(lines), "manifolds": 0, "drawn": True, "caption": CAPTION}
    return named(files, **header).data
