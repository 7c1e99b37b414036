"""A picture is made like the images of a data set, step by step: turned and cropped, grey, inverted, contrast, ink, size and place."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
from PIL import Image, ImageOps

from vae_core.data import recipe_of
from vae_core.data.images import Behind, border_colour, fit_to, scaled
from vae_core.data.ink import (
    INK_ABOVE,
    Ink,
    at_least,
    ground_of,
    in_even_light,
    ink_of,
    is_dark_on_bright,
    is_uneven,
    not_that_of_ink,
    stands_out,
)
from vae_core.data.recipe import Frame
from vae_core.data.strokes import in_weight
from vae_core.errors import require
from vae_core.identities import identity
from vae_core.units import counted, minus

Choice = Literal["auto", "yes", "no"]
Contrast = Literal["auto", "as it is", "stretched", "even light"]
Fit = Literal["like the data", "crop", "pad"]
Strokes = Literal["auto", "as they are"]

BRIGHT = 127
"""A border whose median is above this is paper, where what stands out from the ground does not tell."""
LARGEST, ALL = "largest", "all"
"""Which of several pieces of ink is taken; any other is a number, from the left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What is done to a picture before a model sees it; `auto` does what the data set's own makers did.

    Attributes:
        behind: colour behind what is transparent.
        turn: rotation against the clock, in degrees.
        across: part of the width that is kept, in percent from the left.
        down: part of the height that is kept, in percent from the top.
        invert: exchange black and white. `auto`: for data of bright ink on black, if the ink is darker than what it is written on.
        contrast: `stretched` takes the border to black and the brightest ink to white; `even light` takes away how light falls on
            the paper first. `auto`: for data of ink, unless the picture is made like them already, even light if the light varies, else
            stretched.
        piece: which piece of ink is taken where there are several: `largest`, `all`, or its number from the left, the last if there
            are fewer.
        strokes: `auto` brings strokes that are finer or wider than the data's to their usual width.
        fit: `like the data` puts the ink in the data set's box; `crop` and `pad` fit the whole picture.
    """

    behind: Behind = "white"
    turn: int = 0
    across: tuple[int, int] = (0, 100)
    down: tuple[int, int] = (0, 100)
    invert: Choice = "auto"
    contrast: Contrast = "auto"
    piece: str = LARGEST
    strokes: Strokes = "auto"
    fit: Fit = "like the data"

    def __post_init__(self) -> None:
        require(-180 <= self.turn <= 180, "turn", "be between -180 and 180 degrees", self.turn)
        for name in ("across", "down"):
            low, high = getattr(self, name)
            require(0 <= low < high <= 100, name, "hold two percentages, the smaller first", (low, high))
        words = {"behind": Behind, "invert": Choice, "contrast": Contrast, "strokes": Strokes, "fit": Fit}
        for name, type_ in words.items():
            require(getattr(self, name) in get_args(type_), name, f"be one of {', '.join(get_args(type_))}", getattr(self, name))
        is_number = self.piece.isdecimal() and int(self.piece) > 0
        require(self.piece in (LARGEST, ALL) or is_number, "piece", f"be {LARGEST}, {ALL} or a number from 1 on", self.piece)

    def to_json(self) -> dict[str, Any]:
        """Every field as a JSON value."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What the picture is after one step: uint8 (C, H, W), the step's name, and what it did in a few words."""

    name: str
    did: str
    image: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A picture made like the images of a data set.

    Attributes:
        steps: the picture after every step; the last one is what a model of that data set is given.
        n_pieces: pieces of ink that there were to choose from; 0 where none was found, None where none was looked for.
        warnings: what is to be said of the input before anybody believes a number of it, in sentences.
        is_doubtful: whether one of them says that the input is unlike the data.
    """

    steps: tuple[Step, ...]
    n_pieces: int | None
    warnings: tuple[str, ...]
    is_doubtful: bool


def prepared(pixels: np.ndarray, dataset: str, preparation: Preparation | None = None) -> Prepared:
    """The picture after every step, and what is to be said of it.

    Args:
        pixels: uint8 (H, W) or (H, W, 3).
        dataset: a data set of images.
        preparation: what to do; everything as the data set's makers did where it is not given.

    Raises:
        ValueError: if the data set is not one of images.
    """
    how = preparation or Preparation()
    shape = identity(dataset).shape
    require(identity(dataset).is_images, "dataset", "be one of images", dataset)
    frame = recipe_of(dataset).frame
    picture = Image.fromarray(pixels)
    done = [_step("Picture", f"{picture.width} × {picture.height}", picture)]
    picture = _turned_and_cropped(picture, how)
    done.append(_step("Turn, crop", f"{minus(str(how.turn))}°, {picture.width} × {picture.height}", picture))
    picture = picture.convert("L" if shape[0] == 1 else "RGB")
    done.append(_step("Grey" if shape[0] == 1 else "Colour", "luma" if shape[0] == 1 else "RGB", picture))
    is_ready = own_pixels(picture, shape) is not None
    ground = None if frame.box is None or is_ready else ground_of(np.asarray(picture))
    picture, did = _inverted(picture, how.invert, frame, ground)
    done.append(_step("Invert", did, picture))
    ground = None if ground is None else _under_bright_ink(255 - ground if did.startswith("yes") else ground, picture)
    has_ink = ground is not None and (how.contrast != "auto" or _has_ink(picture, ground))
    picture, did = _contrasted(picture, how.contrast, frame, ground)
    done.append(_step("Contrast", did, picture))
    ink = None
    if frame.strokes:
        grey = np.asarray(picture)
        ink = (ink_of(grey) if has_ink else Ink(grey)) if ground is not None and how.fit == "like the data" else None
        picture, did = (picture, "as it is") if ink is None else _chosen(ink, how.piece)
        done.append(_step("Ink", did, picture))
    final, did, width = _fitted(picture, shape, frame, how)
    done.append(Step("Input", did, final))
    n_pieces = None if ink is None else len(ink.pieces)
    doubts = () if is_ready and final.any() else _doubts(final, frame, width)
    is_one_of_several = n_pieces is not None and n_pieces > 1 and how.piece != ALL
    choice = (f"{n_pieces} pieces of ink stand apart: choose which one is meant.",) if is_one_of_several else ()
    return Prepared(tuple(done), n_pieces, (*choice, *doubts), bool(doubts))


def steps(pixels: np.ndarray, dataset: str, preparation: Preparation | None = None) -> tuple[Step, ...]:
    """The picture after every step of `prepared`; the last one is what a model of that data set is given, uint8 (C, H, W)."""
    return prepared(pixels, dataset, preparation).steps


def made_like(dataset: str, pixels: np.ndarray, preparation: Preparation | None = None) -> np.ndarray:
    """The picture as a model of that data set is given it, uint8 (C, H, W): the last of `steps`."""
    return steps(pixels, dataset, preparation)[-1].image


def own_pixels(picture: Image.Image, shape: tuple[int, ...]) -> np.ndarray | None:
    """The image of just this shape that the picture is, or was enlarged from by whole pixels, uint8 (C, H, W); else None."""
    channels, height, width = shape
    times = picture.height // height
    if times < 1 or picture.size != (times * width, times * height):
        return None
    pixels = np.asarray(picture).reshape(height, times, width, times, channels)
    first = pixels[:, :1, :, :1]
    return np.ascontiguousarray(first[:, 0, :, 0].transpose(2, 0, 1)) if np.all(pixels == first) else None


def _step(name: str, did: str, picture: Image.Image) -> Step:
    pixels = np.asarray(picture)
    return Step(name, did, pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1))


def _turned_and_cropped(picture: Image.Image, how: Preparation) -> Image.Image:
    if how.turn:
        colour = border_colour(picture)
        fill = colour if len(colour) == 3 else colour[0]
        picture = picture.rotate(how.turn, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)
    (left, right), (top, bottom) = how.across, how.down
    x = [round(picture.width * share / 100) for share in (left, right)]
    y = [round(picture.height * share / 100) for share in (top, bottom)]
    x[0], y[0] = min(x[0], picture.width - 1), min(y[0], picture.height - 1)
    return picture.crop((x[0], y[0], max(x[1], x[0] + 1), max(y[1], y[0] + 1)))


def _inverted(picture: Image.Image, asked: Choice, frame: Frame, ground: np.ndarray | None) -> tuple[Image.Image, str]:
    """The picture with bright ink, and whether it was inverted for that and by what that was told."""
    if asked != "auto" or frame.box is None:
        return (ImageOps.invert(picture), "yes") if asked == "yes" else (picture, "no")
    is_dark = None if ground is None else is_dark_on_bright(np.asarray(picture, np.float32), ground)
    inverts = np.mean(border_colour(picture)) > BRIGHT if is_dark is None else is_dark
    how = "by its border" if is_dark is None else "by its ink"
    return (ImageOps.invert(picture), f"yes, {how}") if inverts else (picture, f"no, {how}")


def _under_bright_ink(ground: np.ndarray, picture: Image.Image) -> np.ndarray:
    return at_least(not_that_of_ink(ground, np.asarray(picture.convert("L"), np.float32)))


def _contrasted(picture: Image.Image, asked: Contrast, frame: Frame, ground: np.ndarray | None) -> tuple[Image.Image, str]:
    """The picture with the contrast that was asked for, and which that was."""
    how = asked
    if asked == "auto":
        varies = frame.strokes is not None and ground is not None and is_uneven(np.asarray(picture, np.float32), ground)
        how = "as it is" if ground is None else "even light" if varies else "stretched"
    if how == "even light":
        picture = Image.merge(picture.mode, [_lit_evenly(band, ground) for band in picture.split()])
    return picture if how == "as it is" else _stretched(picture), how


def _has_ink(picture: Image.Image, ground: np.ndarray) -> bool:
    """Whether anything stands out from the ground, or, in even light, from the border: a shape may be wider than what tells the ground."""
    grey = np.asarray(picture, np.float32)
    return stands_out(grey, ground) or (not is_uneven(grey, ground) and stands_out(grey, float(border_colour(picture)[0])))


def _lit_evenly(band: Image.Image, ground: np.ndarray | None) -> Image.Image:
    grey = np.asarray(band)
    under = at_least(ground_of(grey)) if ground is None else ground
    return Image.fromarray(np.round(255 * in_even_light(grey.astype(np.float32), under)).astype(np.uint8))


def _stretched(picture: Image.Image) -> Image.Image:
    """The border's 98th percentile becomes black, the brightest 0.1 % of all pixels white; nothing where that leaves no range."""
    pixels = np.asarray(picture, np.float64)
    low = np.quantile(np.concatenate([side.ravel() for side in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])]), 0.98)
    high = np.quantile(pixels, 0.999)
    if high - low < 1:
        return picture
    return Image.fromarray(np.round(np.clip((pixels - low) / (high - low), 0, 1) * 255).astype(np.uint8))


def _chosen(ink: Ink, piece: str) -> tuple[Image.Image, str]:
    """The piece of ink that was asked for, on black, and what was left out."""
    n = len(ink.pieces)
    if n == 0:
        return Image.fromarray(np.zeros_like(ink.grey)), "none found"
    which = tuple(range(n)) if piece == ALL else (ink.largest if piece == LARGEST else min(int(piece), n) - 1,)
    taken = "all of it" if len(which) == n else f"piece {which[0] + 1} of {n}"
    left_out = f", without {counted(ink.n_lines, 'line')}" if ink.n_lines else ""
    return Image.fromarray(ink.only(which)), taken + left_out


def _fitted(picture: Image.Image, shape: tuple[int, ...], frame: Frame, how: Preparation) -> tuple[np.ndarray, str, float]:
    """The image in the data set's shape, what was done, and how wide the strokes were before, in its pixels; 0 if that was not measured."""
    ready = own_pixels(picture, shape)
    if ready is not None:
        return ready, "its own pixels", 0
    if how.fit == "like the data" and frame.box is not None:
        return _in_frame(picture, shape, frame, keep_strokes=how.strokes != "auto")
    way: Literal["crop", "pad"] = "pad" if how.fit == "pad" else "crop"
    return fit_to(np.asarray(picture), shape, how=way), "padded" if way == "pad" else "cropped", 0


def _in_frame(picture: Image.Image, shape: tuple[int, ...], frame: Frame, *, keep_strokes: bool) -> tuple[np.ndarray, str, float]:
    """The ink in the data set's box, its proportions kept, in the middle by mass or by extent; black without ink. As for `_fitted`."""
    _, height, width = shape
    image, box = np.zeros((height, width), np.uint8), frame.box or min(height, width)
    ink = _cut_to_ink(np.asarray(picture))
    if not ink.size:
        return image[None], "no ink found", 0
    stroke, did = 0.0, f"{box}×{box} box, " + ("by mass" if frame.by_mass else "centred")
    if frame.strokes and not keep_strokes:
        new, stroke = in_weight(ink, box, frame.strokes)
        did += "" if new is ink else f", strokes {stroke:.1f} → {frame.strokes[1]:.1f}"
        ink = _cut_to_ink(new)
    scale = box / max(ink.shape)
    way = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BICUBIC  # BOX: the mean of areas, exact for whole factors
    small = np.asarray(Image.fromarray(ink).resize(scaled((ink.shape[1], ink.shape[0]), scale), way))
    top, left = (_start(small.sum(axis), side, by_mass=frame.by_mass) for axis, side in ((1, height), (0, width)))
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return image[None], did, stroke


def _cut_to_ink(grey: np.ndarray) -> np.ndarray:
    """The part of a picture that holds all of its ink; empty if it has none."""
    rows, columns = (np.flatnonzero((grey > INK_ABOVE).any(axis)) for axis in (1, 0))
    return grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else grey[:0, :0]


def _start(mass: np.ndarray, side: int, *, by_mass: bool) -> int:
    """Where the ink starts along one axis, all of it inside the image.

    MNIST has its centres of mass within half a pixel of pixel 14, counted from 0 (measured on 3,000 test digits).
    """
    room = side - len(mass)
    centre = float(mass @ np.arange(len(mass)) / max(mass.sum(), 1))
    start = int(np.floor(side / 2 - centre + 0.5)) if by_mass else round(room / 2)
    return min(max(start, 0), room)


def _doubts(image: np.ndarray, frame: Frame, width: float) -> tuple[str, ...]:
    """What makes an input unlike the data, in sentences; its strokes were so many pixels wide before they were brought to the data's."""
    if frame.box is not None and not image.any():
        return ("No ink was found, so the input is black: take the photograph nearer, in better light, or turn its contrast up.",)
    said = []
    if frame.strokes and width > frame.strokes[2]:
        theirs = f"those of 99 % of the training images at most {frame.strokes[2]:.1f}"
        said.append(f"The strokes are {width:.0f} pixels wide, and {theirs}: is this writing?")
    low, high = frame.brightness or (0.0, 255.0)
    mean = float(image.mean())
    if not low <= mean <= high:
        more = "more" if mean > high else "less"
        theirs = f"that of 99 % of the training images is between {low:.0f} and {high:.0f}"
        said.append(f"There is {more} ink than in the data: the input's mean grey is {mean:.0f}, and {theirs}.")
    return tuple(said)
