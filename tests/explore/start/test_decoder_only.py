"""A decoder without its encoder: what it offers, and the code that is searched for, against exact answers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.harness import CPU, tiny_spec
from vae_core import data
from vae_core.explore.offers import offers
from vae_core.explore.start.decoder_only import DecoderOnly, rebuilt, searched_code
from vae_core.models import LatentModel, build
from vae_core.terms import squared_error
from vae_core.training.fit import fit

IMAGES = data.load("digits")


@pytest.fixture(scope="module", params=["pca", "ppca", "autoencoder", "vae"])
def model(request: pytest.FixtureRequest) -> LatentModel:
    made = build(tiny_spec(request.param))
    list(fit(made, IMAGES, device=CPU))
    return made.eval().requires_grad_(requires_grad=False)


def test_without_its_encoder_a_model_offers_what_its_decoder_and_prior_do(model: LatentModel) -> None:
    whole, alone = offers(model), offers(DecoderOnly(model))
    assert whole.encodes
    assert not alone.encodes
    assert (alone.samples, alone.has_density) == (whole.samples, whole.has_density) == (model.has_density, model.has_density)
    if not model.has_density:
        with pytest.raises(ValueError, match="density"):
            DecoderOnly(model).decode(torch.zeros(1, 2)).log_prob(torch.zeros(1, 1, 8, 8))


def test_the_searched_code_is_the_exact_one_where_that_is_known(model: LatentModel) -> None:
    """Of PCA the projection, which no code beats; of probabilistic PCA the posterior mean, which is the most probable code."""
    x = IMAGES.test.x[3]
    code = searched_code(DecoderOnly(model), x)
    if model.spec.family in ("pca", "ppca"):
        np.testing.assert_allclose(code, model.encode(x[None]).mean[0].numpy(), atol=0.02)
    image = torch.from_numpy(x[None] / 255).float()
    loss = DecoderOnly(model).loss(torch.tensor(np.stack([code, model.encode(x[None]).mean[0].numpy()])), image)
    assert loss[0] <= loss[1] + 1e-3  # the search finds nothing that is worse than what the encoder says
    sse = float(squared_error(image, torch.from_numpy(rebuilt(DecoderOnly(model), x))[None]))
    assert sse < float((image**2).sum())
