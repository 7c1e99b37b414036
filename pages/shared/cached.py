"""Every cache of the program. Each function wraps one call into vae_core; what it returns is shared by all sessions and read-only.

Here is what every section uses; a section's own are in the file of its name beside this one. Caches that are asked often are given their
arguments by name: Streamlit inspects the function for the name of each other, which takes longer than to find the value.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import streamlit as st

from pages.shared.chart.chart import packed
from vae_core import data as datasets
from vae_core.data import Images, Points, SplitName
from vae_core.explore import offers as start
from vae_core.explore import reconstructions as explore
from vae_core.explore import training_collapse
from vae_core.explore.codes import Codes, codes, named
from vae_core.explore.reconstructions_figure import Measured
from vae_core.identities import class_names
from vae_core.models import FAMILIES, LatentModel, default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store
from vae_core.store.checkpoints import Checkpoint, DamagedCheckpoint

if TYPE_CHECKING:
    import plotly.graph_objects as go

K, T = TypeVar("K"), TypeVar("T")

_OF_MODELS: list[Callable[..., Any]] = []
"""Every cache of what is computed from a trained model."""


def of_model(*, most: int, spinner: bool | str = False) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep what a function computes from the trained model of a spec, its first argument; the others are hashed, and given by position.

    Args:
        most: results that are kept.
        spinner: what is said meanwhile.
    """

    def decorate(compute: Callable[..., T]) -> Callable[..., T]:
        def computed(of: tuple[str, str], choices: tuple[Hashable, ...], _spec: ModelSpec) -> T:
            return compute(_spec, *choices)

        computed.__module__, computed.__qualname__ = compute.__module__, compute.__qualname__  # by which Streamlit knows a cache
        cache = st.cache_resource(computed, max_entries=most, show_spinner=spinner)
        _OF_MODELS.append(cache)

        @wraps(compute)
        def kept(spec: ModelSpec, *choices: Hashable) -> T:
            return cache(of=(spec.fingerprint, str(Store().local)), choices=choices, _spec=spec)

        kept.clear = cache.clear
        return kept

    return decorate


def dataset(name: str) -> Images | Points:
    """The data set of that name; it must be on this machine (`datasets.available`)."""
    return _dataset(name=name)


def labels(name: str, split: SplitName = "test") -> np.ndarray | None:
    """The labels of a split's images as a person reads them, (N,), or None."""
    return named(dataset(name).split(split).labels, class_names(name))


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
    return list(by_fingerprint().values())


def checkpoint(spec: ModelSpec) -> Checkpoint | None:
    """What is known of a trained model without its weights; None if there is none."""
    return by_fingerprint().get(spec.fingerprint)


def state_of_models() -> tuple[tuple[Path, int], ...]:
    """The folders of models, and when something last came into each or left it."""
    store = Store()
    return (store.shipped, _changed_at(store.shipped)), (store.local, _changed_at(store.local))


def by_fingerprint() -> dict[str, Checkpoint]:
    """`checkpoints`, by the fingerprints of their specs."""
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


def drawn(what: str, choices: tuple[Hashable, ...], draw: Callable[[], object]) -> None:
    """Draw what all visitors of these choices see alike; it is kept as it goes to the browser, until a model comes or goes.

    Args:
        what: names it among all that is kept.
        choices: everything that it depends on, but for which models are cached.
        draw: draws it; no control and no chart may be in it. What it returns is held as long (`fetched_pictures.Picture`).
    """
    _drawn(what=what, choices=choices, models=str(state_of_models()), _draw=draw)


@st.cache_resource(max_entries=128, show_spinner=False)
def _drawn(what: str, choices: tuple[Hashable, ...], models: str, _draw: Callable[[], object]) -> object:
    return _draw()


def plotted(what: str, choices: tuple[Hashable, ...], figure: Callable[[], go.Figure], **options: Any) -> bytes:
    """As `drawn`, for a chart: packed for `page.chart`, with the options of `packed`."""
    return _plotted(what=what, choices=choices, models=str(state_of_models()), _chart=lambda: packed(figure(), **options))


@st.cache_resource(max_entries=128, show_spinner=False)
def _plotted(what: str, choices: tuple[Hashable, ...], models: str, _chart: Callable[[], bytes]) -> bytes:
    return _chart()


def watched(what: str, choices: tuple[Hashable, ...], draw: Callable[[], T]) -> T:
    """As `drawn` or `made`, for an epoch of a training that a class watches: once for all of them, and the next soon takes its place."""
    return _watched(what=what, choices=choices, models=str(state_of_models()), _draw=draw)


@st.cache_resource(max_entries=32, show_spinner=False)
def _watched(what: str, choices: tuple[Hashable, ...], models: str, _draw: Callable[[], Any]) -> Any:
    return _draw()


def written(texts: tuple[str, ...], write: Callable[[], None]) -> None:
    """As `drawn`, for what consists of these texts alone. They are small, so that many are kept."""
    _written(texts=texts, _write=write)


@st.cache_resource(max_entries=1024, show_spinner=False)
def _written(texts: tuple[str, ...], _write: Callable[[], None]) -> None:
    _write()


def made(what: str, choices: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """As `drawn`, for something that a page draws part of, or with a control."""
    return _made(what=what, choices=choices, models=str(state_of_models()), _make=make)


@st.cache_resource(max_entries=128, show_spinner=False)
def _made(what: str, choices: tuple[Hashable, ...], models: str, _make: Callable[[], Any]) -> Any:
    return _make()


def recipes(dataset: str) -> tuple[Checkpoint, ...]:
    """What is cached of a data set's shipped recipes."""
    return _recipes(dataset, state_of_models())


@lru_cache(maxsize=64)  # as for `_as_found`
def _recipes(dataset: str, state: tuple[tuple[Path, int], ...]) -> tuple[Checkpoint, ...]:
    found = [c for c in _as_found(state).values() if c.spec.dataset == dataset]
    return tuple(c for c in found if c.spec == specs(dataset, c.spec.latent_dim).get(c.spec.family))


def measured(dataset: str) -> list[Measured]:
    """Mean test SSE of every shipped recipe that is cached for a data set, from its stored evaluation."""
    means = [(c.spec, explore.mean_of_metrics(c.metrics)) for c in recipes(dataset)]
    return [Measured(spec.family, spec.latent_dim, mean.value, mean.half_width, mean.n) for spec, mean in means]


def metrics(dataset: str, latent_dim: int) -> dict[str, dict]:
    """Family → stored evaluation on the test images (`evaluation.Evaluation` as JSON), of the recipes that are cached."""
    here = by_fingerprint()
    found = {family: here.get(spec.fingerprint) for family, spec in specs(dataset, latent_dim).items()}
    return {family: c.metrics for family, c in found.items() if c is not None}


@of_model(most=128)
def model(spec: ModelSpec) -> LatentModel:
    """The trained model.

    Raises:
        KeyError: if the store has no such model.
        DamagedCheckpoint: if its files are not what was saved.
    """
    return Store().load(spec)


def best_linear_sse(dataset: str, latent_dim: int) -> float | None:
    """`explore.discarded_variance`: the smallest training SSE of a linear map, exact; None where PCA is not cached."""
    spec = specs(dataset, latent_dim).get("pca")
    return explore.discarded_variance(model(spec)) if spec is not None and is_trained(spec) else None


def is_trained(spec: ModelSpec) -> bool:
    """Whether the model is there and sound."""
    return _is_trained(spec, state_of_models())


def _is_trained(spec: ModelSpec, state: tuple[tuple[Path, int], ...]) -> bool:
    return spec.fingerprint in _as_found(state) and _is_sound(spec, state)


@lru_cache(maxsize=1024)  # as for `_as_found`
def _is_sound(spec: ModelSpec, state: tuple[tuple[Path, int], ...]) -> bool:
    try:
        return model(spec) is not None
    except (KeyError, DamagedCheckpoint):
        return False


def trained(specs: dict[K, ModelSpec]) -> dict[K, ModelSpec]:
    """Those that are there and sound, in their order."""
    state = state_of_models()
    return {key: spec for key, spec in specs.items() if _is_trained(spec, state)}


@of_model(most=128, spinner="Encoding the images …")
def test_codes(spec: ModelSpec) -> Codes:
    """`explore.codes.codes` of every test image."""
    return codes(model(spec), dataset(spec.dataset).test.x)


@of_model(most=24, spinner="Encoding the images …")
def train_codes(spec: ModelSpec) -> Codes:
    """`explore.codes.codes` of every training image."""
    return codes(model(spec), dataset(spec.dataset).train.x)


@of_model(most=256)
def reconstructions(spec: ModelSpec, indices: tuple[int, ...]) -> np.ndarray:
    """`explore.reconstructions` of these test images, float32 (N, C, H, W)."""
    return fixed(explore.reconstructions(model(spec), dataset(spec.dataset).test.x[list(indices)]))


@of_model(most=64, spinner="Measuring every test image …")
def sse_per_image(spec: ModelSpec) -> np.ndarray:
    """`explore.sse_per_image` of every test image, float64 (N,)."""
    return fixed(explore.sse_per_image(model(spec), dataset(spec.dataset).test.x))


@of_model(most=128)
def prior_means(spec: ModelSpec, n: int, seed: int) -> np.ndarray | None:
    """`explore.prior_means`: E[x|z] for n codes from the prior, or None."""
    drawn = explore.prior_means(model(spec), n, seed)
    return None if drawn is None else fixed(drawn)


@of_model(most=64)
def z_free(spec: ModelSpec) -> training_collapse.ZFree | None:
    """`explore.training_collapse.z_free`: the best model without z, in closed form."""
    return training_collapse.z_free(spec, dataset(spec.dataset))


@of_model(most=64)
def offers(spec: ModelSpec) -> start.Offers:
    """`explore.start.offers` of a trained model."""
    return start.offers(model(spec))


def fixed(array: np.ndarray) -> np.ndarray:
    """The array, which all sessions share, locked against writing."""
    array.setflags(write=False)
    return array


def forget_models() -> None:
    """Forget everything that was computed from a model: one was deleted or came in."""
    for cache in _OF_MODELS:
        cache.clear()
