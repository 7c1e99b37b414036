"""The frontier on the page: the plane, what its lines are, and the numbers of the model in focus."""

from __future__ import annotations

import threading
from dataclasses import asdict
from functools import partial
from itertools import chain

import streamlit as st

from pages.rates import cached as rates
from pages.rates.frontier import cached as frontier_cached
from pages.rates.frontier import findings
from pages.shared import cached, page
from pages.shared.labels import in_full
from pages.shared.words import Words
from vae_core import data
from vae_core.explore.means import mean_of_metrics, part_of_metrics
from vae_core.explore.rates import frontier
from vae_core.explore.rates import frontier_figure as figures
from vae_core.explore.rates.frontier import Axes, Dot
from vae_core.statistics import Z_95
from vae_core.units import minus, with_interval


def what_is_trained(title: str, dots: list[Dot]) -> str:
    """How many of the plane's models are there, at how many seeds, and what the whiskers are."""
    fewest, most = (f(len(dot.seeds) for dot in dots) for f in (min, max))
    counts = f"{most} seeds" if fewest == most else f"{most} seeds, where there are as many"
    seeds = f"whiskers: smallest and largest of {counts}" if most > 1 else "one seed"
    return f"{len(dots)} of {len(frontier.planes()[title])} models trained; {seeds}"


def numbers(dot: Dot) -> None:
    """R, D and the ELBO of the chosen model, and how far its importance-weighted bound lies below their sum."""
    m, bound = dot.own.metrics, dot.own.bound
    st.markdown(f"R {part_of_metrics(m, 'rate')}, D {part_of_metrics(m, 'distortion')}: **−ELBO {-mean_of_metrics(m, 'elbo')} nats**")
    method = f"−ELBO = R + D (β = 1), ± 95 % confidence interval; n = {m['n_images']:,} test images, one sample of z per image."
    if bound is not None:
        looser = with_interval(bound.gap, Z_95 * bound.gap_standard_error)
        others = f"a bound from {bound.n_samples:,} samples of z, on the first {bound.n_images} of these"
        method += f" The ELBO is {looser} nats looser than {others}."
    page.fine_print().caption(method, help=f"{in_full(dot.spec)} Two ELBOs differ ± 95 %, image by image, where both models are here.")


def about_the_lines(dots: list[Dot], axes: Axes, dot: Dot) -> str:
    """What the lines are, and how the bound was obtained; or why there is no tangent."""
    slope = frontier.slope(dot.spec, axes, "tangent")
    if slope is None:
        is_psnr = axes.distortion == "PSNR"
        return "No tangent: " + ("the PSNR is the logarithm of a mean." if is_psnr else "this likelihood's nats are not squared errors.")
    if axes.distortion != "nats":
        slopes = "" if axes.rate == "nats" else f", per nat; the axis has {axes.rate}"
        return f"Dotted: equal ELBO, slope −2σ²; red: the tangent, −2τ = −2βσ²{slopes}, here {minus(f'{slope:.3g}')}."
    bound = frontier.entropy_bound(dots)
    model = f"d = {bound.spec.latent_dim}, β = {bound.spec.beta:g}"
    how = f"{bound.n_samples:,} samples of z on {bound.n_images:,} images ({model})"
    return f"Red: the tangent, slope {minus(f'{slope:.3g}')}. Dotted: equal −ELBO. Dashed: the best bound here, from {how}."


OF_SPEC = ("dataset", "network", "likelihood", "scale", "latent_dim", "beta", "seed")
ERRORS = ("rate_standard_error", "distortion_standard_error", "elbo_standard_error")
OF_METRICS = ("rate", "distortion", "elbo", *ERRORS, "sse", "expected_sse", "active_units", "n_images")
OF_BOUND = ("iwae_bound", "n_samples", "n_images")


def rows(dots: list[Dot]) -> list[tuple]:
    """Values of `frontier_figure.COLUMNS`, of every model at every seed; of its bounds the one with the larger k."""
    table = []
    for one in (one for dot in dots for one in dot.seeds):
        bound = one.metrics if one.bound is None else asdict(one.bound)
        own = tuple(getattr(one.spec, name) for name in OF_SPEC)
        table.append((*own, *(one.metrics[name] for name in OF_METRICS), *(bound[name] for name in OF_BOUND)))
    return table


def downloads(title: str, dots: list[Dot]) -> list[page.Download]:
    """The plane as CSV; the chart's own camera saves it as a picture."""
    name = f"frontier-{title.lower().replace(' ', '-')}.csv"
    return [page.Download("CSV", name, "text/csv", lambda: figures.plane_csv(rows(dots)))]


def chart(title: str, axes: Axes, dot: Dot, saved_as: str) -> None:
    """Draw the plane; its camera saves it as `svg` or `png`."""
    page.chart(frontier_cached.plane(title, axes, dot, saved_as))


def prepare(title: str, dots: list[Dot], axes: Axes, saved_as: str, text: Words) -> threading.Thread:
    """Make what each of a plane's models shows beside the visitors, what takes least first, so that no slider waits for it."""
    has_images = tuple(data.available(name) for name in sorted({dot.spec.dataset for dot in dots}))
    state = title, axes.rate, axes.distortion, saved_as, str(cached.local_models()), rates.frontier_state(), has_images

    def plane_and_words(dot: Dot) -> None:
        frontier_cached.plane(title, axes, dot, saved_as)
        findings.conclusion(dots, dot, text)

    def card(dot: Dot) -> None:
        frontier_cached.card(dot.own, frontier.dims_by_rate(dot.own)[:2], 0)

    works = chain((partial(plane_and_words, dot) for dot in dots), (partial(card, dot) for dot in dots if dot.has_weights))
    return cached.prepare("the frontier", state, works)
