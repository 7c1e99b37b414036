"""The exact curve on the page: the picture, the numbers at the chosen level, the images below them, what can be downloaded."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from pages.rates import cached as rates
from pages.rates.water_filling.controls import Water
from pages.rates.water_filling.plane import filling, network_name, rate_and_error
from pages.shared import cached, page
from pages.shared.controls import Choice
from pages.shared.labels import in_words
from vae_core.drawing.chart import Chart
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv_of_rows
from vae_core.explore.means import to_earned
from vae_core.explore.rates.rates_on_train import water_level
from vae_core.explore.water_filling import at_rate, frontier
from vae_core.units import with_interval

N_IMAGES = 10


def numbers(water: Water) -> None:
    """The optimum at the level, exact; and what the trained non-linear model nearest to it is worth."""
    best, n = water.optimum, f"n = {water.statistics.n_images:,} training images"
    rate = f"{water.units.of_rate(best.rate):.4g} {water.units.rate}"
    method = f"Exact: {best.n_active} active of {water.latent_dim} dimensions; {n}."
    page.number("Rate R", rate, method)
    page.number("Expected SSE", f"{best.expected_sse:.4g}", f"Exact; {best.sse:.4g} through the posterior mean.")
    if water.networks:
        spec, own = min(water.networks, key=lambda pair: abs(np.log(water_level(pair[0]) / water.tau)))
        linear = at_rate(water.eigenvalues, own.rate)
        page.number(
            "SSE saved by the network",
            with_interval(own.worth, own.worth_half_width),
            f"At equal rate: {network_name(spec)}, τ = {water_level(spec):g}, {rate_and_error(own)}; the best linear model has "
            f"{to_earned(linear.expected_sse, own.expected_sse_half_width)}. ± 95 % confidence interval over "
            f"{water.statistics.n_images:,} training images; one training run.",
            of=spec,
        )


def picture(water: Water, choice: Choice) -> None:
    """The water and the plane, and images below them where there are any."""
    page.chart(_chart(water, choice))
    if html := _images_as_html(water, choice):
        st.html(html)


def prepare(water: Water, choice: Choice) -> threading.Thread:
    """Make what the other levels show beside the visitors, the nearest first, so that no slider waits for one."""

    def work(tau: float) -> None:
        one = replace(water, tau=tau)
        _chart(one, choice)
        _images_as_html(one, choice)

    levels = sorted(water.taus, key=lambda tau: abs(np.log(tau / water.tau)))
    state = *_choices(water, choice), choice.has_data, str(cached.state_of_models())
    return cached.prepare("water", state, (partial(work, tau) for tau in levels))


def _choices(water: Water, choice: Choice) -> tuple[Hashable, ...]:
    """What the picture depends on besides the level."""
    return choice.dataset, water.latent_dim, water.units.rate, water.units.distortion


def _chart(water: Water, choice: Choice) -> bytes:
    choices = _choices(water, choice)

    def chart() -> Chart:
        return cached.lasting("water at every level", choices, lambda: filling(water)).at(water.taus.index(water.tau))

    return cached.lasting_chart("water", (*choices, water.tau), chart)


def _images_as_html(water: Water, choice: Choice) -> str:
    def html() -> str:
        table = images(water, choice)
        return "" if table is None else table.to_html(beside=180, charts=400, most=120)

    return cached.lasting("images below the water", (*_choices(water, choice), water.tau, choice.has_data), html)


def downloads(water: Water, choice: Choice) -> list[page.Download]:
    """The images as PNG where there are any, the curve and the models as CSV."""
    name = f"{choice.dataset}-exact-rates-tau-{water.tau:g}"
    files = page.downloads(name, None, lambda: csv(water))
    if rates.has_linear_reconstructions(choice.dataset):
        files.insert(0, page.Download("PNG", f"{name}.png", "image/png", lambda: images(water, choice).to_png()))
    return files


def images(water: Water, choice: Choice) -> ImageTable | None:
    """Test images, what the best linear model keeps of them at this level, and what the nearest trained network does."""
    indices = cached.dataset(choice.dataset).test.spread(N_IMAGES) if choice.has_data else ()
    x_hat = rates.linear_reconstructions(choice.dataset, indices, water.tau, water.latent_dim)
    if x_hat is None:
        return None
    x = cached.dataset(choice.dataset).test.x[list(indices)]
    rows, labels = [x, x_hat], ["original", f"linear, τ\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{water.tau:g}"]
    networks = [spec for spec, _ in water.networks if cached.is_trained(spec)]
    if networks:
        spec = min(networks, key=lambda one: abs(np.log(water_level(one) / water.tau)))
        rows.append(cached.reconstructions(spec, indices))
        labels.append(f"{in_words(spec.network)}, τ\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{water_level(spec):g}")
    tiles = tuple(tuple(Tile(image) for image in row) for row in rows)
    return ImageTable(tuple(Head("") for _ in indices), tiles, tuple(labels))


def csv(water: Water) -> bytes:
    """The curve at the slider's levels, and the trained models: nats and SSE, whatever the axes show."""
    exact = [
        {"model": "exact", "network": "linear", "latent_dim": water.latent_dim, "tau": best.tau, "n_active": best.n_active}
        | {"rate_nats": best.rate, "expected_sse": best.expected_sse, "sse": best.sse}
        for best in frontier(water.eigenvalues, np.array(water.taus), water.latent_dim)
    ]
    trained = [
        {"model": spec.fingerprint, "network": spec.network, "latent_dim": spec.latent_dim, "tau": water_level(spec)}
        | {"rate_nats": own.rate, "expected_sse": own.expected_sse, "sse": own.sse, "worth": own.worth}
        | {f"{name}_half_width_95": getattr(own, f"{name}_half_width") for name in ("rate", "expected_sse", "worth")}
        for spec, own in water.models
    ]
    return csv_of_rows([*exact, *trained])
