"""Many VAEs of one architecture as one computation: a leading model axis, the widest latent dimension, a beta and a scale for each."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from vae_core.distributions import LIKELIHOODS, DiagonalGaussian, Likelihood
from vae_core.models.vae import VAE
from vae_core.networks import ACTIVATIONS, has_unit_range
from vae_core.specs import SCALED_LIKELIHOODS
from vae_core.terms import ElboTerms

IN_PLACE = {"relu": torch.relu_, "tanh": torch.tanh_}
"""Activations whose gradient needs no more than their result."""


class VAEStack:
    """M fully connected VAEs side by side, with weights of (M, n_in, n_out), but for the first layers' of (M, n_out, n_in).

    So a gradient comes out of its matrix product in the layout of its weight.

    All have the widest model's D latent dimensions. Those that a model lacks have zero weights and get no noise, and stay so: their
    posterior is N(0, 1), so that code, rate and every gradient are zero.

    Args:
        models: VAEs that differ in beta, latent dimension, seed and scale only; their present weights are copied.
        device: where the weights of the stack are.
    """

    def __init__(self, models: list[VAE], device: torch.device) -> None:
        self.models, self.spec = models, models[0].spec
        self._activation = ACTIVATIONS[self.spec.activation]()
        self._activation_in_place = IN_PLACE.get(self.spec.activation, self._activation)
        self.latent_dim = max(model.spec.latent_dim for model in models)
        self.encoder, self.decoder = _linear_layers(models[0], "encoder"), _linear_layers(models[0], "decoder")
        own = [dict(model.named_parameters()) for model in models]
        self.weights = {name: self.piled(name, [weights[name].detach() for weights in own]).to(device) for name in own[0]}
        for weight in self.weights.values():
            weight.requires_grad_()
        self.beta = torch.tensor([model.spec.beta for model in models]).to(device)
        self._is_learned = torch.tensor([model.log_scale.requires_grad for model in models]).to(device)

    def piled(self, name: str, tensors: list[Tensor]) -> Tensor:
        """One tensor of each model, of a weight's shape, as one of (M, *widest shape); zero where a model has no such dimension."""
        sizes = list(tensors[0].shape)
        if name.removesuffix(".bias").removesuffix(".weight") == self.encoder[-1]:
            sizes[0] = 2 * self.latent_dim
        elif name == f"{self.decoder[0]}.weight":
            sizes[1] = self.latent_dim
        pile = torch.zeros((len(tensors), *sizes))
        for m, tensor in enumerate(tensors):
            place = self._place(name, pile, m)
            place.copy_(tensor.reshape(place.shape))
        return pile.mT.contiguous() if self._is_turned(name) else pile

    def own(self, name: str, pile: Tensor, m: int) -> Tensor:
        """The inverse of `piled`: a copy of model m's tensor."""
        shape, pile = self.models[m].get_parameter(name).shape, pile.detach()
        return self._place(name, pile.mT if self._is_turned(name) else pile, m).clone(memory_format=torch.contiguous_format).reshape(shape)

    def _is_turned(self, name: str) -> bool:
        return name.endswith(".weight") and name != f"{self.encoder[0]}.weight"

    def _place(self, name: str, pile: Tensor, m: int) -> Tensor:
        """Model m's own dimensions in a pile, as a view."""
        latent_dim = self.models[m].spec.latent_dim
        if name.removesuffix(".bias").removesuffix(".weight") == self.encoder[-1]:
            return pile[m].unflatten(0, (2, self.latent_dim))[:, :latent_dim]  # mu above logvar
        return pile[m][:, :latent_dim] if name == f"{self.decoder[0]}.weight" else pile[m]

    def encode(self, x: Tensor) -> DiagonalGaussian:
        """q(z|x) of each model, over (M, B, D).

        Args:
            x: what the models see, (G, B, P): equal numbers of consecutive models share the images of one group, and their first
                layers are one wide matrix product.
        """
        first, *rest = self.encoder
        weight, bias = (self.weights[f"{first}.{kind}"] for kind in ("weight", "bias"))
        if len(x) == 1:
            wide = functional.linear(x[0], weight.flatten(0, 1), bias.flatten())[None]  # (1, B, M·H)
        else:
            wide = torch.baddbmm(bias.reshape(len(x), 1, -1), x, weight.reshape(len(x), -1, weight.shape[-1]).mT)  # (G, B, M/G·H)
        hidden = wide.unflatten(-1, (-1, bias.shape[-1])).transpose(1, 2).flatten(0, 1)  # (M, B, H)
        return DiagonalGaussian(*self._through(rest, self._activation(hidden)).to(x.dtype).chunk(2, -1))

    def decode(self, z: Tensor) -> Tensor:
        """The decoders' last layer, (M, B, D) -> (M, B, P)."""
        return self._through(self.decoder, z).to(z.dtype)

    def terms(self, x: Tensor, eps: Tensor) -> ElboTerms:
        """One-sample estimate of each model's distortion and rate, (M, B).

        Args:
            x: what the models see, (G, B, P), as for `encode`.
            eps: noise, (M, B, D), zero in the dimensions that a model lacks.
        """
        posterior = self.encode(x)
        flat = self.decode(posterior.at(eps)).unflatten(0, (len(x), -1))  # (G, M/G, B, P)
        log_px_z = self._likelihood(flat).log_prob(x.unsqueeze(1)).flatten(0, 1)
        return ElboTerms(-log_px_z, rate=posterior.kl_per_dim().sum(-1))

    def _likelihood(self, flat: Tensor) -> Likelihood:
        law = LIKELIHOODS[self.spec.likelihood]
        if self.spec.likelihood not in SCALED_LIKELIHOODS:
            return law(logits=flat, event_ndim=1)
        mean = torch.sigmoid(flat) if has_unit_range(self.spec) else flat
        log_scale = self.weights["log_scale"]
        log_scale = torch.where(self._is_learned, log_scale, log_scale.detach())
        return law(mean=mean, scale=log_scale.exp().view(*flat.shape[:2], 1, 1), event_ndim=1)

    def _through(self, layers: list[str], h: Tensor) -> Tensor:
        """Linear layers with the activation between them, (M, B, n_in) -> (M, B, n_out)."""
        for i, layer in enumerate(layers):
            weight, bias = self.weights[f"{layer}.weight"], self.weights[f"{layer}.bias"]
            h = torch.baddbmm(bias.unsqueeze(1), self._activation_in_place(h) if i else h, weight)
        return h


def _linear_layers(model: VAE, part: str) -> list[str]:
    """Names of the linear layers of a model's encoder or decoder, in order."""
    return [name for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and name.startswith(f"{part}.")]
