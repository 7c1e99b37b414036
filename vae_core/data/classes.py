"""Which class an image of a person's own is of: one of the folders that it lies in.

Level −1 is the folder that an image itself lies in. Level 0 is the outermost one in which the images differ, 1 the next: folders that all
of them lie in are not counted. An image that has no folder at a level is of the class `NO_FOLDER`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from vae_core.data.own_files import OwnFile

INNERMOST = -1
NO_FOLDER = "(no folder)"


def labelled(files: Iterable[OwnFile], level: int | None) -> list[tuple[OwnFile, str]]:
    """Each file with its label, "" where it has no folder at that level; for None, all of them without."""
    files = list(files)
    if level is None:
        return [(file, "") for file in files]
    n_common = _n_common(files)
    return [(file, _folder(file.folders, level, n_common)) for file in files]


def counts(files: Iterable[OwnFile], level: int | None) -> dict[str, int]:
    """How many files there are of each class, by name; of those that are called as images are."""
    number = Counter(label for file, label in labelled(files, level) if file.is_called_image)
    return {label or NO_FOLDER: n for label, n in sorted(number.items())}


def levels(files: Sequence[OwnFile]) -> tuple[int | None, ...]:
    """The levels that tell images apart in different ways, the usual one first, None last; None alone where none does."""
    images = [file for file in files if file.is_called_image] or list(files)
    deepest = max((len(file.folders) for file in images), default=0) - _n_common(images)
    ways: dict[tuple[str, ...], int] = {}
    for level in (INNERMOST, *range(deepest)):
        ways.setdefault(tuple(label for _, label in labelled(images, level)), level)
    return (*(level for way, level in ways.items() if len(set(way)) > 1), None)


def _n_common(files: Sequence[OwnFile]) -> int:
    """How many of their outermost folders the images share; what is not called as images are, is not asked."""
    paths = [file.folders for file in files if file.is_called_image] or [file.folders for file in files]
    if not paths:
        return 0
    first, last = min(paths), max(paths)
    return next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))


def _folder(folders: tuple[str, ...], level: int, n_common: int) -> str:
    at = len(folders) - 1 if level == INNERMOST else n_common + level
    return folders[at] if 0 <= at < len(folders) else ""
