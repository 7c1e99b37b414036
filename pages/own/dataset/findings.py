"""How few components hold most of the variance, in words."""

from __future__ import annotations

import numpy as np

from pages.shared.words import Words

HALF, MOST = 0.5, 0.9


def conclusion(eigenvalues: np.ndarray, text: Words) -> str:
    """What the first component holds, and how many hold half of the variance."""
    shares = _shares(eigenvalues)
    return text.said("conclusion", first=f"{100 * shares[0]:.0f}", half=_enough(shares, HALF), n=len(shares))


def answer(eigenvalues: np.ndarray, text: Words) -> str:
    """How many components hold nine tenths of the variance, and what the share of one would be if all directions were alike."""
    shares = _shares(eigenvalues)
    return text.said("answer", first=f"{100 * shares[0]:.1f}", alike=f"{100 / len(shares):.2g}", most=_enough(shares, MOST), n=len(shares))


def _shares(eigenvalues: np.ndarray) -> np.ndarray:
    """Share of the variance in the first j components, (P,)."""
    return np.cumsum(eigenvalues) / max(float(eigenvalues.sum()), np.finfo(float).tiny)


def _enough(shares: np.ndarray, share: float) -> int:
    return int((shares < share).sum()) + 1
