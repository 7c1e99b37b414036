"""The linear autoencoder on the page: on points as a film, on images at a step, always beside PCA."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from pages.linear.linear_autoencoder import cached as caches
from pages.linear.linear_autoencoder.line_film import line_film as component
from pages.shared import cached, controls, page
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.words import Words
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.tables import csv
from vae_core.explore.eigenimages_figure import SUBSCRIPTS
from vae_core.explore.linear import linear_autoencoder as explore
from vae_core.explore.linear import linear_autoencoder_figure as figures
from vae_core.explore.linear.linear_autoencoder import Training, Weights
from vae_core.explore.linear.pca_by_hand import cloud
from vae_core.explore.linear.pca_images import reconstructions
from vae_core.models.pca import Spectrum
from vae_core.units import signed, tiny

POINTS, IMAGES = DATA = ("points", "images")
N_IMAGES, N_SHOWN, MOST_DIM = 8, 16, 20


@dataclass(frozen=True, eq=False)
class Setting:
    """A training at one of its steps.

    Attributes:
        data: points or images.
        dataset: of the images.
        seed: of the first weights, and `points_seed` of the points.
        exact: the closed form.
        training: at all its steps.
        at: which of them is shown.
        mix: seed of the matrix that the code is multiplied by; None for none.
    """

    data: str
    dataset: str
    seed: int
    points_seed: int
    exact: Spectrum
    training: Training
    at: int
    mix: int | None = None

    @property
    def step(self) -> int:
        """Its number."""
        return int(self.training.steps[self.at])

    @property
    def model(self) -> str:
        """Which model a number is of, in a sentence (`labels.in_full`): it is kept by no store."""
        of, d, last = controls.called(self.dataset) if self.dataset else self.data, self.training.latent_dim, self.training.steps[-1]
        return f"Model: linear autoencoder of {of}, d = {d}; linear network; step {self.step:,} of {last:,}; seed {self.seed}."

    @cached_property
    def weights(self) -> Weights:
        """At that step, for the code that is asked for."""
        weights = self.training.weights[self.at]
        return weights if self.mix is None else weights.mixed(explore.invertible(self.training.latent_dim, self.mix))

    @property
    def gap(self) -> tuple[float, float]:
        """λ_d and λ_{d+1}."""
        d = self.training.latent_dim
        return float(self.training.eigenvalues[d - 1]), float(self.training.eigenvalues[d])


def choose() -> str:
    """Draw the control that says whether it is trained on points or on images."""
    return controls.segmented("Trained on", DATA, "lae_data")


def on_points() -> Setting:
    """Draw the controls of a training on points."""
    points_seed = controls.draw("Points", key="lae_points")
    seed = controls.draw("Start", key="lae_start", icon=":material/restart_alt:")
    exact, training = caches.on_points(points_seed, seed)
    step = component.step()
    return Setting(POINTS, "", seed, points_seed, exact, training, _recorded(training, step))


def _recorded(training: Training, step: int | None) -> int:
    """Which of the recorded steps is the nearest; the last where none is asked for."""
    return len(training.steps) - 1 if step is None else int(np.abs(training.steps - step).argmin())


def on_images(choice: Choice) -> Setting:
    """Draw the controls of a training on images."""
    exact = cached.spectrum(choice.dataset)
    most = min(MOST_DIM, exact.rank - 1)
    controls.settle("lae_dim", range(1, most + 1), min(10, most))
    d = st.slider("Latent dimension d", 1, most, min(10, most), **bound("lae_dim"))
    seed = controls.draw("Start", key="lae_start", icon=":material/restart_alt:")
    training = caches.on_images(choice.dataset, d, seed)
    steps = training.steps.tolist()
    step = st.select_slider("Step", steps, steps[-1], **bound("lae_step"))
    is_mixed = st.toggle(
        "Multiply z by M", **bound("lae_mixed"), help="M is an invertible matrix: z becomes Mz, A becomes MA and B becomes BM⁻¹."
    )
    return Setting(IMAGES, choice.dataset, seed, 0, exact, training, steps.index(step), seed if is_mixed else None)


def draw(setting: Setting) -> ImageTable | None:
    """The film, or the images at a step."""
    if setting.data == POINTS:
        _film(setting)
        return None
    left, right = st.columns((3, 2), gap="medium")
    training, n = setting.training, min(N_SHOWN, len(setting.training.eigenvalues))
    with left:
        chart = figures.angles_chart(training.steps, training.angles, training.sse, training.least, chosen=setting.step, height=210)
        page.chart(chart, key="angles")
    with right:
        learned = setting.weights.decoder[:n] @ setting.weights.encoder[:, :n]
        page.chart(figures.maps_chart(learned, np.diag(1.0 * (np.arange(n) < training.latent_dim)), height=210), key="maps")
    table = images(setting)
    page.image_table(table, beside=225, charts=210)
    return table


def images(setting: Setting) -> ImageTable:
    """Test images, both reconstructions, and the columns of both decoders."""
    test, d = cached.dataset(setting.dataset).test, setting.training.latent_dim
    x = test.x[list(test.spread(N_IMAGES))]
    weights = explore.in_data_space(setting.exact, setting.weights)
    learned = weights.reconstructions(x.reshape(len(x), -1) / 255).reshape(x.shape)
    decoder, components = (columns.reshape(d, *x.shape[1:]) for columns in (weights.decoder.T, setting.exact.components[:d]))
    return figures.image_rows(x, learned, reconstructions(setting.exact, x, d), decoder, components)


def _film(setting: Setting) -> None:
    points, training, exact = cloud(setting.points_seed), setting.training, setting.exact
    each = [explore.in_data_space(exact, weights) for weights in training.weights]
    payload = figures.film_payload(
        points,
        np.array([weights.reconstructions(points) for weights in each]),
        (np.array([weights.bias for weights in each]), np.array([weights.decoder[:, 0] for weights in each])),
        training.steps.tolist(),
        (training.angles[:, 0], training.sse),
        maps=np.array([(weights.decoder @ weights.encoder).ravel() for weights in each]),
        best=(exact.mean, exact.components[0], training.least),
        start=int(training.steps[_recorded(training, component.start())]),
    )
    component.line_film(payload.data)


def numbers(setting: Setting) -> None:
    """Angle and error at the step, beside PCA's; on points the constants, on images how far BA is from VVᵀ."""
    training, at = setting.training, setting.at
    first, second = setting.gap
    names = [f"λ{j}".translate(SUBSCRIPTS) for j in (training.latent_dim, training.latent_dim + 1)]
    method = f"Exact, of n = {_n_data(setting):,} {setting.data}; {names[0]} = {first:.4f}, {names[1]} = {second:.4f}."
    page.number("Largest principal angle", f"{explore.principal_angles(setting.weights.decoder)[0]:.3f}°", method, detail=setting.model)
    least = f"Exact. PCA's is {training.least:.4f}, the least of a linear map."
    page.number("SSE", f"{training.sse[at]:.4f}", least, detail=setting.model)
    if setting.data == POINTS:
        _constants(setting)
        return
    apart = tiny(explore.distance(training.eigenvalues, setting.weights), 2)
    page.number("BA from VVᵀ", apart, "Exact: ‖(BA − VVᵀ)C^½‖ / ‖C^½‖.", detail=setting.model)
    if setting.mix is not None:
        st.caption(f"With M the map BA changes by {tiny(mixing_error(setting))} at most.")


def _n_data(setting: Setting) -> int:
    return len(cloud(setting.points_seed)) if setting.data == POINTS else len(cached.dataset(setting.dataset).train)


def _constants(setting: Setting) -> None:
    """a, b and c = Ba + b on the points themselves."""
    w = explore.in_data_space(setting.exact, setting.weights)
    a, b, c = (", ".join(signed(float(value), 2) for value in part) for part in (w.offset, w.bias, w.constant))
    st.caption(f"a = {a}. b = ({b}). c = Ba + b = ({c}). The slide's a + b would add one number to two.")


def mixing_error(setting: Setting) -> float:
    """Largest change of BA, in any element, that the matrix M makes."""
    before = setting.training.weights[setting.at]
    return float(np.abs(setting.weights.decoder @ setting.weights.encoder - before.decoder @ before.encoder).max())


def downloads(setting: Setting, table: ImageTable | None) -> list[page.Download]:
    """The course of the training as CSV, and the images that are shown as PNG."""
    training = setting.training
    rows = zip(training.steps.tolist(), training.sse.tolist(), training.angles[:, 0].tolist(), training.distances.tolist(), strict=True)
    course = csv(["step", "sse", "largest_angle_degrees", "distance"], rows, digits=9)
    return page.downloads("linear-autoencoder", table, course)


def notebook(setting: Setting, text: Words) -> str:
    """Lines of Python that make the picture."""
    values = {"points": setting.points_seed, "seed": setting.seed, "dataset": setting.dataset, "d": setting.training.latent_dim}
    section = "notebook-points" if setting.data == POINTS else "notebook-images"
    return text.lines(section, step=setting.step, n_steps=int(setting.training.steps[-1]), **values)
