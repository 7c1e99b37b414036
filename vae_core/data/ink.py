"""Ink on paper or board: how light falls on it, which side of the grey is ink, what is no writing, and the pieces that it comes in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.filters.rank import median

from vae_core.data.images import scaled

LIGHT_SIDE, WINDOW = 96, 31
"""How light falls on the ground is found on a copy of so many pixels a side, as the median of a square of the second number: no stroke
fills half of it."""
INK_ABOVE = 38
"""What counts as ink in a clean picture: 15 % of white. Of enlarged MNIST test digits that are not told by their own pixels (250 of them),
those enlarged without blur come back with a mean IoU of 0.997, those enlarged bicubically with 0.83."""
FRINGE = 0.03
"""Share of the longer side that the soft edge of a stroke reaches in a clean picture."""
FAINTEST = 0.06
"""Share of the light that ink keeps back at least, and `NOISES` times what the ground's own grain does."""
NOISES = 5.0
CLEAN = 1.5
"""Standard deviation of the ground, in grey levels, up to which a picture is drawn or scanned rather than photographed."""
UNEVEN = 0.12
"""Light is uneven that varies over the ground by more than this share of the ink's own contrast."""
MOSTLY_INK, FEWEST_DENSE = 0.7, 0.02
"""A ground that is brighter than the border's by this share of the ink's contrast, on this share of the picture, is dense ink."""
FEWEST, MOST = 2e-5, 0.75
"""Share of a picture's pixels that ink takes at least, and at most."""
LINE_SIDE, THINNEST = 320, 0.015
"""Ruled lines are sought on a copy of so many pixels a side; one is no thicker than that share of the picture's longer side."""
FADED = 220
"""Grey level up to which the brightest tenth of the ink is faded."""
MOST_PARTS = 64
"""Connected parts that are put together to pieces, at most."""
SMALLEST_PART, SMALLEST_SIDE = 0.04, 0.2
"""What has less of the largest part's area, and of its longer side, is a speck."""


Box = tuple[slice, slice]


def ground_of(grey: np.ndarray) -> np.ndarray:
    """The grey of what is written on, under the ink too, float32 (H, W): the median of a wide square around each pixel."""
    picture = Image.fromarray(grey)
    small = np.array(picture.resize(scaled(picture.size, min(1, LIGHT_SIDE / max(picture.size))), Image.Resampling.BOX))
    side = min(WINDOW, 2 * (max(small.shape) // 6) + 1)
    ground = median(small, np.ones((side, side), np.uint8)).astype(np.float32)
    return np.asarray(Image.fromarray(ground, "F").resize(picture.size, Image.Resampling.BICUBIC))


def at_least(ground: np.ndarray) -> np.ndarray:
    """The brightest ground of the places around each, a step of `ground_of` away: the edge of a shadow is no ink."""
    return ndimage.maximum_filter(ground, 2 * -(-max(ground.shape) // LIGHT_SIDE) + 1)


def is_dark_on_bright(grey: np.ndarray, ground: np.ndarray) -> bool | None:
    """Whether what stands out from the ground is darker than it; None where neither side does clearly.

    It has to stand out from what the border tells of the ground, too: where strokes are dense the median is that of the ink.
    """
    across = across_from_border(grey)
    limit = 3 * spread_of(grey - ground) + 255 * FAINTEST / 2
    darker, brighter = np.minimum(ground, across) - grey, grey - np.maximum(ground, across)
    dark, bright = (float(np.maximum(off - limit, 0).sum()) for off in (darker, brighter))
    return dark > bright if max(dark, bright) > 1.5 * min(dark, bright) else None


def border_of(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The ground along the upper, lower, left and right side: medians of a quarter of it, which no ink fills."""
    sides = (grey[0], grey[-1], grey[:, 0], grey[:, -1])
    top, bottom, left, right = (ndimage.median_filter(side, max(1, len(side) // 4), mode="nearest") for side in sides)
    return top, bottom, left, right


def across_from_border(grey: np.ndarray) -> np.ndarray:
    """The ground inside as the border alone tells it, (H, W): blended from the four sides (Coons 1967)."""
    top, bottom, left, right = border_of(grey)
    u, v = np.linspace(0, 1, len(top), dtype=np.float32), np.linspace(0, 1, len(left), dtype=np.float32)[:, None]
    upper = ((1 - u) * (top[0] + left[0]) + u * (top[-1] + right[0])) / 2
    lower = ((1 - u) * (bottom[0] + left[-1]) + u * (bottom[-1] + right[-1])) / 2
    return (1 - u) * left[:, None] + u * right[:, None] + (1 - v) * (top - upper) + v * (bottom - lower)


def not_that_of_ink(ground: np.ndarray, grey: np.ndarray) -> np.ndarray:
    """The ground of bright ink: where strokes are so dense that the median is theirs, as the border tells it, if the light has no edge."""
    ink = _contrast(grey, ground)
    has_edge = any(np.abs(side[len(side) // 8 :] - side[: len(side) - len(side) // 8]).max() > UNEVEN * ink for side in border_of(grey))
    if has_edge or not stands_out(grey, ground):
        return ground
    across = across_from_border(grey)
    is_dense = np.mean(ground - across > MOSTLY_INK * ink) > FEWEST_DENSE
    return np.minimum(ground, across) if is_dense else ground


def _contrast(grey: np.ndarray, ground: np.ndarray) -> float:
    """How far ink stands out from its ground."""
    return float(np.quantile(np.abs(grey - ground), 0.999))


def is_uneven(grey: np.ndarray, ground: np.ndarray) -> bool:
    """Whether the light varies along the border, where hardly any ink is, by a part of what the ink stands out."""
    low, high = np.quantile(np.concatenate(border_of(grey)), [0.05, 0.95])
    return bool(high - low > UNEVEN * _contrast(grey, ground) and high - low > 2)


def in_even_light(grey: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """The share of the light that ink keeps back, float32 (H, W) in [0, 1], of a picture with bright ink (inverted, if it was dark).

    Of light L, ground r and ink 1 − s an inverted picture holds 255 − L·r·(1 − s), and its ground 255 − L·r: s is their difference over
    255 − ground.
    """
    return np.clip((grey - ground) / np.maximum(255 - ground, 1), 0, 1)


def stands_out(grey: np.ndarray, ground: np.ndarray | float) -> bool:
    """Whether anything is brighter than the ground by more than its grain, so that there is ink at all.

    Along the border, where a shadow's edge may bend out of the picture, nothing counts.
    """
    off = ndimage.gaussian_filter(grey - ground, max(grey.shape) / 900)
    limit = max(255 * FAINTEST, NOISES * grain_of(off))
    margin = min(grey.shape) // 20
    inside = off[margin : grey.shape[0] - margin, margin : grey.shape[1] - margin]
    return bool((inside > limit).sum() >= max(4, FEWEST * grey.size))


def grain_of(values: np.ndarray) -> float:
    """The spread of what is less than half as bright as the brightest: the ground's own, even where most of a picture is ink."""
    dark = values[values < np.quantile(values, 0.999) / 2]
    return spread_of(dark) if dark.size else 0.0


def spread_of(values: np.ndarray) -> float:
    """Standard deviation of the larger part of the values, by their median absolute deviation."""
    middle = np.median(values)
    return float(1.4826 * np.median(np.abs(values - middle)))


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """What of a picture is writing.

    Attributes:
        pieces: masks, bool (H, W), from left to right, of what stands apart: one digit each, if digits were written.
        grey: the picture, uint8 (H, W), bright ink on black.
        n_lines: ruled lines that were left out.
        fringe: pixels around a piece that are its soft edge.
    """

    grey: np.ndarray
    pieces: tuple[np.ndarray, ...] = ()
    n_lines: int = 0
    fringe: int = 0

    @property
    def largest(self) -> int:
        """Which piece has most ink."""
        return int(np.argmax([int(self.grey[piece].sum(dtype=np.int64)) for piece in self.pieces]))

    def only(self, pieces: tuple[int, ...]) -> np.ndarray:
        """These pieces on black, uint8 (H, W); the brightest tenth of them is made white where it is far from it."""
        mask: np.ndarray = np.logical_or.reduce([self.pieces[i] for i in pieces])
        level = float(np.quantile(self.grey[mask], 0.9))
        shown = self.grey if level > FADED else np.clip(self.grey * (255 / level), 0, 255).round()
        around = ndimage.maximum_filter(mask, 2 * self.fringe + 1) & ~np.logical_or.reduce(self.pieces)
        return np.where(mask | around, shown, 0).astype(np.uint8)


def ink_of(grey: np.ndarray) -> Ink:
    """The writing in a picture of bright ink on black, uint8 (H, W): without ruled lines, specks, and what comes in from its border."""
    noise, side = grain_of(grey), max(grey.shape)
    is_clean = noise <= CLEAN
    smooth = grey if is_clean else ndimage.gaussian_filter(grey, side / 900)
    above = max(INK_ABOVE, NOISES * grain_of(smooth))
    strong = smooth[smooth > above]
    if not max(4, FEWEST * grey.size) <= strong.size <= MOST * grey.size:
        return Ink(smooth)
    level = float(np.quantile(strong, 0.9))
    mask, n_lines = without_lines(smooth > (above if is_clean else max(above, 0.35 * level)))
    parts, n_parts = ndimage.label(mask, np.ones((3, 3)))
    strongest = ndimage.maximum(smooth, parts, np.arange(1, n_parts + 1))
    boxes = ndimage.find_objects(parts)
    writing = _writing(parts, boxes, [i for i in range(n_parts) if strongest[i] > 0.5 * level])
    pieces = [np.isin(parts, [i + 1 for i in group]) for group in _groups([boxes[i] for i in writing], writing)]
    return Ink(smooth, tuple(pieces), n_lines, round(FRINGE * side) if is_clean else 0)


def _writing(parts: np.ndarray, boxes: list[Box], strong: list[int]) -> list[int]:
    """Those of the connected parts that are no specks, and do not come in from the picture's border where something else is there."""
    h, w = parts.shape
    area = np.bincount(parts.ravel(), minlength=len(boxes) + 1)[1:]
    side = [max(_length(rows), _length(columns)) for rows, columns in boxes]
    inside = [i for i in strong if boxes[i][0].start > 0 and boxes[i][1].start > 0 and boxes[i][0].stop < h and boxes[i][1].stop < w]
    if any(side[i] >= max(h, w) / 12 for i in inside):
        strong = inside
    largest = max(strong, key=lambda i: area[i], default=0)
    large = [i for i in strong if area[i] >= SMALLEST_PART * area[largest] or side[i] >= SMALLEST_SIDE * side[largest]]
    return sorted(large, key=lambda i: -int(area[i]))[:MOST_PARTS]


def _groups(boxes: list[Box], names: list[int]) -> list[list[int]]:
    """Parts that belong together, from left to right: one stands above the other, or they all but touch."""
    groups = [(box, [name]) for box, name in zip(boxes, names, strict=True)]
    while (pair := _first_pair([box for box, _ in groups])) is not None:
        (box, members), (other, others) = groups[pair[0]], groups.pop(pair[1])
        groups[pair[0]] = (_around(box, other), members + others)
    return [members for _, members in sorted(groups, key=lambda group: group[0][1].start)]


def _first_pair(boxes: list[Box]) -> tuple[int, int] | None:
    """The first two boxes that belong together."""
    return next(((a, b) for a, b in combinations(range(len(boxes)), 2) if _belong_together(boxes[a], boxes[b])), None)


def _around(a: Box, b: Box) -> Box:
    return slice(min(a[0].start, b[0].start), max(a[0].stop, b[0].stop)), slice(min(a[1].start, b[1].start), max(a[1].stop, b[1].stop))


def _belong_together(a: Box, b: Box) -> bool:
    """Whether two boxes overlap in their columns and are near in their rows, or touch but for a little."""
    tall, narrow = max(_length(a[0]), _length(b[0])), min(_length(a[1]), _length(b[1]))
    down, across = (max(one.start, other.start) - min(one.stop, other.stop) for one, other in zip(a, b, strict=True))  # gaps, or overlaps
    return (-across >= 0.3 * narrow and down <= 0.25 * tall) or (across <= 0.06 * tall and down <= 0.06 * tall)


def _length(part: slice) -> int:
    return part.stop - part.start


def without_lines(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """A mask of ink, bool (H, W), without ruled lines, and how many there were. Upright ones go first: where two cross, both then go."""
    upright, n_upright = _without_level_lines(mask.T)
    level, n_level = _without_level_lines(upright.T)
    return level, n_upright + n_level


def _without_level_lines(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """Without thin lines that run across, up to 20° off the level, from one side to the other, but for what crosses them."""
    h, w = mask.shape
    times = -(-max(h, w) // LINE_SIDE)
    small = _any_of_squares(mask, times)
    slope = _slope_of(small)
    sheared, first = _sheared(small, slope)
    rows = _line_rows(sheared)
    if not rows:
        return mask, 0
    lengths = _run_lengths(mask)
    y, x = np.nonzero(mask)
    off = y - slope * x  # of each pixel, in full pixels
    rest, n = mask.copy(), 0
    for row in rows:
        near = np.abs(off - times * (row + first + 0.5)) <= 1.5 * times + 1
        if not near.any():
            continue
        thick = float(np.median(lengths[y[near], x[near]]))
        if thick <= max(3.0, THINNEST * max(h, w)):
            n += 1
            gone = near & (lengths[y, x] <= 1.8 * thick + 1)
            rest[y[gone], x[gone]] = False
    return rest, n


def _any_of_squares(mask: np.ndarray, times: int) -> np.ndarray:
    h, w = (-(-side // times) * times for side in mask.shape)
    padded: np.ndarray = np.zeros((h, w), bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    return padded.reshape(h // times, times, w // times, times).max((1, 3))


def _slope_of(mask: np.ndarray) -> float:
    """The slope of most of the level lines: the one along which the rows hold the most uneven counts."""
    y, x = np.nonzero(mask)
    w = mask.shape[1]
    if not y.size:
        return 0.0
    slopes = np.arange(-int(0.36 * w), int(0.36 * w) + 1) / w
    reach = int(0.36 * w) + 1
    energy = [(np.bincount(np.round(y - slope * x).astype(int) + reach).astype(float) ** 2).sum() for slope in slopes]
    return float(slopes[int(np.argmax(energy))])


def _sheared(mask: np.ndarray, slope: float) -> tuple[np.ndarray, int]:
    """Each column moved so that lines of that slope are level; and the row that the first one was. −1 where nothing was."""
    h, w = mask.shape
    shift = np.round(slope * np.arange(w)).astype(int)
    first, last = -int(shift.max()), h - int(shift.min())
    rows = np.arange(first, last)[:, None] + shift
    inside = (rows >= 0) & (rows < h)
    values = mask[np.clip(rows, 0, h - 1), np.arange(w)]
    return np.where(inside, values.astype(np.int8), -1), first


def _line_rows(sheared: np.ndarray) -> list[int]:
    """Rows that ink fills from one side of the picture to the other, or all but so; of neighbours the fullest."""
    inside, ink = sheared >= 0, sheared > 0
    thick = ink | np.roll(ink, 1, 0) | np.roll(ink, -1, 0)
    long = inside.sum(1)
    share = (thick & inside).sum(1) / np.maximum(long, 1)
    full = [r for r in range(len(share)) if long[r] >= 0.5 * sheared.shape[1] and share[r] >= 0.6 and _reaches(thick[r], inside[r])]
    return [
        r
        for r in full
        if all(share[r] >= share[other] and (share[r] > share[other] or r <= other) for other in full if abs(other - r) <= 2)
    ]


def _reaches(ink: np.ndarray, inside: np.ndarray) -> bool:
    """Whether the ink of a row comes near both of its ends."""
    places = np.flatnonzero(inside)
    end = max(1, len(places) // 12)
    return bool(ink[places[:end]].any() and ink[places[-end:]].any())


def _run_lengths(mask: np.ndarray) -> np.ndarray:
    """How many pixels of the mask hang together above and below each, (H, W); 0 outside of it."""
    columns = mask.T
    padded = np.zeros((columns.shape[0], columns.shape[1] + 2), np.int8)
    padded[:, 1:-1] = columns
    change = np.diff(padded, axis=1)
    starts, ends = (np.nonzero(change == sign)[1] for sign in (1, -1))
    lengths = np.zeros(columns.shape, np.int32)
    lengths[columns] = np.repeat(ends - starts, ends - starts)
    return lengths.T
