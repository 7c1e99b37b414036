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
    from vae_core.data.images import read_image_file as read_image
    from vae_core.evaluation import evaluate
    from vae_core.models.autoencoder import AutoencoderSpec
    from vae_core.models.pca import PCASpec
    from vae_core.models.ppca import PPCASpec
    from vae_core.models.vae import VAESpec

_HOMES = {
    "load": "vae_core.data:load",
    "model": "vae_core.api:model",
    "train": "vae_core.api:train",
    "training": "vae_core.api:training",
    "evaluate": "vae_core.evaluation:evaluate",
    "compare": "vae_core.api:compare",
    "read_image": "vae_core.data.images:read_image_file",
}
"""Name → module and what it is called there. The specs' classes are found among the families."""

__all__ = [
    "AutoencoderSpec",
    "PCASpec",
    "PPCASpec",
    "VAESpec",
    "compare",
    "evaluate",
    "load",
    "model",
    "read_image",
    "train",
    "training",
]


def __getattr__(name: str) -> Any:
    """A name of the public face, from the module that defines it; of a spec's class, the family's."""
    if name in _HOMES:
        module, _, its_name = _HOMES[name].partition(":")
        return getattr(import_module(module), its_name)
    if name.endswith("Spec"):
        for family in import_module("vae_core.models").FAMILIES.values():
            if family.spec.__name__ == name:
                return family.spec
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
