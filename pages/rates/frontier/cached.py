"""Caches of the pages on the frontier: numbers of models, and what one model shows beside the plane."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from pages.rates import frontier_plane
from pages.shared import cached
from vae_core import data as datasets
from vae_core.explore.codes import aggregate_mass
from vae_core.explore.rates import frontier, frontier_numbers, frontier_training
from vae_core.explore.rates import frontier_card_figure as frontier_card
from vae_core.explore.rates.frontier_numbers import End, ModelNumbers, NumbersFile
from vae_core.jobs.live_runs import LiveRuns
from vae_core.models.vae import VAESpec
from vae_core.store.checkpoints import Checkpoint, DamagedCheckpoint

if TYPE_CHECKING:
    import plotly.graph_objects as go

N_CELLS = 70


def dots(title: str) -> list[frontier.Dot]:
    """`explore.frontier.dots` of a plane: what is trained by now, and what numbers are kept."""
    return _dots(title=title, state=_state())


def ends() -> dict[str, End]:
    """Ends of the frontier that are kept, by `explore.frontier_numbers.end_name`."""
    return _kept(changed=_state()[1]).ends


def end(spec: VAESpec) -> End | None:
    """Where a plane's frontier begins: as kept, else from the images if they are here."""
    kept = ends().get(frontier_numbers.end_name(spec))
    if kept is None and datasets.available(spec.dataset):
        return _end(name=frontier_numbers.end_name(spec), _spec=spec)
    return kept


@st.cache_resource(max_entries=16, show_spinner=False)
def _end(name: str, _spec: VAESpec) -> End:
    return frontier_numbers.end(_spec, cached.dataset(_spec.dataset))


def _state() -> tuple:
    """What changes when a model comes in or numbers are kept."""
    path = frontier_numbers.SHIPPED
    names = tuple(sorted(found.spec.fingerprint for found in cached.checkpoints()))
    return hash(names), path.stat().st_mtime_ns if path.is_file() else 0


@st.cache_resource(max_entries=2, show_spinner=False)
def _kept(changed: int) -> NumbersFile:
    return frontier_numbers.read(frontier_numbers.SHIPPED)


@st.cache_resource(max_entries=16, show_spinner=False)
def _dots(title: str, state: tuple) -> list[frontier.Dot]:
    specs = frontier.planes()[title]
    wanted = {spec.fingerprint for spec in specs}
    here = {c.spec.fingerprint: frontier_numbers.numbers_of(c) for c in cached.checkpoints() if _is_of(c, wanted)}
    return frontier.dots(specs, here, _kept(changed=state[1]).models)


def plane(title: str, axes: frontier.Axes, dot: frontier.Dot, saved_as: str) -> bytes:
    """The plane with a dot in focus, packed for `page.chart`; its camera saves it as `svg` or `png`."""

    choices = (title, axes.rate, axes.distortion, _state())

    def figure() -> go.Figure:
        whole = cached.made("frontier", choices, lambda: frontier_plane.plane(dots(title), axes, end(dot.spec)))
        return frontier_plane.in_focus(whole, axes, dot)

    return cached.plotted("frontier", (*choices, dot.spec.fingerprint, saved_as), figure, saved_as=saved_as)


def _is_of(checkpoint: Checkpoint, wanted: set[str]) -> bool:
    spec = checkpoint.spec
    return isinstance(spec, VAESpec) and frontier_numbers.without_seed(spec).fingerprint in wanted


def card(numbers: ModelNumbers, dims: tuple[int, int], seed: int) -> str:
    """Reconstructions, draws from the prior, rate of each dimension and aggregate posterior of a model whose weights are here."""
    whose = (numbers.weights_sha256, str(cached.Store().local))
    return _card(whose=whose, dims=dims, seed=seed, has_data=datasets.available(numbers.spec.dataset), _numbers=numbers)


@st.cache_resource(max_entries=256, show_spinner=False)
def _card(whose: tuple[str, str], dims: tuple[int, int], seed: int, has_data: bool, _numbers: ModelNumbers) -> str:
    spec, metrics = _numbers.spec, _numbers.metrics
    bars = frontier_card.kl_bars(metrics["kl_per_dim"], metrics["active_units"])
    _, height, width = spec.identity.shape
    columns = round(5 * height / width)
    drawn = cached.prior_means(spec, 4 * columns, seed)
    samples = frontier_card.images("Draws from the prior", "E[x|z]", drawn.reshape(4, columns, *drawn.shape[1:]))
    if not has_data:
        why = f"This needs images: {spec.dataset} is not on this machine. Choose the data set in the sidebar of another page to fetch it."
        return frontier_card.card([frontier_card.missing("Reconstructions", why), samples, bars, frontier_card.missing("Codes q(z)", why)])
    test = cached.dataset(spec.dataset).test
    indices = test.spread(2 * columns)
    table = frontier_card.pairs(test.x[list(indices)], cached.reconstructions(spec, indices), columns)
    mass, n = aggregate(spec, dims)
    names = (f"z{dims[0] + 1}", f"z{dims[1] + 1}")
    return frontier_card.card(
        [frontier_card.images("Reconstructions", "below x", table), samples, bars, frontier_card.aggregate(mass, names, n)]
    )


def prepare_cards(title: str) -> threading.Thread:
    """Make the cards of a plane's models beside the visitors, so that no slider waits for one; once for all visitors.

    What is returned makes them.
    """
    return _preparing(title=title, local=str(cached.Store().local), state=_state())


@st.cache_resource(max_entries=16, show_spinner=False)
def _preparing(title: str, local: str, state: tuple) -> threading.Thread:
    found = [dot.own for dot in _dots(title=title, state=state) if dot.has_weights]
    thread = threading.Thread(target=_prepare, args=(found,), daemon=False)  # a daemon that computes would abort the process at its end
    thread.start()
    return thread


def _prepare(found: list[ModelNumbers]) -> None:
    for numbers in found:
        if not threading.main_thread().is_alive():
            return  # the server stops: it waits for this card only
        with contextlib.suppress(KeyError, DamagedCheckpoint):  # deleted meanwhile, or damaged: whoever chooses it is told
            card(numbers, frontier.dims_by_rate(numbers)[:2], 0)


def aggregate(spec: VAESpec, dims: tuple[int, int]) -> tuple[np.ndarray, int]:
    """Mass of q(z) on the plane of two dimensions, and over how many test images."""
    codes, edges = cached.test_codes(spec), np.linspace(-frontier_card.EXTENT, frontier_card.EXTENT, N_CELLS + 1)
    return aggregate_mass(codes, dims, (edges, edges)), len(codes.mean)


@st.cache_resource(show_spinner=False)
def grid_runs() -> LiveRuns:
    """The grids that this server has trained; all sessions share them."""
    return LiveRuns("vae_core.explore.rates.frontier_training", read=frontier_training.read_frame)
