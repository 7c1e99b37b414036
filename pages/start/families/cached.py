"""Caches of *Five families*."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore import offers
from vae_core.explore.start import decoder_only
from vae_core.explore.start.decoder_only import DecoderOnly, rebuilt
from vae_core.specs import ModelSpec


@cached.of_model(most=64)
def decoded_origin(spec: ModelSpec) -> np.ndarray:
    """`explore.offers.decoded_origin`: the image of z = 0, float32 (C, H, W)."""
    return cached.fixed(offers.decoded_origin(cached.model(spec)))


@cached.of_model(most=64)
def offers_alone(spec: ModelSpec) -> offers.Offers:
    """`explore.offers.offers` of a trained model without its encoder."""
    return offers.offers(DecoderOnly(cached.model(spec)))


@cached.of_model(most=64)
def rebuilt_alone(spec: ModelSpec, index: int) -> np.ndarray:
    """`explore.start.decoder_only.rebuilt`: a test image at the code that was searched for, float32 (C, H, W)."""
    model = cached.checkpoint(spec)
    code = None if model is None or index else shipped_codes().get(model.weights_sha256[:16])
    return cached.fixed(rebuilt(DecoderOnly(cached.model(spec)), cached.dataset(spec.dataset).test.x[index], code))


@cached.keep(most=2, of=lambda: cached.written_at(decoder_only.SHIPPED))
def shipped_codes() -> dict[str, np.ndarray]:
    """`explore.start.decoder_only.read` of what came with the program."""
    return decoder_only.read()


@cached.keep(most=1)
def device_name() -> str:
    """Where this machine trains, in words."""
    return offers.device_name()
