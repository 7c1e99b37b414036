"""A decoder as a map of the plane: how much it stretches."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vae_core.explore.latent.learned_maps import learned_map
from vae_core.explore.latent.ring import prior_samples
from vae_core.models import LatentModel, build
from vae_core.models.vae import VAESpec


def test_a_decoders_area_factor_agrees_with_differences(vae: LatentModel) -> None:
    z, step = prior_samples(20, 2), 1e-3
    with torch.no_grad():
        decoded = lambda codes: vae.decode(torch.tensor(codes)).mean.flatten(1).double().numpy()  # noqa: E731
        columns = [(decoded(z + step * e) - decoded(z - step * e)) / (2 * step) for e in np.eye(2, dtype=np.float32)]
    gram = np.array([[(a * b).sum(1) for a in columns] for b in columns])
    expected = 0.5 * np.log(gram[0, 0] * gram[1, 1] - gram[0, 1] ** 2)
    found = learned_map(vae, z)
    np.testing.assert_allclose(found.log_abs_det, expected, atol=0.05)  # float32 differences
    assert found.y.shape == (20, 2)
    assert 0 < found.explained <= 1


def test_a_decoder_of_other_than_two_dimensions_is_refused() -> None:
    model = build(VAESpec(dataset="ring", latent_dim=1, network="mlp", likelihood="gaussian"))
    with pytest.raises(ValueError, match="latent_dim must be 2"):
        learned_map(model, prior_samples(3, 2))
