"""Colours between the stops of a scale, and a colour's three numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Stops = Sequence[tuple[float, str]]
"""Places in [0, 1] and their colours, rising."""


def channels(colour: str) -> tuple[int, ...]:
    """Red, green and blue of #rrggbb, and opacity of #rrggbbaa, from 0 to 255."""
    return tuple(bytes.fromhex(colour[1:]))


def even(colours: Sequence[str]) -> list[tuple[float, str]]:
    """Colours as stops at equal distances."""
    return [(k / (len(colours) - 1), colour) for k, colour in enumerate(colours)]


def between(share: np.ndarray, stops: Stops) -> np.ndarray:
    """The colours at shares of a scale, uint8 (..., 3), or (..., 4) where the stops have an opacity.

    `plotly.colors.sample_colorscale` gives the same as texts, one number at a time: a picture has ten thousand.

    Args:
        share: in [0, 1], (...); what lies outside has the colour of the nearer end.
        stops: of the scale.
    """
    places, colours = np.array([place for place, _ in stops]), np.array([channels(colour) for _, colour in stops])
    return np.round(np.stack([np.interp(share, places, colours[:, c]) for c in range(colours.shape[1])], -1)).astype(np.uint8)
