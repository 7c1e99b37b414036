"""Arrays as bytes: for components in the browser, [u32 length][JSON header][padding to 8][arrays, each padded to 8]."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

PAD = 8


def packed(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """A header and arrays. Float16 arrays stay so; all others become float32.

    Args:
        header: JSON values; `arrays` is added, a list of name, dtype and shape in their order.
        arrays: by name.
    """
    kept = {name: np.ascontiguousarray(a, dtype="<f2" if a.dtype == np.float16 else "<f4") for name, a in arrays.items()}
    listed = [{"name": name, "dtype": f"f{a.itemsize}", "shape": a.shape} for name, a in kept.items()]
    head = json.dumps({**header, "arrays": listed}, separators=(",", ":")).encode()
    parts = [struct.pack("<I", len(head)) + head, *(a.tobytes() for a in kept.values())]
    return b"".join(part + bytes(-len(part) % PAD) for part in parts)


def named(arrays: Mapping[str, np.ndarray], **header: Any) -> tuple[str, bytes]:
    """The bytes with a name made from their content, which the header holds as `name`: whoever has the name need not be sent them again."""
    content = hashlib.sha256()
    for name, array in arrays.items():
        content.update(f"{name}{array.dtype}{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    name = content.hexdigest()[:16]
    return name, packed({"name": name, **header}, arrays)


def cloud(z: np.ndarray, lines: np.ndarray, circles: np.ndarray, *, image: Mapping[str, np.ndarray] | None = None) -> tuple[str, bytes]:
    """Points of a morph with its coordinate lines and circles, and its name.

    Args:
        z: (N, d).
        lines: (L, V, d).
        circles: (C, V, d).
        image: for a map that the browser cannot compute: `y` (N, d), `lines_y`, `circles_y` and `log_det` (N,); sent as float16.
    """
    learned = {name: array.astype(np.float16) for name, array in (image or {}).items()}
    return named({"z": z, "lines": lines, "circles": circles, **learned})


def film(
    epochs: Sequence[int],
    n_epochs: int,
    panels: Sequence[Mapping[str, Any]],
    arrays: Mapping[str, np.ndarray],
    *,
    start: int | None,
) -> bytes:
    """A training for the browser: every epoch's samples and lines, as float16.

    Args:
        epochs: the epochs that are there, (E,).
        n_epochs: of the whole training.
        panels: for each network `kind`, `title`, `colour` and `said`, a line for each epoch.
        arrays: `<kind>_samples` (E, N, 2), `<kind>_lines` (E, L, V, 2) and `<kind>_circles` (E, C, V, 2).
        start: the epoch to show first; the last if None.
    """
    header = {"epochs": list(epochs), "n_epochs": n_epochs, "panels": [dict(panel) for panel in panels], "start": start}
    return named({name: array.astype(np.float16) for name, array in arrays.items()}, **header)[1]
