"""Latent-variable models (PCA, autoencoders, VAEs) with the exact answer beside the learned one.

    import vae_core as vc

    digits = vc.load("digits")
    vae = vc.model("vae", "digits", latent_dim=2)
    vc.compare([vae], digits.test.x[:8])

Each name is imported when it is first asked for, so that the import takes a moment only; torch takes seconds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vae_core.api import compare, model, train, training
    from vae_core.data import load
    from vae_core.evaluation import evaluate
    from vae_core.models.autoencoder import AutoencoderSpec
    from vae_core.models.pca import PCASpec
    from vae_core.models.ppca import PPCASpec
    from vae_core.models.vae import VAESpec

_HOMES = {
    "load": "vae_core.data",
    "model": "vae_core.api",
    "train": "vae_core.api",
    "training": "vae_core.api",
    "evaluate": "vae_core.evaluation",
    "compare": "vae_core.api",
    "PCASpec": "vae_core.models.pca",
    "PPCASpec": "vae_core.models.ppca",
    "AutoencoderSpec": "vae_core.models.autoencoder",
    "VAESpec": "vae_core.models.vae",
}

__all__ = [
    "AutoencoderSpec",
    "PCASpec",
    "PPCASpec",
    "VAESpec",
    "compare",
    "evaluate",
    "load",
    "model",
    "train",
    "training",
]


def __getattr__(name: str) -> Any:
    """A name of the public face, from the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
