"""Photographs of writing: thin pens, shadows, ruled paper, boards, several digits, none; and what is said of an input unlike the data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import make_interp_spline

from benchmarks.photographs import developed, lit, pen_along, photograph, sheet, written
from vae_core.data.ink import ink_of, without_lines
from vae_core.data.preparation import Preparation, made_like, prepared
from vae_core.data.strokes import in_weight, stroke_width
from vae_core.store.classifiers import classifier_of


def read(x: np.ndarray) -> int:
    return int(classifier_of("mnist").read(x[None]).labels[0])


def several(labels: list[int], light: str = "slope") -> np.ndarray:
    """A photograph of digits beside each other, uint8 (H, W, 3)."""
    rng = np.random.default_rng(5)
    size = (420, 300 * len(labels) + 60)
    ground, mask = sheet(size, "plain", rng), np.zeros(size)
    for place, label in enumerate(labels):
        ink = written(label, 190, 9, rng)
        mask[90 : 90 + ink.shape[0], 60 + 300 * place : 60 + 300 * place + ink.shape[1]] = ink
    y, x = np.mgrid[: size[0], : size[1]].astype(float)
    scene = (ground * (1 - 0.85 * mask[..., None])) * lit(x / size[1], y / size[0], light, rng)[..., None]
    return developed(scene, rng)


@pytest.mark.parametrize(
    ("label", "pen", "ground", "light"),
    [
        (4, "ballpoint", "plain", "even"),
        (7, "felt pen", "plain", "shadow"),
        (2, "ballpoint", "ruled", "slope"),
        (5, "pencil", "squared", "shadow"),
        (3, "ballpoint", "board", "slope"),
        (6, "marker", "ruled", "even"),
    ],
)
def test_a_photographed_digit_looks_like_the_data_and_is_read(label: int, pen: str, ground: str, light: str) -> None:
    pixels, _ = photograph(301, label=label, pen=pen, ground=ground, light=light)
    found = prepared(pixels, "mnist")
    image = found.steps[-1].image
    assert found.warnings == ()
    assert found.n_pieces == 1
    assert read(image) == label
    assert 15 < image.mean() < 60  # before: 2 to 6 for a thin pen, a shadow, a ruled sheet
    assert read(made_like("mnist", np.rot90(pixels, 1), Preparation(turn=-90))) == label


def test_several_digits_are_pieces_to_choose_from() -> None:
    pixels = several([3, 7, 4])
    found = prepared(pixels, "mnist")
    assert found.n_pieces == 3
    assert found.warnings == ("3 pieces of ink stand apart: choose which one is meant.",)
    assert not found.is_doubtful
    assert [read(made_like("mnist", pixels, Preparation(piece=piece))) for piece in ("1", "2", "3")] == [3, 7, 4]
    whole = made_like("mnist", pixels, Preparation(piece="all"))
    assert np.ptp(np.flatnonzero(whole[0].any(0))) == 19  # the row of digits fills the width of the box
    assert np.ptp(np.flatnonzero(whole[0].any(1))) < 10
    assert np.array_equal(made_like("mnist", pixels, Preparation(piece="9")), made_like("mnist", pixels, Preparation(piece="3")))


@pytest.mark.parametrize("light", ["even", "slope", "shadow"])
def test_a_blank_sheet_is_no_ink_and_that_is_said(light: str) -> None:
    rng = np.random.default_rng(2)
    y, x = np.mgrid[:450, :600].astype(float)
    pixels = developed(sheet((450, 600), "plain", rng) * lit(x / 600, y / 450, light, rng)[..., None], rng)
    found = prepared(pixels, "mnist")
    assert found.n_pieces == 0
    assert not found.steps[-1].image.any()
    assert found.warnings[0].startswith("No ink was found")


def test_an_input_with_far_more_ink_than_the_data_is_warned_of() -> None:
    disc = np.hypot(*(np.mgrid[:200, :200] - 100)) < 70
    found = prepared((255 * disc).astype(np.uint8), "mnist", Preparation(strokes="as they are"))
    assert found.warnings[0].startswith("There is more ink than in the data")
    assert found.is_doubtful
    assert "is this writing?" in prepared((255 * disc).astype(np.uint8), "mnist").warnings[0]


@pytest.mark.parametrize(("light", "ground", "ink"), [("even", 0.0, 1.0), ("even", 0.95, 0.1), ("slope", 0.2, 0.9), ("slope", 0.95, 0.1)])
def test_of_a_dense_scribble_the_strokes_are_the_ink_and_not_the_gaps(light: str, ground: float, ink: float) -> None:
    rng = np.random.default_rng(3)
    strokes = make_interp_spline(range(30), rng.uniform(0, 280, (30, 2)))(np.linspace(0, 29, 20_000)).clip(0, 240)
    mask = np.pad(pen_along(strokes, 24), 5)
    y, x = (side / side.max() for side in np.mgrid[: mask.shape[0], : mask.shape[1]])
    pixels = 255 * (ground + (ink - ground) * mask) * lit(x, y, light, rng)
    assert mask.mean() > 0.5
    found = {step.name: step for step in prepared(pixels.round().astype(np.uint8), "mnist").steps}
    assert found["Invert"].did == ("no" if ink > ground else "yes") + ", by its ink"
    assert np.corrcoef(found["Ink"].image[0].ravel(), mask.ravel())[0, 1] > 0.9
    assert found["Input"].image[0, 8:20, 8:20].mean() > 127


def test_ruled_lines_go_and_what_crosses_them_stays() -> None:
    mask = np.zeros((200, 300), bool)
    rows = np.arange(300) // 20  # a slope of 3°
    for start in (20, 70, 120, 170):
        mask[start + rows, np.arange(300)] = mask[start + 1 + rows, np.arange(300)] = True
    alone, n_alone = without_lines(mask)
    assert (n_alone, alone.sum()) == (4, 0)
    stroke = np.zeros_like(mask)
    stroke[30:150, 150:158] = True
    rest, n = without_lines(mask | stroke)
    assert n == 4
    assert rest[stroke].mean() > 0.95
    assert without_lines(stroke)[1] == 0


def test_the_bar_of_a_digit_is_no_ruled_line() -> None:
    bar = np.zeros((200, 200), np.uint8)
    bar[30:38, 15:185] = 255
    bar[30:180, 177:185] = 255
    assert ink_of(bar).n_lines == 0


def ring(width: int) -> np.ndarray:
    """The outline of a circle in its own box, uint8."""
    y, x = np.mgrid[:240, :240] - 120
    mask = np.abs(np.hypot(x, y) - 70) <= width / 2
    return cut(255 * mask.astype(np.uint8))


def cut(ink: np.ndarray) -> np.ndarray:
    return ink[np.ix_((ink > 127).any(1), (ink > 127).any(0))]


@pytest.mark.parametrize("width", [3, 8, 60])
def test_strokes_finer_or_wider_than_the_datas_get_their_usual_width(width: int) -> None:
    new = cut(in_weight(ring(width), 20, (1.38, 2.47, 4.65))[0])
    assert stroke_width(new > 127) * 20 / max(new.shape) == pytest.approx(2.47, abs=0.35)


def test_strokes_as_wide_as_the_datas_stay_as_they_are() -> None:
    ink = ring(24)
    assert in_weight(ink, 20, (1.38, 2.47, 4.65))[0] is ink


def test_a_width_is_that_of_the_pen() -> None:
    for width in (4, 9, 20):
        strip = np.zeros((60, 300), bool)
        strip[20 : 20 + width] = True
        assert stroke_width(strip) == pytest.approx(width, rel=0.12)
