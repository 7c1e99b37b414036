"""A VAE with one latent dimension on points of the plane: it climbs, keeps a gap, and its bound is an integral."""

from __future__ import annotations

import math

import numpy as np
import torch

from vae_core.data import drawn
from vae_core.explore.elbo.small_vae import SmallVAE, vae_path


def points() -> np.ndarray:
    return drawn.points(drawn.presets()["clusters"]).train.x[:160].astype(np.float64)


def test_a_small_vae_climbs_and_keeps_a_gap() -> None:
    x = points()
    states = vae_path(x, 0, 20)
    assert states[-1].log_px > states[0].log_px + 1
    assert all(state.bound <= state.log_px for state in states)
    assert states[-1].log_px - states[-1].bound > 0.02
    again = vae_path(x, 0, 2)
    assert [state.bound for state in again] == [state.bound for state in states[:3]]


def test_the_bound_of_the_small_vae_is_the_mean_over_many_draws() -> None:
    model, x = SmallVAE(1), torch.from_numpy(points()[:20])
    noise = torch.randn((20, 40_000), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    drawn_bound = model.elbo(x, noise, torch.full((40_000,), 1 / 40_000, dtype=torch.float64))
    torch.testing.assert_close(drawn_bound, model.bound(x), atol=0.05, rtol=0)


def test_bound_and_likelihood_of_the_small_vae_are_the_integrals_over_its_code() -> None:
    model, x = SmallVAE(1), torch.from_numpy(points()[:20])
    z = torch.linspace(-10, 10, 4001, dtype=torch.float64)
    step = float(z[1] - z[0])
    with torch.no_grad():
        mean, width = (one[:, None] for one in model.posterior(x))
        log_q = -0.5 * ((z - mean) / width) ** 2 - width.log() - 0.5 * math.log(2 * math.pi)
        joint = model.log_likelihood(x, z) - 0.5 * z**2 - 0.5 * math.log(2 * math.pi)
        torch.testing.assert_close(model.log_px(x), torch.logsumexp(joint, 1) + math.log(step), atol=1e-6, rtol=0)
        torch.testing.assert_close(model.bound(x), (log_q.exp() * (joint - log_q)).sum(1) * step, atol=1e-6, rtol=0)
