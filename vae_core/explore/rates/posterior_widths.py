"""How wide q(z|x) is in each latent dimension, image by image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from vae_core.data import Dataset
from vae_core.errors import require
from vae_core.evaluation import ACTIVE_ABOVE, as_observed
from vae_core.explore.means import Mean, mean_of
from vae_core.explore.rates.doctor import MOST_IMAGES
from vae_core.models import LatentModel
from vae_core.models.inputs import batches

BIN = 0.02
NARROW, WIDE = 0.5, 0.9
"""Mean widths, of the prior's 1: below the first q is called narrow, above the second as wide as the prior."""


@dataclass(frozen=True, slots=True, eq=False)
class PosteriorWidths:
    """The encoder's q(z|x) of test images, as the model sees them: binarised, if it binarises.

    Attributes:
        widths: s_j(x), the standard deviation of each dimension, (N, D).
        means: μ_j(x), (N, D).
    """

    widths: np.ndarray
    means: np.ndarray

    @property
    def n_images(self) -> int:
        """Test images."""
        return len(self.widths)

    @property
    def is_active(self) -> np.ndarray:
        """Which dimensions have means that vary by more than `ACTIVE_ABOVE` (Burda et al. 2016, Sec. 5.2), (D,)."""
        return self.means.var(0) > ACTIVE_ABOVE

    @property
    def mean_widths(self) -> list[Mean]:
        """Of each dimension over the images."""
        return [mean_of(column) for column in self.widths.T]

    @property
    def order(self) -> np.ndarray:
        """The dimensions, that of the largest KL first, (D,)."""
        kl = 0.5 * (np.square(self.means) + np.square(self.widths) - 1 - 2 * np.log(self.widths))
        return np.argsort(-kl.mean(0), kind="stable")

    @property
    def edges(self) -> np.ndarray:
        """Of bins for the widths, (B + 1,): those of the prior, 1, are in the middle of one."""
        return BIN * (np.arange(round(max(1.2, float(self.widths.max())) / BIN) + 2) - 0.5)

    def shares(self, edges: np.ndarray) -> np.ndarray:
        """The histogram of each dimension, (B, D): shares of the images, each column of which sums to 1.

        Args:
            edges: of the bins, (B + 1,); what lies beyond them counts in the outermost.
        """
        inside = np.clip(self.widths, edges[0], edges[-1])
        return np.stack([np.histogram(column, edges)[0] for column in inside.T], 1) / self.n_images


@torch.no_grad()
def posterior_widths(model: LatentModel, images: Dataset) -> PosteriorWidths:
    """Of test images, evenly spread, as many as the doctor examines.

    Raises:
        ValueError: if the model has no density.
    """
    require(model.has_density, "model", "have a density, and a q(z|x)", model.spec.family)
    seen = as_observed(model, images.test.x[list(images.test.spread(MOST_IMAGES))])
    posteriors = [model.encode(part) for part in batches(seen, 500, model.device)]
    widths, means = (
        torch.cat(parts).double().cpu().numpy() for parts in ([q.variance.sqrt() for q in posteriors], [q.mean for q in posteriors])
    )
    return PosteriorWidths(widths, means)
