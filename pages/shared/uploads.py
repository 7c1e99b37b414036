"""Files that a visitor hands over, in session memory. A browser lists them longer than the server that held them lives."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import streamlit as st

GONE = "The server was started anew since, and no longer holds what you had handed over: please choose it again."


def handed_over(field: Callable[..., Any], label: str, *, key: str, **options: Any) -> list[BytesIO]:
    """Draw a field that takes files; those that came, and a sentence instead of those that a server before this one held.

    Args:
        field: `st.file_uploader` or `st.camera_input`.
        label: what is asked for.
        key: of the field.
        options: of the field.
    """
    present, was_emptied = key_of(key), f"{key}_gone"
    files = _listed(field(label, key=present, **options))
    if len(_listed(st.session_state[present])) > len(files):
        empty(key)
        st.session_state[was_emptied] = True
        st.rerun()
    if files:
        st.session_state.pop(was_emptied, None)
    elif was_emptied in st.session_state:
        st.warning(GONE)
    return files


def empty(key: str) -> None:
    """Let a field begin anew: its files are taken, or gone."""
    st.session_state[f"{key}_round"] = st.session_state.get(f"{key}_round", 0) + 1


def key_of(key: str) -> str:
    """The key that a field has now: it is another one each time that the field begins anew."""
    round_ = st.session_state.get(f"{key}_round", 0)
    return f"{key}_{round_}" if round_ else key


def _listed(files: Any) -> list:
    return files if isinstance(files, list) else [] if files is None else [files]
