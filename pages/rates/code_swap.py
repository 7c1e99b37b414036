"""Test images under another image's code: whether the decoder reads the code can be seen."""

from __future__ import annotations

from pages.rates import cached
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.specs import ModelSpec


def swap_table(spec: ModelSpec, n_images: int) -> ImageTable:
    """Test images, each decoded from its own code, and from the next image's."""
    x = cached.spread_images(spec.dataset, n_images)
    own, other = cached.swapped_reconstructions(spec, n_images)
    rows = tuple(tuple(Tile(image) for image in row) for row in (x, own, other))
    return ImageTable(tuple(Head("") for _ in x), rows, ("original", "own code", "next one's"))
