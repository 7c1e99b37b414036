"""What a plane of codes is made of: a model's decoder and codes for the browser, and decoded images."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore import latent_pad
from vae_core.explore.latent_pad_figure import COLUMNS, sprite_sheet
from vae_core.specs import ModelSpec

N_ON_PAD = 2000


@cached.of_model(most=32)
def decoder_payload(spec: ModelSpec) -> latent_pad.Payload:
    """`explore.latent_pad.decoder_payload` of a trained model."""
    return latent_pad.decoder_payload(cached.model(spec))


@cached.of_model(most=32)
def pad_codes(spec: ModelSpec) -> latent_pad.Payload:
    """Codes of at most 2,000 test images with their thumbnails, for the latent pad."""
    labels = cached.dataset(spec.dataset).test.labels
    return latent_pad.codes_payload(cached.test_codes(spec).mean, labels, _thumbnails(spec.dataset), columns=COLUMNS)


@cached.keep(most=6)
def _thumbnails(name: str) -> tuple[bytes, int]:
    return sprite_sheet(cached.dataset(name).test.x[:N_ON_PAD])


def decoded(spec: ModelSpec, z: np.ndarray) -> np.ndarray:
    """`explore.latent_pad.decoded`: E[x|z], float32 (N, C, H, W); too quick to be kept."""
    return latent_pad.decoded(cached.model(spec), z)
