"""The pictures of the cards: what each model makes of one test image, and what it draws."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from pages.start.families.cached import decoded_origin, rebuilt_alone
from pages.start.families.taxonomy import without_encoder
from vae_core.drawing.image_table import ImageTable
from vae_core.explore.start.families_figure import model_card
from vae_core.specs import ModelSpec


def cards(trained: dict[str, ModelSpec], x: np.ndarray | None, index: int, seed: int, *, is_alone: bool = False) -> dict[str, ImageTable]:
    """A card for each family that is trained, or for those that are shown without their encoder.

    Args:
        trained: family → spec.
        x: the test image as bytes, (C, H, W); None where the data set is absent.
        index: which test image it is.
        seed: of the draw from the prior.
        is_alone: whether the decoders are alone.
    """
    shown = {family: spec for family, spec in trained.items() if not is_alone or family in without_encoder()}
    return {family: _card(spec, x, index, seed, is_alone=is_alone) for family, spec in shown.items()}


def _card(spec: ModelSpec, x: np.ndarray | None, index: int, seed: int, *, is_alone: bool) -> ImageTable:
    x_hat = None
    if x is not None:
        x_hat = rebuilt_alone(spec, index) if is_alone else cached.reconstructions(spec, (index,))[0]
    means = cached.prior_means(spec, 1, seed)
    return model_card(x, x_hat, None if means is None else means[0], decoded_origin(spec))
