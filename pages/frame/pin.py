"""The server's PIN: printed when the server starts, entered in the sidebar by who is to train, stop, delete and import from elsewhere."""

from __future__ import annotations

import os
import secrets
import sys
import threading
import time
from functools import cache

import streamlit as st

from pages.shared import rights

PIN = "VAE_EXPLORER_PIN"
"""Environment variable: the PIN; one is drawn where it is not set."""
SECONDS_AFTER_A_WRONG_ONE = 1.0
"""Before another is looked at, whoever enters it: a thousandth of eight digits takes a day."""
ENTERED = "entered_pin"
_looking = threading.Lock()


def announce() -> None:
    """Say where the server was started how its visitors come by their rights."""
    if rights.is_open():
        line = f"Every visitor can start, stop, delete and import models ({rights.OPEN}=1)."
    else:
        shown = f"that of {PIN}" if os.environ.get(PIN) else _drawn()
        line = f"PIN of this server: {shown}. With it, visitors from elsewhere can start, stop, delete and import models."
    print(f"\n  {line}\n", file=sys.stderr, flush=True)


def box() -> None:
    """Where a visitor who has no rights enters the PIN, which gives them for as long as the session lasts."""
    if rights.may_change():
        return
    with st.popover("Enter the PIN", icon=":material/lock:", width="stretch"):
        st.text_input("PIN, printed where the server was started", type="password", key=ENTERED, on_change=_enter)
        if st.session_state[ENTERED]:
            st.error("This is not the server's PIN. Read it where the server was started.")


def _enter() -> None:
    st.session_state[rights.HAS_PIN] = is_right(st.session_state[ENTERED])


def is_right(entered: str) -> bool:
    """Whether this is the PIN; the answer to a wrong one takes its time, during which no other is looked at."""
    with _looking:
        right = secrets.compare_digest(entered.strip().encode(), _pin().encode())
        if not right:
            time.sleep(SECONDS_AFTER_A_WRONG_ONE)
        return right


def _pin() -> str:
    return os.environ.get(PIN, "").strip() or _drawn()


@cache
def _drawn() -> str:
    return f"{secrets.randbelow(10**8):08d}"
