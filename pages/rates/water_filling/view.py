"""The exact curve on the page: which water level, how many dimensions, which units; the picture, the numbers, the images."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from pages.rates import brief_training
from pages.rates import cached as exact_rates
from pages.shared import cached, controls, page
from pages.shared.controls import Choice
from pages.shared.links import bound
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.payloads import rows_csv
from vae_core.explore import water_filling_figure as figures
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.explore.rates.rate_units import RateUnits
from vae_core.explore.rates.rates_on_train import RatesOnTrain, linear_vae, water_level
from vae_core.explore.water_filling import Optimum, at_rate, frontier, levels, optimum
from vae_core.identities import identity
from vae_core.models.vae import VAESpec

if TYPE_CHECKING:
    import plotly.graph_objects as go

ANY = "any"
N_ON_CURVE, N_IMAGES = 160, 10


@dataclass(frozen=True, slots=True)
class View:
    """What is shown: the data set's moments, its trained models, and every choice."""

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
    def is_limited(self) -> bool:
        """Whether the code may have too few dimensions."""
        return self.latent_dim < self.statistics.n_features


def choose(choice: Choice, statistics: PixelStatistics) -> View:
    """Draw the controls. The levels hold those of every trained model, and between them no model is made up."""
    models, eigenvalues = exact_rates.gaussian_models(choice.dataset), np.array(statistics.eigenvalues)
    taus = levels(eigenvalues, among=tuple(sorted({water_level(spec) for spec, _ in models})))
    labels = [f"{tau:g}" for tau in taus]
    start = min(range(len(taus)), key=lambda i: abs(np.log(taus[i] / (0.1 * eigenvalues[0]))))
    tau = taus[labels.index(_snapped("tau", "Water level τ = βσ²", labels, labels[start]))]
    dims = [str(d) for d in sorted({2, 10, 30} | {spec.latent_dim for spec, _ in models}) if d < len(eigenvalues)]
    at_most = _snapped("at_most", "At most so many dimensions", [*dims, ANY], ANY)
    left, right = st.columns(2, gap="xsmall")
    with left:
        rate = st.selectbox("Rate in", ("nats", "bits", "bits per pixel"), **bound("rate_unit"))
    with right:
        distortion = st.selectbox("Distortion in", ("SSE", "nats"), **bound("distortion_unit"))
    sigmas = {spec.scale for spec, _ in models}
    n_pixels = math.prod(identity(choice.dataset).shape[1:])
    units = RateUnits(rate, distortion, sigmas.pop() if len(sigmas) == 1 else 1.0, len(eigenvalues), n_pixels)
    return View(statistics, models, taus, tau, len(eigenvalues) if at_most == ANY else int(at_most), units)


def _snapped(key: str, label: str, options: list[str], start: str) -> str:
    """A slider over the given values; what the address or the last data set asks for and is not among them is given up."""
    controls.settle(key, options, start)
    return st.select_slider(label, options, value=start, **bound(key))


def numbers(view: View) -> None:
    """The optimum at the level, exact; and what the trained non-linear model nearest to it is worth."""
    best, n = view.optimum, f"n = {view.statistics.n_images:,} training images"
    rate = f"{view.units.of_rate(best.rate):.4g} {view.units.rate}"
    method = f"Exact: {best.n_active} active of {view.latent_dim} dimensions; {n}."
    page.number("Rate R", rate, method)
    page.number("Expected SSE", f"{best.expected_sse:.4g}", f"Exact; {best.sse:.4g} through the posterior mean.")
    bent = [(spec, found) for spec, found in view.models if spec.network != "linear"]
    if bent:
        spec, found = min(bent, key=lambda pair: abs(np.log(water_level(pair[0]) / view.tau)))
        linear = at_rate(view.eigenvalues, found.rate)
        page.number(
            "Non-linearity: SSE less",
            f"{found.worth:.2f} ± {found.worth_half_width:.2f}".replace("-", "−"),
            f"At equal rate: {_name(spec)}, τ = {water_level(spec):g}, R = {found.rate:.2f} nats has {found.expected_sse:.2f}, the best "
            f"linear model {linear.expected_sse:.2f}; 95 % interval over n images, one seed.",
        )


def _name(spec: VAESpec) -> str:
    widths = "" if spec.network == "linear" else f" {'-'.join(map(str, spec.hidden))}"
    return f"{spec.network}{widths}, d = {spec.latent_dim}"


def train_one(view: View, choice: Choice) -> None:
    """The linear β-VAE of this level, trained here by the project's own loop."""
    spec = linear_vae(choice.dataset, tau=view.tau, latent_dim=view.latent_dim if view.is_limited else max(2, view.optimum.n_active))
    with st.popover("Train a linear β-VAE here", icon=":material/model_training:", width="stretch"):
        st.caption(f"d = {spec.latent_dim}, σ = 1, β = τ = {view.tau:g}, {spec.n_epochs} epochs: its dot must land on the curve.")
        if brief_training.offer(spec, has_data=choice.has_data):
            st.caption("✓ Trained: it is on the plane.")


def picture(view: View, choice: Choice) -> None:
    """The water and the plane, and images below them where there are any."""

    choices = (choice.dataset, view.latent_dim, view.units.rate, view.units.distortion)

    def chart() -> go.Figure:
        return cached.made("water at every level", choices, lambda: filling(view)).at(view.taus.index(view.tau))

    def draw() -> None:
        table = images(view, choice)
        if table is not None:
            st.html(table.to_html(beside=540, most=56))

    page.chart(cached.plotted("water", (*choices, view.tau), chart))
    cached.drawn("images below the water", (*choices, view.tau, choice.has_data), draw)


def downloads(view: View, choice: Choice) -> list[page.Download]:
    """The images as PNG where there are any, the curve and the models as CSV."""
    name = f"{choice.dataset}-exact-rates-tau-{view.tau:g}"
    found = page.downloads(name, None, lambda: csv(view))
    if exact_rates.has_linear_reconstructions(choice.dataset):
        found.insert(0, page.Download("PNG", f"{name}.png", "image/png", lambda: images(view, choice).to_png()))
    return found


def filling(view: View) -> figures.Filling:
    """`figures.water_filling.filling` of the view, at every level."""
    units, eigenvalues = view.units, view.eigenvalues
    dense = np.geomspace(view.taus[0], view.taus[-1], N_ON_CURVE)
    curves = {"exact, linear, any d": _curve(view, dense, None)}
    if view.is_limited:
        curves = {f"exact, linear, d = {view.latent_dim}": _curve(view, dense, view.latent_dim), **curves}
    return figures.filling(
        eigenvalues,
        [_level(view, best) for best in frontier(eigenvalues, np.array(view.taus), view.latent_dim)],
        latent_dim=view.latent_dim,
        curves=curves,
        trained=_trained(view),
        titles=(units.rate_title, units.distortion_title),
    )


def _trained(view: View) -> list[figures.Trained]:
    """The trained models in the plane: linear ones by their dimension, then networks."""
    ordered = sorted(view.models, key=lambda pair: (pair[0].network != "linear", pair[0].latent_dim, -pair[0].beta))
    first = ordered[0][0].latent_dim if ordered else 0
    points = []
    for spec, found in ordered:
        is_linear = spec.network == "linear"
        linear_name = f"trained linear, d = {first}" if spec.latent_dim == first else f"d = {spec.latent_dim}"
        at = view.units.of_rate(found.rate), view.units.of_distortion(found.expected_sse)
        said = f"{_name(spec)}, τ = {water_level(spec):g}: R = {found.rate:.3f} nats, expected SSE {found.expected_sse:.3f}"
        points.append(figures.Trained(linear_name if is_linear else _name(spec), is_linear, *at, said))
    return points


def _curve(view: View, taus: np.ndarray, latent_dim: int | None) -> np.ndarray:
    found = frontier(view.eigenvalues, taus, latent_dim)
    rates, errors = (np.array([getattr(best, name) for best in found]) for name in ("rate", "expected_sse"))
    return np.stack([view.units.of_rate(rates), view.units.of_distortion(errors)])


def _level(view: View, best: Optimum) -> figures.Level:
    reach = 0.12 * optimum(view.eigenvalues, view.taus[-1]).rate
    rates = np.array([max(0.0, best.rate - reach), best.rate + reach])
    tangent = np.stack([view.units.of_rate(rates), view.units.of_distortion(best.expected_sse - 2 * best.tau * (rates - best.rate))])
    said = f"τ = {best.tau:g}: {best.n_active} active, R = {best.rate:.2f} nats, expected SSE {best.expected_sse:.2f}"
    return figures.Level(best.tau, view.units.of_rate(best.rate), view.units.of_distortion(best.expected_sse), tangent, said)


def images(view: View, choice: Choice) -> ImageTable | None:
    """Test images, what the best linear model keeps of them at this level, and what the nearest trained network does."""
    indices = cached.dataset(choice.dataset).test.spread(N_IMAGES) if choice.has_data else ()
    x_hat = exact_rates.linear_reconstructions(choice.dataset, indices, view.tau, view.latent_dim)
    if x_hat is None:
        return None
    x = cached.dataset(choice.dataset).test.x[list(indices)]
    rows, labels = [x, x_hat], ["original", f"linear, τ\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{view.tau:g}"]
    bent = [spec for spec, _ in view.models if spec.network != "linear" and cached.is_trained(spec)]
    if bent:
        spec = min(bent, key=lambda one: abs(np.log(water_level(one) / view.tau)))
        rows.append(cached.reconstructions(spec, indices))
        labels.append(f"{spec.network}, τ\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{water_level(spec):g}")
    tiles = tuple(tuple(Tile(image) for image in row) for row in rows)
    return ImageTable(tuple(Head("") for _ in indices), tiles, tuple(labels))


def csv(view: View) -> bytes:
    """The curve at the slider's levels, and the trained models: nats and SSE, whatever the axes show."""
    exact = [
        {"model": "exact", "network": "linear", "latent_dim": view.latent_dim, "tau": best.tau, "n_active": best.n_active}
        | {"rate_nats": best.rate, "expected_sse": best.expected_sse, "sse": best.sse}
        for best in frontier(view.eigenvalues, np.array(view.taus), view.latent_dim)
    ]
    trained = [
        {"model": spec.fingerprint, "network": spec.network, "latent_dim": spec.latent_dim, "tau": water_level(spec)}
        | {"rate_nats": found.rate, "expected_sse": found.expected_sse, "sse": found.sse, "worth": found.worth}
        for spec, found in view.models
    ]
    return rows_csv([*exact, *trained])
