"""Caches of the trainings on toys."""

from __future__ import annotations

import json

import streamlit as st

from vae_core.explore.autoencoders import toy_manifolds
from vae_core.jobs.live_runs import LiveRuns
from vae_core.models import spec_from_json


@st.cache_resource(show_spinner=False)
def toy_runs() -> LiveRuns:
    """The trainings on toys that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.autoencoders.toy_manifolds", read=toy_manifolds.from_bytes)


@st.cache_resource(max_entries=16, show_spinner=False)
def untrained_toy(spec_json: str) -> toy_manifolds.ToyFrame:
    """`explore.autoencoders.toy_manifolds.untrained_frame`: what there is to see before the first epoch."""
    return toy_manifolds.untrained_frame(spec_from_json(json.loads(spec_json)))
