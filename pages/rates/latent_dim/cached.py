"""Caches of the page on the latent dimension: spectra, probes and stored evaluations at every d."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached
from vae_core import data
from vae_core.explore.rates import latent_dim
from vae_core.explore.rates.latent_dim import HeldOutSpectrum, LatentDimNumbers, Probe
from vae_core.specs import ModelSpec
from vae_core.store.checkpoints import Checkpoint

MOST_PROBED = 5000
"""Training images up to which a probe is fitted while one waits; of larger data sets only what came with the program is shown."""


def shipped() -> LatentDimNumbers:
    """`explore.rates.latent_dim.read` of what came with the program."""
    path = latent_dim.SHIPPED
    return _shipped(written=path.stat().st_mtime_ns if path.is_file() else 0)


@st.cache_resource(max_entries=2, show_spinner=False)
def _shipped(written: int) -> LatentDimNumbers:
    return latent_dim.read(latent_dim.SHIPPED)


def spectrum(name: str) -> HeldOutSpectrum | None:
    """`explore.rates.latent_dim.held_out_spectrum`: as shipped, else from the images; None without either, or with too few that differ."""
    known = shipped().spectra.get(name)
    if known is None and data.available(name):
        known = _spectrum(name=name)
    return known if known is not None and known.largest_dim >= 1 else None


@st.cache_resource(max_entries=8, show_spinner="Finding the principal axes …")
def _spectrum(name: str) -> HeldOutSpectrum:
    return latent_dim.held_out_spectrum(cached.dataset(name))


def probe(checkpoint: Checkpoint) -> Probe | None:
    """`explore.rates.latent_dim.probe` of a trained model: as shipped, else fitted where that is quick; None where there are no classes."""
    known = shipped().probes.get(checkpoint.weights_sha256)
    if known is not None or not data.available(checkpoint.spec.dataset) or checkpoint.spec.identity.n_train > MOST_PROBED:
        return known
    return _probe(checkpoint.spec, checkpoint.weights_sha256)


@cached.of_model(most=64, spinner="Fitting a linear classifier to the codes …")
def _probe(spec: ModelSpec, weights_sha256: str) -> Probe | None:
    images = cached.dataset(spec.dataset)
    return latent_dim.probe(cached.model(spec), images) if latent_dim.has_classes(images) else None


def recipes(dataset: str, family: str) -> dict[int, Checkpoint]:
    """Latent dimension → checkpoint of the trained recipes of a family."""
    candidates = [c for c in cached.checkpoints() if c.spec.dataset == dataset and c.spec.family == family]
    return {c.spec.latent_dim: c for c in candidates if c.spec == cached.specs(dataset, c.spec.latent_dim).get(family)}
