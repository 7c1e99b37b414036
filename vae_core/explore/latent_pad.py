"""A decoder as bytes for a browser, and the codes of images that lie beneath it on the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from vae_core.drawing.packing import Payload, file_array, named
from vae_core.errors import require
from vae_core.models import LatentModel
from vae_core.models.pca import PCA
from vae_core.models.ppca import PPCA
from vae_core.networks import ACTIVATIONS, Shift, has_unit_range
from vae_core.specs import TrainedSpec

LARGEST = 1_000_000
"""Bytes of one decoder that are sent to a browser at most."""
MADE_OF = "be an nn.Sequential of affine maps and activations"

Head = Literal["sigmoid", "identity", "continuous_bernoulli"]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """An affine map; between two of them stands the activation of the decoder.

    Attributes:
        weight: (n_in, n_out), or (channels_in, channels_out, 3, 3) of a transposed convolution of stride 2 and padding 1.
        bias: (n_out,) or (channels_out,).
        sizes: (height, width) before and after a transposed convolution; None for a linear layer.
    """

    weight: np.ndarray
    bias: np.ndarray
    sizes: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def to_json(self) -> dict[str, Any]:
        """What the browser must know to read the weights."""
        n_in, n_out = self.weight.shape[:2]
        return {"in": n_in, "out": n_out, "sizes": self.sizes}


def decoder_payload(model: LatentModel) -> Payload:
    """The decoder's mean E[x|z] for the browser: its layers in the header, float16 weights, at most 1 MB.

    Raises:
        ValueError: if the decoder is too large, takes a label beside z, or is made of anything but affine maps and activations.
    """
    require(not model.needs_labels, "decoder", "take z alone to be sent to a browser", f"{model.spec.family}, which takes a label, too")
    layers = decoder_layers(model)
    arrays = {f"{kind}{k}": getattr(layer, kind).astype(np.float16) for k, layer in enumerate(layers) for kind in ("weight", "bias")}
    header = {
        "latent_dim": model.spec.latent_dim,
        "shape": model.spec.identity.shape,
        "head": head(model),
        "activation": model.spec.activation if isinstance(model.spec, TrainedSpec) else "relu",
        "layers": [layer.to_json() for layer in layers],
    }
    payload = named(arrays, **header)
    require(len(payload.data) <= LARGEST, "decoder", f"be at most {LARGEST:,} bytes to be sent to a browser", len(payload.data))
    return payload


def codes_payload(mean: np.ndarray, labels: np.ndarray | None, sheet: tuple[bytes, int], *, columns: int) -> Payload:
    """Codes of test images for the browser: float16 (N, D), labels as bytes (none where there are too many), and one sheet of all images.

    Args:
        mean: of each image's code, (N, D).
        labels: (N,), or None where there are none.
        sheet: the images as a PNG file, and how many it holds; further codes are left out.
        columns: images in one row of the sheet.
    """
    png, n = sheet
    marks = labels[:n].astype(np.uint8) if labels is not None and labels.max() <= 255 else None
    arrays = {"codes": mean[:n].astype(np.float16), "sheet": file_array(png)} | ({} if marks is None else {"labels": marks})
    return named(arrays, n=n, n_classes=0 if labels is None or marks is None else int(labels.max()) + 1, columns=columns)


def head(model: LatentModel) -> Head:
    """What makes a mean of the last layer's output."""
    likelihood = model.spec.likelihood
    if likelihood == "continuous_bernoulli":
        return "continuous_bernoulli"
    is_squeezed = isinstance(model.spec, TrainedSpec) and has_unit_range(model.spec)
    return "sigmoid" if likelihood == "bernoulli" or is_squeezed else "identity"


def decoder_layers(model: LatentModel) -> list[Layer]:
    """The decoder as affine maps, between two of which stands its activation.

    Raises:
        ValueError: if it is made of anything else.
    """
    if isinstance(model, PCA):
        return [Layer(model.components.numpy(), model.mean.numpy())]
    if isinstance(model, PPCA):
        return [Layer(model.weight.T.numpy(), model.mean.numpy())]
    decoder = getattr(model, "decoder", None)
    if not isinstance(decoder, nn.Sequential):
        raise ValueError(f"decoder must {MADE_OF}, got {'none' if decoder is None else type(decoder).__name__!r}")
    return _layers(decoder, model.spec.identity.shape[-2:])


def _layers(decoder: nn.Sequential, size: tuple[int, ...]) -> list[Layer]:
    """The affine maps of a network whose images have this height and width."""
    layers: list[Layer] = []
    for module in decoder:
        if isinstance(module, nn.Linear | nn.ConvTranspose2d):
            require(module.bias is not None, "decoder", MADE_OF, f"{type(module).__name__} without bias")
        if isinstance(module, nn.Linear):
            layers.append(Layer(module.weight.T.numpy(), module.bias.numpy()))
        elif isinstance(module, nn.Unflatten):
            size = tuple(module.unflattened_size[-2:])
        elif isinstance(module, nn.ConvTranspose2d):
            grown = tuple(2 * s - 1 + extra for s, extra in zip(size, module.output_padding, strict=True))
            layers.append(Layer(module.weight.numpy(), module.get_parameter("bias").numpy(), (size, grown)))
            size = grown
        elif isinstance(module, Shift):
            layers[-1] = Layer(layers[-1].weight, layers[-1].bias + module.mean.flatten().numpy())
        else:
            is_activation = isinstance(module, tuple(ACTIVATIONS.values()))
            require(is_activation, "decoder", MADE_OF, type(module).__name__)
    return layers


@torch.no_grad()
def decoded(model: LatentModel, z: np.ndarray) -> np.ndarray:
    """E[x|z] of codes, (N, D) → float32 (N, C, H, W), not clipped to [0, 1]."""
    parts = [model.decode(part).mean.numpy() for part in torch.tensor(z, dtype=torch.float32).split(2000)]
    return np.concatenate(parts).astype(np.float32)
