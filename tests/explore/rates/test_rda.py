"""Rate–distortion autoencoders and β-VAEs are one family."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.explore.rates import rda
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.training.fit import fit


@pytest.mark.parametrize(("beta", "sigma"), [(1.0, 1.0), (4.0, 0.5), (0.1, 2.0)])
def test_the_gradients_of_both_losses_point_the_same_way_in_a_real_model(beta: float, sigma: float, store: Store) -> None:
    spec = VAESpec(dataset="digits", latent_dim=3, hidden=(32,), likelihood="gaussian", scale=sigma, n_epochs=5, batch_size=64)
    store.train(spec, device=CPU)
    found = rda.gradients(store.load(spec), datasets.load("digits").train.x[:200], beta=beta)
    assert found.cosine == pytest.approx(1, abs=1e-6)
    assert found.ratio == pytest.approx(beta, rel=1e-6)


def test_another_lambda_points_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cosine would be if λ were wrong: the test above can fail."""
    x = datasets.load("digits").train.x[:200]
    model = rda.untrained("digits", x, sigma=0.5)
    assert rda.gradients(model, x, beta=1.0).cosine == pytest.approx(1, abs=1e-6)
    monkeypatch.setattr(rda, "rda_lambda", lambda beta, sigma: 1 / (beta * sigma**2))
    assert rda.gradients(model, x, beta=1.0).cosine < 1 - 1e-5


def test_two_trainings_of_one_lambda_draw_the_same_images() -> None:
    """σ and β are shared out differently, the seed is the same: Adam forgets the factor between the losses, up to its ε."""
    x, images = datasets.load("digits").test.x[:50], []
    for sigma, beta in ((0.2, 1.0), (0.4, 0.25)):
        spec = VAESpec(
            dataset="digits",
            latent_dim=3,
            hidden=(32,),
            likelihood="gaussian",
            scale=sigma,
            beta=beta,
            n_epochs=8,
            batch_size=64,
        )
        assert rda.rda_lambda(beta, sigma) == pytest.approx(12.5)
        model = build(spec)
        for _ in fit(model, datasets.load("digits"), device=CPU):
            pass
        with torch.no_grad():
            images.append(model.eval().reconstruct(torch.tensor(x).float() / 255).numpy())
    assert np.abs(images[0] - images[1]).max() < 0.02
    assert images[0].std() > 0.1


def test_the_identity_is_of_gaussian_likelihoods(store: Store) -> None:
    x = datasets.load("digits").train.x[:20]
    model = rda.untrained("digits", x, sigma=1.0)
    with pytest.raises(ValueError, match="likelihood must be gaussian of fixed scale"):
        rda.gradients(build(replace(model.spec, scale="learned")), x, beta=1.0)
    with pytest.raises(ValueError, match="beta must be above 0"):
        rda.rda_lambda(0, 1)
