"""How closely two ways to one number agree, as a person reads it."""

from __future__ import annotations

import math

from vae_core.units import tiny

LEAST = 1e-12
"""Closer than this is rounding."""


def within(difference: float) -> str:
    """The power of ten that a difference stays within: 10⁻¹² at least."""
    return tiny(10.0 ** math.ceil(math.log10(max(abs(difference), LEAST))))
