"""What a plane of codes is made of: a model's decoder and codes for the browser, and decoded images."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from pages.shared.fetched_files import FetchedFile, held
from vae_core.explore import latent_pad
from vae_core.explore.latent_pad_figure import COLUMNS, sprite_sheet
from vae_core.identities import is_own
from vae_core.specs import ModelSpec

N_ON_PAD = 2000


@cached.of_model(most=32)
def decoder_file(spec: ModelSpec) -> FetchedFile:
    """`explore.latent_pad.decoder_payload` of a trained model, for the browser to fetch."""
    return file_of(latent_pad.decoder_payload(cached.model(spec)), spec)


@cached.of_model(most=32)
def codes_file(spec: ModelSpec) -> FetchedFile:
    """Codes of at most 2,000 test images with their thumbnails, for the browser to fetch."""
    labels = cached.dataset(spec.dataset).test.labels
    return file_of(latent_pad.codes_payload(cached.test_codes(spec).mean, labels, _thumbnails(spec.dataset), columns=COLUMNS), spec)


def file_of(payload: latent_pad.Payload, spec: ModelSpec) -> FetchedFile:
    """What a browser is to fetch of a model; of one that has learned from a person's own images no disk keeps it."""
    return held(payload.data, kind="bin", is_upload=is_own(spec.dataset))


@cached.keep(most=6)
def _thumbnails(name: str) -> tuple[bytes, int]:
    return sprite_sheet(cached.dataset(name).test.x[:N_ON_PAD])


def decoded(spec: ModelSpec, z: np.ndarray) -> np.ndarray:
    """`explore.latent_pad.decoded`: E[x|z], float32 (N, C, H, W); too quick to be kept."""
    return latent_pad.decoded(cached.model(spec), z)
