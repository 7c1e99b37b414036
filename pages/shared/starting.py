"""Trainings are started here, from whichever page."""

from __future__ import annotations

import streamlit as st

from vae_core.errors import sentence
from vae_core.jobs import jobs
from vae_core.specs import ModelSpec
from vae_core.store import Store


def start(*specs: ModelSpec, again: bool = False) -> None:
    """Train specs in processes beside the server, and draw the page anew; where the folder of models refuses that, say why.

    Args:
        specs: what to train.
        again: as for `jobs.start`.
    """
    try:
        for spec in specs:
            jobs.start(spec, Store(), again=again)
    except OSError as error:
        st.error(f"{sentence(error)}.")
    else:
        st.rerun()
