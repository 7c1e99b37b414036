"""Data sets by name: built in, downloaded, made up, or a person's own.

A file is looked for in the folder named by VAE_EXPLORER_DATA, then in the user's cache, then downloaded; wherever it comes from, its
content is verified. Nothing is kept between calls: whoever wants a cache keeps one.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from vae_core.data import own
from vae_core.data.base import Dataset, Images, Points, Provenance, Split, SplitName
from vae_core.data.files import DatasetUnavailable, FileRefused, NotDownloaded
from vae_core.data.recipe import Progress, Recipe, Waiting
from vae_core.errors import require
from vae_core.identities import DATASETS, is_own, own_names

__all__ = [
    "NAMES",
    "Dataset",
    "DatasetUnavailable",
    "FileRefused",
    "Images",
    "NotDownloaded",
    "Points",
    "Progress",
    "Provenance",
    "Split",
    "SplitName",
    "available",
    "class_names",
    "download_size",
    "fetch",
    "info",
    "load",
    "names",
    "offered",
    "own",
    "recipe_of",
]

NAMES: tuple[str, ...] = tuple(DATASETS)
"""Images first, then made-up points."""


def names() -> tuple[str, ...]:
    """`NAMES`, and the person's own data sets on this machine."""
    return (*NAMES, *own_names())


def load(name: str, *, progress: Progress | None = None) -> Images | Points:
    """The data set of that name, downloaded and cached where this machine does not have it.

    Args:
        name: one of `names()`.
        progress: called with (bytes that are there, bytes in all) while a download runs; it cancels by raising an exception of its own.

    Raises:
        ValueError: if there is no data set of that name.
        DatasetUnavailable: if it is not on this machine and cannot be downloaded; `FileRefused` if a file of it in
            VAE_EXPLORER_DATA is not what was published.
    """
    return recipe_of(name).load(progress)


def fetch(name: str, *, progress: Progress | None = None, waiting: Waiting | None = None) -> None:
    """Sees to it that the data set's files are on this machine and intact. Arguments and errors are those of `load`.

    Args:
        name: of the data set.
        progress: as for `load`.
        waiting: called once where somebody else fetches it already, whose progress is then reported.
    """
    for _ in recipe_of(name).contents(progress, waiting):
        pass


def available(name: str) -> bool:
    """Whether the data set can be loaded without a network. Quick: content is verified on loading."""
    return recipe_of(name).available()


def info(name: str) -> Provenance:
    """Where the data set comes from and what one may do with it."""
    return recipe_of(name).provenance


def download_size(name: str) -> int:
    """Bytes that all files of the data set take to download; 0 for one that needs none."""
    return recipe_of(name).download_size


def offered(kind: type[Dataset] = Images) -> tuple[str, ...]:
    """The named data sets of a kind, in the order in which a person is offered them."""
    return tuple(sorted((name for name in NAMES if recipe_of(name).kind is kind), key=lambda name: recipe_of(name).place))


def class_names(name: str) -> tuple[str, ...]:
    """What the labels of a data set stand for, in their order; nothing where they are numbers, or there are none."""
    return recipe_of(name).classes


def recipe_of(name: str) -> Recipe:
    """How the data set is made, and what suits it.

    Raises:
        ValueError: if there is no data set of that name, or it is a person's own and not on this machine.
    """
    if is_own(name):
        return own.recipe(name)
    require(name in NAMES, "dataset", f"be one of {', '.join(NAMES)}", name)
    return _declared(name)


@cache
def _declared(name: str) -> Recipe:
    return import_module(f"vae_core.data.sets.{name}").RECIPE
