"""Images that installed packages bring along: always there, read from the packages' files without running their code, and verified."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from vae_core.data.base import Split
from vae_core.data.files import DatasetUnavailable, FileRefused
from vae_core.identities import DATASETS


def bundled_file(package: str, path: str) -> bytes:
    """The bytes of a file of an installed package.

    Raises:
        DatasetUnavailable: if the package is not there, or lacks the file.
    """
    found = find_spec(package)
    try:
        if found is None or found.origin is None:
            raise FileNotFoundError(package)
        return (Path(found.origin).parent / path).read_bytes()
    except OSError as error:
        raise DatasetUnavailable(
            f"{path} must come with {package}, which is not installed whole: install requirements.txt again"
        ) from error


def require_published(name: str, content: bytes, package: str) -> None:
    """Raise FileRefused unless these bytes, of all images of a data set, are those that this project knows of the package."""
    if hashlib.sha256(content).hexdigest() != DATASETS[name].content:
        raise FileRefused(f"{name} must be the images that {package} publishes, got others: install {package} again")


def every_fifth(x: np.ndarray, labels: np.ndarray, first: int) -> tuple[Split, Split]:
    """Train and test: of images (N, C, H, W) every fifth, from the `first` on, is a test image."""
    is_test = np.arange(len(x)) % 5 == first
    return Split(x[~is_test], labels[~is_test]), Split(x[is_test], labels[is_test])
