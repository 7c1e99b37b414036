"""Numbers of stored evaluations, each with its unit, its interval and how it was obtained."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, page
from pages.shared.controls import Choice, the
from vae_core.drawing.theme import mark
from vae_core.explore.means import mean_of_metrics
from vae_core.explore.reconstructions import SSE_METHOD
from vae_core.specs import identity


def test_sse(choice: Choice) -> None:
    """Mean test SSE of the model in focus, or that it is not trained."""
    metrics = cached.metrics(choice.dataset, choice.latent_dim).get(choice.family)
    if metrics is None:
        st.caption(f"{the(choice.family, opens=True)} is not trained for {choice.title} at d = {choice.latent_dim}.")
        return
    mean = mean_of_metrics(metrics)
    pixels = f"{identity(choice.dataset).n_features:,} pixels"
    method = f"Summed over {pixels}. Mean over n = {mean.n:,} test images ± 95 % confidence interval."
    spec = cached.specs(choice.dataset, choice.latent_dim)[choice.family]
    page.number(f"Test SSE, {mark(choice.family).short}", str(mean), method, of=spec, detail=f"Squared error per image, {SSE_METHOD}.")
