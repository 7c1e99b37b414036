"""Caches of the page on data sets of one's own. What is not made a data set yet is kept with the session, and goes with it."""

from __future__ import annotations

import hashlib

from pages.shared import cached
from vae_core.data import classes, own
from vae_core.data.allowance import Allowance
from vae_core.data.own_files import given

Files = list[tuple[str, bytes]]
"""Names and contents, as they were handed over."""


def prepared(files: Files, size: int, colour: bool, cut: own.Cut, level: int | None) -> own.Prepared:
    """`own.prepare` of files that were handed over, within what an upload may cost.

    Raises:
        ValueError: if they make no data set.
    """
    return _prepared(_digest(files), size, colour, cut, level, files)


@cached.keep(most=4, scope="session", spinner="Reading the images …")
def _prepared(digest: str, size: int, colour: bool, cut: own.Cut, level: int | None, _files: Files) -> own.Prepared:
    allowance = Allowance.of_an_upload()
    return own.prepare(given(_files, allowance), size=size, colour=colour, cut=cut, level=level, allowance=allowance)


def ways_to_label(files: Files) -> dict[int | None, dict[str, int]]:
    """`classes.levels` of files that were handed over, with how many images would be of each class; told by their names alone.

    Raises:
        ValueError: if a ZIP file among them cannot be listed.
    """
    return _ways_to_label(_digest(files), files)


@cached.keep(most=4, scope="session", spinner="Listing the files …")
def _ways_to_label(digest: str, _files: Files) -> dict[int | None, dict[str, int]]:
    listed = list(given(_files, Allowance.of_an_upload()))
    return {level: classes.counts(listed, level) for level in classes.levels(listed)}


def _digest(files: Files) -> str:
    digest = hashlib.sha256()
    for name, data in files:
        digest.update(repr((name, len(data))).encode() + data)
    return digest.hexdigest()
