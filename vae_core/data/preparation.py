"""A picture is made like the images of a data set, step by step: turned and cropped, grey, inverted, contrast, size and place."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from vae_core.data import recipe_of
from vae_core.data.images import Behind, border_colour, fit_to, scaled
from vae_core.data.recipe import Frame
from vae_core.errors import require
from vae_core.identities import identity

Choice = Literal["auto", "yes", "no"]
Contrast = Literal["auto", "as it is", "stretched", "even light"]
Fit = Literal["like the data", "crop", "pad"]

INK_ABOVE = 38
"""What counts as ink when the box around it is sought: 15 % of white. Of enlarged MNIST test digits that are not told by their own pixels
(250 of them), those enlarged without blur come back with a mean IoU of 0.997, those enlarged bicubically with 0.83."""
BRIGHT = 127
"""A border whose median is above this is paper: the picture is inverted for data with bright strokes on black."""
LIGHT_SIDE, STROKE = 72, 13
"""How light falls on paper is found on a copy of so many pixels a side, where no stroke is as wide as the second number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What is done to a picture before a model sees it; `auto` does what the data set's own makers did.

    Attributes:
        behind: colour behind what is transparent.
        turn: rotation against the clock, in degrees.
        across: part of the width that is kept, in percent from the left.
        down: part of the height that is kept, in percent from the top.
        invert: exchange black and white. `auto`: for data of bright ink on black, if the border is bright.
        contrast: `stretched` takes the border to black and the brightest ink to white; `even light` takes away how light falls on
            the paper first. `auto`: stretched for data of ink, unless the picture is made like them already.
        fit: `like the data` puts the ink in the data set's box; `crop` and `pad` fit the whole picture.
    """

    behind: Behind = "white"
    turn: int = 0
    across: tuple[int, int] = (0, 100)
    down: tuple[int, int] = (0, 100)
    invert: Choice = "auto"
    contrast: Contrast = "auto"
    fit: Fit = "like the data"

    def __post_init__(self) -> None:
        require(-180 <= self.turn <= 180, "turn", "be between -180 and 180 degrees", self.turn)
        for name in ("across", "down"):
            low, high = getattr(self, name)
            require(0 <= low < high <= 100, name, "hold two percentages, the smaller first", (low, high))
        for name, type_ in (("behind", Behind), ("invert", Choice), ("contrast", Contrast), ("fit", Fit)):
            require(getattr(self, name) in get_args(type_), name, f"be one of {', '.join(get_args(type_))}", getattr(self, name))

    def to_json(self) -> dict[str, Any]:
        """Every field as a JSON value."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What the picture is after one step: uint8 (C, H, W), the step's name, and what it did in a few words."""

    name: str
    did: str
    image: np.ndarray


def steps(pixels: np.ndarray, dataset: str, preparation: Preparation | None = None) -> tuple[Step, ...]:
    """The picture after every step; the last one is what a model of that data set is given, uint8 (C, H, W).

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
    done.append(_step("Turn, crop", f"{how.turn}°, {picture.width} × {picture.height}", picture))
    picture = picture.convert("L" if shape[0] == 1 else "RGB")
    done.append(_step("Grey" if shape[0] == 1 else "Colour", "luma" if shape[0] == 1 else "RGB", picture))
    inverts = how.invert == "yes" or (how.invert == "auto" and frame.box is not None and np.mean(border_colour(picture)) > BRIGHT)
    picture = ImageOps.invert(picture) if inverts else picture
    done.append(_step("Invert", ("yes" if inverts else "no") + (", by its border" if how.invert == "auto" and frame.box else ""), picture))
    contrast = _contrast(how.contrast, frame, is_ready=own_pixels(picture, shape) is not None)
    picture = CONTRASTS[contrast](picture)
    done.append(_step("Contrast", contrast, picture))
    final, did = _fitted(picture, shape, frame, how.fit)
    return (*done, Step("Input", did, final))


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


def _contrast(asked: Contrast, frame: Frame, *, is_ready: bool) -> str:
    if asked != "auto":
        return asked
    return "as it is" if frame.box is None or is_ready else "stretched"


def _stretched(picture: Image.Image) -> Image.Image:
    """The border's 98th percentile becomes black, the brightest 0.1 % of all pixels white; nothing where that leaves no range."""
    pixels = np.asarray(picture, np.float64)
    low = np.quantile(np.concatenate([side.ravel() for side in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])]), 0.98)
    high = np.quantile(pixels, 0.999)
    if high - low < 1:
        return picture
    return Image.fromarray(np.round(np.clip((pixels - low) / (high - low), 0, 1) * 255).astype(np.uint8))


def _in_even_light(picture: Image.Image) -> Image.Image:
    """The share of the light that the ink keeps back, stretched, for an inverted picture of dark ink on paper.

    The light is what the paper around gives back: an opening that no stroke outlives, on a small copy. Of light L, paper r and
    ink 1 − s the picture holds 255 − L·r·(1 − s), and its ground 255 − L·r: s is their difference over 255 − ground.
    """
    scale = min(1, LIGHT_SIDE / max(picture.size))
    small = picture.resize(scaled(picture.size, scale), Image.Resampling.BILINEAR)
    ground = small.filter(ImageFilter.MinFilter(STROKE)).filter(ImageFilter.MaxFilter(STROKE)).filter(ImageFilter.GaussianBlur(2))
    under = np.asarray(ground.resize(picture.size, Image.Resampling.BICUBIC), np.float64)
    share = np.clip((np.asarray(picture, np.float64) - under) / np.maximum(255 - under, 1), 0, 1)
    return _stretched(Image.fromarray(np.round(255 * share).astype(np.uint8)))


CONTRASTS = {"as it is": lambda picture: picture, "stretched": _stretched, "even light": _in_even_light}


def _fitted(picture: Image.Image, shape: tuple[int, ...], frame: Frame, fit: Fit) -> tuple[np.ndarray, str]:
    """The image in the data set's shape, and what was done."""
    ready = own_pixels(picture, shape)
    if ready is not None:
        return ready, "its own pixels"
    if fit == "like the data" and frame.box is not None:
        image = _in_frame(picture, shape, frame.box, by_mass=frame.by_mass)
        return image, "no ink found" if not image.any() else f"{frame.box}×{frame.box} box, " + ("by mass" if frame.by_mass else "centred")
    how: Literal["crop", "pad"] = "pad" if fit == "pad" else "crop"
    return fit_to(np.asarray(picture), shape, how=how), "padded" if how == "pad" else "cropped"


def _in_frame(picture: Image.Image, shape: tuple[int, ...], box: int, *, by_mass: bool) -> np.ndarray:
    """The ink in the data set's box, its proportions kept, in the middle by mass or by extent; black where there is no ink."""
    _, height, width = shape
    grey = np.asarray(picture)
    rows, columns = (np.flatnonzero((grey > INK_ABOVE).any(axis)) for axis in (1, 0))
    image = np.zeros((height, width), np.uint8)
    if not rows.size:
        return image[None]
    ink = picture.crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    scale = box / max(ink.size)
    way = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BICUBIC  # BOX: the mean of areas, exact for whole factors
    small = np.asarray(ink.resize(scaled(ink.size, scale), way))
    top, left = (_start(small.sum(axis), side, by_mass=by_mass) for axis, side in ((1, height), (0, width)))
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return image[None]


def _start(mass: np.ndarray, side: int, *, by_mass: bool) -> int:
    """Where the ink starts along one axis, all of it inside the image.

    MNIST has its centres of mass within half a pixel of pixel 14, counted from 0 (measured on 3,000 test digits).
    """
    room = side - len(mass)
    centre = float(mass @ np.arange(len(mass)) / max(mass.sum(), 1))
    start = int(np.floor(side / 2 - centre + 0.5)) if by_mass else round(room / 2)
    return min(max(start, 0), room)
