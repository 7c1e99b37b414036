"""Other seeds of a recipe: what is kept of them, and how far they are apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from vae_core.explore.autoencoders import seeds
from vae_core.models import default_spec
from vae_core.store import Store

VAE, PCA = default_spec("vae", "digits", 2), default_spec("pca", "digits", 2)


def figures(sse: float, elbo: float | None) -> dict:
    return {"sse": sse, "elbo": elbo, "rate": None, "log_px": None, "log_px_method": None, "active_units": None}


def test_trainings_of_one_recipe_are_found_by_any_of_its_seeds(tmp_path: Path) -> None:
    path = tmp_path / "seeds.json"
    for seed, sse in ((2, 2.5), (1, 2.25)):
        seeds.add(path, replace(VAE, seed=seed), figures(sse, -20.0 - seed))
    kept = seeds.read(path)
    by_seed = seeds.of_every_seed(kept, VAE, figures(2.0, -20.0))
    assert [(seed, of["sse"]) for seed, of in by_seed.items()] == [(0, 2.0), (1, 2.25), (2, 2.5)]
    assert list(seeds.of_every_seed(kept, replace(VAE, beta=4.0), figures(2.0, None))) == [0]
    assert list(seeds.of_every_seed(kept, PCA, figures(2.0, None))) == [0]
    assert seeds.read(tmp_path / "nowhere.json") == {}


def test_the_interval_over_seeds_is_students() -> None:
    values = [23.9, 23.7, 24.2]
    mean = seeds.mean_over_seeds({k: figures(value, None) for k, value in enumerate(values)}, "sse")
    low, high = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    assert (mean.value, mean.half_width, mean.n) == (pytest.approx(np.mean(values)), pytest.approx((high - low) / 2), 3)
    assert seeds.mean_over_seeds({0: figures(1.0, None), 1: figures(2.0, None)}, "elbo") is None
    assert seeds.mean_over_seeds({0: figures(1.0, None)}, "sse") is None


def test_the_kept_seeds_are_of_shipped_models_and_unlike_them() -> None:
    shipped = {c.spec.fingerprint: c.metrics for c in Store().checkpoints() if c.is_shipped}
    kept = seeds.read()
    assert set(kept) <= set(shipped)
    assert all(
        0 not in by_seed and {of["sse"] for of in by_seed.values()}.isdisjoint({shipped[name]["sse"]}) for name, by_seed in kept.items()
    )
