"""The controls of the exact curve: which water level, how many dimensions, which units, and an offer to train what belongs there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.rates import brief_training
from pages.rates import cached as rates
from pages.shared import controls
from pages.shared.controls import Choice
from pages.shared.links import bound
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.explore.rates.rate_units import RateUnits
from vae_core.explore.rates.rates_on_train import RatesOnTrain, linear_vae, water_level
from vae_core.explore.water_filling import Optimum, levels, optimum
from vae_core.identities import identity
from vae_core.models.vae import VAESpec

ANY = "any"


@dataclass(frozen=True, slots=True)
class Water:
    """How high the water stands over which eigenvalues, and what is shown of it.

    Attributes:
        statistics: moments of the data set's training images.
        models: its trained models with a water level of their own, and their rates on the training images.
        taus: the levels of the slider, highest first.
        tau: the chosen one.
        latent_dim: at most so many dimensions.
        units: of the plane's axes.
    """

    statistics: PixelStatistics
    models: list[tuple[VAESpec, RatesOnTrain]]
    taus: list[float]
    tau: float
    latent_dim: int
    units: RateUnits

    @property
    def eigenvalues(self) -> np.ndarray:
        """λ, (P,), largest first."""
        return np.array(self.statistics.eigenvalues)

    @property
    def optimum(self) -> Optimum:
        """The best linear model at the chosen level."""
        return optimum(self.eigenvalues, self.tau, self.latent_dim)

    @property
    def networks(self) -> list[tuple[VAESpec, RatesOnTrain]]:
        """The trained models that are not linear."""
        return [(spec, rates) for spec, rates in self.models if spec.network != "linear"]

    @property
    def is_limited(self) -> bool:
        """Whether the code may have too few dimensions."""
        return self.latent_dim < self.statistics.n_features


def choose(choice: Choice, statistics: PixelStatistics) -> Water:
    """Draw the controls. The levels hold those of every trained model, and between them no model is made up."""
    models, eigenvalues = rates.gaussian_models(choice.dataset), np.array(statistics.eigenvalues)
    taus = levels(eigenvalues, among=tuple(sorted({water_level(spec) for spec, _ in models})))
    labels = [f"{tau:g}" for tau in taus]
    start = min(range(len(taus)), key=lambda i: abs(np.log(taus[i] / (0.1 * eigenvalues[0]))))
    tau = taus[labels.index(_snapped("tau", "Water level τ = βσ²", labels, labels[start]))]
    dims = [str(d) for d in sorted({2, 10, 30} | {spec.latent_dim for spec, _ in models}) if d < len(eigenvalues)]
    at_most = _snapped("at_most", "Maximum number of dimensions", [*dims, ANY], ANY)
    of_rate, of_error = ("nats", "bits", "bits per pixel"), ("SSE", "nats")
    with controls.advanced({"rate_unit": of_rate[0], "error_unit": of_error[0]}):
        left, right = st.columns(2, gap="xsmall")
    with left:
        rate = st.selectbox("Rate in", of_rate, **bound("rate_unit"))
    with right:
        distortion = st.selectbox("Distortion in", of_error, **bound("error_unit"))
    sigmas = {spec.scale for spec, _ in models}
    n_pixels = identity(choice.dataset).n_pixels
    units = RateUnits(rate, distortion, sigmas.pop() if len(sigmas) == 1 else 1.0, len(eigenvalues), n_pixels)
    return Water(statistics, models, taus, tau, len(eigenvalues) if at_most == ANY else int(at_most), units)


def _snapped(key: str, label: str, options: list[str], start: str) -> str:
    """A slider over the given values; what the address or the last data set asks for and is not among them is given up."""
    controls.settle(key, options, start)
    return st.select_slider(label, options, value=start, **bound(key))


def train_one(water: Water, choice: Choice) -> None:
    """The linear β-VAE of this level, trained here by the project's own loop."""
    latent_dim = water.latent_dim if water.is_limited else max(2, water.optimum.n_active)
    spec = linear_vae(choice.dataset, tau=water.tau, latent_dim=latent_dim)
    with st.popover("Train a linear β-VAE", icon=":material/model_training:", width="stretch"):
        st.caption(f"d = {spec.latent_dim}, σ = 1, β = τ = {water.tau:g}, {spec.n_epochs} epochs: its dot must land on the curve.")
        if brief_training.offer(spec, has_data=choice.has_data):
            st.caption("✓ Trained: it is on the plane.")
