"""Who may train, stop, delete and import: the person at the computer, and everyone if its server was started open."""

from __future__ import annotations

import os

import streamlit as st

OPEN = "VAE_EXPLORER_OPEN"
"""Environment variable: set to 1 when the server is started, it lets every visitor train, stop, delete and import."""


def may_change() -> bool:
    """Whether this visitor may train, stop, delete and import."""
    return st.context.ip_address is None or os.environ.get(OPEN) == "1"


def why_not() -> str:
    """The line that stands where the buttons would be."""
    return f"Only the person at the computer that runs this program starts, stops, deletes and imports ({OPEN}=1 opens it to all)."
