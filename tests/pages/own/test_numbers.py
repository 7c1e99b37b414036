"""Numbers of the pages on a person's own pictures are what the models give when they are worked out again."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from scipy import stats

from pages.own.cached import score
from tests.harness import CPU, method_of, opened, value_of
from vae_core import data
from vae_core.explore.own.own_images import N_OWN_DRAWS, score_draws
from vae_core.models import default_spec
from vae_core.models.inputs import model_input
from vae_core.store import Store


@pytest.mark.parametrize("family", ["vae", "ppca"])
def test_the_interval_of_a_score_is_that_of_the_mean_of_its_draws(family: str, checkpoints: Store) -> None:
    x, spec = data.load("digits").test.x[3], default_spec(family, "digits", 2)
    found = score(spec, x)
    draws = score_draws(checkpoints.load(spec), x[None], N_OWN_DRAWS)[:, 0]
    assert found.value == pytest.approx(draws.mean())
    assert found.half_width == (pytest.approx(stats.t.ppf(0.975, len(draws) - 1) * stats.sem(draws)) if len(draws) > 1 else None)


@torch.no_grad()
def test_the_psnr_of_a_picture_is_that_of_its_squared_error(checkpoints: Store) -> None:
    x = model_input(data.load("digits").test.x[5:6], CPU)
    model = checkpoints.load(default_spec("vae", "digits", 2))
    sse = float(((x - model.decode(model.encode(x).mean).mean) ** 2).sum())
    app = opened("own/bring", dataset="digits", latent_dim=2, family="vae", own_way="sample", own_sample=5)
    assert value_of(app, "SSE, VAE") == f"{sse:.2f}"
    assert re.search(r"([\d.]+) dB", method_of(app, "SSE, VAE")).group(1) == f"{-10 * np.log10(sse / 64):.1f}"
