"""Every cache of the program. Each function wraps one call into vae_core; what it returns is shared by all sessions and read-only.

Here is what every section uses; a section's own are in the file of its name beside this one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import streamlit as st

from vae_core import datasets, library
from vae_core.checkpoints import Checkpoint, DamagedCheckpoint
from vae_core.datasets import Images, Points, SplitName
from vae_core.explore import (
    films,
    latent_pad,
    latents,
    line_to_curve,
    manifolds,
    morph,
    paths,
    smoothness,
    start,
    toy_manifolds,
    training_collapse,
    training_film,
)
from vae_core.explore import reconstructions as explore
from vae_core.explore import samples as draws
from vae_core.explore import training as trainings
from vae_core.explore.expressiveness import Estimate
from vae_core.explore.live_runs import LiveRuns
from vae_core.explore.ring_learning import SHIPPED
from vae_core.explore.training import Pace
from vae_core.figures import latents as latent_figures
from vae_core.figures import payloads
from vae_core.figures import training_film as film_figures
from vae_core.figures.latent_pad import COLUMNS, sprite_sheet
from vae_core.figures.reconstructions import Measured
from vae_core.models import FAMILIES, LatentModel, default_spec, spec_from_json
from vae_core.models.pca import spectrum
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import Store

T = TypeVar("T")


def dataset(name: str) -> Images | Points:
    """The data set of that name; it must be on this machine (`datasets.available`)."""
    return _dataset(name)


@st.cache_resource(max_entries=6, show_spinner="Reading the images …")
def _dataset(name: str) -> Images | Points:
    return datasets.load(name)


def specs(dataset: str, latent_dim: int) -> dict[str, ModelSpec]:
    """The shipped recipe of every family that allows this latent dimension."""
    found = {}
    for family in FAMILIES:
        try:
            found[family] = default_spec(family, dataset, latent_dim)
        except ValueError:
            continue  # more dimensions than this family can have
    return found


def checkpoints() -> list[Checkpoint]:
    """Everything that is cached on this machine; read again when a folder of it changes."""
    return list(_by_fingerprint().values())


def checkpoint(spec: ModelSpec) -> Checkpoint | None:
    """What is known of a trained model without its weights; None if there is none."""
    return _by_fingerprint().get(spec.fingerprint)


def state_of_models() -> tuple[tuple[Path, int], ...]:
    """The folders of models, and when something last came into each or left it."""
    store = Store()
    return tuple((root, _changed_at(root)) for root in (store.shipped, store.local))


def _by_fingerprint() -> dict[str, Checkpoint]:
    return _as_found(state_of_models())


def _changed_at(root: Path) -> int:
    try:
        return root.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=4)  # asked dozens of times each time a page is drawn, and quicker than the cache below, which reads once for all
def _as_found(state: tuple[tuple[Path, int], ...]) -> dict[str, Checkpoint]:
    return _checkpoints(str(state))


@st.cache_resource(max_entries=4, show_spinner=False)
def _checkpoints(state: str) -> dict[str, Checkpoint]:
    return {found.spec.fingerprint: found for found in Store().checkpoints()}


def drawn(what: str, choices: tuple[Hashable, ...], draw: Callable[[], None]) -> None:
    """Draw what all visitors of these choices see alike; it is kept as it goes to the browser, until a model comes or goes.

    Args:
        what: names it among all that is kept.
        choices: everything that it depends on, but for which models are cached.
        draw: draws it; no control may be in it.
    """
    _drawn(what, choices, str(state_of_models()), draw)


@st.cache_resource(max_entries=128, show_spinner=False)
def _drawn(what: str, choices: tuple[Hashable, ...], models: str, _draw: Callable[[], None]) -> None:
    _draw()


def made(what: str, choices: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """As `drawn`, for something that a page draws part of, or with a control."""
    return _made(what, choices, str(state_of_models()), make)


@st.cache_resource(max_entries=32, show_spinner=False)
def _made(what: str, choices: tuple[Hashable, ...], models: str, _make: Callable[[], Any]) -> Any:
    return _make()


def measured(dataset: str) -> list[Measured]:
    """Mean test SSE of every shipped recipe that is cached for a data set, from its stored evaluation."""
    found = [c for c in checkpoints() if c.spec.dataset == dataset and c.spec == specs(dataset, c.spec.latent_dim).get(c.spec.family)]
    means = [(c.spec, explore.mean_of_metrics(c.metrics)) for c in found]
    return [Measured(spec.family, spec.latent_dim, mean.value, mean.half_width, mean.n) for spec, mean in means]


def metrics(dataset: str, latent_dim: int) -> dict[str, dict]:
    """Family → stored evaluation on the test images (`evaluation.Evaluation` as JSON), of the recipes that are cached."""
    found = {family: checkpoint(spec) for family, spec in specs(dataset, latent_dim).items()}
    return {family: c.metrics for family, c in found.items() if c is not None}


def model(spec: ModelSpec) -> LatentModel:
    """The trained model.

    Raises:
        KeyError: if the store has no such model.
        DamagedCheckpoint: if its files are not what was saved.
    """
    return _model(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=64, show_spinner=False)
def _model(fingerprint: str, local: str, _spec: ModelSpec) -> LatentModel:
    return Store().load(_spec)


def best_linear_sse(dataset: str, latent_dim: int) -> float | None:
    """`explore.discarded_variance`: the smallest training SSE of a linear map, exact; None where PCA is not cached."""
    spec = specs(dataset, latent_dim).get("pca")
    return explore.discarded_variance(model(spec)) if spec is not None and is_trained(spec) else None


def is_trained(spec: ModelSpec) -> bool:
    """Whether the model is there and sound."""
    return checkpoint(spec) is not None and _is_sound(spec, state_of_models())


@lru_cache(maxsize=1024)  # as for `_as_found`
def _is_sound(spec: ModelSpec, state: tuple[tuple[Path, int], ...]) -> bool:
    try:
        return model(spec) is not None
    except (KeyError, DamagedCheckpoint):
        return False


def trained(specs: dict[str, ModelSpec]) -> dict[str, ModelSpec]:
    """Those that are there and sound, in their order."""
    return {family: spec for family, spec in specs.items() if is_trained(spec)}


def reconstructions(spec: ModelSpec, indices: tuple[int, ...]) -> np.ndarray:
    """`explore.reconstructions` of these test images, float32 (N, C, H, W)."""
    return _reconstructions(spec.fingerprint, str(Store().local), indices, spec)


@st.cache_resource(max_entries=256, show_spinner=False)
def _reconstructions(fingerprint: str, local: str, indices: tuple[int, ...], _spec: ModelSpec) -> np.ndarray:
    return _fixed(explore.reconstructions(model(_spec), dataset(_spec.dataset).test.x[list(indices)]))


def sse_per_image(spec: ModelSpec) -> np.ndarray:
    """`explore.sse_per_image` of every test image, float64 (N,)."""
    return _sse_per_image(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=64, show_spinner="Measuring every test image …")
def _sse_per_image(fingerprint: str, local: str, _spec: ModelSpec) -> np.ndarray:
    return _fixed(explore.sse_per_image(model(_spec), dataset(_spec.dataset).test.x))


def prior_means(spec: ModelSpec, n: int, seed: int) -> np.ndarray | None:
    """`explore.prior_means`: E[x|z] for n codes from the prior, or None."""
    return _prior_means(spec.fingerprint, str(Store().local), n, seed, spec)


@st.cache_resource(max_entries=128, show_spinner=False)
def _prior_means(fingerprint: str, local: str, n: int, seed: int, _spec: ModelSpec) -> np.ndarray | None:
    drawn = explore.prior_means(model(_spec), n, seed)
    return None if drawn is None else _fixed(drawn)


def offers(spec: ModelSpec) -> start.Offers:
    """`explore.start.offers` of a trained model."""
    return _offers(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=64, show_spinner=False)
def _offers(fingerprint: str, local: str, _spec: ModelSpec) -> start.Offers:
    return start.offers(model(_spec))


def decoded_origin(spec: ModelSpec) -> np.ndarray:
    """`explore.start.decoded_origin`: the image of z = 0, float32 (C, H, W)."""
    return _decoded_origin(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=64, show_spinner=False)
def _decoded_origin(fingerprint: str, local: str, _spec: ModelSpec) -> np.ndarray:
    return _fixed(start.decoded_origin(model(_spec)))


@st.cache_resource(max_entries=1, show_spinner=False)
def device_name() -> str:
    """Where this machine trains, in words."""
    return start.device_name()


def _fixed(array: np.ndarray) -> np.ndarray:
    """The array, which all sessions share, locked against writing."""
    array.setflags(write=False)
    return array


@st.cache_resource(max_entries=16, show_spinner=False)
def morph_cloud(n_points: int, dim: int, fingerprint: str = "") -> tuple[morph.Cloud, str, bytes]:
    """`explore.morph.cloud`, with its name and bytes for the browser; of a cached model's decoder if a fingerprint is given."""
    found = _by_fingerprint().get(fingerprint)
    cloud = morph.cloud(n_points, dim, None if found is None else model(found.spec))
    return cloud, *payloads.cloud(cloud.z, cloud.lines, cloud.circles, image=cloud.image)


@st.cache_resource(max_entries=64, show_spinner=False)
def morph_estimates(name: str, values: tuple[tuple[str, float], ...], dim: int, n_points: int) -> tuple[np.ndarray, list[Estimate]]:
    """g(z) of the cloud's points, (N, d), and `explore.morph.estimates` of it."""
    chosen = morph.named_map(name, dict(values), dim)
    y = morph.image_of_points(chosen, morph_cloud(n_points, dim)[0].z)
    return _fixed(y), morph.estimates(chosen, y)


@st.cache_resource(max_entries=16, show_spinner=False)
def morph_table(name: str, values: tuple[tuple[str, float], ...], dim: int, n_points: int, fingerprint: str = "") -> bytes:
    """The cloud's points before and after the map, as CSV."""
    cloud = morph_cloud(n_points, dim, fingerprint)[0]
    y = cloud.image["y"] if fingerprint else morph_estimates(name, values, dim, n_points)[0]
    return payloads.table_csv([f"{letter}{k + 1}" for letter in "zy" for k in range(dim)], np.hstack([cloud.z, y]))


@st.cache_resource(max_entries=64, show_spinner=False)
def ring_in_dimensions(a: float, b: float, dim: int, n_points: int) -> tuple[morph.RadiusHistogram, list[Estimate]]:
    """`explore.morph.ring_in_dimensions`."""
    return morph.ring_in_dimensions(a, b, dim, n_points)


@st.cache_resource(show_spinner=False)
def ring_runs() -> LiveRuns:
    """The trainings on the ring that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.ring_learning")


@st.cache_resource(show_spinner=False)
def ring_film() -> list[films.Frame]:
    """The film of the training that came with the program; empty if it is not there."""
    return films.load(SHIPPED) if SHIPPED.is_file() else []


@st.cache_resource(max_entries=16, show_spinner=False)
def curve_table(name: str, prior: str) -> line_to_curve.CurveTable:
    """`explore.line_to_curve.curve_table`."""
    return line_to_curve.curve_table(name, prior)


@st.cache_resource(max_entries=16, show_spinner=False)
def curve_samples(name: str, prior: str, n_points: int) -> tuple[np.ndarray, np.ndarray]:
    """`explore.line_to_curve.curve_samples`."""
    return line_to_curve.curve_samples(name, prior, n_points)


def pace(spec: TrainedSpec) -> Pace:
    """`explore.training.pace`: seconds an epoch takes here, from a timed fraction of one."""
    return _pace(replace(spec, n_epochs=2, seed=0).fingerprint, spec)


@st.cache_resource(max_entries=64, show_spinner="Timing a fraction of an epoch …")
def _pace(fingerprint: str, _spec: TrainedSpec) -> Pace:
    return trainings.pace(_spec, dataset(_spec.dataset))


def z_free(spec: ModelSpec) -> training_collapse.ZFree | None:
    """`explore.training_collapse.z_free`: the best model without z, in closed form."""
    return _z_free(spec.fingerprint, spec)


@st.cache_resource(max_entries=64, show_spinner=False)
def _z_free(fingerprint: str, _spec: ModelSpec) -> training_collapse.ZFree | None:
    return training_collapse.z_free(_spec, dataset(_spec.dataset))


@st.cache_resource(max_entries=8, show_spinner="Finding the variances of the training images …")
def eigenvalues(name: str) -> np.ndarray:
    """Eigenvalues of the training images' covariance, (P,), largest first."""
    return _fixed(spectrum(dataset(name).train.x).eigenvalues.copy())


def film(spec: ModelSpec) -> list[training_film.Snapshot]:
    """The snapshots of a training; of a model that was trained without any, how it ended; empty where nothing is known."""
    store = Store()
    state = tuple((path.name, path.stat().st_mtime_ns) for path in training_film.files(spec, store))
    ended = not state and is_trained(spec) and datasets.available(spec.dataset)
    return _film(spec.fingerprint, str(store.local), state, ended, spec)


@st.cache_resource(max_entries=8, show_spinner=False)
def _film(fingerprint: str, local: str, state: tuple, ended: bool, _spec: ModelSpec) -> list[training_film.Snapshot]:
    if ended:
        return [training_film.snapshot(model(_spec), dataset(_spec.dataset), getattr(_spec, "n_epochs", 1))]
    return training_film.load(_spec, Store())


def film_files(spec: ModelSpec, lines: tuple[str, ...]) -> tuple[bytes, bytes]:
    """The film for the browser (`figures.training_film.film`), and as an animated GIF."""
    epochs = tuple(taken.epoch for taken in film(spec))
    return _film_files(spec.fingerprint, str(Store().local), epochs, lines, spec)


@st.cache_resource(max_entries=8, show_spinner="Drawing the snapshots …")
def _film_files(fingerprint: str, local: str, epochs: tuple[int, ...], lines: tuple[str, ...], _spec: ModelSpec) -> tuple[bytes, bytes]:
    taken = film(_spec)
    x, manifolds = dataset(_spec.dataset).test.x[: training_film.N_IMAGES], [t.manifold for t in taken if t.manifold is not None]
    images, n_epochs = [t.reconstructions for t in taken], getattr(_spec, "n_epochs", 1)
    return film_figures.film(x, epochs, images, manifolds, lines, n_epochs), film_figures.film_gif(x, epochs, images, manifolds)


def exported(spec: ModelSpec) -> bytes:
    """`library.exported`: a cached model as one file."""
    return _exported(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=8, show_spinner=False)
def _exported(fingerprint: str, local: str, _spec: ModelSpec) -> bytes:
    return library.exported(Store().find(_spec))


def forget_models() -> None:
    """Forget everything that was computed from a model: one was deleted or came in."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith(__name__)]
    for value in [value for module in modules for value in vars(module).values() if hasattr(value, "clear")]:
        if "_spec" in getattr(value, "__annotations__", ()):
            value.clear()


N_ON_PAD = 2000


def test_codes(spec: ModelSpec) -> latents.Codes:
    """`explore.latents.codes` of every test image."""
    return _codes(spec.fingerprint, str(Store().local), "test", spec)


def train_codes(spec: ModelSpec) -> latents.Codes:
    """`explore.latents.codes` of every training image."""
    return _codes(spec.fingerprint, str(Store().local), "train", spec)


@st.cache_resource(max_entries=48, show_spinner="Encoding the images …")
def _codes(fingerprint: str, local: str, split: SplitName, _spec: ModelSpec) -> latents.Codes:
    return latents.codes(model(_spec), dataset(_spec.dataset).split(split).x)


def decoder_payload(spec: ModelSpec) -> latent_pad.Payload:
    """`explore.latent_pad.decoder_payload` of a trained model."""
    return _decoder_payload(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=32, show_spinner=False)
def _decoder_payload(fingerprint: str, local: str, _spec: ModelSpec) -> latent_pad.Payload:
    return latent_pad.decoder_payload(model(_spec))


def pad_codes(spec: ModelSpec) -> latent_pad.Payload:
    """Codes of at most 2,000 test images with their thumbnails, for the latent pad."""
    return _pad_codes(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=32, show_spinner=False)
def _pad_codes(fingerprint: str, local: str, _spec: ModelSpec) -> latent_pad.Payload:
    labels = dataset(_spec.dataset).test.labels
    return latent_pad.codes_payload(test_codes(_spec).mean, labels, _thumbnails(_spec.dataset), columns=COLUMNS)


@st.cache_resource(max_entries=6, show_spinner=False)
def _thumbnails(name: str) -> tuple[bytes, int]:
    return sprite_sheet(dataset(name).test.x[:N_ON_PAD])


def codes_csv(spec: ModelSpec) -> bytes:
    """`figures.latents.codes_csv` of every test image."""
    return _codes_csv(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=16, show_spinner=False)
def _codes_csv(fingerprint: str, local: str, _spec: ModelSpec) -> bytes:
    return latent_figures.codes_csv(test_codes(_spec).mean, dataset(_spec.dataset).test.labels)


def manifold_grid(
    spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool
) -> manifolds.ManifoldGrid:
    """`explore.manifolds.manifold_grid` on the plane of two latent dimensions, with test codes where the data set is here."""
    return _manifold_grid(spec.fingerprint, str(Store().local), n, spacing, extent, dims, as_is, spec)


@st.cache_resource(max_entries=32, show_spinner=False)
def _manifold_grid(
    fingerprint: str, local: str, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool, _spec: ModelSpec
) -> manifolds.ManifoldGrid:
    axis = manifolds.grid_axis(n, spacing=spacing, extent=extent)
    codes = test_codes(_spec) if datasets.available(_spec.dataset) else None
    return manifolds.manifold_grid(model(_spec), axis, dims=dims, codes=codes, as_is=as_is)


def samples(spec: ModelSpec, law: draws.CodeLaw, n: int, seed: int, draw_pixels: bool) -> np.ndarray:
    """`explore.samples.images_of_codes` at codes drawn from the prior, or from a law fitted to the training codes."""
    return _samples(spec.fingerprint, str(Store().local), law, n, seed, draw_pixels, spec)


@st.cache_resource(max_entries=128, show_spinner=False)
def _samples(fingerprint: str, local: str, law: draws.CodeLaw, n: int, seed: int, draw_pixels: bool, _spec: ModelSpec) -> np.ndarray:
    fitted = draws.standard_law(_spec.latent_dim) if law == "prior" else _fitted_law(fingerprint, local, law, _spec)
    z = fitted.codes(*draws.noise(n, _spec.latent_dim, seed))
    return _fixed(draws.images_of_codes(model(_spec), z, draw_pixels=draw_pixels, seed=seed))


@st.cache_resource(max_entries=32, show_spinner="Fitting a law to the codes …")
def _fitted_law(fingerprint: str, local: str, law: draws.CodeLaw, _spec: ModelSpec) -> draws.FittedLaw:
    return draws.fitted_law(train_codes(_spec).mean, law)


def per_image(spec: ModelSpec) -> dict[str, np.ndarray]:
    """`explore.latents.per_image` of every test image: SSE, and where there is a density ELBO and rate."""
    return _per_image(spec.fingerprint, str(Store().local), spec)


@st.cache_resource(max_entries=32, show_spinner="Measuring every test image …")
def _per_image(fingerprint: str, local: str, _spec: ModelSpec) -> dict[str, np.ndarray]:
    return latents.per_image(model(_spec), dataset(_spec.dataset).test.x)


def path_images(spec: ModelSpec, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"]) -> np.ndarray:
    """Images along a path between two test images, float (n, C, H, W)."""
    return _path_images(spec.fingerprint, str(Store().local), ends, n, way, spec)


@st.cache_resource(max_entries=128, show_spinner=False)
def _path_images(
    fingerprint: str, local: str, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"], _spec: ModelSpec
) -> np.ndarray:
    if way == "pixels":
        start, end = (dataset(_spec.dataset).test.x[i] / 255.0 for i in ends)
        return _fixed(paths.straight(start, end, np.linspace(0, 1, n)))
    mean = test_codes(_spec).mean
    return _fixed(decoded(_spec, paths.interpolation(mean[ends[0]], mean[ends[1]], n, way)))


def path_scores(spec: ModelSpec, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"]) -> np.ndarray:
    """`explore.paths.score_along` of the images of a path, (n,)."""
    return _path_scores(spec.fingerprint, str(Store().local), ends, n, way, spec)


@st.cache_resource(max_entries=128, show_spinner="Following the path …")
def _path_scores(
    fingerprint: str, local: str, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"], _spec: ModelSpec
) -> np.ndarray:
    return _fixed(paths.score_along(model(_spec), path_images(_spec, ends, n, way)))


def traversal(spec: ModelSpec, z: np.ndarray, dims: list[int], values: np.ndarray) -> np.ndarray:
    """`explore.paths.traversal`; too quick to be kept."""
    return paths.traversal(model(spec), z, dims, values)


def average_at(spec: ModelSpec, z: tuple[float, ...], widen: float) -> smoothness.Average:
    """`explore.smoothness.average_at`: the training images that q(z|x) averages at a code."""
    return _average_at(spec.fingerprint, str(Store().local), z, widen, spec)


@st.cache_resource(max_entries=64, show_spinner=False)
def _average_at(fingerprint: str, local: str, z: tuple[float, ...], widen: float, _spec: ModelSpec) -> smoothness.Average:
    return smoothness.average_at(train_codes(_spec), dataset(_spec.dataset).train.x, np.array(z), widen=widen)


@st.cache_resource(show_spinner=False)
def toy_runs() -> LiveRuns:
    """The trainings on toys that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.toy_manifolds", read=toy_manifolds.read_frame)


@st.cache_resource(max_entries=16, show_spinner=False)
def untrained_toy(spec_json: str) -> toy_manifolds.ToyFrame:
    """`explore.toy_manifolds.untrained_frame`: what there is to see before the first epoch."""
    return toy_manifolds.untrained_frame(spec_from_json(json.loads(spec_json)))


def decoded(spec: ModelSpec, z: np.ndarray) -> np.ndarray:
    """`explore.latent_pad.decoded`: E[x|z], float32 (N, C, H, W); too quick to be kept."""
    return latent_pad.decoded(model(spec), z)
