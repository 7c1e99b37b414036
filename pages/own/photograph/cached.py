"""Caches of the pages on photographs. What comes from an upload is kept with its session, and goes with it; all share the rest."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from pages.shared import cached
from pages.shared.fetched_pictures import Picture, held
from vae_core.data import images, patches
from vae_core.explore.own import photographs as explore
from vae_core.explore.own import picture_files
from vae_core.explore.own.photographs_figure import shown_png
from vae_core.identities import identity
from vae_core.models import LatentModel, default_spec
from vae_core.models.pca import PCA
from vae_core.units import bits

P, T = ParamSpec("P"), TypeVar("T")


@cached.keep(most=4)
def held_out(name: str) -> np.ndarray:
    """The half of a named photograph that no model was trained on."""
    return explore.held_out(name)


@cached.keep(most=4, scope="session", spinner="Reading the photograph …")
def uploaded(name: str, data: bytes) -> tuple[np.ndarray, tuple[int, int]]:
    """A photograph that was handed over, in three channels and at most half a megapixel, and its width and height before that.

    Raises:
        ValueError: if it cannot be read, or is smaller than patches are.
    """
    image = images.read_image(data, name=name)
    return explore.as_photograph(image), (image.shape[1], image.shape[0])


def digest(photograph: np.ndarray) -> str:
    """What stands for a photograph in the keys of caches."""
    return hashlib.sha256(repr(photograph.shape).encode() + photograph.tobytes()).hexdigest()


@lru_cache(maxsize=1)
def _came_with_the_program() -> frozenset[str]:
    return frozenset(digest(held_out(name)) for name in patches.PHOTOGRAPHS)


def of_photograph(*, most: int, most_of_session: int, spinner: bool | str = False) -> cached.Decorator:
    """Keep what is made of a photograph: for all visitors if it came with the program, else with the session that it came to.

    The photograph is the last argument, `_photograph`. As long as no model comes or goes; arguments are given by position.

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

        for_all = cached.keep(most=most, of_models=True, spinner=spinner)(made)
        for_session = cached.keep(most=most_of_session, of_models=True, spinner=spinner, scope="session")(made)

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


@of_photograph(most=192, most_of_session=24)
def coded(family: str, dataset: str, latent_dim: int, is_own: bool, _photograph: np.ndarray) -> explore.Coded:
    """`explore.own.photographs.coded` by the model of these choices, fitted to the photograph itself if `is_own`."""
    return explore.coded(model(family, dataset, latent_dim, _photograph if is_own else None), _photograph)


def matching(codec: picture_files.Codec, photograph: np.ndarray, coded: explore.Coded) -> picture_files.File:
    """The file at the rate's bits, or where there is no rate, at the PSNR."""
    limit = coded.likeness.psnr if coded.rate is None else bits(coded.rate)
    return _file(codec, _matching_quality(codec, coded.rate is None, limit, photograph), photograph)


@of_photograph(most=768, most_of_session=48)
def _matching_quality(codec: picture_files.Codec, by_psnr: bool, limit: float, _photograph: np.ndarray) -> int:
    measure = _psnr if by_psnr else _n_bits
    return picture_files.highest_quality(codec, lambda quality: measure(codec, quality, _photograph) <= limit)


@of_photograph(most=384, most_of_session=96)
def _n_bits(codec: picture_files.Codec, quality: int, _photograph: np.ndarray) -> int:
    return 8 * len(picture_files.encoded(_photograph, codec, quality))


@of_photograph(most=384, most_of_session=96)
def _psnr(codec: picture_files.Codec, quality: int, _photograph: np.ndarray) -> float:
    return picture_files.psnr_of_quality(_photograph, codec, quality)


@of_photograph(most=192, most_of_session=48)
def _file(codec: picture_files.Codec, quality: int, _photograph: np.ndarray) -> picture_files.File:
    return picture_files.file_of_quality(_photograph, codec, quality)


@of_photograph(most=8, most_of_session=8, spinner="Writing files at ten qualities …")
def curve(codec: picture_files.Codec, _photograph: np.ndarray) -> list[tuple[float, float]]:
    """`picture_files.curve`."""
    return picture_files.curve(_photograph, codec)


@of_photograph(most=16, most_of_session=8)
def rate_points(family: str, dataset: str, dims: tuple[int, ...], is_own: bool, _photograph: np.ndarray) -> list[tuple[float, float]]:
    """`explore.own.photographs.rate_point` at each of these latent dimensions."""
    return [explore.rate_point(model(family, dataset, d, _photograph if is_own else None), _photograph) for d in dims]


@of_photograph(most=256, most_of_session=8)
def lasting(choices: tuple[Hashable, ...], _make: Callable[[], Any], _photograph: np.ndarray) -> Any:
    """As `cached.lasting`, of a photograph."""
    return _make()


@of_photograph(most=384, most_of_session=24)
def picture(what: tuple[Hashable, ...], _pixels: np.ndarray, _photograph: np.ndarray) -> Picture:
    """What became of a photograph, or a part of it, as the browser fetches it; `what` stands for the pixels."""
    return held(shown_png(_pixels), is_upload=digest(_photograph) not in _came_with_the_program())
