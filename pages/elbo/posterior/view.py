"""Which posterior on the page: the map, what stands beside it, the images, the numbers, and the files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.elbo.posterior import cached as posterior
from pages.elbo.posterior.ascent_film import ascent_film as component
from pages.elbo.posterior.controls import CHAIN, COSTS, IMAGES, LADDER, SPLIT, TIME, WEIGHTED, Chosen, by_gap, pick
from pages.shared import cached, page
from pages.shared.chart.chart import mount
from vae_core.drawing.chart import Chart
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv
from vae_core.drawing.window import height as window_height
from vae_core.explore.elbo import posterior_figure as figures
from vae_core.explore.elbo.ascent import Split
from vae_core.explore.elbo.posterior import Gaussian
from vae_core.explore.elbo.posterior_figure import Way
from vae_core.statistics import Z_95
from vae_core.units import nats, signed, subscript, tiny

N_DRAWN = 300
"""Weighted draws on the map."""
HEIGHT = 390
"""Of the map, in a window of 800."""
COST_NAMES = ("Gaussian<br>family", "diagonal<br>family", "amortization", "bound:<br>their sum", "one draw (sd)")


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One image and its q.

    Attributes:
        chosen: what the controls say.
        path: q after each step.
        elbos: of each.
        n_diagonal: steps to the best diagonal q.
        split: of the gap of the encoder's q.
    """

    chosen: Chosen
    path: list[Gaussian]
    elbos: np.ndarray
    n_diagonal: int
    split: Split

    @property
    def now(self) -> Gaussian:
        """The present q."""
        return self.path[min(self.chosen.step, len(self.path) - 1)]

    @property
    def gap_now(self) -> float:
        """What its ELBO lacks to log p(x), or to the bound."""
        return self.split.log_px - float(self.elbos[min(self.chosen.step, len(self.path) - 1)])

    @property
    def costs(self) -> np.ndarray:
        """Nats of each approximation, as `COST_NAMES`, (5,)."""
        one = self.split
        return np.array([one.gaussian, one.diagonal, one.amortization, one.gap, one.draw])


def view_of(chosen: Chosen) -> View:
    """All that is known of the chosen image."""
    if chosen.is_plane:
        here = posterior.map_of(chosen.spec, chosen.image)
        return View(chosen, here.way.path, here.way.elbos, here.way.n_diagonal, here.split)
    here = posterior.bounded(chosen.spec, chosen.image)
    return View(chosen, here.states, here.elbos, 1, here.split)


def draw(view: View) -> None:
    """The map, on which q ascends, and what was chosen beside it: the gap in the same picture, or a chart."""
    chosen = view.chosen
    if chosen.shown == SPLIT:
        _map(view)
        return
    left, right = st.columns(2, gap="small")
    with left:
        _map(view)
    with right:
        if chosen.shown == IMAGES:
            _all_images(view)
        elif chosen.shown == TIME:  # of this machine, and measured anew with each model
            page.chart(race(view), key="posterior_beside")
        else:
            beside = (chosen.spec.fingerprint, chosen.image, chosen.shown)
            page.chart(cached.lasting_chart("posterior, beside", beside, lambda: BESIDE[chosen.shown](view)), key="posterior_beside")


def _map(view: View) -> None:
    """The map on which q ascends; it is sent once for all steps."""
    chosen = view.chosen
    drawing = (chosen.spec.fingerprint, chosen.image, chosen.drawn, chosen.shown == SPLIT)
    start = component.start(drawing)
    component.ascent_film(cached.lasting("posterior, ascent", (*drawing, start), lambda: ascent_film(view, start)))


def _all_images(view: View) -> None:
    """The gaps of all test images, of which one is chosen by a click."""
    spec, image = view.chosen.spec, view.chosen.image
    options = by_gap(spec)
    at = options.index(image)
    chart = cached.lasting_chart("posterior, images", (spec.fingerprint, image), lambda: gaps(view, at), selects=1)
    if picked := mount(chart, key="posterior_images"):
        pick(options[min(picked[0], len(options) - 1)])


def ascent_film(view: View, start: int) -> bytes:
    """The posterior under q at all its steps, on the plane of the code or on two of its dimensions; the gap in its parts beside it."""
    chosen, one, dims = view.chosen, view.split, dims_of(view)
    plane = np.ix_(dims, dims)
    way = Way(
        means=np.array([q.mean[dims] for q in view.path]),
        covariances=np.array([q.covariance[plane] for q in view.path]),
        gaps=one.log_px - view.elbos,
        n_diagonal=view.n_diagonal,
    )
    made = posterior.draws(chosen.spec, chosen.image, N_DRAWN, posterior.SEED) if chosen.drawn == WEIGHTED else None
    here = posterior.map_of(chosen.spec, chosen.image) if chosen.is_plane else None
    drawn = view.path[0], view.path[view.n_diagonal], view.path[-1]
    around = figures.window(np.array([q.mean[dims] for q in drawn]), np.array([q.widths[dims] for q in drawn]))
    parts = dict(zip(figures.PARTS, (one.amortization, one.diagonal, one.gaussian), strict=True))
    return figures.ascent_film(
        way,
        of=f"{chosen.spec.fingerprint} {chosen.image}",
        start=start,
        window=around if here is None else here.window,
        heat=None if here is None else (here.ends, here.heat),
        draws=None if made is None else (made.z[:, dims], made.shares),
        chain=posterior.chain(chosen.spec, chosen.image, posterior.SEED)[0][:, dims] if chosen.drawn == CHAIN else None,
        names=tuple(f"z{subscript(j + 1)}" for j in dims),
        parts=parts if chosen.shown == SPLIT else None,
        is_bound=not chosen.is_plane,
        height=window_height(HEIGHT),
    )


def dims_of(view: View) -> list[int]:
    """The two dimensions that the map shows: those in which the ascent moves q the most, in its widths."""
    first, last = view.path[0], view.path[-1]
    moved = np.abs(last.mean - first.mean) / last.widths + np.abs(np.log(first.widths / last.widths))
    return sorted(np.argsort(-moved, kind="stable")[:2].tolist())


def ladder(view: View) -> Chart:
    """Bounds by more and more draws."""
    steps = posterior.ladder(view.chosen.spec, view.chosen.image)
    half_widths = Z_95 * steps.standard_errors
    return figures.ladder_chart(steps.counts, steps.bounds, half_widths, view.split.log_px, is_bound=not view.chosen.is_plane)


def race(view: View) -> Chart:
    """The encoder against an ascent without it."""
    run = posterior.race(view.chosen.spec, view.chosen.image)
    encoder = 1000 * run.encoder_seconds, run.encoder_elbo
    return figures.race_chart(1000 * run.seconds, run.elbos, encoder, float(view.elbos[view.n_diagonal]), view.split.log_px)


def gaps(view: View, at: int) -> Chart:
    """The gaps of all test images, in their order."""
    known = posterior.gaps(view.chosen.spec)
    return figures.gaps_chart(known.approximation[known.order], known.amortization[known.order], at)


def costs(view: View) -> Chart:
    """What each approximation costs."""
    if not view.chosen.is_plane:
        return figures.costs_chart(COST_NAMES, view.costs)
    known = posterior.gaps(view.chosen.spec)
    means = [known.mean(name) for name in ("gaussian", "diagonal", "amortization", "gap", "draw")]
    values, half_widths = np.array([mean.value for mean in means]), np.array([mean.half_width for mean in means])
    return figures.costs_chart(COST_NAMES, view.costs, (values, half_widths, means[0].n))


BESIDE = {LADDER: ladder, COSTS: costs}


def pictures(view: View) -> ImageTable:
    """The image as the model sees it, and what the present q's mean decodes to."""
    chosen = view.chosen
    x = posterior.observed(chosen.spec, chosen.image)[0]
    decoded = posterior.decoded(chosen.spec, tuple(view.now.mean.tolist())).clip(0, 1)
    return ImageTable((Head("x"), Head("decoded")), ((Tile(x), Tile(decoded)),))


def numbers(view: View) -> None:
    """log p(x), and what q now lacks to it."""
    one, chosen = view.split, view.chosen
    if chosen.is_plane:
        n_nodes = posterior.map_of(chosen.spec, chosen.image).n_nodes
        moved = f"Halving the spacing moved it by {tiny(one.move)} nats."
        page.number("log p(x)", f"{signed(one.log_px, 2)} nats", f"Quadrature, n = {n_nodes:,} nodes.", of=chosen.spec, detail=moved)
        page.number("Gap, KL(q ‖ p(z|x))", f"{nats(view.gap_now)} nats", "log p(x) minus the ELBO of q now.", of=chosen.spec)
    else:
        page.number("log p(x), at least", f"{signed(one.log_px, 2)} nats", "Bound from 5,000 draws of the best q.", of=chosen.spec)
        page.number("Gap, at least", f"{nats(view.gap_now)} nats", "That bound minus the ELBO of q now.", of=chosen.spec)


def downloads(view: View) -> list[page.Download]:
    """The ascent of this image, and the gaps of all, as CSV."""
    name = f"{view.chosen.spec.dataset}-posterior"
    files = [page.Download("Ascent", f"{name}-{view.chosen.image}.csv", "text/csv", lambda: ascent_csv(view))]
    if view.chosen.is_plane:
        files.append(page.Download("All images", f"{name}-gaps.csv", "text/csv", lambda: gaps_csv(view)))
    return files


def ascent_csv(view: View) -> bytes:
    """A line a step: ELBO, log p(x) or its bound, mean and covariance of q."""
    d = len(view.now.mean)
    names = [f"mean {j + 1}" for j in range(d)] + [f"covariance {i + 1} {j + 1}" for i in range(d) for j in range(i + 1)]
    lower = np.tril_indices(d)
    top = "log p(x) (nats)" if view.chosen.is_plane else "bound on log p(x) (nats)"
    rows = (
        [k, elbo, view.split.log_px, *q.mean, *q.covariance[lower]] for k, (q, elbo) in enumerate(zip(view.path, view.elbos, strict=True))
    )
    return csv(["step", "ELBO (nats)", top, *names], rows, digits=8)


def gaps_csv(view: View) -> bytes:
    """A line a test image, largest gap first."""
    known = posterior.gaps(view.chosen.spec)
    columns = ("log_px", "amortization", "diagonal", "gaussian", "gap", "draw")
    rows = np.column_stack([known.images, *(getattr(known, name) for name in columns)])[known.order]
    heads = [f"{name} (nats)" for name in ("log p(x)", "amortization", "diagonal family", "Gaussian family", "gap", "sd of one draw")]
    return csv(["test image", *heads], ([int(row[0]), *row[1:]] for row in rows), digits=7)
