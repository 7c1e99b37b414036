"""What this session holds of a person's own pictures, and how they are made like the data; it outlives a change of page.

Pictures stand in the session's state only: in no cache that sessions share, in no file, in no address, in no log.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

import numpy as np
import streamlit as st

from pages.shared import cached
from pages.shared.controls import Choice, called, first_dataset
from pages.shared.links import bound, note
from vae_core.data.pictures import Batch, Picture
from vae_core.data.preparation import Preparation

SAMPLE, UPLOAD, DRAW, CAMERA = "sample", "upload", "draw", "camera"
"""The ways in which a picture comes."""
SETTINGS = ("own_behind", "own_turn", "own_across", "own_down", "own_invert", "own_contrast", "own_piece", "own_strokes", "own_fit")
REMEMBERED, BATCHES, SHEET = "own_kept", "own_batches", "own_drawing"
SIDE = 168
"""Width and height of the sheet that is drawn on."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The pictures at hand, of which one is looked at.

    Attributes:
        way: how they came.
        pictures: all of them.
        which: index of the one that is looked at.
    """

    way: str
    pictures: tuple[Picture, ...]
    which: int = 0

    @property
    def picture(self) -> Picture:
        """The one that is looked at."""
        return self.pictures[self.which]


def batch(way: str) -> Batch:
    """The pictures that came in one way, and what was refused of them."""
    return st.session_state.setdefault(BATCHES, {}).get(way, Batch())


def drawing() -> np.ndarray | None:
    """What this session drew last, or None; what is no sheet of grey levels counts as empty."""
    try:
        levels = base64.b64decode(st.session_state.get(SHEET, ""), validate=True)
    except (binascii.Error, ValueError, TypeError):
        return None
    return np.frombuffer(levels, np.uint8).reshape(SIDE, SIDE) if len(levels) == SIDE * SIDE else None


def as_picture(pixels: np.ndarray | None) -> tuple[Picture, ...]:
    """A drawing as the one picture that it is, or none."""
    return () if pixels is None else (Picture("drawing", pixels, size=(pixels.shape[1], pixels.shape[0])),)


def sample(choice: Choice) -> tuple[Picture, ...]:
    """Choose a test image: it stands for a picture of one's own."""
    name = choice.dataset if choice.has_data else first_dataset()
    x, labels = cached.dataset(name).test.x, cached.dataset(name).test.labels
    if st.session_state.get("own_sample", 0) >= len(x):  # chosen for a larger data set
        st.session_state["own_sample"] = 0
    index = st.number_input(f"Test image of {called(name)}", 0, len(x) - 1, 0, **bound("own_sample"))
    image = x[index]
    pixels = image[0] if len(image) == 1 else np.ascontiguousarray(image.transpose(1, 2, 0))
    label = "" if labels is None else f": {labels[index]}"
    return (Picture(f"{name} #{index}{label}", pixels, size=(pixels.shape[1], pixels.shape[0])),)


def camera_works(url: str | None) -> bool:
    """Whether browsers give a page at this address the camera: on this computer, or over HTTPS."""
    address = urlparse(url or "")
    return address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1")


def preparation() -> Preparation:
    """What the controls of the steps say, here or on the page that draws them."""
    note(*SETTINGS)
    usual = Preparation()
    values = {key.removeprefix("own_"): value(key, getattr(usual, key.removeprefix("own_"))) for key in SETTINGS}
    for name in ("across", "down"):
        low, high = values[name]
        values[name] = (low, high) if low < high else (min(low, 99), min(low, 99) + 1)
    return Preparation(**values)


def value(key: str, usual: Any) -> Any:
    """What a widget says, or said before its page was left."""
    return st.session_state.get(key, remembered().get(key, usual))


def remembered() -> dict[str, Any]:
    """What this session remembers of its widgets."""
    return st.session_state.setdefault(REMEMBERED, {})


def restore(*keys: str) -> None:
    """Give widgets the values that they had before the page was left; an address that says otherwise wins."""
    for key in keys:
        if key in remembered() and key not in st.session_state and key not in st.query_params:
            st.session_state[key] = remembered()[key]


def notebook(selection: Selection, how: Preparation, dataset: str) -> dict[str, str]:
    """What the lines for a notebook need of the picture; a file's name is a person's own, and is not written into them."""
    choices = {name: value for name, value in how.to_json().items() if value != Preparation().to_json()[name]}
    arguments = ", ".join(f"{name}={value!r}" for name, value in choices.items())
    if selection.way == SAMPLE:
        source, _, rest = selection.picture.name.partition(" #")
        index = rest.partition(":")[0]
        channels = "[0]" if selection.picture.on_white.ndim == 2 else ".transpose(1, 2, 0)"
        pixels = f'vc.load("{source}").test.x[{index}]{channels}'
    else:
        pixels = f'vc.read_image("picture.png", behind="{how.behind}")'
    return {"pixels": pixels, "preparation": f"Preparation({arguments})", "dataset": dataset}
