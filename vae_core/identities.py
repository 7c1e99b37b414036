"""What names a data set: its shape, size and content, known without opening it. Standard library only.

Those that are published or made up are listed here; a person's own are found by the small file that lies beside their images.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from vae_core.plain import plain

OWN_NAME = re.compile(r"own-[0-9a-f]{8}")
"""What a person's own data set is called: by the first digits of its content's SHA-256."""
IDENTITY = "identity.json"
RECORDED = {"title", "shape", "n_train", "n_test", "content", "classes", "cut"}


@dataclass(frozen=True, slots=True)
class DatasetIdentity:
    """What a spec knows of a data set without opening it.

    Attributes:
        shape: of one image, `(C, H, W)`, or of one point, `(D,)`.
        n_train: number of training images or points.
        content: what pins the content. For images the SHA-256 of all image bytes in their published order (Fashion-MNIST: the
            MD5 sums of its two image archives, which are what is published); for made-up points their name and version; for a
            person's own images the SHA-256 of what `data.own` keeps.
    """

    shape: tuple[int, ...]
    n_train: int
    content: str

    @property
    def n_features(self) -> int:
        """Number of values D: pixels times channels, or coordinates."""
        return math.prod(self.shape)

    @property
    def n_pixels(self) -> int:
        """Number of pixels H·W of an image, whatever its channels; of coordinates of a point."""
        return math.prod(self.shape[-2:])

    @property
    def is_images(self) -> bool:
        """Whether these are images, not points."""
        return len(self.shape) == 3


DATASETS: dict[str, DatasetIdentity] = {
    "mnist": DatasetIdentity((1, 28, 28), 60_000, "5b92582eb909c82a9bfefcd44acbe9233be3eb5b419a44cf211022ad2bf4bf96"),
    "digits": DatasetIdentity((1, 8, 8), 1_438, "b41ca9fd335466eee997366c2e6f6bbe0a1b4582afe091fc4eba35f4a254182f"),
    "fashion_mnist": DatasetIdentity((1, 28, 28), 60_000, "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d+bef4ecab320f06d8554ea6380940ec79"),
    "frey_faces": DatasetIdentity((1, 28, 20), 1_600, "2438ba4f0d2a6bd8bac43de756141eaa33c8d248dd613d464bdb1210d9b7af78"),
    "olivetti_faces": DatasetIdentity((1, 64, 64), 320, "a3f75007cc103363b61a63e06bec8ea4846407682ef6e7c9ae1eb9c1bd0e8a00"),
    "mnist_5k": DatasetIdentity((1, 28, 28), 4_000, "2913c6b6527114b7307e1086335a7665e3f94c74aba3d67525e6f116bf5ae20f"),
    "faces_25": DatasetIdentity((1, 25, 25), 160, "4621670220ef7f4ca9261a20601e1aaa9d7d4275b6535ce42cd1abed1b185953"),
    "patches_8": DatasetIdentity((3, 8, 8), 30_000, "3f782e70959a9f35766f357ac5dac47d194c0ba27fa376d7d04c0aff54e37f1d"),
    "patches_16": DatasetIdentity((3, 16, 16), 30_000, "f4849eb58bc56cb615d174ec173b6f9be7c667d586a23460509c3eaf608ee07e"),
    "ring": DatasetIdentity((2,), 10_000, "ring:1"),
    "spiral": DatasetIdentity((2,), 10_000, "spiral:1"),
    "moons": DatasetIdentity((2,), 10_000, "moons:1"),
    "swiss_roll": DatasetIdentity((3,), 10_000, "swiss_roll:1"),
}

DRAWN = "drawn"
"""What points are called that a hand has drawn (`data.drawn`). No name loads them, so that no store ever keeps a model of them."""
OF_DRAWN = DatasetIdentity((2,), 2_000, "drawn by hand")


def identity(name: str) -> DatasetIdentity:
    """What is known of the data set of that name.

    Raises:
        ValueError: if there is none, or it is a person's own that is not on this machine.
    """
    if not isinstance(name, str):
        raise ValueError(f"dataset must be a name, got {name!r}")
    if name in DATASETS:
        return DATASETS[name]
    if name == DRAWN:
        return OF_DRAWN
    if not is_own(name):
        raise ValueError(f"dataset must be one of {', '.join(DATASETS)}, got {name!r}")
    known = own_record(name)
    return DatasetIdentity(tuple(known["shape"]), known["n_train"], known["content"])


def is_own(name: object) -> bool:
    """Whether this is the name of a person's own data set, there or not."""
    return isinstance(name, str) and OWN_NAME.fullmatch(name) is not None


def folder_mode(name: str) -> int:
    """The rights that a folder is made with which holds a data set, or models and pictures made of it: the user's alone for one's own."""
    return 0o700 if is_own(name) else 0o777  # less what the user's umask takes


def own_names() -> tuple[str, ...]:
    """The names of the person's own data sets on this machine, by title."""
    titles = {}
    for path in cache_folder().glob(f"own-*/{IDENTITY}"):
        with suppress(ValueError):  # a record that was damaged: it is said where the data set is asked for by name
            titles[path.parent.name] = own_record(path.parent.name)["title"]
    return tuple(sorted((name for name in titles if is_own(name)), key=lambda name: (titles[name].lower(), name)))


def own_record(name: str) -> dict[str, Any]:
    """What is kept of a person's own data set beside its images: title, shape, numbers, content, labels.

    Raises:
        ValueError: if it is not on this machine.
    """
    path = cache_folder() / name / IDENTITY
    try:
        return _record(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        remedy = "make it again from the same images (python -m vae_core datasets add FOLDER), or choose another"
        raise ValueError(f"dataset must be on this machine, got {name!r}: {remedy}") from error


@lru_cache(maxsize=256)
def _record(path: Path, mtime_ns: int) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not set(found) >= RECORDED:
        raise ValueError(f"{path} must hold {', '.join(sorted(RECORDED))}")
    names = [found["title"], *found["classes"]]
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"{path} must hold names as texts")
    return found | {"title": plain(found["title"]), "classes": [plain(name) for name in found["classes"]]}


def cache_folder() -> Path:
    """The folder that downloads and own data sets go to: VAE_EXPLORER_CACHE, or this platform's folder for caches."""
    given = os.environ.get("VAE_EXPLORER_CACHE")
    return Path(given).expanduser() if given else _platform_cache_folder(*map(os.environ.get, ("HOME", "LOCALAPPDATA", "XDG_CACHE_HOME")))


@lru_cache(maxsize=8)
def _platform_cache_folder(home: str | None, local: str | None, xdg: str | None) -> Path:
    """Where pooch, and so every earlier version of this program, puts it, as these variables of the environment (`home`, too) say."""
    if sys.platform == "win32":
        return Path(local or Path.home() / "AppData" / "Local") / "vae-explorer" / "vae-explorer" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "vae-explorer"
    return Path(xdg or Path.home() / ".cache") / "vae-explorer"
