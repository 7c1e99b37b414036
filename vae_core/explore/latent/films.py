"""Frames of a training: what a map looks like after an epoch, and how frames travel between processes and into a file."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

ARRAYS = ("samples", "lines", "circles")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A learned map after an epoch. Arrays are float16 once they have travelled: 0.001 at radius 2.

    Attributes:
        kind: `regression` or `vae`.
        epoch: how many epochs are done; 0 is before training.
        n_epochs: of how many.
        metrics: numbers by name; `hole` is the share of samples within ρ < 1, `winding` how often the image of the circle r = 2 goes
            round the origin, `kl`, `log_px`, `elbo` are in nats, and what ends in `_se` is a standard error.
        samples: (N, 2).
        lines: image of the coordinate lines, (L, V, 2).
        circles: image of the circles about the origin, (C, V, 2).
    """

    kind: str
    epoch: int
    n_epochs: int
    metrics: dict[str, float]
    samples: np.ndarray
    lines: np.ndarray
    circles: np.ndarray


def to_bytes(frame: Frame) -> bytes:
    """A frame as [u32 length of the header][header as JSON][float16 arrays]."""
    arrays = [np.ascontiguousarray(getattr(frame, name), dtype="<f2") for name in ARRAYS]
    header = {"kind": frame.kind, "epoch": frame.epoch, "n_epochs": frame.n_epochs, "metrics": frame.metrics}
    header["shapes"] = {name: array.shape for name, array in zip(ARRAYS, arrays, strict=True)}
    head = json.dumps(header).encode()
    return struct.pack("<I", len(head)) + head + b"".join(array.tobytes() for array in arrays)


def from_bytes(data: bytes) -> Frame:
    """The inverse of `to_bytes`."""
    (n_head,) = struct.unpack_from("<I", data)
    header, at, arrays = json.loads(data[4 : 4 + n_head]), 4 + n_head, {}
    for name, shape in header.pop("shapes").items():
        n = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, "<f2", n, at).reshape(shape)
        at += 2 * n
    return Frame(**header, **arrays)


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    """Send a frame: its length as u32, then its bytes."""
    data = to_bytes(frame)
    stream.write(struct.pack("<I", len(data)) + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame of a stream; None at its end, also where it breaks off within a frame."""
    length = stream.read(4)
    if len(length) < 4:
        return None
    data = stream.read(struct.unpack("<I", length)[0])
    return from_bytes(data) if len(data) == struct.unpack("<I", length)[0] else None


def save(path: Path, frames: Iterable[Frame]) -> None:
    """Keep a film in a file."""
    file = io.BytesIO()
    for frame in frames:
        write_frame(file, frame)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.getvalue())


def load(path: Path) -> list[Frame]:
    """The frames of a file."""
    frames, stream = [], io.BytesIO(path.read_bytes())
    while (frame := read_frame(stream)) is not None:
        frames.append(frame)
    return frames


def stacked(frames: Iterable[Frame]) -> dict[str, np.ndarray]:
    """All frames of each kind in one array: `<kind>_samples` (E, N, 2), `<kind>_lines` (E, L, V, 2), `<kind>_circles` (E, C, V, 2)."""
    everything = list(frames)
    kinds = dict.fromkeys(frame.kind for frame in everything)
    return {f"{kind}_{name}": np.stack([getattr(f, name) for f in everything if f.kind == kind]) for kind in kinds for name in ARRAYS}
