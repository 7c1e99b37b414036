"""A person's own pictures in this session: four ways in, which of them is looked at, and how it is made like the data.

Pictures stand in the session's state only: in no cache that sessions share, in no file, in no address, in no log.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlparse

import numpy as np
import streamlit as st

from pages.own import own_settings
from pages.own.drawing.drawing import drawing, drawn
from pages.shared import cached, controls
from pages.shared.controls import Choice
from pages.shared.links import bound, note
from vae_core.data.images import FORMATS_IN_WORDS, LARGEST_FILE_BYTES, MOST_PIXELS
from vae_core.data.pictures import MOST_PICTURES, Batch, Picture, read_batch

SAMPLE, UPLOAD, DRAW, CAMERA = WAYS = ("sample", "upload", "draw", "camera")
BRUSH = 0.085
"""Width of the brush to begin with, as a share of the sheet: strokes about as thick as those of MNIST and digits."""
HELD = "own_batches"
INVITATION = (
    f"Your picture, made like the data, appears here with what every model makes of it. {FORMATS_IN_WORDS}, or a ZIP file of them; "
    f"up to {MOST_PICTURES} pictures of {LARGEST_FILE_BYTES / 1e6:.0f} MB and {MOST_PIXELS / 1e6:.0f} megapixels each."
)
PRIVATE = "Your pictures stay in this session's memory: no file, no log, no other visitor, no other server. They are gone when it ends."


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """The pictures at hand.

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


def bring(choice: Choice) -> Brought | None:
    """Draw the ways in; what came of the chosen one, or None while there is nothing."""
    own_settings.restore("own_way", "own_sample")
    way = controls.segmented("Your picture", WAYS, key="own_way")
    pictures = {SAMPLE: _sample, UPLOAD: _uploads, DRAW: _drawing, CAMERA: _camera}[way](choice)
    which = _which(pictures) if len(pictures) > 1 else 0
    own_settings.keep("own_way", "own_sample")
    if way != SAMPLE:
        st.caption(PRIVATE)
    return Brought(way, pictures, which) if pictures else None


def brought(choice: Choice) -> Brought:
    """What the session has at hand, without drawing the ways in; else a sample."""
    own_settings.restore("own_way", "own_sample")
    note("own_way")
    way = own_settings.value("own_way", SAMPLE)
    shots = _batch(CAMERA).pictures if camera_works(st.context.url) else _batch(UPLOAD).pictures
    held = {UPLOAD: _batch(UPLOAD).pictures, CAMERA: shots, DRAW: _as_picture(drawn())}.get(way, ())
    if held:
        return Brought(way, held, min(own_settings.kept().get("own_which", 0), len(held) - 1))
    return Brought(SAMPLE, _sample(choice))


def _sample(choice: Choice) -> tuple[Picture, ...]:
    name = choice.dataset if choice.has_data else "digits"
    x, labels = cached.dataset(name).test.x, cached.dataset(name).test.labels
    if st.session_state.get("own_sample", 0) >= len(x):  # chosen for a larger data set
        st.session_state["own_sample"] = 0
    index = st.number_input(f"Test image of {name}", 0, len(x) - 1, 0, **bound("own_sample"))
    image = x[index]
    pixels = image[0] if len(image) == 1 else np.ascontiguousarray(image.transpose(1, 2, 0))
    label = "" if labels is None else f": {labels[index]}"
    return (Picture(f"{name} #{index}{label}", pixels, size=(pixels.shape[1], pixels.shape[0])),)


def _uploads(choice: Choice) -> tuple[Picture, ...]:
    files = st.file_uploader(
        "Images, or a ZIP file of them",
        accept_multiple_files=True,
        key="own_files",
        on_change=_note,
        args=(UPLOAD,),
        label_visibility="collapsed",
    )
    if _is_new(UPLOAD):
        with st.spinner("Reading the pictures …"):
            _hold(UPLOAD, read_batch((file.name, file.getvalue()) for file in files or ()))
    elif not files and _batch(UPLOAD).pictures:
        st.button("Forget the pictures of before", icon=":material/delete:", on_click=_hold, args=(UPLOAD, Batch()), width="stretch")
    return _with_refusals(UPLOAD)


def _camera(choice: Choice) -> tuple[Picture, ...]:
    if not camera_works(st.context.url):
        st.info("A browser gives its camera to pages on this computer or over HTTPS only: take the picture with the phone, and upload it.")
        return _uploads(choice)
    shot = st.camera_input("Camera", key="own_camera", on_change=_note, args=(CAMERA,), label_visibility="collapsed")
    if _is_new(CAMERA):
        _hold(CAMERA, read_batch([("camera picture", shot.getvalue())] if shot is not None else []))
    return _with_refusals(CAMERA)


def camera_works(url: str | None) -> bool:
    """Whether browsers give a page at this address the camera: on this computer, or over HTTPS."""
    address = urlparse(url or "")
    return address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1")


def _drawing(choice: Choice) -> tuple[Picture, ...]:
    return _as_picture(drawing(BRUSH))


def _as_picture(pixels: np.ndarray | None) -> tuple[Picture, ...]:
    return () if pixels is None else (Picture("drawing", pixels, size=(pixels.shape[1], pixels.shape[0])),)


def _which(pictures: tuple[Picture, ...]) -> int:
    start = min(own_settings.kept().get("own_which", 0), len(pictures) - 1)
    names = [f"{number}. {picture.name}" for number, picture in enumerate(pictures, start=1)]
    which = names.index(st.selectbox(f"Which of {len(names)}", names, index=start))
    own_settings.kept()["own_which"] = which
    return which


def _with_refusals(way: str) -> tuple[Picture, ...]:
    batch = _batch(way)
    for sentence in batch.refused[:3]:
        st.warning(_plain(sentence), icon=":material/block:")
    if len(batch.refused) > 3:
        with st.expander(f"{len(batch.refused) - 3} more files were not taken"):
            st.text("\n".join(batch.refused[3:]))
    return batch.pictures


def _plain(sentence: str) -> str:
    """A sentence with a file's name in it, so that Markdown takes nothing of it for its own."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()#+!|<>$~:&" else letter for letter in sentence)


def _batch(way: str) -> Batch:
    return st.session_state.setdefault(HELD, {}).get(way, Batch())


def _hold(way: str, batch: Batch) -> None:
    st.session_state.setdefault(HELD, {})[way] = batch
    own_settings.kept()["own_which"] = 0


def _note(way: str) -> None:
    st.session_state[f"own_new_{way}"] = True


def _is_new(way: str) -> bool:
    return st.session_state.pop(f"own_new_{way}", False)
