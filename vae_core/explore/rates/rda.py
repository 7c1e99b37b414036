"""Rate–distortion autoencoders and β-VAEs are one family: KL + λ·SSE and SSE/(2σ²) + β·KL differ by the factor β where λ = 1/(2βσ²)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from vae_core.errors import require
from vae_core.models.base import elbo_terms
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAE, VAESpec, recipe
from vae_core.networks import initialise
from vae_core.terms import squared_error
from vae_core.training.loop import mean_image, stream

N_IMAGES, N_HIDDEN, N_CODES = 100, 32, 8


def rda_lambda(beta: float, sigma: float) -> float:
    """λ = 1/(2βσ²).

    Raises:
        ValueError: if β or σ is not above 0.
    """
    require(beta > 0, "beta", "be above 0", beta)
    require(sigma > 0, "sigma", "be above 0", sigma)
    return 1 / (2 * beta * sigma**2)


@dataclass(frozen=True, slots=True)
class Gradients:
    """The gradients of both losses in all weights, on the same images with the same noise.

    Attributes:
        n_weights: of encoder and decoder.
        n_images: of the batch.
        cosine: of the angle between them.
        ratio: norm of the β-VAE's over that of the RDA; it is β.
    """

    n_weights: int
    n_images: int
    cosine: float
    ratio: float


def gradients(model: VAE, x: np.ndarray, *, beta: float, seed: int = 0) -> Gradients:
    """Of SSE/(2σ²) + β·KL as `ElboTerms.loss` has it, and of KL + λ·SSE written apart; in float64.

    Args:
        model: with a Gaussian likelihood of fixed scale; its weights may be any.
        x: images as bytes, (N, C, H, W), or points.
        beta: of the β-VAE, whatever the model was trained with.
        seed: of the noise in z.

    Raises:
        ValueError: if the model's likelihood is not Gaussian of fixed scale.
    """
    spec = model.spec
    sigma = spec.scale
    if spec.likelihood != "gaussian" or sigma == "learned":
        raise ValueError(f"likelihood must be gaussian of fixed scale, got '{spec.likelihood} of scale {sigma}'")
    double = _double(model)
    images = model_input(x, torch.device("cpu")).double()

    def beta_vae() -> Tensor:
        return elbo_terms(double, images, torch.Generator().manual_seed(seed)).loss(beta).mean()

    def rda() -> Tensor:
        posterior = double.encode(images)
        x_hat = double.decode(posterior.sample(torch.Generator().manual_seed(seed))).mean
        return (posterior.kl_per_dim().sum(-1) + rda_lambda(beta, sigma) * squared_error(images, x_hat)).mean()

    one, other = (_gradient(double, loss()) for loss in (beta_vae, rda))
    cosine = float(one @ other / (one.norm() * other.norm()))
    return Gradients(len(one), len(x), cosine, float(one.norm() / other.norm()))


def _double(model: VAE) -> VAE:
    copy = VAE(model.spec)
    copy.load_state_dict(model.state_dict())
    return copy.double().requires_grad_(True)


def _gradient(model: VAE, loss: Tensor) -> Tensor:
    weights = [weight for name, weight in model.named_parameters() if name != "log_scale"]
    parts = torch.autograd.grad(loss, weights)
    return torch.cat([part.flatten() for part in parts])


def untrained(dataset: str, x: np.ndarray, *, sigma: float) -> VAE:
    """A small network with its first weights: the identity needs no training."""
    latent_dim = min(N_CODES, int(np.prod(x.shape[1:])))
    spec: VAESpec = replace(recipe(dataset, latent_dim, "mlp"), hidden=(N_HIDDEN,), likelihood="gaussian", scale=sigma)
    model = VAE(spec)
    initialise(model, mean_image(torch.tensor(x)), stream(spec.seed, "weights"))
    return model
