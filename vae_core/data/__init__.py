"""Data sets by name: built in, downloaded, made up, or a person's own.

A file is looked for in the folder named by VAE_EXPLORER_DATA, then in the user's cache, then downloaded; wherever it comes from, its
content is verified. Nothing is kept between calls: whoever wants a cache keeps one.
"""

from __future__ import annotations

from vae_core.data import own
from vae_core.data.base import Dataset, Images, Points, Provenance, Split, SplitName
from vae_core.data.digits import DIGITS
from vae_core.data.faces import FREY_FACES, OLIVETTI_FACES
from vae_core.data.files import DatasetUnavailable, FileRefused
from vae_core.data.idx import FASHION_MNIST, MNIST
from vae_core.data.patches import PATCHES_8, PATCHES_16
from vae_core.data.recipe import Progress, Recipe
from vae_core.data.toys import MOONS, RING, SPIRAL, SWISS_ROLL
from vae_core.errors import require
from vae_core.identities import is_own, own_names

__all__ = [
    "NAMES",
    "Dataset",
    "DatasetUnavailable",
    "FileRefused",
    "Images",
    "Points",
    "Progress",
    "Provenance",
    "Split",
    "SplitName",
    "available",
    "download_size",
    "fetch",
    "info",
    "load",
    "names",
    "own",
]

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (MNIST, DIGITS, FASHION_MNIST, FREY_FACES, OLIVETTI_FACES, PATCHES_8, PATCHES_16, RING, SPIRAL, MOONS, SWISS_ROLL)
}

NAMES: tuple[str, ...] = tuple(RECIPES)
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


def fetch(name: str, *, progress: Progress | None = None) -> None:
    """Sees to it that the data set's files are on this machine and intact. Arguments and errors are those of `load`."""
    for _ in recipe_of(name).contents(progress):
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


def recipe_of(name: str) -> Recipe:
    """How the data set is made.

    Raises:
        ValueError: if there is no data set of that name, or it is a person's own and not on this machine.
    """
    if is_own(name):
        return own.recipe(name)
    require(name in RECIPES, "dataset", f"be one of {', '.join(NAMES)}", name)
    return RECIPES[name]
