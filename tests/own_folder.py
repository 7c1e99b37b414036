"""A small folder of images in two classes, as somebody might bring it: a data set of one's own."""

from __future__ import annotations

import io
import zipfile

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from vae_core.data import own
from vae_core.data.own_files import given

N = 24


def blobs(k: int, size: tuple[int, int] = (40, 30)) -> bytes:
    """A colour PNG like no other: two blobs whose place and colour depend on k."""
    rng = np.random.default_rng(k)
    y, x = np.mgrid[: size[1], : size[0]]
    bumps = [np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 60) for cx, cy in rng.uniform(5, 25, (2, 2))]
    levels = sum(bump[..., None] * colour for bump, colour in zip(bumps, rng.uniform(60, 127, (2, 3)), strict=True))
    return png(levels.astype(np.uint8))


def png(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file of files by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


FILES = {f"class/{'Ada' if k % 2 else 'Ben'}/{k}.png": blobs(k) for k in range(N)}
"""Twenty-four images in two folders."""


def prepared(files: dict[str, bytes] = FILES, **options) -> own.Prepared:
    """The folder as a data set of colour images, 8×8 unless told otherwise."""
    return own.prepare(given(files.items()), **{"size": 8, "colour": True, **options})


def uploaded(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    """The page after these files were handed to it: name, content and type of each."""
    uploader = app.main.file_uploader[0]
    return uploader.set_value(list(files) if uploader.accept_multiple_files else files[0]).run()
