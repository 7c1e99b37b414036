"""What a model leaves of its images, x − g(z), beside the noise that its likelihood claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from vae_core.data import Dataset
from vae_core.distributions import Gaussian, Laplace
from vae_core.errors import require
from vae_core.explore.means import Mean, mean_of
from vae_core.explore.rates.pixel_statistics import entropies
from vae_core.models import LatentModel
from vae_core.models.inputs import batches
from vae_core.passes import NOISE_SEED
from vae_core.units import bits_per_pixel, earned_places, plain, rounded_to

MOST_IMAGES, MOST_VALUES = 2000, 2_000_000
N_BINS, N_SCALES = 101, 201
LEVELS = 256
Law = Literal["gaussian", "laplace"]
LAWS: tuple[Law, ...] = ("gaussian", "laplace")


@dataclass(frozen=True, slots=True)
class Gain:
    """Nats per image that the best width saves, and the ends of the 95 % interval over the images."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.high == self.low:  # one image says nothing of others
            return plain(self.value)
        places = earned_places((self.high - self.low) / 2)
        value, low, high = (rounded_to(one, places) for one in (self.value, self.low, self.high))
        return f"{value} ({low} to {high})"


@dataclass(frozen=True, slots=True, eq=False)
class Residuals:
    """Residuals of test images, one z per image, drawn from q(z|x) of the grey image.

    Attributes:
        claimed: the noise that the likelihood claims; None for one without noise of one width.
        scale: its σ or b; None likewise.
        edges: of the histogram's bins, (B + 1,).
        density: of residuals in each bin, (B,); it sums to 1 times the width.
        sizes: law → of each image what its cost needs, (N,): the mean square of its residuals, or their mean absolute value.
        n_pixels: P, of every channel.
        n_channels: of a pixel.
    """

    claimed: Law | None
    scale: float | None
    edges: np.ndarray
    density: np.ndarray
    sizes: Mapping[Law, np.ndarray]
    n_pixels: int
    n_channels: int

    @property
    def n_images(self) -> int:
        """Test images."""
        return len(self.sizes["gaussian"])

    def best(self, law: Law) -> Mean:
        """The width of least −log p: σ*, the root of the mean square, or b*, the mean absolute value."""
        size = mean_of(self.sizes[law])
        if law == "laplace":
            return size
        sigma = float(np.sqrt(size.value))
        return Mean(sigma, size.half_width and size.half_width / (2 * sigma), size.n)

    def cost(self, law: Law, scale: np.ndarray | float) -> np.ndarray:
        """−log p(x|z) per image, mean over images, at each width; nats."""
        return cost(law, self.sizes[law].mean(), scale, self.n_pixels)

    def rise(self, law: Law, factor: float) -> float:
        """By how much −log p(x|z) per image rises where the best width is multiplied by a factor, nats."""
        best = self.best(law).value
        return float(self.cost(law, factor * best) - self.cost(law, best))

    @property
    def gain(self) -> Gain | None:
        """By how much −log p(x|z) per image falls where the claimed width gives way to the best one, nats; None without a claim.

        It is 0 where both agree and rises on either side: its interval is that of the best width, seen through it.
        """
        if self.claimed is None or self.scale is None:
            return None
        best, law = self.best(self.claimed), self.claimed
        widths = np.array([best.value, *(max(end, 1e-9) for end in best.interval)])
        sizes = np.square(widths) if law == "gaussian" else widths
        value, *ends = (cost(law, sizes, self.scale, self.n_pixels) - cost(law, sizes, widths, self.n_pixels)).tolist()
        return Gain(value, min(ends) if self.is_told_apart else 0.0, max(ends))

    @property
    def bits(self) -> Mean | None:
        """−log₂ of density times the width of a level, 1/255, under the claim: bits per pixel, whose channels share them; or None."""
        if self.claimed is None or self.scale is None:
            return None
        in_bits = bits_per_pixel(self._per_image(self.claimed, self.scale), self.n_pixels // self.n_channels)
        return mean_of(in_bits + self.n_channels * np.log2(LEVELS - 1))

    @property
    def is_told_apart(self) -> bool:
        """Whether the interval of the best width leaves the claimed one out."""
        if self.claimed is None or self.scale is None:
            return False
        best = self.best(self.claimed)
        return Mean(best.value - self.scale, best.half_width, best.n).tells_apart

    @property
    def apart(self) -> Mean:
        """By how much −log p(x|z) of Gaussian noise is above that of Laplace noise, each of its best width, image by image; nats."""
        gaussian, laplace = (self._per_image(law, self.best(law).value) for law in LAWS)
        return mean_of(gaussian - laplace)

    def _per_image(self, law: Law, scale: float) -> np.ndarray:
        return cost(law, self.sizes[law], scale, self.n_pixels)


@torch.no_grad()
def residuals(model: LatentModel, images: Dataset) -> Residuals:
    """Measure the residuals of test images, evenly spread.

    Raises:
        ValueError: if the model has no density.
    """
    require(model.has_density, "model", "have a density, whose noise is looked at", model.spec.family)
    n_pixels = int(np.prod(images.test.x.shape[1:]))
    x = images.test.x[list(images.test.spread(min(MOST_IMAGES, max(2, MOST_VALUES // n_pixels))))]
    noise, parts, law, scale = torch.Generator(model.device).manual_seed(NOISE_SEED), [], None, None
    for part in batches(x, 500, model.device):
        decoded = model.decode(model.encode(part).sample(noise))
        parts.append((part - decoded.mean).flatten(1).double().cpu().numpy())
        law, scale = _claim(decoded)
    left = np.concatenate(parts)
    widest = max(1.0, float(np.abs(left).max()))
    density, edges = np.histogram(left, bins=N_BINS, range=(-widest, widest), density=True)
    sizes: dict[Law, np.ndarray] = {"gaussian": (left**2).mean(1), "laplace": np.abs(left).mean(1)}
    return Residuals(law, scale, edges, density, sizes, n_pixels, x.shape[1])


def _claim(decoded: object) -> tuple[Law | None, float | None]:
    """Which noise of which width a likelihood is, if it is one."""
    if isinstance(decoded, Gaussian | Laplace):
        return ("gaussian" if isinstance(decoded, Gaussian) else "laplace"), float(decoded.scale)
    return None, None


def density(law: Law, scale: float, at: np.ndarray) -> np.ndarray:
    """Of noise around 0."""
    if law == "gaussian":
        return np.exp(-0.5 * (at / scale) ** 2) / (scale * np.sqrt(2 * np.pi))
    return np.exp(-np.abs(at) / scale) / (2 * scale)


def cost(law: Law, size: np.ndarray | float, scale: np.ndarray | float, n_pixels: int) -> np.ndarray:
    """−log p(x|z) of an image whose residuals have this mean square, or mean absolute value, under noise of a width; nats."""
    if law == "gaussian":
        return np.asarray(n_pixels * (size / (2 * np.square(scale)) + np.log(scale) + 0.5 * np.log(2 * np.pi)))
    return np.asarray(n_pixels * (size / np.asarray(scale) + np.log(2 * np.asarray(scale))))


def curves(measured: Residuals) -> dict[str, Any]:
    """All that `residuals_figure.residual_chart` draws: densities, −log p over the width of the noise, and the widths that are marked."""
    best = {law: measured.best(law).value for law in LAWS}
    at = np.linspace(measured.edges[0], measured.edges[-1], 401)
    widths = [*best.values(), *([] if measured.scale is None else [measured.scale])]
    scales = np.geomspace(min(widths) / 4, max(widths) * 4, N_SCALES)
    claimed = here = None
    if measured.claimed is not None and measured.scale is not None:
        claimed = density(measured.claimed, measured.scale, at)
        here = measured.scale, float(measured.cost(measured.claimed, measured.scale))
    return {
        "edges": measured.edges,
        "density": measured.density,
        "at": at,
        "fitted": {law: density(law, best[law], at) for law in LAWS},
        "claimed": claimed,
        "scales": scales,
        "costs": {law: measured.cost(law, scales) for law in LAWS},
        "best": {law: (best[law], float(measured.cost(law, best[law]))) for law in LAWS},
        "here": here,
    }


def grey_floor(images: Dataset) -> Mean:
    """The least cross-entropy of grey test images, which x̂ = x has: Σ_p H(x_p), mean over all of them, nats."""
    table, x = entropies(np.arange(LEVELS) / (LEVELS - 1)), images.test.x
    return mean_of(np.concatenate([table[x[first : first + 1000]].reshape(-1, x[0].size).sum(1) for first in range(0, len(x), 1000)]))
