"""The number beside the pad: how probable the code is, and which test image lies nearest."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.shared import page
from vae_core.explore.codes import Codes, log_prior, nearest_code
from vae_core.specs import ModelSpec
from vae_core.units import signed


def number_at(spec: ModelSpec, z: np.ndarray, codes: Codes | None, *, has_prior: bool) -> None:
    """How probable a code is under the prior, and which test image's code is nearest."""
    if has_prior:
        method = f"Exact log N(z; 0, I) of the code z. The prior is densest at z = 0 ({signed(log_prior(np.zeros(len(z))))} nats)."
        page.number("log p(z)", f"{signed(log_prior(z))} nats", method, of=spec)
    if codes is None:
        return
    index, distance = nearest_code(codes, z)
    if has_prior:
        st.caption(f"Nearest code: test image #{index} at ‖Δz‖ = {distance:.2f}, of n = {len(codes.mean):,}.")
    else:
        method = f"‖z − f(x)‖, exact: test image #{index} of n = {len(codes.mean):,}. This model has no prior."
        page.number("Nearest test code", f"{distance:.2f}", method, of=spec)
