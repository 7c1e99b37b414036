"""Which picture is looked at, told from what the session holds: its controls are on the page where it came in."""

from __future__ import annotations

import streamlit as st

from pages.own import session
from pages.own.session import CAMERA, DRAW, SAMPLE, UPLOAD, Selection
from pages.shared.controls import Choice
from pages.shared.links import note


def selection(choice: Choice) -> Selection:
    """What the session has at hand, without drawing the ways in; else a sample."""
    session.restore("own_way", "own_sample")
    note("own_way")
    way = session.value("own_way", SAMPLE)
    shots = session.batch(CAMERA).pictures if session.camera_works(st.context.url) else session.batch(UPLOAD).pictures
    pictures = {UPLOAD: session.batch(UPLOAD).pictures, CAMERA: shots, DRAW: session.as_picture(session.drawing())}.get(way, ())
    if pictures:
        return Selection(way, pictures, min(session.remembered().get("own_which", 0), len(pictures) - 1))
    return Selection(SAMPLE, session.sample(choice))
