"""Colours and marks: apart for every eye, on a light and on a dark page, and never by colour alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from vae_core.drawing import images, theme
from vae_core.models import FAMILIES

NORMAL = np.eye(3)
PROTANOPIA = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
DEUTERANOPIA = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
TRITANOPIA = np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]])
"""Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB."""


def linear_rgb(colour: str) -> np.ndarray:
    s = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson 2020."""
    lms = np.cbrt(np.array([[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]]) @ rgb.clip(0, 1))
    return np.array([[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]]) @ lms


def contrast(a: str, b: str) -> float:
    """WCAG 2."""
    high, low = sorted((float(linear_rgb(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def smallest_distance(colours: list[str], vision: np.ndarray) -> float:
    seen = [oklab(vision @ linear_rgb(colour)) for colour in colours]
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


@pytest.mark.parametrize("vision", [NORMAL, PROTANOPIA, DEUTERANOPIA, TRITANOPIA], ids=["normal", "protan", "deutan", "tritan"])
def test_class_colours_stay_apart_for_every_eye(vision: np.ndarray) -> None:
    assert smallest_distance(list(theme.CLASS_COLOURS), vision) > 0.123


@pytest.mark.parametrize("vision", [NORMAL, PROTANOPIA, DEUTERANOPIA, TRITANOPIA], ids=["normal", "protan", "deutan", "tritan"])
def test_family_colours_stay_apart_for_every_eye(vision: np.ndarray) -> None:
    assert smallest_distance([look.colour for look in theme.FAMILY_MARKS.values()], vision) > 0.08


def test_class_colours_are_seen_on_each_page_as_well_as_their_docstring_says() -> None:
    assert min(contrast(colour, images.PAPER["dark"]) for colour in theme.CLASS_COLOURS) > 3
    assert min(contrast(colour, images.PAPER["light"]) for colour in theme.CLASS_COLOURS) > 1.7


def test_every_colour_is_seen_on_a_light_and_on_a_dark_page() -> None:
    for colour in (*theme.CLASS_COLOURS, *(look.colour for look in (*theme.FAMILY_MARKS.values(), *theme.SPARE_MARKS))):
        assert min(contrast(colour, images.PAPER["light"]), contrast(colour, images.PAPER["dark"])) > 1.6


def test_nothing_is_told_apart_by_colour_alone() -> None:
    looks = [theme.mark(family) for family in FAMILIES]
    for field in ("colour", "symbol", "dash", "glyph", "short"):
        assert len({getattr(look, field) for look in looks}) == len(FAMILIES)
    spare = [theme.mark(family) for family in ("flow", "gmm", "hierarchical-vae")]
    assert not {(look.colour, look.symbol, look.glyph) for look in spare} & {(look.colour, look.symbol, look.glyph) for look in looks}
    assert [look.short for look in spare] == ["Flow", "Gmm", "Hierarchical vae"]
    assert len(set(theme.CLASS_SYMBOLS)) == len(theme.CLASS_COLOURS) == 10


def test_charts_are_transparent_for_a_light_and_a_dark_page() -> None:
    layout = theme.house_chart([], height=300).figure().layout.template.layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0, 0, 0, 0)"
    assert list(layout.colorway) == list(theme.CLASS_COLOURS)
