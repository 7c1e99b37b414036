"""Nats to bits: the only place with ln 2."""

from __future__ import annotations

import math

NATS_PER_BIT = math.log(2)


def bits(nats: float) -> float:
    """Bits in so many nats."""
    return nats / NATS_PER_BIT


def bits_per_dim(nats: float, n_features: int) -> float:
    """Bits per pixel (or coordinate) of an image that costs so many nats."""
    return nats / (n_features * NATS_PER_BIT)
