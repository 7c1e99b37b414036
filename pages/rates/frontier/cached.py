"""Caches of the page on the frontier: the plane, and the card of what one model shows beside it."""

from __future__ import annotations

import numpy as np

from pages.rates import cached as rates
from pages.rates.frontier.plane import in_focus, whole_plane
from pages.shared import cached
from pages.shared.controls import called
from vae_core import data
from vae_core.drawing.chart import Chart
from vae_core.explore.codes import aggregate_mass
from vae_core.explore.rates import frontier
from vae_core.explore.rates import frontier_card_figure as figures
from vae_core.explore.rates.frontier_numbers import ModelNumbers
from vae_core.models.vae import VAESpec
from vae_core.statistics import Z_95
from vae_core.units import subscript

N_CELLS = 70


def plane(title: str, axes: frontier.Axes, dot: frontier.Dot, saved_as: str) -> bytes:
    """The plane with a dot in focus, packed for `page.chart`; its camera saves it as `svg` or `png`."""
    choices = (title, axes.rate, axes.distortion, rates.frontier_state())

    def figure() -> Chart:
        whole = cached.lasting("frontier", choices, lambda: whole_plane(rates.frontier_dots(title), axes, rates.frontier_end(dot.spec)))
        return in_focus(whole, axes, dot)

    return cached.lasting_chart("frontier", (*choices, dot.spec.fingerprint, saved_as), figure, saved_as=saved_as)


def _state_of_card(_numbers: ModelNumbers, dims: tuple[int, int], seed: int) -> tuple[str, str, bool]:
    return _numbers.weights_sha256, str(cached.local_models()), data.available(_numbers.spec.dataset)


@cached.keep(most=256, of=_state_of_card)
def card(_numbers: ModelNumbers, dims: tuple[int, int], seed: int) -> str:
    """Reconstructions, draws from the prior, rate of each dimension and aggregate posterior of a model whose weights are here."""
    spec, metrics = _numbers.spec, _numbers.metrics
    errors = metrics["kl_per_dim_standard_error"]
    bars = figures.kl_bars(metrics["kl_per_dim"], metrics["active_units"], errors and [Z_95 * error for error in errors])
    _, height, width = spec.identity.shape
    columns = round(5 * height / width)
    means = cached.prior_means(spec, 4 * columns, seed)
    samples = figures.images("Draws from the prior", "E[x|z]", means.reshape(4, columns, *means.shape[1:]))
    if not data.available(spec.dataset):
        why = f"The images of {called(spec.dataset)} are not on this machine."
        first, last = (figures.missing(title, why) for title in ("Reconstructions", "Codes q(z)"))
        return figures.card([first, samples, bars, last])
    test = cached.dataset(spec.dataset).test
    indices = test.spread(2 * columns)
    table = figures.pairs(test.x[list(indices)], cached.reconstructions(spec, indices), columns)
    mass, n = aggregate(spec, dims)
    names = (f"z{subscript(dims[0] + 1)}", f"z{subscript(dims[1] + 1)}")
    return figures.card([figures.images("Reconstructions", "below x", table), samples, bars, figures.aggregate(mass, names, n)])


def aggregate(spec: VAESpec, dims: tuple[int, int]) -> tuple[np.ndarray, int]:
    """Mass of q(z) on the plane of two dimensions, and over how many test images."""
    codes, edges = cached.test_codes(spec), np.linspace(-figures.EXTENT, figures.EXTENT, N_CELLS + 1)
    return aggregate_mass(codes, dims, (edges, edges)), len(codes.mean)
