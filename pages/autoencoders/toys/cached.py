"""Caches of the trainings on toys."""

from __future__ import annotations

import json

import streamlit as st

from vae_core.explore.autoencoders import toys
from vae_core.jobs.live_runs import LiveRuns
from vae_core.models import spec_from_json


@st.cache_resource(show_spinner=False)
def toy_runs() -> LiveRuns:
    """The trainings on toys that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.autoencoders.toys", read=toys.from_bytes)


@st.cache_resource(max_entries=16, show_spinner=False)
def untrained_toy(spec_json: str) -> toys.ToyFrame:
    """`explore.autoencoders.toys.untrained_frame`: what there is to see before the first epoch."""
    return toys.untrained_frame(spec_from_json(json.loads(spec_json)))
