"""Frames of a training: what a map looks like after an epoch, and how frames travel to another process and into a file."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vae_core.drawing.packing import packed, unpacked
from vae_core.explore.means import Mean, Share
from vae_core.statistics import Z_95

ARRAYS = ("samples", "lines", "circles")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A learned map after an epoch. Arrays are float16 once they have travelled: 0.001 at radius 2.

    Attributes:
        kind: `regression` or `vae`.
        epoch: how many epochs are done; 0 is before training.
        n_epochs: of how many.
        metrics: numbers by name; `hole` is the share of `n_samples` within ρ < 1, `winding` how often the image of the circle r = 2 goes
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

    def mean(self, name: str) -> Mean:
        """One of the numbers with its 95 % interval, if its standard error was kept."""
        error = self.metrics.get(f"{name}_se")
        return Mean(self.metrics[name], None if error is None else Z_95 * error, int(self.metrics.get("n_points", 0)))

    @property
    def hole(self) -> Share:
        """The share of samples within ρ < 1."""
        n = int(self.metrics["n_samples"])
        return Share(round(n * self.metrics["hole"]), n)


def to_bytes(frame: Frame) -> bytes:
    """A frame, packed; its arrays are float16 there."""
    header = {"kind": frame.kind, "epoch": frame.epoch, "n_epochs": frame.n_epochs, "metrics": frame.metrics}
    return packed(header, {name: getattr(frame, name).astype(np.float16) for name in ARRAYS})


def from_bytes(data: bytes) -> Frame:
    """The inverse of `to_bytes`."""
    header, arrays = unpacked(data)
    header |= arrays
    return Frame(**header)


def save(path: Path, frames: Iterable[Frame]) -> None:
    """Keep a film in a file: its frames, the length of each before it as a u32."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sent = map(to_bytes, frames)
    path.write_bytes(b"".join(struct.pack("<I", len(data)) + data for data in sent))


def load(path: Path) -> list[Frame]:
    """The frames of a file; what breaks off within one is left out."""
    data, at, frames = path.read_bytes(), 0, []
    while at + 4 <= len(data):
        (length,) = struct.unpack_from("<I", data, at)
        at += 4 + length
        if at <= len(data):
            frames.append(from_bytes(data[at - length : at]))
    return frames


def stacked(frames: Iterable[Frame]) -> dict[str, np.ndarray]:
    """All frames of each kind in one array: `<kind>_samples` (E, N, 2), `<kind>_lines` (E, L, V, 2), `<kind>_circles` (E, C, V, 2)."""
    everything = list(frames)
    kinds = dict.fromkeys(frame.kind for frame in everything)
    return {f"{kind}_{name}": np.stack([getattr(f, name) for f in everything if f.kind == kind]) for kind in kinds for name in ARRAYS}
