"""What a part of the page hands back once it has drawn its picture and its controls."""

from __future__ import annotations

from dataclasses import dataclass

from pages.shared.page import Download
from pages.shared.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What stands below a picture, and what is concluded from it.

    Attributes:
        text: the part's own words.
        conclusion: computed from its numbers.
        answer: to what it asks one to try.
        notebook: lines of Python that make the same picture.
        downloads: its files.
    """

    text: Words
    conclusion: str
    answer: str
    notebook: str
    downloads: list[Download]
