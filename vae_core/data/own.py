"""A data set of one's own: images in a folder or a ZIP file, cut to one shape, kept in the user's cache under the name of their content."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from PIL import Image

from vae_core.data.allowance import UNPACKED_BYTES, Allowance
from vae_core.data.base import Provenance, Split
from vae_core.data.classes import INNERMOST, NO_FOLDER, labelled
from vae_core.data.files import FileRefused
from vae_core.data.images import ImageRefused, fit_to, read_image
from vae_core.data.leftovers import mark
from vae_core.data.own_files import OwnFile, given, in_folder
from vae_core.data.patches import grid_patches
from vae_core.data.recipe import Recipe
from vae_core.errors import naming, require
from vae_core.identities import IDENTITY, cache_folder, folder_mode, is_own, own_record
from vae_core.plain import plain
from vae_core.units import counted

Cut = Literal["squares", "patches"]
IMAGES = "images.npz"
FEWEST_IMAGES = 6
"""Four to train on, two to test on: enough for two latent dimensions in every family."""
SMALLEST_SIDE, LARGEST_SIDE = 8, 64
MOST_NUMBERS = 50_000_000
"""Channels times pixels times images: what keeps memory and the exact PCA within a minute."""
MOST_PATCHES = 20_000
LARGEST_CUT_SIDE = 1_024
"""A photograph is reduced to this many pixels on its longer side before it is cut into patches."""
TEST_SHARE, SPLIT_SEED = 0.2, 0


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Images ready to become a data set, in the order of the SHA-256 of each, so that neither names nor order of files matter.

    Attributes:
        x: uint8 (N, C, S, S), all different.
        labels: int64 (N,), or None where all files lay in one folder.
        classes: the name of each label.
        refused: a sentence for each file that was left out.
        n_duplicates: images that were left out because they are there already, so that no test image is a training image; of patches
            that were left out anyway, not all.
        cut: how they were cut.
    """

    x: np.ndarray
    labels: np.ndarray | None
    classes: tuple[str, ...]
    refused: tuple[str, ...]
    n_duplicates: int
    cut: Cut

    @property
    def content(self) -> str:
        """The SHA-256 of shape, images and labels."""
        digest = hashlib.sha256(json.dumps([self.x.shape, self.labels is not None]).encode() + self.x.tobytes())
        if self.labels is not None:
            digest.update(self.labels.astype("<i8").tobytes())
        return digest.hexdigest()

    @property
    def name(self) -> str:
        """What the data set is called."""
        return f"own-{self.content[:8]}"


def prepare(
    files: Iterable[OwnFile],
    *,
    size: int,
    colour: bool,
    cut: Cut = "squares",
    level: int | None = INNERMOST,
    allowance: Allowance | None = None,
) -> Prepared:
    """Read the images and cut them to one shape; a file that cannot be read is named and left out.

    Args:
        files: a folder's, a ZIP file's, or such as were handed over (`own_files`).
        size: side of an image of the data set, in pixels.
        colour: three channels, or one of grey levels.
        cut: `squares` keeps the largest square around the centre of each image, resized; `patches` cuts each image, as it is, into
            all the squares that tile it, of which at most 20,000 are kept: those of the smallest SHA-256.
        level: which of an image's folders is its label, as for `classes.labelled`; None for none.
        allowance: that reading is counted in; by default without limits of time and pixels.

    Raises:
        ValueError: if the size is out of range, or too few or too many images are left, or reading them costs more than is allowed.
    """
    require(SMALLEST_SIDE <= size <= LARGEST_SIDE, "size", f"be between {SMALLEST_SIDE} and {LARGEST_SIDE}", size)
    require(cut in get_args(Cut), "cut", f"be one of {', '.join(get_args(Cut))}", cut)
    images: dict[bytes, tuple[np.ndarray, str]] = {}  # by SHA-256
    refused, n_duplicates, shape = [], 0, (3 if colour else 1, size, size)
    most = MOST_NUMBERS // (shape[0] * size * size)
    n_drawn = min(MOST_PATCHES, most) if cut == "patches" else None
    for file, label in labelled(files, level):
        try:
            cuts = cut_to(read_image(file.read(), name=file.path, allowance=allowance), shape, cut)
        except ImageRefused as error:
            refused.append(f"{error}.")
            continue
        for x in cuts:
            digest = hashlib.sha256(x.tobytes()).digest()
            n_duplicates += digest in images
            images.setdefault(digest, (x.copy(), label))
        if n_drawn is not None and len(images) > 2 * n_drawn:
            images = _first(images, n_drawn)
        require(cut == "patches" or len(images) <= most, "images", f"be at most {most:,} at this size, or else be made smaller", "more")
    reasons = f" ({counted(len(refused), 'file')} refused, the first: {refused[0].rstrip('.')})" if refused else ""
    if len(images) < FEWEST_IMAGES:
        raise ValueError(f"images must be at least {FEWEST_IMAGES} different ones, got {len(images)}{reasons}: choose more")
    ordered = list(_first(images, n_drawn).values())
    classes = tuple(sorted({label for _, label in ordered}))
    labels = np.array([classes.index(label) for _, label in ordered]) if len(classes) > 1 else None
    names = tuple(label or NO_FOLDER for label in classes) if len(classes) > 1 else ()
    return Prepared(np.stack([x for x, _ in ordered]), labels, names, tuple(refused), n_duplicates, cut)


def cut_to(image: np.ndarray, shape: tuple[int, int, int], cut: Cut) -> list[np.ndarray]:
    """The images, uint8 (C, S, S), that one picture gives, uint8 (H, W) or (H, W, 3)."""
    if cut == "squares":
        return [fit_to(image, shape)]
    picture = Image.fromarray(image).convert("L" if shape[0] == 1 else "RGB")
    picture.thumbnail((LARGEST_CUT_SIDE, LARGEST_CUT_SIDE), Image.Resampling.BICUBIC)
    return list(grid_patches(np.asarray(picture).reshape(picture.height, picture.width, shape[0]), shape[1]))


def _first(images: dict[bytes, tuple[np.ndarray, str]], n: int | None) -> dict[bytes, tuple[np.ndarray, str]]:
    """Those of the smallest SHA-256, in its order: as good as drawn, and the same whatever else was seen on the way."""
    return {digest: images[digest] for digest in sorted(images)[:n]}


def is_test(n: int) -> np.ndarray:
    """Which of n images are test images, bool (n,): every fifth on average, at least two, drawn from a fixed seed."""
    chosen = np.zeros(n, bool)
    chosen[np.random.default_rng(SPLIT_SEED).permutation(n)[: max(2, round(TEST_SHARE * n))]] = True
    return chosen


def keep(prepared: Prepared, title: str) -> str:
    """Make it a data set of this machine, whole or not at all, and return its name. The same images again only change the title.

    Raises:
        ValueError: if the title is empty or very long.
    """
    title = _checked(title)
    folder = cache_folder() / prepared.name
    n_test = int(is_test(len(prepared.x)).sum())
    record = {
        "title": title,
        "shape": list(prepared.x.shape[1:]),
        "n_train": len(prepared.x) - n_test,
        "n_test": n_test,
        "content": prepared.content,
        "classes": list(prepared.classes),
        "cut": prepared.cut,
    }
    aside = folder.with_name(f"{folder.name}.{mark()}.writing")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(folder_mode(prepared.name), parents=True)
        arrays: dict[str, Any] = {"x": prepared.x} | ({} if prepared.labels is None else {"labels": prepared.labels})
        with naming(folder / IMAGES):
            np.savez_compressed(aside / IMAGES, **arrays)
        with naming(folder / IDENTITY):
            (aside / IDENTITY).write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
        if folder.is_dir():
            folder.chmod(folder_mode(prepared.name))
            for name in (IMAGES, IDENTITY):
                (aside / name).replace(folder / name)
        else:
            aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return prepared.name


def _checked(title: str) -> str:
    title = plain(title)
    require(1 <= len(title) <= 60, "title", "have 1 to 60 characters", title)
    return title


def add(path: Path, *, title: str, size: int, colour: bool, cut: Cut = "squares", level: int | None = INNERMOST) -> tuple[str, Prepared]:
    """Make a data set of a folder or a ZIP file on this machine, as `prepare` does; its name, and what was read.

    Raises:
        ValueError: if there is nothing there, or `prepare` or `keep` refuse it.
    """
    require(path.is_dir() or path.is_file(), "folder", "be a folder or ZIP file on this machine", str(path))
    title, limit = _checked(title), UNPACKED_BYTES
    if path.is_file():
        size_on_disk = path.stat().st_size
        require(size_on_disk <= limit, path.name, f"be at most {limit / 1e9:.0f} GB, or else a folder", f"{size_on_disk / 1e9:.1f} GB")
    files = in_folder(path) if path.is_dir() else given([(path.name, path.read_bytes())])
    prepared = prepare(files, size=size, colour=colour, cut=cut, level=level)
    return keep(prepared, title), prepared


def folder_of(name: str) -> Path:
    """Where a data set of one's own lies.

    Raises:
        ValueError: if it is none of one's own, or not on this machine.
    """
    require(is_own(name), "dataset", "be one of your own (own-…)", name)
    folder = cache_folder() / name
    require(folder.is_dir(), "dataset", "be on this machine", name)
    return folder


def delete(name: str) -> None:
    """Remove a data set of one's own from this machine; what was trained on it is found again once the same images are added again.

    Raises:
        ValueError: if it is none of one's own, or not on this machine.
    """
    folder = folder_of(name)
    aside = folder.with_name(f"{name}.{mark()}.deleted")
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def recipe(name: str) -> Recipe:
    """How a data set of one's own is loaded.

    Raises:
        ValueError: if it is not on this machine.
    """
    record = own_record(name)
    provenance = Provenance(
        title=record["title"],
        source="made on this machine, by vae_core.data.own",
        licence="that of your own images",
        split=f"{record['n_test']:,} of {record['n_train'] + record['n_test']:,} images, drawn from a fixed seed, are test images.",
    )
    return Recipe(name, provenance, lambda: splits(name), n_classes=len(record["classes"]), classes=tuple(record["classes"]))


def splits(name: str) -> tuple[Split, Split]:
    """Train and test.

    Raises:
        FileRefused: if the file does not hold the images that the data set is named after.
    """
    path, record = cache_folder() / name / IMAGES, own_record(name)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            x, labels = arrays["x"], (arrays["labels"] if "labels" in arrays.files else None)
    except Exception as error:  # NumPy's and the ZIP reader's errors on foreign bytes are of many kinds
        raise FileRefused(f"{path} must hold the images of {name}, got a damaged file: delete the data set and make it again") from error
    if Prepared(x, labels, (), (), 0, record["cut"]).content != record["content"]:
        raise FileRefused(f"{path} must hold the images of {name}, got others: delete the data set and make it again")
    test = is_test(len(x))
    parts = [Split(x[part], None if labels is None else labels[part]) for part in (~test, test)]
    return parts[0], parts[1]
