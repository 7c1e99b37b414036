"""How large a network and how long a training suit images of any shape and number: what recipes use where none was tuned."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vae_core.data import recipe_of
from vae_core.identities import identity, is_own

LARGE_SIDE = 32
"""From this many pixels a side on, networks are convolutional."""
CHANNELS = (16, 32, 64, 64)
STEPS, FEWEST_EPOCHS, MOST_EPOCHS = 8_000, 40, 500


def usual_network(dataset: str, kind: str, latent_dim: int) -> str:
    """What the data set declares for that kind at that latent dimension, else `conv` where images are large, `mlp` where they are not."""
    known, declared = identity(dataset), None if is_own(dataset) else recipe_of(dataset).network_at(kind, latent_dim)
    return declared or ("conv" if known.is_images and min(known.shape[1:]) >= LARGE_SIDE else "mlp")


def sizes(dataset: str, kind: str, network: str, latent_dim: int) -> Mapping[str, Any]:
    """Fields of a spec of that kind: those that the data set declares, or those that suit a person's own data set."""
    return own_sizes(dataset, network) if is_own(dataset) else recipe_of(dataset).sizes_for(kind, network, latent_dim)


def own_sizes(dataset: str, network: str) -> dict[str, Any]:
    """Sizes from the shape and number of the images: about 8,000 steps, in small batches where there are few images."""
    known = identity(dataset)
    batch_size = next(size for most, size in ((1_000, 32), (5_000, 64), (math.inf, 128)) if known.n_train < most)
    steps = math.ceil(known.n_train / batch_size)
    n_epochs = min(MOST_EPOCHS, max(FEWEST_EPOCHS, STEPS // steps))
    if network == "linear":
        return {"n_epochs": n_epochs, "batch_size": batch_size, "learning_rate": 1e-2}
    hidden = _channels(known.shape) if network == "conv" else _widths(known.n_features)
    return {"hidden": hidden, "n_epochs": n_epochs, "batch_size": batch_size}


def _widths(n_features: int) -> tuple[int, ...]:
    """Of the encoder's hidden layers: wide, but such that the decoder, which mirrors them, can be sent to a browser."""
    return (256, 128) if 256 < n_features <= 1_024 else (128, 64)


def _channels(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Of the encoder's stride-2 stages, as many as leave 4 × 4 places, but at least one."""
    n_stages = max(1, int(math.log2(max(1, min(shape[1:]) // 4))))
    return CHANNELS[:n_stages]
