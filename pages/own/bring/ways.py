"""The ways in: how a picture of a person's own comes, and which of several is looked at."""

from __future__ import annotations

import streamlit as st

from pages.own import session
from pages.own.bring.drawing import drawing
from pages.own.session import BATCHES, CAMERA, DRAW, SAMPLE, UPLOAD, Selection
from pages.shared import controls
from pages.shared.controls import Choice
from pages.shared.uploads import handed_over
from vae_core.data.images import FORMATS_IN_WORDS, LARGEST_FILE_BYTES, MOST_PIXELS
from vae_core.data.pictures import MOST_PICTURES, Batch, Picture, read_batch
from vae_core.units import counted

BRUSH = 0.085
"""Width of the brush to begin with, as a share of the sheet: strokes about as thick as those of MNIST and digits."""
INVITATIONS = {
    UPLOAD: f"Your picture, made like the data, appears here with what every model makes of it. {FORMATS_IN_WORDS}, or a ZIP file of them; "
    f"up to {MOST_PICTURES} pictures of {LARGEST_FILE_BYTES / 1e6:.0f} MB and {MOST_PIXELS / 1e6:.0f} megapixels each.",
    DRAW: "Draw on the black sheet, a digit for example. What every model makes of it appears here.",
    CAMERA: "Take a picture. What every model makes of it appears here.",
}
"""What stands where the pictures will be, by the way in."""
PRIVATE = "Your pictures stay in this session's memory: no file, no log, no other visitor, no other server. They are gone when it ends."


def bring(choice: Choice) -> Selection | None:
    """Draw the ways in; what came of the chosen one, or None while there is nothing."""
    session.restore("own_way", "own_sample")
    way = controls.segmented("Your picture", (SAMPLE, UPLOAD, DRAW, CAMERA), key="own_way")
    pictures = {SAMPLE: session.sample, UPLOAD: _uploads, DRAW: _drawing, CAMERA: _camera}[way](choice)
    which = _which(pictures) if len(pictures) > 1 else 0
    keep("own_way", "own_sample")
    if way != SAMPLE:
        st.caption(PRIVATE)
    return Selection(way, pictures, which) if pictures else None


def invitation() -> str:
    """What to do, as long as there is no picture."""
    return INVITATIONS.get(st.session_state["own_way"], INVITATIONS[UPLOAD])


def _uploads(choice: Choice) -> tuple[Picture, ...]:
    files = handed_over(
        st.file_uploader,
        "Images, or a ZIP file of them",
        key="own_files",
        accept_multiple_files=True,
        on_change=_note,
        args=(UPLOAD,),
        label_visibility="collapsed",
    )
    if _is_new(UPLOAD):
        with st.spinner("Reading the pictures …"):
            _hold(UPLOAD, read_batch((file.name, file.getvalue()) for file in files))
    elif not files and session.batch(UPLOAD).pictures:
        st.button("Remove earlier pictures", icon=":material/delete:", on_click=_hold, args=(UPLOAD, Batch()), width="stretch")
    return _with_refusals(UPLOAD)


def _camera(choice: Choice) -> tuple[Picture, ...]:
    if not session.camera_works(st.context.url):
        st.info("A browser gives its camera to pages on this computer or over HTTPS only: take the picture with the phone, and upload it.")
        return _uploads(choice)
    shots = handed_over(st.camera_input, "Camera", key="own_camera", on_change=_note, args=(CAMERA,), label_visibility="collapsed")
    if _is_new(CAMERA):
        _hold(CAMERA, read_batch(("camera picture", shot.getvalue()) for shot in shots))
    return _with_refusals(CAMERA)


def _drawing(choice: Choice) -> tuple[Picture, ...]:
    drawing.mount(BRUSH)
    return session.as_picture(session.drawing())


def _which(pictures: tuple[Picture, ...]) -> int:
    start = min(session.remembered().get("own_which", 0), len(pictures) - 1)
    names = [f"{number}. {picture.name}" for number, picture in enumerate(pictures, start=1)]
    which = names.index(st.selectbox(f"Which of {len(names)}", names, index=start))
    session.remembered()["own_which"] = which
    return which


def _with_refusals(way: str) -> tuple[Picture, ...]:
    batch = session.batch(way)
    for sentence in batch.refused[:3]:
        st.warning(sentence, icon=":material/block:")
    if len(batch.refused) > 3:
        with st.expander(f"{counted(len(batch.refused) - 3, 'more file')} not taken"):
            st.text("\n".join(batch.refused[3:]))
    return batch.pictures


def _hold(way: str, batch: Batch) -> None:
    """Keep what came, and show its first picture, or the first that came to those of before."""
    before = [picture.name for picture in session.batch(way).pictures]
    names = [picture.name for picture in batch.pictures]
    st.session_state.setdefault(BATCHES, {})[way] = batch
    session.remembered()["own_which"] = len(before) if names[: len(before)] == before and len(names) > len(before) else 0


def _note(way: str) -> None:
    st.session_state[f"own_new_{way}"] = True


def _is_new(way: str) -> bool:
    return st.session_state.pop(f"own_new_{way}", False)


def keep(*keys: str) -> None:
    """Remember what these widgets say."""
    session.remembered().update({key: st.session_state[key] for key in keys if key in st.session_state})
