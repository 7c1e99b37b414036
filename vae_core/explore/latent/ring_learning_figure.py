"""A training of networks side by side as an animated GIF for slides: samples and warped grid, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from vae_core.drawing.canvas import text_in
from vae_core.drawing.images import INK, PAPER, Theme
from vae_core.drawing.packing import Payload, named
from vae_core.explore.latent.morph_figure import Camera, gif, picture

HALF_WIDTH, LINE, GAP = 1.75, 30, 8
SECONDS_A_FRAME = 0.25


@dataclass(frozen=True, slots=True)
class Panel:
    """One network of the film: the prefix of its arrays, its title, its colour as hex, and what is said of each epoch."""

    kind: str
    title: str
    colour: str
    said: Sequence[str]


def learning_gif(
    epochs: Sequence[int], panels: Sequence[Panel], arrays: Mapping[str, np.ndarray], *, size: int = 440, theme: Theme = "light"
) -> bytes:
    """A GIF with a picture an epoch, running for ever; the circle ρ = 1 is the edge of the hole.

    Args:
        epochs: the epochs that are there, (E,), at least two.
        panels: the networks, from left to right.
        arrays: `<kind>_samples` (E, N, 2), `<kind>_lines` (E, L, V, 2) and `<kind>_circles` (E, C, V, 2).
        size: width of a panel in pixels.
        theme: of paper and ink.

    Raises:
        ValueError: if there are fewer than two epochs.
    """
    if len(epochs) < 2:
        raise ValueError(f"epochs must be at least 2 for a film, got {len(epochs)}")
    pictures = []
    for k, epoch in enumerate(epochs):
        page = Image.new("RGB", (len(panels) * size + (len(panels) + 1) * GAP, size + 2 * LINE), PAPER[theme])
        pen = ImageDraw.Draw(page)
        for column, panel in enumerate(panels):
            left = GAP + column * (size + GAP)
            text_in(pen, (left, 0), (size, LINE), panel.title, size=20, colour=INK[theme])
            page.paste(_panel(panel, k, arrays, f"epoch {epoch}", size, theme), (left, LINE))
            text_in(pen, (left, LINE + size), (size, LINE), panel.said[k], size=17, colour=INK[theme])
        pictures.append(page)
    return gif(pictures, seconds=SECONDS_A_FRAME * (len(pictures) - 1))


def _panel(panel: Panel, k: int, arrays: Mapping[str, np.ndarray], said: str, size: int, theme: Theme) -> Image.Image:
    samples, *polylines = (arrays[f"{panel.kind}_{name}"][k].astype(np.float64) for name in ("samples", "lines", "circles"))
    lines = [(those, np.zeros((len(those), those.shape[1] - 1), bool)) for those in polylines]
    colours = np.tile([int(panel.colour[i : i + 2], 16) for i in (1, 3, 5)], (len(samples), 1)).astype(np.uint8)
    drawn = picture(samples, colours, Camera(HALF_WIDTH), lines=lines, text=said, size=size, dot=3, theme=theme)
    radius = size / (2 * HALF_WIDTH)
    hole = (size / 2 - radius, size / 2 - radius, size / 2 + radius, size / 2 + radius)
    for start in range(0, 360, 8):
        ImageDraw.Draw(drawn).arc(hole, start, start + 4, fill=INK[theme], width=2)
    return drawn


def film_payload(
    epochs: Sequence[int],
    n_epochs: int,
    panels: Sequence[Mapping[str, Any]],
    arrays: Mapping[str, np.ndarray],
    *,
    start: int | None,
) -> Payload:
    """A training for the browser: every epoch's samples and lines, as float16.

    Args:
        epochs: the epochs that are there, (E,).
        n_epochs: of the whole training.
        panels: for each network `kind`, `title`, `colour` and `said`, a line for each epoch.
        arrays: `<kind>_samples` (E, N, 2), `<kind>_lines` (E, L, V, 2) and `<kind>_circles` (E, C, V, 2).
        start: the epoch to show first; the last if None.
    """
    header = {"epochs": list(epochs), "n_epochs": n_epochs, "panels": [dict(panel) for panel in panels], "start": start}
    return named({name: array.astype(np.float16) for name, array in arrays.items()}, **header)
