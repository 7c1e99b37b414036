"""Caches of the pages on photographs. What comes from an upload is kept with its session, and goes with it; all share the rest."""

from __future__ import annotations

import hashlib
import inspect
import weakref
from collections.abc import Callable, Hashable
from functools import lru_cache, partial, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from pages.shared import cached
from pages.shared.fetched_files import FetchedFile, Kind, held
from vae_core.data import images, patches
from vae_core.explore.own import photographs as explore
from vae_core.explore.own import picture_files
from vae_core.explore.own.likeness import psnr
from vae_core.explore.own.photographs_figure import SHOWN_SIDE, shown_png
from vae_core.identities import identity
from vae_core.models import LatentModel, default_spec
from vae_core.models.pca import PCA
from vae_core.units import bits

P, T = ParamSpec("P"), TypeVar("T")
_DIGESTS: dict[int, tuple[weakref.ref, str]] = {}
"""Identity of an array that is locked → the array, and its `digest`; for as long as it is there."""
KINDS: dict[picture_files.Codec, Kind] = {"JPEG": "jpeg", "WebP": "webp"}


@cached.keep(most=4)
def held_out(name: str) -> np.ndarray:
    """The half of a named photograph that no model was trained on."""
    return cached.fixed(explore.held_out(name))


@cached.keep(most=4, scope="session", spinner="Reading the photograph …")
def uploaded(name: str, data: bytes) -> tuple[np.ndarray, tuple[int, int]]:
    """A photograph that was handed over, in three channels and at most half a megapixel, and its width and height before that.

    Raises:
        ValueError: if it cannot be read, or is smaller than patches are.
    """
    image = images.read_image(data, name=name)
    return cached.fixed(explore.as_photograph(image)), (image.shape[1], image.shape[0])


def digest(photograph: np.ndarray) -> str:
    """What stands for a photograph in the keys of caches; of one that is locked it is found once, not for every cache of every answer."""
    if photograph.flags.writeable:
        return _digest(photograph)
    known = _DIGESTS.get(id(photograph))
    if known is None or known[0]() is not photograph:
        known = _DIGESTS[id(photograph)] = weakref.ref(photograph, partial(_forget, id(photograph))), _digest(photograph)
    return known[1]


def _forget(identity: int, gone: weakref.ref) -> None:
    if identity in _DIGESTS and _DIGESTS[identity][0] is gone:
        del _DIGESTS[identity]


def _digest(photograph: np.ndarray) -> str:
    return hashlib.sha256(repr(photograph.shape).encode() + photograph.tobytes()).hexdigest()


@lru_cache(maxsize=1)
def _came_with_the_program() -> frozenset[str]:
    return frozenset(digest(held_out(name)) for name in patches.PHOTOGRAPHS)


def of_photograph(*, most: int, most_of_session: int, spinner: bool | str = False) -> cached.Decorator:
    """Keep what is made of a photograph: for all visitors if it came with the program, else with the session that it came to.

    The photograph is the last argument, `_photograph`; arguments are given by position. What a trained model makes of it needs
    `models_beside` among them.

    Args:
        most: results that are kept for all.
        most_of_session: results that are kept with a session.
        spinner: what is said meanwhile.
    """

    def decorate(make: Callable[P, T]) -> Callable[P, T]:
        names = tuple(inspect.signature(make).parameters)

        @wraps(make)
        def made(of: str, **arguments: Any) -> T:
            return make(**arguments)

        for_all = cached.keep(most=most, spinner=spinner)(made)
        for_session = cached.keep(most=most_of_session, spinner=spinner, scope="session")(made)

        @wraps(make)
        def kept(*choices: P.args) -> T:
            name = digest(choices[-1])
            keeper = for_all if name in _came_with_the_program() else for_session
            return keeper(of=name, **dict(zip(names, choices, strict=True)))

        kept.clear = for_all.clear
        return kept

    return decorate


def n_components(dataset: str, photograph: np.ndarray | None) -> int:
    """How many principal components can be kept of a data set's patches, or of those of one photograph."""
    return _components(dataset, photograph).spec.latent_dim - 1


def _components(dataset: str, photograph: np.ndarray | None) -> PCA:
    return _components_of(dataset) if photograph is None else _components_of_photograph(dataset, photograph)


@cached.keep(most=8, spinner="Finding the principal components …")
def _components_of(dataset: str) -> PCA:
    try:
        return cached.model(default_spec("pca", dataset, explore.MOST_COMPONENTS))
    except (KeyError, ValueError):  # not shipped: a data set of one's own
        return explore.fitted_to(cached.dataset(dataset).train.x, dataset)


@of_photograph(most=8, most_of_session=4, spinner="Finding the principal components …")
def _components_of_photograph(dataset: str, _photograph: np.ndarray) -> PCA:
    return explore.fitted_to(explore.to_patches(_photograph, identity(dataset).shape[-1]), dataset)


def model(family: str, dataset: str, latent_dim: int, photograph: np.ndarray | None) -> LatentModel:
    """The model of patches; those of PCA and pPCA are the first components of one spectrum.

    Args:
        family: its name.
        dataset: of patches.
        latent_dim: components kept, or dimensions of the code.
        photograph: on whose own patches it is fitted (PCA and pPCA), or None.
    """
    if family == "pca":
        return explore.leading(_components(dataset, photograph), latent_dim)
    if family == "ppca":
        return explore.with_density(_components(dataset, photograph), latent_dim)
    return cached.model(default_spec(family, dataset, latent_dim))


def models_beside(family: str) -> str:
    """What tells one state of the models here from another, where it plays a part: trained ones come and go, components do not."""
    return "" if family in ("pca", "ppca") else str(cached.state_of_models())


def coded(family: str, dataset: str, latent_dim: int, is_own: bool, photograph: np.ndarray) -> explore.Coded:
    """`explore.own.photographs.coded` by the model of these choices, fitted to the photograph itself if `is_own`."""
    return _coded(models_beside(family), family, dataset, latent_dim, is_own, photograph)


@of_photograph(most=192, most_of_session=24)
def _coded(models: str, family: str, dataset: str, latent_dim: int, is_own: bool, _photograph: np.ndarray) -> explore.Coded:
    return explore.coded(model(family, dataset, latent_dim, _photograph if is_own else None), _photograph)


def matching(codec: picture_files.Codec, photograph: np.ndarray, coded: explore.Coded) -> picture_files.File:
    """The file at the rate's bits, or where there is no rate, at the PSNR."""
    limit = coded.likeness.psnr if coded.rate is None else bits(coded.rate)
    return _file(codec, _matching_quality(codec, coded.rate is None, limit, photograph), photograph)


@of_photograph(most=768, most_of_session=48)
def _matching_quality(codec: picture_files.Codec, by_psnr: bool, limit: float, _photograph: np.ndarray) -> int:
    measure = _psnr if by_psnr else _n_bits
    return picture_files.highest_quality(codec, lambda quality: measure(codec, quality, _photograph) <= limit)


def _n_bits(codec: picture_files.Codec, quality: int, photograph: np.ndarray) -> int:
    return 8 * len(_encoded(codec, quality, photograph))


@of_photograph(most=384, most_of_session=96)
def _psnr(codec: picture_files.Codec, quality: int, _photograph: np.ndarray) -> float:
    return psnr(_photograph, picture_files.decoded(_encoded(codec, quality, _photograph)))


@of_photograph(most=384, most_of_session=48)
def _encoded(codec: picture_files.Codec, quality: int, _photograph: np.ndarray) -> bytes:
    return picture_files.encoded(_photograph, codec, quality)


@of_photograph(most=192, most_of_session=48)
def _file(codec: picture_files.Codec, quality: int, _photograph: np.ndarray) -> picture_files.File:
    return picture_files.as_file(_encoded(codec, quality, _photograph), _photograph, codec, quality)


@of_photograph(most=8, most_of_session=8, spinner="Writing files at ten qualities …")
def curve(codec: picture_files.Codec, _photograph: np.ndarray) -> list[tuple[float, float]]:
    """`picture_files.curve`."""
    return picture_files.curve(_photograph, codec)


def rate_points(family: str, dataset: str, dims: tuple[int, ...], is_own: bool, photograph: np.ndarray) -> list[tuple[float, float]]:
    """`explore.own.photographs.rate_point` at each of these latent dimensions."""
    return _rate_points(models_beside(family), family, dataset, dims, is_own, photograph)


@of_photograph(most=16, most_of_session=8)
def _rate_points(
    models: str, family: str, dataset: str, dims: tuple[int, ...], is_own: bool, _photograph: np.ndarray
) -> list[tuple[float, float]]:
    return [explore.rate_point(model(family, dataset, d, _photograph if is_own else None), _photograph) for d in dims]


@of_photograph(most=256, most_of_session=8)
def lasting(choices: tuple[Hashable, ...], _make: Callable[[], Any], _photograph: np.ndarray) -> Any:
    """As `cached.lasting`, of a photograph."""
    return _make()


def picture(pixels: np.ndarray, photograph: np.ndarray) -> FetchedFile:
    """What became of a photograph, or a part of it, as the browser fetches it."""
    return _picture(digest(pixels), pixels, photograph)


@of_photograph(most=384, most_of_session=24)
def _picture(content: str, _pixels: np.ndarray, _photograph: np.ndarray) -> FetchedFile:
    return held(shown_png(_pixels), is_upload=_is_upload(_photograph))


@of_photograph(most=384, most_of_session=24)
def picture_of_file(codec: picture_files.Codec, quality: int, _photograph: np.ndarray) -> FetchedFile:
    """A file as the browser fetches it: the file itself, or what it shows where that is larger than a page shows."""
    if max(_photograph.shape[:2]) > SHOWN_SIDE:
        return held(shown_png(_file(codec, quality, _photograph).picture), is_upload=_is_upload(_photograph))
    return held(_encoded(codec, quality, _photograph), kind=KINDS[codec], is_upload=_is_upload(_photograph))


def _is_upload(photograph: np.ndarray) -> bool:
    return digest(photograph) not in _came_with_the_program()
