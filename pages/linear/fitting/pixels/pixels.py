"""The same on pixels: the mean image, what Gaussians of pixels draw, and how far their draws are from images."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.linear.fitting import cached as caches
from pages.linear.fitting import findings
from pages.linear.fitting.cached import MOST_K, N_DRAWN, Measured
from pages.linear.fitting.components import choose_components, dims_of
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.draws import draws
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.tables import csv
from vae_core.explore.linear import fitting
from vae_core.explore.linear import fitting_figure as figures
from vae_core.explore.linear.fitting import PixelMixture
from vae_core.explore.linear.intrinsic_dimension import NEAR
from vae_core.explore.linear.pca_images import codes
from vae_core.explore.means import Mean, mean_of, ratio_of

GIST = "Images as points with one coordinate per pixel, and what is fitted to them. Does it look like the images?"
GAUSSIANS, K_MEANS = MODELS = ("Gaussians", "k-means")
N_SHOWN = 8
MANY, MOST = 0.5, 0.9
"""Shares of the draws: from the first on many are near, from the second on about as many as of test images, of which it is 0.95."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What is fitted to the images of a data set: K Gaussians or means, from a start, in d components."""

    dataset: str
    title: str
    k: int
    n_components: int
    seed: int
    is_hard: bool

    @property
    def model(self) -> PixelMixture:
        """The density, or the means."""
        fitted = caches.pixel_means if self.is_hard else caches.pixel_mixture
        return fitted(self.dataset, self.n_components, self.k, self.seed)

    def measured(self, k: int) -> Measured:
        """In numbers, of so many Gaussians."""
        return caches.measured(self.dataset, self.n_components, k, 0 if k == 1 else self.seed)


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw test images, the means of their Gaussians and draws, and the controls beside them."""
    draws.instead_of_images(choice, (picture, side))
    text = words.beside(__file__)
    with side:
        fit = choose(choice)
        numbers(fit)
    choices = fit.dataset, fit.k, fit.n_components, fit.seed, fit.is_hard
    table = cached.lasting("Gaussians of pixels", choices, lambda: rows(fit))
    with picture:
        page.image_table(table, beside=215)
    values = {"dataset": fit.dataset, "k": fit.k, "d": fit.n_components, "seed": fit.seed, "n": caches.N_FITTED}
    return Part(
        text=text,
        conclusion=conclusion(fit, text),
        answer=lambda: answer(fit, text),
        notebook=text.lines("notebook-k-means" if fit.is_hard else "notebook", **values),
        downloads=page.downloads(f"{fit.dataset}-gaussians", table, lambda: csv_of(fit)),
    )


def choose(choice: Choice) -> Fit:
    """Draw the controls."""
    is_hard = controls.segmented("Fit", MODELS, "fit_model") == K_MEANS
    most = min(MOST_K, len(caches.images(choice.dataset)) - 1)
    k = st.slider("Means, K" if is_hard else "Gaussians, K", 1, most, 1, **bound("fit_k"))
    d = choose_components(choice.dataset)
    return Fit(choice.dataset, choice.title, k, d, controls.draw("New start", key="fit_seed"), is_hard)


def rows(fit: Fit) -> ImageTable:
    """Test images above the means of their Gaussians, and draws."""
    model, x = fit.model, caches.test_images(fit.dataset, N_SHOWN)
    z = codes(model.exact, x, fit.n_components)
    shown = [("test images", x / 255, _distances(fit, model, z)), _their_means(fit, model, x)]
    if not fit.is_hard:
        one = caches.pixel_mixture(fit.dataset, fit.n_components, 1, 0)
        of = [("draws of one", one), (f"draws of K = {fit.k}", model)] if fit.k > 1 else [("draws", model)]
        shown += [_draws(fit, name, density, x.shape[1:], len(x)) for name, density in of]
    return figures.image_rows(shown)


def _their_means(fit: Fit, model: PixelMixture, x: np.ndarray) -> tuple[str, np.ndarray, list[str]]:
    z = codes(model.exact, x, fit.n_components)
    of = fitting.belongs_to(model, z)[: 1 if fit.k == 1 else len(x)]
    shares = [f"{100 * model.mixture.weights[k]:.0f} %" for k in of]
    name = "the mean" if fit.k == 1 else "their means"
    return name, model.pictures(model.mixture.means[of]).reshape(-1, *x.shape[1:]), shares


def _draws(fit: Fit, name: str, model: PixelMixture, shape: tuple[int, ...], n: int) -> tuple[str, np.ndarray, list[str]]:
    z = model.drawn_codes(n, fit.seed)
    return name, model.pictures(z).reshape(n, *shape), _distances(fit, model, z)


def _distances(fit: Fit, model: PixelMixture, z: np.ndarray) -> list[str]:
    return [f"{distance:.1f}" for distance in fitting.nearest_training(model, caches.images(fit.dataset), z)]


def numbers(fit: Fit) -> None:
    """log p(x), and how many draws are near to training images; of k-means, its error."""
    if fit.is_hard:
        sse = mean_of(caches.k_means_sse(fit.dataset, fit.n_components, fit.k, fit.seed))
        page.number("SSE", str(sse), f"Mean over n = {sse.n:,} test images ± 95 % confidence interval: an image to its mean.")
        return
    here, one = (mean_of(fit.measured(k).log_px) for k in (fit.k, 1))
    n = f"n = {here.n:,} test images ± 95 % confidence interval"
    beside = f" Of one Gaussian: {one}." if fit.k > 1 else ""
    page.number("log p(x)", f"{here} nats", f"Per image, exact, mean over {n}.{beside}")
    how = f"As near to a training image as {100 * NEAR:.0f} % of test images, in d components; n = {N_DRAWN} draws, "
    page.number("Draws that are near", str(fit.measured(fit.k).near), f"{how}95 % confidence interval.")
    st.caption("Below an image: the distance to its nearest training image. Below a mean: its share of the images.")


def conclusion(fit: Fit, text: Words) -> str:
    """How many draws are as near to images as test images are, and what more Gaussians change."""
    if fit.is_hard:
        sse, one = (caches.k_means_sse(fit.dataset, fit.n_components, k, fit.seed) for k in (fit.k, 1))
        less, share = ratio_of(one - sse, one).in_percent, len(caches.images(fit.dataset)) / fit.k
        section = "conclusion-k-means-one" if fit.k == 1 else "conclusion-k-means"
        return text.said(section, k=fit.k, share=f"{share:,.0f}", less=less, sse=mean_of(sse))
    here, one = fit.measured(fit.k), fit.measured(1)
    values = {"k": fit.k, "near": here.near, "one": one.near, "d": fit.n_components}
    if fit.k == 1:
        return text.said(f"conclusion-{'one' if here.near.share < MANY else 'many' if here.near.share < MOST else 'near'}", **values)
    gain, more = _more(mean_of(here.log_px - one.log_px))
    said = text.said("conclusion", **values, gain=gain, more=more)
    ahead, of_fit_more = _more(mean_of(here.on_train).less(mean_of(here.log_px)))
    of_fit = text.said("conclusion-fit", of_fit=ahead, of_fit_more=of_fit_more) if ahead.tells_apart else text.said("conclusion-fit-alike")
    return f"{said} {of_fit}"


def _more(difference: Mean) -> tuple[Mean, str]:
    """A difference without its sign, and what stands for that."""
    return (difference, "more") if difference.value > 0 else (-difference, "less")


def answer(fit: Fit, text: Words) -> str:
    """How many draws of one Gaussian are near, at each d."""
    far = {d: findings.near_with_one_gaussian(fit.dataset, d) for d in reversed(dims_of(fit.dataset))}
    times = [f"{near} at d = {d}" for d, near in far.items()]
    k = 1 if fit.is_hard else fit.k
    falls = all(more < fewer for fewer, more in pairwise(near.share for near in far.values()))
    why = text.said("answer-room" if falls else "answer-no-room")
    return text.said("answer", why=why, times=", ".join(times), k=k, own=fit.measured(k).near, d=fit.n_components)


def csv_of(fit: Fit) -> bytes:
    """The numbers of one Gaussian and of K."""
    names = ["K", "d", "log p(x) of test images, nats", "log p(x) of the images of the fit, nats", "share of draws that are near"]
    both = [(k, fit.measured(k)) for k in dict.fromkeys((1, fit.k))]
    values = ([k, fit.n_components, float(m.log_px.mean()), float(m.on_train.mean()), m.near.share] for k, m in both)
    return csv(names, values, digits=9)
