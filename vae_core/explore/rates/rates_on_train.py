"""Rate and expected error of trained models on the images they were trained on: where the exact curve of linear models holds."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch

from vae_core import statistics
from vae_core.evaluation import elbo_per_image
from vae_core.explore.water_filling import at_rate
from vae_core.models import LatentModel
from vae_core.models.vae import VAESpec
from vae_core.passes import per_image
from vae_core.specs import ModelSpec
from vae_core.store import CHECKPOINTS
from vae_core.terms import squared_error
from vae_core.training.grids import read_grids

SHIPPED = CHECKPOINTS / "shipped" / "rates_on_train.json"
"""Fingerprint → figures of the shipped models, and of those `without_weights`; written by `benchmarks/exact_rates.py`."""
UNSHIPPED = CHECKPOINTS / "shipped" / "frontier_unshipped.json"
"""Grid of the models of which numbers came with the program, but no weights."""


@dataclass(frozen=True, slots=True)
class RatesOnTrain:
    """Means over all training images.

    Attributes:
        n_images: of them.
        rate: KL(q(z|x) || p(z)), nats.
        expected_sse: E_q‖x − g(z)‖², in closed form for a linear decoder, else one z an image.
        sse: ‖x − g(E_q z)‖².
        worth: by how much `expected_sse` is below that of the best linear model of the same rate, whatever its latent dimension.
        worth_half_width: of the 95 % interval of `worth` over images.
        rate_half_width: of that of `rate`; None where the file is older than this figure, also of the one that follows.
        expected_sse_half_width: of that of `expected_sse`.
    """

    n_images: int
    rate: float
    expected_sse: float
    sse: float
    worth: float
    worth_half_width: float
    rate_half_width: float | None = None
    expected_sse_half_width: float | None = None


def water_level(spec: ModelSpec) -> float | None:
    """τ = βσ² of a model with a Gaussian likelihood of fixed scale; None for any other."""
    if not isinstance(spec, VAESpec) or spec.likelihood != "gaussian" or spec.scale == "learned" or spec.beta == 0:
        return None
    return float(f"{spec.beta * spec.scale**2:.12g}")  # 0.1 · 0.1² is 0.001


@torch.no_grad()
def rates_on_train(model: LatentModel, x: np.ndarray, eigenvalues: np.ndarray) -> RatesOnTrain:
    """Evaluate a model on its training images, (N, *shape), beside the curve of their eigenvalues, (P,)."""
    rate = elbo_per_image(model, x).rate.numpy()
    expected = per_image(model, x, lambda model, part, noise: model.expected_sse(part, noise)).astype(np.float64)
    sse = per_image(model, x, lambda model, part, _: squared_error(part, model.reconstruct(part))).astype(np.float64)
    linear = at_rate(eigenvalues, float(rate.mean()))
    along = expected + 2 * linear.tau * rate  # the tangent: to first order, what the difference varies by
    means = {"rate": float(rate.mean()), "expected_sse": float(expected.mean()), "sse": float(sse.mean())}
    columns = {"worth": along, "rate": rate, "expected_sse": expected}
    half_widths = {f"{name}_half_width": statistics.half_width(column) for name, column in columns.items()}
    return RatesOnTrain(len(x), **means, worth=linear.expected_sse - means["expected_sse"], **half_widths)


def shipped(path: Path = SHIPPED) -> dict[str, RatesOnTrain]:
    """Fingerprint → figures, of the models that came with the program."""
    rows = json.loads(path.read_text()) if path.is_file() else {}
    return {fingerprint: RatesOnTrain(**row) for fingerprint, row in rows.items()}


@cache
def without_weights() -> list[VAESpec]:
    """The models of which only figures came with the program, at seed 0."""
    return [spec for spec in read_grids(UNSHIPPED) if isinstance(spec, VAESpec) and water_level(spec) is not None and spec.seed == 0]


def write(rates: dict[str, RatesOnTrain], path: Path = SHIPPED) -> None:
    """Keep figures with the program, a model a line."""
    known = {name: {k: v for k, v in asdict(one).items() if v is not None} for name, one in sorted(rates.items())}
    rows = {name: {k: round(v, 6) for k, v in one.items()} for name, one in known.items()}
    path.write_text("{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(row)}" for key, row in rows.items()) + "\n}\n")


def linear_vae(dataset: str, *, tau: float, latent_dim: int) -> VAESpec:
    """The linear β-VAE of a water level (σ = 1, β = τ), with as much training as it takes to land on the curve."""
    sizes = LINEAR_SIZES.get(dataset, {"n_epochs": 300, "learning_rate": 1e-2})
    return VAESpec(dataset=dataset, latent_dim=latent_dim, network="linear", likelihood="gaussian", scale=1.0, beta=tau, **sizes)


LINEAR_SIZES: dict[str, dict] = {"mnist": {"n_epochs": 60}, "fashion_mnist": {"n_epochs": 60}}
