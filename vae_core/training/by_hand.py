"""The gradient of a fully connected VAE of binary images, or autoencoder, written by hand: what autograd finds, in little more than the
time of its matrix products. What autograd calls, keeps and makes anew is a fifth of a small model's step (`benchmarks/step_profile.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeGuard, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from vae_core.distributions import standard_normal
from vae_core.models.autoencoder import Autoencoder
from vae_core.models.base import LatentModel
from vae_core.models.vae import VAE
from vae_core.specs import Activation
from vae_core.training.devices import Precision
from vae_core.training.flat import Flat

aten = torch.ops.aten
AT_ONCE = 64
"""Factors of a product none of which is below ½: their product is far above the smallest float32."""
ACTIVATE: dict[Activation, Callable[[Tensor], Tensor]] = {"relu": torch.relu_, "tanh": torch.tanh_, "silu": functional.silu}
SLOPE: dict[Activation, Callable[[Tensor, Tensor], Tensor]] = {
    "relu": lambda d, h: aten.threshold_backward.grad_input(d, h, 0, grad_input=d),
    "tanh": aten.tanh_backward,
    "silu": aten.silu_backward,
}
"""(Gradient of what an activation made, what the way there kept) -> gradient of what it was given. ReLU and tanh wrote over that, and their
slope is told by what they made; SiLU's is told by what it was given. ReLU's gradient takes the place of the one that came."""


def is_by_hand(model: LatentModel, device: torch.device) -> TypeGuard[Autoencoder | VAE]:
    """Whether `ByHand` knows the model. A GPU replays what autograd launched, and gains nothing by it."""
    is_known = type(model) is Autoencoder or (type(model) is VAE and model.spec.likelihood == "bernoulli")
    return is_known and model.spec.network == "mlp" and device.type == "cpu"


class ByHand:
    """A model's loss and what it is made of, summed over a batch; it leaves the gradient of the mean loss in each weight's `grad`.

    Args:
        model: one that `is_by_hand`.
        precision: of the matrix products.

    Attributes:
        flat: its weights, which lie side by side from now on.
    """

    def __init__(self, model: Autoencoder | VAE, precision: Precision) -> None:
        self.model, self.flat = model, Flat([weight for weight in model.parameters() if weight.requires_grad])
        dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        self.encoder, self.decoder = (Chain(part, model.spec.activation, dtype) for part in (model.encoder, model.decoder))

    @torch.inference_mode()
    def __call__(self, images: Tensor, binarisation: torch.Generator, noise: torch.Generator) -> dict[str, Tensor]:
        """Of images as a data set holds them, (B, *shape)."""
        x = self.model.observed(images, binarisation).flatten(1)
        return self._vae(x, noise) if isinstance(self.model, VAE) else self._autoencoder(x, self.model.corrupted(x, noise))

    def _vae(self, x: Tensor, noise: torch.Generator) -> dict[str, Tensor]:
        """Of binary images, (B, P): distortion and rate in nats, the loss with β."""
        n, beta = len(x), self.model.beta
        mu, logvar = self.encoder.forward(x).chunk(2, -1)
        from_mu = standard_normal(mu, noise).mul_((0.5 * logvar).exp_())
        logits = self.decoder.forward(mu + from_mu)
        of_ink = float(np.vdot(logits.numpy(), x.numpy()))  # torch's takes ten times as long where products are `medium`
        p, log_norm = probability_of_ink(logits)
        distortion = log_norm - of_ink  # −log p(x|z) of binary x
        excess = logvar.expm1()  # σ² − 1
        rate = 0.5 * mu.square().add_(excess - logvar).sum()
        d_z = self.decoder.backward(p.sub_(x).mul_(1 / n))
        d_mu = torch.add(d_z, mu, alpha=beta / n)
        d_logvar = d_z.mul_(from_mu).add_(excess, alpha=beta / n).mul_(0.5)
        self.encoder.backward(torch.cat([d_mu, d_logvar], -1), is_first=True)
        return {"loss": distortion + beta * rate, "distortion": distortion, "rate": rate}

    def _autoencoder(self, x: Tensor, given: Tensor) -> dict[str, Tensor]:
        """Of images, (B, P), and of what the encoder is given of them: the same, or corrupted."""
        x_hat = self.decoder.forward(self.encoder.forward(given))
        if self.model.has_unit_range:
            x_hat.sigmoid_()
        error = x_hat - x
        sse = error.square().sum()
        d = error.mul_(2 / len(x))
        d_z = self.decoder.backward(aten.sigmoid_backward(d, x_hat) if self.model.has_unit_range else d)
        self.encoder.backward(d_z, is_first=True)
        return {"loss": sse, "sse": sse}


def probability_of_ink(logits: Tensor) -> tuple[Tensor, Tensor]:
    """σ(l) of each pixel, (B, P), in the place of the logits l, and the sum of log(1 + eˡ) over them all.

    log(1 + eˡ) = max(l, 0) − log max(p, 1 − p) for p = σ(l). The last of them lie between ½ and 1, so that the logarithm of a product of
    many is the sum of theirs: a third of the time that softplus takes.
    """
    positive = functional.relu(logits).sum()
    p = logits.sigmoid_()
    likelier = torch.rsub(p, 1)
    torch.maximum(likelier, p, out=likelier)
    return p, positive - sum_of_logs(likelier.flatten())


def sum_of_logs(values: Tensor) -> Tensor:
    """Of values from ½ to 1, (N,)."""
    n = len(values) // AT_ONCE
    whole = values[: n * AT_ONCE].view(AT_ONCE, n).prod(0).log_().sum()
    return whole if n * AT_ONCE == len(values) else whole + values[n * AT_ONCE :].log().sum()


class Chain:
    """Linear layers with an activation between them, there and back.

    Args:
        part: encoder or decoder, whose linear layers come in their order.
        activation: between two of them.
        dtype: of the products; sums and what goes in and out are float32.
    """

    def __init__(self, part: nn.Module, activation: Activation, dtype: torch.dtype) -> None:
        layers = [layer for layer in part.modules() if isinstance(layer, nn.Linear)]
        self.layers = [(layer.weight.detach(), layer.bias.detach()) for layer in layers]
        self.gradients = [(cast(Tensor, layer.weight.grad), cast(Tensor, layer.bias.grad)) for layer in layers]
        self.activate, self.slope, self.dtype = ACTIVATE[activation], SLOPE[activation], dtype

    def forward(self, h: Tensor) -> Tensor:
        """(B, n_in) -> (B, n_out); what the way back needs is kept."""
        self.weights = [weight.to(self.dtype) for weight, _ in self.layers]
        self.inputs, self.kept = [h.to(self.dtype)], []
        for i, (_, bias) in enumerate(self.layers):
            h = torch.addmm(bias.to(self.dtype), self.inputs[i], self.weights[i].mT)
            if i + 1 < len(self.layers):
                self.kept.append(h)
                self.inputs.append(self.activate(h))
        return h.float()

    def backward(self, d: Tensor, *, is_first: bool = False) -> Tensor:
        """From the gradient of what came out, (B, n_out), to that of what went in, (B, n_in), unless nothing comes before."""
        for i in reversed(range(len(self.layers))):
            d = d.to(self.dtype)
            weight, bias = self.gradients[i]
            if self.dtype == weight.dtype:
                torch.mm(d.mT, self.inputs[i], out=weight)
            else:
                weight.copy_(d.mT @ self.inputs[i])
            torch.sum(d, 0, dtype=bias.dtype, out=bias)
            if i > 0:
                d = self.slope(d @ self.weights[i], self.kept[i - 1])
        return d if is_first else (d @ self.weights[0]).float()
