"""A VAE taken apart: every part that an image goes through, with its shape, its parameters and its activations; and its plate.

z = μ(x) + σ(x)·ε is the only place where chance comes in, so what follows it depends on ε, and nothing else does.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from vae_core.errors import require
from vae_core.explore.elbo.inside_figure import EPS, MU, SIGMA, X_HAT, Piece, X, Z
from vae_core.models.base import LatentModel
from vae_core.models.vae import VAE


def eps_of(seed: int, latent_dim: int) -> np.ndarray:
    """The noise of a draw, float32 (D,)."""
    return torch.randn(latent_dim, generator=torch.Generator().manual_seed(seed)).numpy()


def observed(model: LatentModel, image: np.ndarray) -> Tensor:
    """What a model sees of an image in bytes, (C, H, W) → (1, C, H, W): binarised from seed 0 where the model binarises."""
    return model.observed(torch.tensor(image)[None], torch.Generator().manual_seed(0))


@torch.no_grad()
def pieces(model: LatentModel, image: np.ndarray, eps: np.ndarray) -> list[Piece]:
    """The parts of a VAE in the order in which an image goes through them.

    Args:
        model: a VAE whose encoder and decoder are sequences of layers.
        image: uint8, (C, H, W).
        eps: noise, (D,).

    Raises:
        ValueError: if the model is no such VAE.
    """
    vae = of_layers(model)
    x = observed(vae, image)
    n, posterior = vae.spec.latent_dim, vae.posterior(x)
    last, z = _groups(cast(nn.Sequential, vae.encoder))[-1], posterior.at(torch.tensor(eps)[None])
    half = _count(last) // 2
    layers = _layers(cast(nn.Sequential, vae.encoder), x, "encoder", follows_noise=False)
    drawn = _layers(vae.decoder, z, "decoder", follows_noise=True)
    ends = _count(_groups(vae.decoder)[-1]) + _of_scale(vae)
    return [
        _piece(X, "binarised image" if vae.binarises else "image", 0, x),
        *layers,
        _piece(MU, f"mean of q, {n} numbers", half, posterior.mean),
        _piece(SIGMA, f"width of q, {n} numbers", half, posterior.variance.sqrt()),
        _piece(EPS, "noise from N(0, 1)", 0, torch.tensor(eps)[None], follows_noise=True),
        _piece(Z, "code μ + σε", 0, z, follows_noise=True),
        *drawn,
        _piece(X_HAT, "E[x | z]", ends, vae.likelihood(z).mean, follows_noise=True),
    ]


def of_layers(model: LatentModel) -> VAE:
    """The model, as the VAE that it has to be.

    Raises:
        ValueError: if it is no VAE whose encoder is a sequence of layers.
    """
    is_one = isinstance(model, VAE) and isinstance(model.encoder, nn.Sequential)
    require(is_one, "model", "be a VAE whose encoder is a sequence of layers", model.spec)
    return cast(VAE, model)


def _of_scale(vae: VAE) -> int:
    """Parameters of the noise of the likelihood."""
    return 1 if vae.spec.scale == "learned" else 0


def _piece(name: str, what: str, n: int, value: Tensor, *, follows_noise: bool = False) -> Piece:
    return Piece(name, what, n, value[0].float().numpy().copy(), follows_noise)


def _groups(network: nn.Sequential) -> list[list[nn.Module]]:
    """Layers with weights, each with what follows it and has none; what stands before the first belongs to the first."""
    groups: list[list[nn.Module]] = [[]]
    for layer in network:
        if _count([layer]) and any(_count([one]) for one in groups[-1]):
            groups.append([])
        groups[-1].append(layer)
    return groups


def _count(layers: list[nn.Module]) -> int:
    return sum(weight.numel() for layer in layers for weight in layer.parameters())


def _layers(network: nn.Sequential, value: Tensor, name: str, *, follows_noise: bool) -> list[Piece]:
    """A piece for each layer but the last, whose outputs have names of their own."""
    found = []
    for number, group in enumerate(_groups(network)[:-1], start=1):
        for layer in group:
            value = layer(value)
        found.append(_piece(f"{name} {number}", _called(group), _count(group), value, follows_noise=follows_noise))
    return found


def _called(group: list[nn.Module]) -> str:
    """What a layer does: its kind and its activation."""
    kinds = [type(layer).__name__ for layer in group if not isinstance(layer, nn.Flatten | nn.Unflatten)]
    return ", ".join(kinds)


def redrawn(before: list[Piece], after: list[Piece]) -> list[str]:
    """Names of the parts whose activations differ between two passes."""
    return [one.name for one, other in zip(before, after, strict=True) if not np.array_equal(one.activation, other.activation)]


@dataclass(frozen=True, slots=True)
class Plate:
    """How many numbers a VAE of N images has, inside its plate and outside.

    Attributes:
        theta: parameters of the decoder, shared by all images.
        phi: parameters of the encoder, shared by all images.
        latent_dim: d, of each image's own z.
    """

    theta: int
    phi: int
    latent_dim: int

    def local(self, n: int) -> int:
        """Hidden variables of N images: N·d."""
        return n * self.latent_dim

    def of_q(self, n: int, *, amortised: bool) -> int:
        """Numbers that describe q of N images: φ, or a mean and a width per dimension of each image, 2Nd."""
        return self.phi if amortised else 2 * n * self.latent_dim

    @property
    def break_even(self) -> float:
        """N at which both describe q with as many numbers: φ/2d."""
        return self.phi / (2 * self.latent_dim)


def plate(model: LatentModel) -> Plate:
    """Counted in the model.

    Raises:
        ValueError: if it is no VAE of layers.
    """
    vae = of_layers(model)
    return Plate(_count([vae.decoder]) + _of_scale(vae), _count([vae.encoder]), vae.spec.latent_dim)


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """Gradients of the distortion −log p(x|z) at one draw, by automatic differentiation, for z drawn inside or moved to the input.

    Attributes:
        eps: the noise, (D,).
        distortion: −log p(x|z), nats.
        z_bar: its gradient by z, (D,).
        mu_bar: by μ, (D,); None where no gradient arrives.
        sigma_bar: by σ, (D,); None where no gradient arrives.
        decoder_norm: length of its gradient by all weights of the decoder.
        encoder_norm: the same of the encoder; 0 where no gradient arrives.
        kl_norm: length of the gradient of KL(q ‖ p) by all weights of the encoder, which has a closed form and needs no draw.
    """

    eps: np.ndarray
    distortion: float
    z_bar: np.ndarray
    mu_bar: np.ndarray | None
    sigma_bar: np.ndarray | None
    decoder_norm: float
    encoder_norm: float
    kl_norm: float


def backward(model: LatentModel, image: np.ndarray, eps: np.ndarray, *, moved: bool) -> Backward:
    """One pass forward and back.

    Args:
        model: a VAE whose encoder and decoder are sequences of layers.
        image: uint8, (C, H, W).
        eps: noise, (D,).
        moved: whether z = μ + σε is computed from a noise that comes in, else z is drawn inside: the same number, with no path to μ and σ.

    Raises:
        ValueError: if the model is no such VAE.
    """
    vae = _with_gradients(of_layers(model))
    x, noise = observed(vae, image), torch.tensor(eps)[None]
    q = vae.posterior(x)
    mu, sigma = q.mu, q.variance.sqrt()
    z = mu + sigma * noise
    z = z if moved else z.detach().requires_grad_()
    distortion = -vae.likelihood(z).log_prob(x).sum()
    at = torch.autograd.grad(distortion, [z, mu, sigma], allow_unused=True, retain_graph=True)
    z_bar, mu_bar, sigma_bar = (None if one is None else one[0].numpy() for one in at)
    decoder, encoder, kl = (
        _norm(value, part) for value, part in ((distortion, vae.decoder), (distortion, vae.encoder), (q.kl_per_dim().sum(), vae.encoder))
    )
    return Backward(eps, float(distortion.detach()), z_bar, mu_bar, sigma_bar, decoder, encoder, kl)


def _with_gradients(model: VAE) -> VAE:
    """A model of the same weights that others do not share."""
    own = copy.deepcopy(model)
    for network in (own.encoder, own.decoder):
        network.requires_grad_(True)
    return own


def _norm(value: Tensor, part: nn.Module) -> float:
    """Length of a value's gradient by all weights of a part; 0 where none arrives."""
    weights = list(part.parameters())
    gradients = torch.autograd.grad(value, weights, allow_unused=True, retain_graph=True)
    return float(sum(float(one.double().square().sum()) for one in gradients if one is not None) ** 0.5)
