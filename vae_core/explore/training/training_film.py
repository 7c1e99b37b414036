"""Snapshots of a training: what its fixed test images or points came back as after some of its epochs, and for d = 2 the manifold."""

from __future__ import annotations

import io
import json
import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vae_core import data
from vae_core.data import Images, Points
from vae_core.drawing.images import to_png
from vae_core.errors import naming
from vae_core.explore.codes import codes
from vae_core.explore.manifolds import grid_axis, manifold_grid
from vae_core.explore.reconstructions import reconstructions, sse_per_image
from vae_core.identities import folder_mode
from vae_core.models import LatentModel, build, spec_from_json
from vae_core.specs import ModelSpec
from vae_core.store import Store, checkpoints
from vae_core.training.events import EpochDone

N_FRAMES, N_IMAGES, N_POINTS, N_CODES = 20, 8, 300, 500
AFTER = "after-"
"""What the names of snapshots begin with, before the epoch; those of an older format, floats without errors, began with `epoch-`."""
EXTENT = 2.0
"""The manifold reaches so many standard deviations: of the prior, or of the codes where there is none."""
LEVELS = 64
"""Of brightness, of each colour: as many as an eye tells apart, and two thirds of the bytes of 256."""
NUMBERS = 28_300
"""Most numbers of one manifold, 6 × 6 of 28 × 28 pixels: the whole film of a training weighs some 0.3 megabytes."""
SIDE_OF_SHEET = 33
"""Points along each side of the manifold of a model of points."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The pictures after an epoch, as bytes of `LEVELS` values; the coordinates of points are float16.

    Attributes:
        epoch: how many epochs were done.
        indices: of the test images or points that are shown.
        reconstructions: of these, (N, C, H, W) or (N, P).
        sse: of these before they were rounded and clipped, (N,).
        manifold: E[x|z] over the plane of the codes, (n, n, C, H, W) or (n, n, P), z₂ = 2 in the first row; None for d ≠ 2.
    """

    epoch: int
    indices: tuple[int, ...]
    reconstructions: np.ndarray
    sse: np.ndarray
    manifold: np.ndarray | None


def film_epochs(n_epochs: int) -> tuple[int, ...]:
    """About twenty epochs, close together at first, when most changes; the last is one of them."""
    return tuple(sorted({1, *(math.ceil(n_epochs * (k / N_FRAMES) ** 2) for k in range(1, N_FRAMES + 1))}))


def snapshot(model: LatentModel, images: Images | Points, epoch: int) -> Snapshot:
    """The pictures of a model as it is now; of one that needs labels the images' own, and the manifold of the first one's.

    Args:
        model: at rest.
        images: its data set; 500 of its test images say where the codes of a model without a prior lie.
        epoch: how many epochs it was trained.
    """
    is_images = model.spec.identity.is_images
    kept, n_shown = (_as_bytes, N_IMAGES) if is_images else (_as_numbers, N_POINTS)
    indices = images.test.spread(n_shown)
    x, labels = images.test.x[list(indices)], None if images.test.labels is None else images.test.labels[list(indices)]
    shown = kept(reconstructions(model, x, labels)), sse_per_image(model, x, labels)
    if model.spec.latent_dim != 2:
        return Snapshot(epoch, indices, *shown, None)
    n = min(12, max(4, int(math.sqrt(NUMBERS / model.spec.identity.n_features)))) if is_images else SIDE_OF_SHEET
    axis, given = grid_axis(n, spacing="linear", extent=EXTENT), model.given(None if labels is None else int(labels[0]))
    grid = manifold_grid(given, axis, codes=None if model.has_density else codes(model, images.test.x[list(images.test.spread(N_CODES))]))
    return Snapshot(epoch, indices, *shown, kept(grid.images))


def _as_bytes(images: np.ndarray) -> np.ndarray:
    """Images in [0, 1], of any shape, in so many `LEVELS`; what lies outside is black or white."""
    steps = LEVELS - 1
    return np.round(np.round(images.clip(0, 1) * steps) * (255 / steps)).astype(np.uint8)


def _as_numbers(points: np.ndarray) -> np.ndarray:
    """Coordinates to three digits."""
    return points.astype(np.float16)


def film_folder(spec: ModelSpec, store: Store) -> Path:
    """Where the snapshots of a training lie: those that came with the program win over local ones."""
    name = f"{spec.fingerprint}.film"
    return store.shipped / name if (store.shipped / name).is_dir() else store.local / name


def is_shipped(spec: ModelSpec, store: Store) -> bool:
    """Whether the snapshots of this training came with the program."""
    return film_folder(spec, store).parent == store.shipped


def keep(spec: ModelSpec, store: Store, event: EpochDone) -> None:
    """Keep what the model draws after an epoch, if it is one of those that are kept."""
    if event.snapshot is None or event.epoch not in film_epochs(event.n_epochs):
        return
    model = build(spec)
    tensors = event.snapshot().items()
    model.load_state_dict({name.removeprefix("model."): tensor for name, tensor in tensors if name.startswith("model.")})
    save(spec, store, snapshot(checkpoints.frozen(model), data.load(spec.dataset), event.epoch))


def save(spec: ModelSpec, store: Store, pictures: Snapshot) -> None:
    """Keep a snapshot among the store's local ones, whole or not at all."""
    folder = store.local / film_folder(spec, store).name
    folder.mkdir(folder_mode(spec.dataset), parents=True, exist_ok=True)
    with naming(folder / "spec.json"):
        (folder / "spec.json").write_text(json.dumps(spec.to_json()))
    arrays: dict[str, Any] = {"indices": np.array(pictures.indices), "sse": pictures.sse}
    is_images = spec.identity.is_images
    arrays["reconstructions"] = _sheet(pictures.reconstructions[None]) if is_images else pictures.reconstructions
    if pictures.manifold is not None:
        arrays["manifold"] = _sheet(pictures.manifold) if is_images else pictures.manifold
    aside, file = folder / f"writing.{os.getpid()}.npz", folder / f"{AFTER}{pictures.epoch:06}.npz"
    try:
        with naming(file):
            np.savez_compressed(aside, **arrays)
        aside.rename(file)
    finally:
        aside.unlink(missing_ok=True)


def load(spec: ModelSpec, store: Store) -> list[Snapshot]:
    """The snapshots of a training, in their order; those that cannot be read, or lack what one holds now, are left out."""
    return [pictures for path in files(spec, store) if (pictures := _read(path, spec)) is not None]


def latest(spec: ModelSpec, store: Store) -> Snapshot | None:
    """The last snapshot of a training that can be read; None if there is none."""
    return next((pictures for path in reversed(files(spec, store)) if (pictures := _read(path, spec)) is not None), None)


def files(spec: ModelSpec, store: Store) -> list[Path]:
    """The files of a training's snapshots, in their order."""
    return sorted(film_folder(spec, store).glob(f"{AFTER}*.npz"))


def _read(path: Path, spec: ModelSpec) -> Snapshot | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            epoch, indices, shape = int(path.stem.removeprefix(AFTER)), tuple(arrays["indices"].tolist()), spec.identity.shape
            if not spec.identity.is_images:
                return Snapshot(epoch, indices, arrays["reconstructions"], arrays["sse"], arrays.get("manifold"))
            manifold = _images(arrays["manifold"], shape) if "manifold" in arrays else None
            return Snapshot(epoch, indices, _images(arrays["reconstructions"], shape)[0], arrays["sse"], manifold)
    except Exception:  # whatever is damaged, each library that unpacks raises its own
        return None


def _sheet(images: np.ndarray) -> np.ndarray:
    """Rows of images, bytes (n, m, C, H, W), as the bytes of one PNG file: less than what they take as numbers, packed."""
    rows, columns, channels, height, width = images.shape
    sheet = images.transpose(0, 3, 1, 4, 2).reshape(rows * height, columns * width, channels)
    return np.frombuffer(to_png(Image.fromarray(sheet[..., 0] if channels == 1 else sheet), compress_level=9), np.uint8)


def _images(png: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The inverse of `_sheet`, for images of a shape (C, H, W)."""
    sheet, (channels, height, width) = np.asarray(Image.open(io.BytesIO(png.tobytes()))), shape
    tiles = sheet.reshape(sheet.shape[0] // height, height, sheet.shape[1] // width, width, channels)
    return tiles.transpose(0, 2, 4, 1, 3)


def filmed(store: Store) -> list[ModelSpec]:
    """The specs of all trainings that have snapshots here."""
    specs = []
    for path in (path for root in (store.shipped, store.local) for path in sorted(root.glob("*.film/spec.json"))):
        try:
            specs.append(spec_from_json(json.loads(path.read_text())))
        except (OSError, ValueError):
            continue
    return specs


def forget(spec: ModelSpec, store: Store) -> None:
    """Delete the local snapshots of a training."""
    shutil.rmtree(store.local / f"{spec.fingerprint}.film", ignore_errors=True)
