"""Addresses that the server answers beside Streamlit's own."""

from __future__ import annotations

import streamlit as st


def below_base(path: str) -> str:
    """The address of a path that begins with a slash, below the server's base path."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path
