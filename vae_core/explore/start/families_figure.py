"""One card of *Five families*: the same image through one model, and a draw from its prior where it has one."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.theme import mark

ORIGINAL = "x"
"""What stands above the image that all models are given."""


def model_card(
    x: np.ndarray | None, x_hat: np.ndarray | None, drawn: np.ndarray | None, decoded_origin: np.ndarray | None = None
) -> ImageTable:
    """Reconstruction and prior draw of one model, side by side with the original.

    Args:
        x: the original as bytes, (C, H, W), or None where the data set is absent.
        x_hat: its reconstruction, float (C, H, W), or None likewise.
        drawn: E[x|z] at a code from the prior, or None for a family without one.
        decoded_origin: the decoded code z = 0, shown in place of the reconstruction where there is none.
    """
    if x is not None and x_hat is not None:
        sse = float(((x_hat - x / 255.0) ** 2).sum())
        heads = [Head("", ORIGINAL), Head("", "→ x̂")]
        tiles: list[Tile | None] = [Tile(x), Tile(x_hat, f"SSE {sse:.2f}")]
    else:
        heads, tiles = [Head("", "g(z)")], [None if decoded_origin is None else Tile(decoded_origin, "z = 0")]
    if drawn is not None:
        heads.append(Head("", "drawn"))
        tiles.append(Tile(drawn, "z ~ N(0, I)"))
    return ImageTable(tuple(heads), (tuple(tiles),))


def without_original(card: ImageTable) -> ImageTable:
    """What a model makes of an image, without the image itself, which stands elsewhere; captions say what each is."""
    tiles = [tile for head, tile in zip(card.heads, card.rows[0], strict=True) if head.line != ORIGINAL]
    return ImageTable(tuple(Head("", "") for _ in tiles), (tuple(tiles),))


def all_cards(cards: dict[str, ImageTable]) -> ImageTable | None:
    """The cards of every family in one row, to keep; None if there are none."""
    cells = [
        (Head(mark(family).short, head.line, mark(family)), tile)
        for family, card in cards.items()
        for head, tile in zip(card.heads, card.rows[0], strict=True)
    ]
    return ImageTable(tuple(head for head, _ in cells), (tuple(tile for _, tile in cells),)) if cells else None
