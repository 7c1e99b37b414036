"""Caches of the page on data sets of one's own. What is not made a data set yet is kept with the session, and goes with it."""

from __future__ import annotations

import hashlib

from pages.shared import cached
from vae_core.data import own
from vae_core.data.own_files import given
from vae_core.models.pca import Spectrum
from vae_core.models.pca import spectrum as exact_spectrum


@cached.keep(most=4, spinner="Finding the principal components …")
def spectrum(name: str) -> Spectrum:
    """`pca.spectrum` of a data set's training images."""
    return exact_spectrum(cached.dataset(name).train.x)


def prepared(files: list[tuple[str, bytes]], size: int, colour: bool, cut: own.Cut) -> own.Prepared:
    """`own.prepare` of files that were handed over.

    Raises:
        ValueError: if they make no data set.
    """
    digest = hashlib.sha256()
    for name, data in files:
        digest.update(repr((name, len(data))).encode() + data)
    return _prepared(digest.hexdigest(), size, colour, cut, files)


@cached.keep(most=4, scope="session", spinner="Reading the images …")
def _prepared(digest: str, size: int, colour: bool, cut: own.Cut, _files: list[tuple[str, bytes]]) -> own.Prepared:
    return own.prepare(given(_files), size=size, colour=colour, cut=cut)
