"""Who may train, stop, delete and import: who has entered the server's PIN, whoever sits at its computer, or everyone if it is open."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import streamlit as st

OPEN = "VAE_EXPLORER_OPEN"
"""Environment variable: set to 1 when the server is started, it lets every visitor train, stop, delete and import."""
HAS_PIN = "has_pin"
"""In the session: whether its visitor has entered the server's PIN."""
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""What the server's own computer calls it."""
OF_A_PROXY = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "x-original-host", "cf-connecting-ip"})
"""Headers, beside X-Forwarded-…, that a proxy or a tunnel adds to what it passes on."""


def may_change() -> bool:
    """Whether this visitor may train, stop, delete and import."""
    return is_open() or bool(st.session_state.get(HAS_PIN)) or _is_here()


def is_open() -> bool:
    """Whether every visitor may."""
    return os.environ.get(OPEN) == "1"


def why_not() -> str:
    """The line that stands where the buttons would be."""
    return "Only someone with this server's PIN can start, stop, delete or import models. Enter it in the sidebar."


def _is_here() -> bool:
    """Whether the visitor sits at the server's computer.

    The address of the connection is no proof: a proxy or a tunnel on this computer has it, too. What it passes on names another host, as
    which the browser knows the server, or carries a header of its own.
    """
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    is_passed_on = any(name in OF_A_PROXY or name.startswith("x-forwarded") for name in headers)
    names = {_host_name(f"//{headers.get('host', '')}"), _host_name(headers.get("origin", "//localhost"))}
    return st.context.ip_address is None and not is_passed_on and names <= HERE


def _host_name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
