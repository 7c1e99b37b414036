"""What the picture of the exact curve is drawn from: the water at every level, the curves, and the trained models beside them."""

from __future__ import annotations

import numpy as np

from pages.rates.water_filling.controls import Water
from pages.shared.labels import in_words
from vae_core.explore import water_filling_figure as figures
from vae_core.explore.means import Mean, as_earned
from vae_core.explore.rates.rates_on_train import RatesOnTrain, water_level
from vae_core.explore.water_filling import Optimum, frontier, optimum
from vae_core.models.vae import VAESpec

N_ON_CURVE = 160


def filling(water: Water) -> figures.Filling:
    """`water_filling_figure.filling`: the water and the plane at every level."""
    units, eigenvalues = water.units, water.eigenvalues
    dense = np.geomspace(water.taus[0], water.taus[-1], N_ON_CURVE)
    curves = {"exact, linear, any d": _curve(water, dense, None)}
    if water.is_limited:
        curves = {f"exact, linear, d = {water.latent_dim}": _curve(water, dense, water.latent_dim), **curves}
    return figures.filling(
        eigenvalues,
        [_level(water, best) for best in frontier(eigenvalues, np.array(water.taus), water.latent_dim)],
        latent_dim=water.latent_dim,
        curves=curves,
        trained=_trained(water),
        titles=(units.rate_title, units.distortion_title),
    )


def _trained(water: Water) -> list[figures.Trained]:
    """The trained models in the plane: linear ones by their dimension, then networks."""
    ordered = sorted(water.models, key=lambda pair: (pair[0].network != "linear", pair[0].latent_dim, -pair[0].beta))
    first = ordered[0][0].latent_dim if ordered else 0
    points = []
    for spec, rates in ordered:
        is_linear = spec.network == "linear"
        linear_name = f"trained linear, d = {first}" if spec.latent_dim == first else f"d = {spec.latent_dim}"
        at = water.units.of_rate(rates.rate), water.units.of_distortion(rates.expected_sse)
        hover = f"{network_name(spec)}, τ = {water_level(spec):g}: {rate_and_error(rates)}"
        points.append(figures.Trained(linear_name if is_linear else network_name(spec), is_linear, *at, hover))
    return points


def _curve(water: Water, taus: np.ndarray, latent_dim: int | None) -> np.ndarray:
    optima = frontier(water.eigenvalues, taus, latent_dim)
    rates, errors = (np.array([getattr(best, name) for best in optima]) for name in ("rate", "expected_sse"))
    return np.stack([water.units.of_rate(rates), water.units.of_distortion(errors)])


def _level(water: Water, best: Optimum) -> figures.Level:
    reach = 0.12 * optimum(water.eigenvalues, water.taus[-1]).rate
    rates = np.array([max(0.0, best.rate - reach), best.rate + reach])
    tangent = np.stack([water.units.of_rate(rates), water.units.of_distortion(best.expected_sse - 2 * best.tau * (rates - best.rate))])
    title = f"τ = {best.tau:g}: {best.n_active} active, R = {best.rate:.2f} nats, expected SSE {best.expected_sse:.2f}"
    return figures.Level(best.tau, water.units.of_rate(best.rate), water.units.of_distortion(best.expected_sse), tangent, title)


def rate_and_error(rates: RatesOnTrain) -> str:
    """Rate and error of a trained model, each with its 95 % interval; to three digits where none was kept."""
    pairs = ((rates.rate, rates.rate_half_width), (rates.expected_sse, rates.expected_sse_half_width))
    rate, error = (as_earned(Mean(*pair, rates.n_images)) for pair in pairs)
    return f"R = {rate} nats, expected SSE {error}"


def network_name(spec: VAESpec) -> str:
    """A model's network with its widths and its latent dimension, in words."""
    widths = "" if spec.network == "linear" else f" {'-'.join(map(str, spec.hidden))}"
    return f"{in_words(spec.network)}{widths}, d = {spec.latent_dim}"
