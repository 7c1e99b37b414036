"""Every cache of the program. Each function wraps one call into vae_core; what it returns is shared by all sessions and read-only.

Here are the three ways to keep something, which differ in how long it is kept, and what every section uses; a section's own caches, and
a page's, are in the file of this name in their folder.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from functools import lru_cache, wraps
from inspect import signature
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

import numpy as np
import streamlit as st

from pages.shared.chart.chart import packed
from vae_core import data
from vae_core.data import Images, Points, SplitName
from vae_core.drawing.chart import Chart
from vae_core.explore import offers as start
from vae_core.explore import paired, training_collapse
from vae_core.explore import reconstructions as explore
from vae_core.explore.codes import Codes, codes, named
from vae_core.explore.means import Mean, mean_of
from vae_core.explore.paired import Figure
from vae_core.explore.reconstructions_figure import Measured
from vae_core.models import LatentModel, default_spec, pca, unlabelled
from vae_core.models.classifier import Classifier
from vae_core.models.pca import Spectrum
from vae_core.specs import ModelSpec
from vae_core.store import Store
from vae_core.store.checkpoints import Checkpoint, DamagedCheckpoint
from vae_core.store.classifiers import classifier_of

K, T, P = TypeVar("K"), TypeVar("T"), ParamSpec("P")
Scope = Literal["global", "session"]
Decorator = Callable[[Callable[P, T]], Callable[P, T]]

_preparing = threading.Lock()
PREPARING = "beside the visitors"
"""Name of the threads that `prepare` starts."""
_OF_MODELS: list[Callable[[], None]] = []
"""What forgets each cache of what is computed from a trained model."""


def keep(
    *, most: int, of_models: bool = False, of: Callable[P, Hashable] | None = None, spinner: bool | str = False, scope: Scope = "global"
) -> Decorator:
    """Keep what a function returns, and what it draws; arguments whose names begin with an underscore do not tell one result from another.

    Args:
        most: results that are kept.
        of_models: whether they depend on which models are here: they are kept until one comes or goes, else as long as the server runs.
        of: what else tells one result from another, as the function's own arguments say it: when a file was written, what stands for an
            argument that begins with an underscore. It is asked at each call, and its words (`str`) are compared.
        spinner: what is said meanwhile.
        scope: "session" for what is a visitor's own, which is kept with the session and goes with it.
    """

    def decorate(compute: Callable[P, T]) -> Callable[P, T]:
        names = tuple(signature(compute).parameters)

        def computed(beside: tuple[str, str], **arguments: Any) -> T:
            return compute(**arguments)

        _take_name(computed, compute)
        cache = st.cache_resource(computed, max_entries=most, show_spinner=spinner, scope=scope)

        @wraps(compute)
        def kept(*values: P.args, **others: P.kwargs) -> T:
            # All by name: Streamlit inspects the function for the name of each other argument, which takes longer than to find the value.
            arguments = dict(zip(names, values, strict=False)) | others
            beside = str(state_of_models()) if of_models else "", "" if of is None else str(of(**arguments))
            return cache(beside=beside, **arguments)

        kept.clear = cache.clear
        return kept

    return decorate


def of_model(*, most: int, of: Callable[P, Hashable] | None = None, spinner: bool | str = False) -> Decorator:
    """Keep what a function computes from the trained model of a spec, its first argument; the others are hashed, and given by position.

    Args:
        most: results that are kept.
        of: as for `keep`.
        spinner: what is said meanwhile.
    """

    def decorate(compute: Callable[P, T]) -> Callable[P, T]:
        def computed(beside: tuple[str, str, str], choices: tuple[Hashable, ...], _spec: ModelSpec) -> T:
            return compute(_spec, *choices)

        _take_name(computed, compute)
        cache = st.cache_resource(computed, max_entries=most, show_spinner=spinner)
        _OF_MODELS.append(cache.clear)

        @wraps(compute)
        def kept(spec: ModelSpec, *choices: Hashable) -> T:
            beside = spec.fingerprint, str(local_models()), "" if of is None else str(of(spec, *choices))
            return cache(beside=beside, choices=choices, _spec=spec)

        kept.clear = cache.clear
        return kept

    return decorate


def recall(*, most: int) -> Decorator:
    """Recall the last answers to what is asked each time a page is drawn, the words of its answer among them, until a model comes or goes.

    It is quicker than the caches above, but two visitors who ask at once may both compute.

    Args:
        most: answers that are recalled.
    """

    def decorate(ask: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=most)
        def answer(state: tuple[tuple[Path, int], ...], *choices: Hashable) -> T:
            return ask(*choices)

        @wraps(ask)
        def recalled(*choices: P.args) -> T:
            return answer(state_of_models(), *choices)

        return recalled

    return decorate


def _take_name(computed: Callable, compute: Callable) -> None:
    """Streamlit knows a cache by its function's module and name."""
    computed.__module__, computed.__qualname__ = compute.__module__, compute.__qualname__


def forget_models() -> None:
    """Forget everything that was computed from a model: one was deleted or came in."""
    for forget in _OF_MODELS:
        forget()


def local_models() -> Path:
    """The folder of the models that this machine has trained."""
    return Store().local


def written_at(path: Path) -> int:
    """When a file was last written, in nanoseconds; 0 if there is none."""
    return path.stat().st_mtime_ns if path.is_file() else 0


def fixed(array: np.ndarray) -> np.ndarray:
    """The array, which all sessions share, locked against writing."""
    array.setflags(write=False)
    return array


@keep(most=384, of_models=True)
def lasting(what: str, choices: tuple[Hashable, ...], _make: Callable[[], Any]) -> Any:
    """Draw what all visitors of these choices see alike, or make what a page draws part of; it is kept as it goes to the browser.

    Args:
        what: names it among all that is kept.
        choices: everything that it depends on, but for which models are here.
        _make: draws it, or makes it; no control and no chart may be in it. What it returns is held as long (`fetched_files.FetchedFile`).
    """
    return _make()


def lasting_chart(what: str, choices: tuple[Hashable, ...], figure: Callable[[], Chart], **options: Any) -> bytes:
    """As `lasting`, for a chart: packed for `page.chart`, with the options of `packed`."""
    return lasting(f"chart of {what}", choices, lambda: packed(figure(), **options))


@keep(most=32, of_models=True)
def fleeting(what: str, choices: tuple[Hashable, ...], _make: Callable[[], Any]) -> Any:
    """As `lasting`, of a training that a class watches: once for all of them, and the next epoch soon takes its place."""
    return _make()


@keep(most=48)
def prepare(what: str, choices: tuple[Hashable, ...], _works: Iterable[Callable[[], Any]]) -> threading.Thread:
    """Do work beside the visitors, who will look at what it keeps; once for all of them, and one after another.

    Args:
        what: names it among all that is prepared.
        choices: everything that the work depends on: which models are here, and whether their images are, if it looks at them.
        _works: the parts, between which it ends if the server does.

    Returns:
        What does it.
    """
    # A daemon that computes would abort the process at its end.
    thread = threading.Thread(target=_prepare, args=(_works,), name=PREPARING, daemon=False)
    thread.start()
    return thread


def _prepare(works: Iterable[Callable[[], Any]]) -> None:
    with _preparing:
        for work in works:
            if not is_wanted():
                return  # the server waits for this part only
            with suppress(Exception):  # a model or its images went meanwhile, or are damaged: whoever chooses them is told
                work()


def is_wanted() -> bool:
    """Whether there are visitors to prepare anything for: none any more once the server stops."""
    return threading.main_thread().is_alive()


@keep(most=6, spinner="Reading the images …")
def dataset(name: str) -> Images | Points:
    """The data set of that name; it must be on this machine (`data.available`)."""
    return data.load(name)


@keep(most=4, spinner="Finding the principal components …")
def spectrum(name: str) -> Spectrum:
    """`models.pca.spectrum` of a data set's training images."""
    return pca.spectrum(dataset(name).train.x)


def labels(name: str, split: SplitName = "test") -> np.ndarray | None:
    """The labels of a split's images as a person reads them, (N,), or None."""
    return named(dataset(name).split(split).labels, data.class_names(name))


def specs(dataset: str, latent_dim: int) -> dict[str, ModelSpec]:
    """The shipped recipe of every family that needs no labels and allows this latent dimension."""
    by_family = {}
    for family in unlabelled():
        try:
            by_family[family] = default_spec(family, dataset, latent_dim)
        except ValueError:
            continue  # more dimensions than this family can have
    return by_family


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


def _changed_at(root: Path) -> int:
    try:
        return root.stat().st_mtime_ns
    except OSError:
        return 0


@recall(most=4)
@keep(most=4, of_models=True)
def by_fingerprint() -> dict[str, Checkpoint]:
    """`checkpoints`, by the fingerprints of their specs; read once for all visitors."""
    return {checkpoint.spec.fingerprint: checkpoint for checkpoint in Store().checkpoints()}


@recall(most=64)
def recipes(dataset: str) -> tuple[Checkpoint, ...]:
    """What is cached of a data set's shipped recipes."""
    of_dataset = [c for c in by_fingerprint().values() if c.spec.dataset == dataset]
    return tuple(c for c in of_dataset if c.spec == specs(dataset, c.spec.latent_dim).get(c.spec.family))


def measured(dataset: str) -> list[Measured]:
    """Mean test SSE of every shipped recipe that is cached for a data set, from its stored evaluation."""
    return explore.measured(dataset, recipes(dataset))


def metrics(dataset: str, latent_dim: int) -> dict[str, dict]:
    """Family → stored evaluation on the test images (`evaluation.Evaluation` as JSON), of the recipes that are cached."""
    here = by_fingerprint()
    by_family = {family: here.get(spec.fingerprint) for family, spec in specs(dataset, latent_dim).items()}
    return {family: c.metrics for family, c in by_family.items() if c is not None}


@of_model(most=128)
def model(spec: ModelSpec) -> LatentModel:
    """The trained model.

    Raises:
        KeyError: if the store has no such model.
        DamagedCheckpoint: if its files are not what was saved.
    """
    return Store().load(spec)


def is_trained(spec: ModelSpec) -> bool:
    """Whether the model is there and sound."""
    return bool(_sound((spec,)))


def trained(specs: dict[K, ModelSpec]) -> dict[K, ModelSpec]:
    """Those that are there and sound, in their order."""
    sound = _sound(tuple(specs.values()))
    return {key: spec for key, spec in specs.items() if spec in sound}


@recall(most=1024)
def _sound(specs: tuple[ModelSpec, ...]) -> frozenset[ModelSpec]:
    return frozenset(spec for spec in specs if spec.fingerprint in by_fingerprint() and _can_be_read(spec))


def _can_be_read(spec: ModelSpec) -> bool:
    try:
        return model(spec) is not None
    except (KeyError, DamagedCheckpoint):
        return False


@of_model(most=64, spinner="Measuring every test image …")
def figure_per_image(spec: ModelSpec, figure: Figure) -> np.ndarray:
    """`explore.paired.figure_per_image` of every test image, float64 (N,)."""
    return fixed(paired.figure_per_image(model(spec), dataset(spec.dataset), figure))


@keep(most=2, of=lambda: written_at(paired.SHIPPED))
def shipped_differences() -> dict[str, Mean]:
    """`explore.paired.read` of what came with the program."""
    return paired.read()


def difference(figure: Figure, one: ModelSpec, other: ModelSpec) -> Mean | None:
    """The mean of (one − other) over the same test images, of trained models: as shipped, else measured; None without either."""
    as_shipped = paired.known(shipped_differences(), figure, checkpoint(one), checkpoint(other))
    if as_shipped is not None or not data.available(one.dataset):
        return as_shipped
    return mean_of(figure_per_image(one, figure) - figure_per_image(other, figure))


def undecided(specs: dict[K, ModelSpec], best: K) -> list[K]:
    """Which of the trained models the same test images do not tell from one of them by their errors."""
    sound = trained(specs)
    differences = {key: difference("sse", spec, sound[best]) for key, spec in sound.items() if key != best} if best in sound else {}
    return [key for key, apart in differences.items() if apart is not None and not apart.tells_apart]


@of_model(most=128, spinner="Encoding the images …")
def test_codes(spec: ModelSpec) -> Codes:
    """`explore.codes.codes` of every test image."""
    return codes(model(spec), dataset(spec.dataset).test.x)


@of_model(most=24, spinner="Encoding the images …")
def train_codes(spec: ModelSpec) -> Codes:
    """`explore.codes.codes` of every training image."""
    return codes(model(spec), dataset(spec.dataset).train.x)


@keep(most=8, of_models=True)
def classifier(name: str) -> Classifier | None:
    """`store.classifiers.classifier_of` a data set: one judge of what a picture is read as; None where there is none."""
    return classifier_of(name)


@of_model(most=256)
def reconstructions(spec: ModelSpec, indices: tuple[int, ...]) -> np.ndarray:
    """`explore.reconstructions` of these test images, float32 (N, C, H, W)."""
    return fixed(explore.reconstructions(model(spec), dataset(spec.dataset).test.x[list(indices)]))


@of_model(most=128)
def prior_means(spec: ModelSpec, n: int, seed: int) -> np.ndarray | None:
    """`explore.reconstructions.prior_means`: E[x|z] for n codes from the prior, or None."""
    means = explore.prior_means(model(spec), n, seed)
    return None if means is None else fixed(means)


@of_model(most=64)
def z_free(spec: ModelSpec) -> training_collapse.ZFree | None:
    """`explore.training_collapse.z_free`: the best model without z, in closed form."""
    return training_collapse.z_free(spec, dataset(spec.dataset))


@of_model(most=64)
def offers(spec: ModelSpec) -> start.Offers:
    """`explore.offers.offers` of a trained model."""
    return start.offers(model(spec))
