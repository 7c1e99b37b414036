"""How like its original a picture is: PSNR and SSIM, to the numbers of scikit-image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core import statistics

WINDOW = 7
"""Side of the squares over which SSIM takes means, variances and covariances, in pixels."""
ROWS_AT_ONCE = 32
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
"""What keeps SSIM finite where a window has no light, or one colour only (Wang et al. 2004, Sec. III B)."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like its original a picture is, both as bytes: PSNR in dB (infinite for the same picture) and mean SSIM (Wang et al. 2004)."""

    psnr: float
    ssim: float


def psnr(original: np.ndarray, picture: np.ndarray) -> float:
    """PSNR of two pictures as bytes, in dB; infinite for the same picture."""
    error = np.subtract(original, picture, dtype=np.int32)
    return float(statistics.psnr(float(np.square(error, out=error).mean()) / 255**2))


def likeness(original: np.ndarray, picture: np.ndarray) -> Likeness:
    """PSNR, and the mean over all windows and the three colours of SSIM."""
    return Likeness(psnr(original, picture), ssim(original, picture))


def ssim(original: np.ndarray, picture: np.ndarray) -> float:
    """Mean SSIM of two pictures as bytes (Wang et al. 2004, Eq. (13)), uint8 (H, W, 3), by windows of 7 × 7 and their sample covariances.

    Sums over a window are whole numbers below 2^24, so exact in float32. So many rows at a time stay in the processor's caches.
    """
    height, width, colours = original.shape
    x, y = (one.reshape(height, -1) for one in (original, picture))
    starts = range(0, height - WINDOW + 1, ROWS_AT_ONCE)
    parts = (slice(start, start + ROWS_AT_ONCE + WINDOW - 1) for start in starts)
    total = sum(float(_ssim(x[part], y[part], colours).sum(dtype=np.float64)) for part in parts)
    return total / (colours * (height - WINDOW + 1) * (width - WINDOW + 1))


def _ssim(x: np.ndarray, y: np.ndarray, colours: int) -> np.ndarray:
    """Of every window within some rows, the colours of a pixel side by side: uint8 (h, W·C) twice → (h − 6, (W − 6)·C)."""
    x, y, n = x.astype(np.float32), y.astype(np.float32), WINDOW**2
    sum_x, sum_y, squares, products = (_sums(part, colours) for part in (x, y, x * x + y * y, x * y))
    both, apart = sum_x * sum_y, sum_x * sum_x + sum_y * sum_y  # of sums: n² times those of means
    covariance, variances = (n * products - both) * (2 / (n * (n - 1))), (n * squares - apart) * (1 / (n * (n - 1)))
    return (2 / n**2 * both + C1) * (covariance + C2) / ((apart / n**2 + C1) * (variances + C2))


def _sums(x: np.ndarray, colours: int) -> np.ndarray:
    """Over every window, (h, W·C) → (h − 6, (W − 6)·C): of 2, 4 and then 7 rows, and so of columns."""
    twos = x[:-1] + x[1:]
    x = (twos[:-2] + twos[2:])[:-3] + twos[4:-1] + x[6:]
    c = colours
    twos = x[:, :-c] + x[:, c:]
    return (twos[:, : -2 * c] + twos[:, 2 * c :])[:, : -3 * c] + twos[:, 4 * c : -c] + x[:, 6 * c :]
