"""Two dials welded together: λ of a rate–distortion autoencoder and β of a β-VAE, at a σ; whichever is turned, the other follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.rates import cached as rates
from pages.rates.rda.cached import gradients
from pages.shared import cached, controls, page
from pages.shared.controls import Choice
from pages.shared.labels import in_words
from pages.shared.links import bound
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv_of_rows
from vae_core.explore.rates import rda_figure as figures
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.explore.rates.rates_on_train import water_level
from vae_core.explore.water_filling import levels, optimum
from vae_core.models.vae import VAESpec
from vae_core.units import tiny

LAMBDA, BETA, SIGMA = "rda_lambda", "rda_beta", "rda_sigma"
SIGMAS = ("0.1", "0.25", "0.5", "1", "2", "4")
N_IMAGES = 10


@dataclass(frozen=True, slots=True)
class Dials:
    """Where the dials stand, and what is known of the data set."""

    statistics: PixelStatistics
    taus: list[float]
    tau: float
    sigma: float
    networks: list[VAESpec]

    @property
    def beta(self) -> float:
        """β = τ/σ²."""
        return self.tau / self.sigma**2

    @property
    def rda_lambda(self) -> float:
        """λ = 1/(2τ)."""
        return 1 / (2 * self.tau)


def choose(choice: Choice, statistics: PixelStatistics) -> Dials:
    """Draw σ and the two dials. The address keeps σ and λ; β is theirs."""
    models = rates.gaussian_models(choice.dataset)
    taus = levels(np.array(statistics.eigenvalues), among=tuple(sorted({water_level(spec) for spec, _ in models})))
    sigma = float(st.select_slider("σ of the likelihood", SIGMAS, value="1", **bound(SIGMA)))
    lambdas, betas = [f"{1 / (2 * tau):.4g}" for tau in taus], [f"{tau / sigma**2:.4g}" for tau in taus]
    networks = [spec for spec, _ in models if spec.network != "linear" and cached.is_trained(spec)]
    middle = taus[len(taus) // 2]
    start = min((water_level(spec) for spec in networks), key=lambda tau: abs(np.log(tau / middle)), default=middle)
    controls.settle(LAMBDA, lambdas, lambdas[taus.index(start)])
    chosen = st.select_slider("λ of the RDA", lambdas, value=lambdas[taus.index(start)], **bound(LAMBDA))
    at = lambdas.index(chosen)
    st.session_state[BETA] = betas[at]
    st.select_slider("β of the β-VAE", betas[::-1], key=BETA, on_change=_weld, args=(betas, lambdas))
    return Dials(statistics, taus, taus[at], sigma, networks)


def _weld(betas: list[str], lambdas: list[str]) -> None:
    """β was turned: λ follows."""
    st.session_state[LAMBDA] = lambdas[betas.index(st.session_state[BETA])]


def numbers(dials: Dials, choice: Choice) -> None:
    """That both losses have one gradient, measured; and what the linear optimum spends."""
    if choice.has_data:
        measured = gradients(choice.dataset, dials.beta, dials.sigma)
        gap = abs(1 - measured.cosine)
        page.number(
            "Cosine of the gradients",
            f"1 − {tiny(gap)}" if gap else "1",
            "Of the angle between the gradients of both losses: 1 means the same direction. "
            f"Their lengths are in ratio {measured.ratio:.6g}, β is {dials.beta:.6g}. Measured, n = {measured.n_images} images.",
            detail=f"For a network with {measured.n_weights:,} weights, in float64.",
        )
    best = optimum(np.array(dials.statistics.eigenvalues), dials.tau)
    page.number(
        "Linear optimum",
        f"{best.rate:.3g} nats",
        f"Exact: {best.n_active} active, expected SSE {best.expected_sse:.4g}; λ, or β with σ, is all it depends on.",
    )


def charts(dials: Dials) -> None:
    """The plane of σ and β with its lines of constant λ."""
    choices = (dials.sigma, dials.beta, tuple(dials.taus))
    page.chart(cached.lasting_chart("rda", choices, lambda: figure(dials)))


def figure(dials: Dials) -> object:
    """The plane of σ and β, the dials marked on it."""
    return figures.tradeoff_figure(
        dials.sigma, dials.beta, others=[1 / (2 * tau) for tau in dials.taus[::4]], sigmas=(float(SIGMAS[0]), float(SIGMAS[-1]))
    )


def images(dials: Dials, choice: Choice) -> ImageTable | None:
    """Test images, the linear optimum's reconstructions, and those of the trained network that stands at this λ, or nearest to it."""
    indices = cached.dataset(choice.dataset).test.spread(N_IMAGES) if choice.has_data else ()
    x_hat = rates.linear_reconstructions(choice.dataset, indices, dials.tau, dials.statistics.n_features)
    if x_hat is None:
        return None
    rows = [cached.dataset(choice.dataset).test.x[list(indices)], x_hat]
    labels = ["original", f"linear, λ\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{dials.rda_lambda:.3g}"]
    if dials.networks:
        spec = min(dials.networks, key=lambda one: abs(np.log(water_level(one) / dials.tau)))
        rows.append(cached.reconstructions(spec, indices))
        labels.append(f"{in_words(spec.network)}, λ\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{1 / (2 * water_level(spec)):.3g}")
    tiles = tuple(tuple(Tile(image) for image in row) for row in rows)
    return ImageTable(tuple(Head("") for _ in indices), tiles, tuple(labels))


def csv(dials: Dials) -> bytes:
    """Every position of the dials at this σ, with the linear optimum there."""
    values = np.array(dials.statistics.eigenvalues)
    rows = []
    for tau in dials.taus:
        best = optimum(values, tau)
        rows.append(
            {"lambda": 1 / (2 * tau), "beta": tau / dials.sigma**2, "sigma": dials.sigma, "tau": tau}
            | {"n_active": best.n_active, "rate_nats": best.rate, "expected_sse": best.expected_sse}
        )
    return csv_of_rows(rows)
