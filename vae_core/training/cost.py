"""What a training takes, counted from its network before anything of it is made: multiply-adds, and bytes of memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from vae_core.evaluation import N_AT_ONCE
from vae_core.models import FAMILIES
from vae_core.networks import KERNEL, stage_sizes
from vae_core.specs import ModelSpec, TrainedSpec

BYTES = 4
"""Of a float32."""
COPIES_OF_WEIGHTS = 10
"""Weights, gradients and Adam's two moments; of the last epoch and of the one before, each for resuming, three of these four."""
COPIES_OF_IMAGES = 2
"""As they were read, and where the training is; a byte for each number."""
MOST_OF_MEMORY = 0.75
"""Share of this machine's memory that a training may take: the rest is the server's, and the system's."""
CGROUP = Path("/sys/fs/cgroup/memory.max")
"""Where Linux says how much memory a container may take."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer of a network takes for one image.

    Attributes:
        n_weights: numbers that are learned, without its bias.
        n_places: of an image, where each of them is used; 1 in a fully connected layer.
        n_out: numbers that come out of it.
    """

    n_weights: int
    n_places: int
    n_out: int


def layers(spec: TrainedSpec) -> Iterator[Layer]:
    """The layers of the spec's encoder and of its decoder (`networks`)."""
    if spec.network == "conv":
        yield from _conv_layers(spec)
        return
    n_features = spec.identity.n_features
    for widths in ((n_features, *spec.widths, _n_code(spec)), (spec.latent_dim, *spec.widths[::-1], n_features)):
        yield from (Layer(n_in * n_out, 1, n_out) for n_in, n_out in pairwise(widths))


def _conv_layers(spec: TrainedSpec) -> Iterator[Layer]:
    channels, height, width = spec.identity.shape
    sizes = [h * w for h, w in stage_sizes(height, width, len(spec.widths))]
    stages = list(zip(pairwise((channels, *spec.widths)), pairwise(sizes), strict=True))
    for (n_in, n_out), (larger, smaller) in stages:
        yield Layer(KERNEL**2 * n_in * n_out, smaller, n_out * smaller)
        yield Layer(KERNEL**2 * n_in * n_out, smaller, n_in * larger)  # its mirror in the decoder
    flat = spec.widths[-1] * sizes[-1]
    yield Layer(flat * _n_code(spec), 1, _n_code(spec))
    yield Layer(flat * spec.latent_dim, 1, flat)


def _n_code(spec: TrainedSpec) -> int:
    """What comes out of the encoder: a number for each of the code, and its variance where each image has one of its own."""
    has_variances = FAMILIES[spec.family].is_probabilistic and spec.network != "linear"
    return (1 + has_variances) * spec.latent_dim


def multiply_adds(spec: TrainedSpec) -> int:
    """Of one image's way to z and back: one for each weight at each place where it is used."""
    return sum(layer.n_weights * layer.n_places for layer in layers(spec))


def n_bytes(spec: TrainedSpec) -> int:
    """Of memory that the training of a spec takes at most, about: its weights, a batch on its way and back, images that are evaluated."""
    images = spec.identity
    n_weights, n_values = (sum(column) for column in zip(*((layer.n_weights, layer.n_out) for layer in layers(spec)), strict=True))
    on_their_way = n_values * max(2 * min(spec.batch_size, images.n_train), N_AT_ONCE)
    return BYTES * (COPIES_OF_WEIGHTS * n_weights + on_their_way) + COPIES_OF_IMAGES * images.n_train * images.n_features


def memory() -> int | None:
    """Bytes of memory that this machine has, or that this container may take; None where neither is to be seen."""
    found = []
    with suppress(AttributeError, ValueError, OSError):  # Windows has no such call
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with suppress(OSError, ValueError):  # no such file, or "max"
        found.append(int(CGROUP.read_text()))
    return min(found, default=None)


def too_large(spec: ModelSpec) -> str | None:
    """What a training would take and what there is, in words, where that is too little; else None."""
    there_is = memory()
    if there_is is None or not isinstance(spec, TrainedSpec) or n_bytes(spec) <= MOST_OF_MEMORY * there_is:
        return None
    return f"about {n_bytes(spec) / 1e9:.1f} GB, got {MOST_OF_MEMORY * there_is / 1e9:.1f} of {there_is / 1e9:.1f} GB"
