"""A training in numbers: how long it takes, and what its last epoch scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.shared import cached, live, page
from vae_core.explore.means import mean_of_metrics, to_earned
from vae_core.explore.training import training
from vae_core.explore.training import training_figure as figures
from vae_core.models import FAMILIES
from vae_core.specs import ModelSpec
from vae_core.statistics import Z_95
from vae_core.units import with_interval

SHOWN = "Test images are used only for display, never to choose the model."


def in_words(seconds: float) -> str:
    """A length of time as a person says it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def estimate(spec: ModelSpec) -> bool:
    """How long it will take, from a count of operations; whether this machine has the memory for it, which is said if not."""
    lack = training.too_large(spec)
    if lack is not None:
        st.error(f"This training is too large for this machine: it takes {lack}. Try fewer hidden units or a smaller batch size.")
        return False
    if spec.is_closed_form:
        st.caption("Solved exactly, in one step.")
        return True
    expected = training.expectation(spec)
    takes = in_words(expected.seconds_per_epoch * spec.n_epochs)
    st.caption(
        f"At least **{takes}** on one thread here: its matrix products alone, {expected.multiply_adds:,} multiply-adds per image at "
        f"{expected.per_second / 1e9:.0f} billion per second. The rest is measured once it runs."
    )
    return True


def spread(spec: ModelSpec, term: str, event: Mapping[str, Any]) -> float | None:
    """The half-width of a score over the test images: of the trained model, else of the epoch; None where a file kept its means alone."""
    checkpoint = cached.checkpoint(spec)
    if checkpoint is not None:
        return mean_of_metrics(checkpoint.metrics, term).half_width
    error = event.get("standard_errors", {}).get(term)
    return None if error is None else Z_95 * error


def score(value: float, spec: ModelSpec, term: str, event: Mapping[str, Any]) -> str:
    """A score of an epoch with the interval of the trained model, or while it trains with its own; to three digits where none is kept."""
    half_width = spread(spec, term, event)
    return to_earned(value, None) if half_width is None else with_interval(value, half_width)


def unit(term: str) -> str:
    """What stands behind a score."""
    return "" if term == "sse" else " nats"


def named(term: str) -> str:
    """A score's name within a sentence."""
    return figures.TERMS[term] if term in ("elbo", "sse") else term


def last_epoch(spec: ModelSpec, *, has_data: bool) -> None:
    """What the last epoch scored on the test images."""
    state = live.progress(spec)
    if not state.history or state.is_alive:
        return
    n = f"n = {len(cached.dataset(spec.dataset).test):,} test images" if has_data else "all test images"
    event = state.history[-1]
    term = figures.terms_of(state.history)[-1]
    value = figures.curve([event], term, "test")[0]
    bound = "log p(x), exact" if FAMILIES[spec.family].model.has_exact_log_px else "bound on log p(x), one sample of z per image"
    how = bound if term == "elbo" else "squared error summed over pixels"
    interval = "" if spread(spec, term, event) is None else " ± 95 % confidence interval"
    method = f"Epoch {event['epoch']}: {how}, {n}{interval}. {SHOWN}"
    page.number(f"Test {figures.TERMS[term]}", f"{score(value, spec, term, event)}{unit(term)}", method, of=spec)
