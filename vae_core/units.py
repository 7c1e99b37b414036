"""Nats to bits, and numbers as they are written: the only place with ln 2 and with the minus sign."""

from __future__ import annotations

import math
from typing import Any, TypeVar

Amount = TypeVar("Amount", bound=Any)
"""A number, or an array of them."""
NATS_PER_BIT = math.log(2)


def bits(nats: Amount) -> Amount:
    """Bits in so many nats."""
    return nats / NATS_PER_BIT


def bits_per_pixel(nats: Amount, n_pixels: int) -> Amount:
    """Bits per pixel of an image of H·W pixels that costs so many nats; the channels of a pixel share them, as in files of photographs."""
    return nats / (n_pixels * NATS_PER_BIT)


def signed(value: float, digits: int = 2) -> str:
    """A number with so many decimals, and a true minus sign; 0 has none."""
    return minus(f"{round(value, digits) + 0.0:.{digits}f}")


def minus(text: str) -> str:
    """A text of numbers with true minus signs."""
    return text.replace("-", "−")
