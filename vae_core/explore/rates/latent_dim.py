"""How many latent dimensions? What exact linear models, trained models and a linear probe say at each d."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from vae_core.data import Dataset
from vae_core.distributions import LOG_2PI
from vae_core.errors import require
from vae_core.explore import number_files
from vae_core.explore.codes import codes
from vae_core.explore.means import Mean, Share
from vae_core.explore.number_files import rounded
from vae_core.models import LatentModel
from vae_core.models.pca import rank, spectrum
from vae_core.store import CHECKPOINTS

SHIPPED = CHECKPOINTS / "shipped" / "latent_dim_numbers.json"
N_KEPT = 800
"""Leading eigenvalues that are kept in a file; of the rest only their sums."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutSpectrum:
    """The training images' principal axes, with the variance along each of training and of test images about the training mean.

    Attributes:
        eigenvalues: λ of the training images' covariance, leading ones, (K,).
        moments: mean over the test images of (vⱼᵀ(x − x̄))², (K,).
        rest: sums of the eigenvalues and of the moments beyond those.
        n_features: P, pixels.
        n_train: training images.
        n_test: test images.
    """

    eigenvalues: np.ndarray
    moments: np.ndarray
    rest: tuple[float, float]
    n_features: int
    n_train: int
    n_test: int

    @property
    def rank(self) -> int:
        """Dimensions in which the training images vary."""
        return rank(self.eigenvalues)

    @property
    def largest_dim(self) -> int:
        """The largest d at which pPCA has noise left to explain."""
        return min(self.rank, self.n_features) - 1

    def after(self, which: str) -> np.ndarray:
        """Σ over j > d of the `eigenvalues` or the `moments`, for d = 0 … K, (K + 1,)."""
        values, rest = getattr(self, which), self.rest[which == "moments"]
        return np.append(np.cumsum(values[::-1])[::-1], 0.0) + rest


def held_out_spectrum(images: Dataset) -> HeldOutSpectrum:
    """Exact, in float64: training images make the axes, test images are projected on them."""
    exact = spectrum(images.train.x)
    test = images.test.x.reshape(len(images.test), -1)
    unit, moments, total = 255 if test.dtype == np.uint8 else 1, np.zeros(len(exact.components)), 0.0
    for first in range(0, len(test), 2000):
        centred = test[first : first + 2000] / unit - exact.mean
        moments += ((centred @ exact.components.T) ** 2).sum(0) / len(test)
        total += float((centred**2).sum()) / len(test)
    n = min(N_KEPT, len(moments))
    rest = float(exact.eigenvalues[n:].sum()), max(0.0, total - float(moments[:n].sum()))
    return HeldOutSpectrum(exact.eigenvalues[:n], moments[:n], rest, len(exact.mean), len(images.train), len(test))


def pca_sse(axes: HeldOutSpectrum, split: str = "test") -> np.ndarray:
    """SSE of PCA at d = 1 … `largest_dim`: what lies beyond the first d axes, mean over a split's images."""
    return axes.after("moments" if split == "test" else "eigenvalues")[1 : axes.largest_dim + 1]


def ppca_log_px(axes: HeldOutSpectrum, split: str = "test") -> np.ndarray:
    """Mean log p(x) of pPCA fitted to the training images, at d = 1 … `largest_dim`, nats: exact.

    The likelihood at its maximum (Tipping & Bishop 1999, Eq. (4), (7), (8)). On its own axes the model's covariance is diagonal: λ_j up
    to d and σ², the mean of the other λ, beyond.
    """
    d, n = np.arange(1, axes.largest_dim + 1), axes.n_features
    lam = axes.eigenvalues[: axes.largest_dim]
    seen = (axes.moments if split == "test" else axes.eigenvalues)[: axes.largest_dim]
    noise = axes.after("eigenvalues")[d] / (n - d)
    log_det = np.cumsum(np.log(lam)) + (n - d) * np.log(noise)
    quadratic = np.cumsum(seen / lam) + axes.after("moments" if split == "test" else "eigenvalues")[d] / noise
    return -0.5 * (n * LOG_2PI + log_det + quadratic)


@dataclass(frozen=True, slots=True)
class Probe:
    """How well a linear classifier tells the classes from a model's codes.

    Attributes:
        accuracy: share of test images whose class is named.
        n_train: training images that the classifier was fitted to.
        n_test: test images.
    """

    accuracy: float
    n_train: int
    n_test: int

    @property
    def share(self) -> Share:
        """The accuracy with the test images that it is of, and so with its interval."""
        return Share(round(self.accuracy * self.n_test), self.n_test)


def has_classes(images: Dataset) -> bool:
    """Whether there is more than one class to tell apart among the training images."""
    labels = images.train.labels
    return labels is not None and len(np.unique(labels)) > 1


@torch.no_grad()
def probe(model: LatentModel, images: Dataset) -> Probe:
    """Multinomial logistic regression (scikit-learn, L2 with C = 1) on standardised codes, the means of q(z|x) of grey images.

    Raises:
        ValueError: if the training images have no two classes.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    require(has_classes(images), "images", "have classes for a probe", model.spec.dataset)
    train, test = (codes(model, split.x).mean for split in (images.train, images.test))
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(train, images.train.labels)
    return Probe(float(classifier.score(test, images.test.labels)), len(train), len(test))


@dataclass(frozen=True, slots=True)
class LatentDimNumbers:
    """What was computed once and kept: spectra by data set, probes by the SHA-256 of a model's weights."""

    spectra: dict[str, HeldOutSpectrum]
    probes: dict[str, Probe]


def read(path: Path = SHIPPED) -> LatentDimNumbers:
    """What a file holds; nothing if there is no such file."""
    values = json.loads(path.read_text()) if path.is_file() else {"spectra": {}, "probes": {}}
    spectra = {
        name: HeldOutSpectrum(**{**v, **{key: np.array(v[key]) for key in ("eigenvalues", "moments")}, "rest": tuple(v["rest"])})
        for name, v in values["spectra"].items()
    }
    return LatentDimNumbers(spectra, {name: Probe(**one) for name, one in values["probes"].items()})


def add(path: Path, *, spectra: Mapping[str, HeldOutSpectrum] | None = None, probes: Mapping[str, Probe] | None = None) -> None:
    """Put numbers into a file, beside what it holds. It is replaced whole; processes that do so wait for each other."""
    with number_files.locked(path):
        numbers = read(path)
        values = {
            "spectra": {name: _spectrum_json(one) for name, one in sorted((numbers.spectra | dict(spectra or {})).items())},
            "probes": {name: rounded(asdict(one)) for name, one in sorted((numbers.probes | dict(probes or {})).items())},
        }
        number_files.write(path, json.dumps(values).replace('}, "', '},\n"') + "\n")


def _spectrum_json(axes: HeldOutSpectrum) -> dict:
    arrays = {name: rounded(getattr(axes, name).tolist(), digits=9) for name in ("eigenvalues", "moments")}
    return {**arrays, "rest": list(axes.rest), **{name: getattr(axes, name) for name in ("n_features", "n_train", "n_test")}}


def dims_for_share(axes: HeldOutSpectrum, share: float) -> int | None:
    """The smallest d at which PCA keeps that share of the training images' variance, exact; None if that is beyond what was kept."""
    share_within = 1 - axes.after("eigenvalues") / axes.after("eigenvalues")[0]
    return int(np.argmax(share_within >= share)) if share_within[-1] >= share else None


def first_tied(shortfalls: Mapping[int, Mean]) -> int:
    """The smallest d that is not told from the best, by how much each is below it."""
    return min(d for d, less in shortfalls.items() if not less.tells_apart)


def first_as_good(by_dim: Mapping[int, Share]) -> int:
    """The smallest d whose share lies within the interval of the largest of all."""
    low, _ = max(by_dim.values(), key=lambda one: one.share).interval
    return min(d for d, one in by_dim.items() if one.share >= low)
