"""Which words of pictures are whole and apart, by what `words.js` notes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("words.js").read_text()
"""A script for a window, to be there before its page; it gives `pictures()`."""


def in_each_other(words: list[tuple]) -> list[tuple[str, str]]:
    """Pairs of words, each with the left, right, upper and lower side of its box, that stand in each other's place."""
    return [(one[0], other[0]) for k, one in enumerate(words) for other in words[k + 1 :] if _meet(one[1:], other[1:])]


def beyond(words: list[tuple], width: float) -> list[tuple]:
    """Those that stand beyond a picture of that width; what has no width is hidden."""
    return [word for word in words if word[2] > word[1] and (word[1] < -1 or word[2] > width + 1)]


def of(picture: dict[str, Any]) -> list[tuple]:
    """The words of a picture, each once, with the sides of their boxes in whole pixels."""
    return sorted({(text, *map(round, box)) for text, *box in picture["words"]})


def _meet(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two boxes, left, right, top and bottom, share more than a few pixels."""
    (a, b, c, d), (e, f, g, h) = one, other
    return min(b, f) - max(a, e) > 2 and min(d, h) - max(c, g) > 4
