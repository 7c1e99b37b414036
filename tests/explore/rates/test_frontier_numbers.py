"""The numbers of the frontier: what the command keeps, paired bounds, and what is shipped."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import sem

from benchmarks import frontier_numbers as command
from tests.explore.rates.frontier_grid import GRID, shipped
from tests.harness import CPU
from vae_core import data as datasets
from vae_core.bounds import iwae_bound
from vae_core.evaluation import as_observed, binarised, elbo_per_image
from vae_core.explore.rates import frontier_numbers
from vae_core.explore.rates.frontier_numbers import PairedBound
from vae_core.explore.training_collapse import z_free
from vae_core.models import build
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.training.grids import specs_of_grid


def test_the_command_keeps_every_seed_of_the_grid_with_its_bound(grid: tuple[Path, Store], numbers_file: Path) -> None:
    held = frontier_numbers.read(numbers_file)
    specs = specs_of_grid(GRID)
    assert set(held.models) == {replace(spec, seed=seed).fingerprint for spec in specs for seed in (0, 1)}
    for one in held.models.values():
        stored = grid[1].find(one.spec)
        assert one.metrics["rate"] == pytest.approx(stored.metrics["rate"], rel=1e-5)
        assert one.history["distortion"][-1] == pytest.approx(stored.history[-1]["test"]["distortion"], rel=1e-5)
        assert len(one.history["rate"]) == 4
        assert (one.bound.n_images, one.bound.n_samples) == (300, 50)
    end = held.ends[frontier_numbers.end_name(specs[0])]
    assert end.distortion == pytest.approx(z_free(specs[0], datasets.load("digits")).test, rel=1e-5)


def test_what_is_in_the_file_is_not_computed_again(grid: tuple[Path, Store], numbers_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = numbers_file.read_text()
    monkeypatch.setattr("sys.argv", ["frontier_numbers", str(grid[0]), "--stores", str(grid[1].local), "--out", str(numbers_file)])
    monkeypatch.setattr(command, "keep", lambda *_: pytest.fail("computed again"))
    command.main()
    assert numbers_file.read_text() == before


def test_each_mean_is_kept_with_its_own_standard_error(grid: tuple[Path, Store], numbers_file: Path) -> None:
    """The second way: what means over images drawn again, with replacement, differ by."""
    spec, images = specs_of_grid(GRID)[1], datasets.load("digits")
    model, kept = grid[1].load(spec), frontier_numbers.read(numbers_file).models[spec.fingerprint].metrics
    terms = elbo_per_image(model, as_observed(model, images.test.x))
    draws = np.random.default_rng(0).integers(0, len(images.test), (4000, len(images.test)))
    for name in ("rate", "distortion", "elbo"):
        column = getattr(terms, name).numpy()
        assert kept[name] == pytest.approx(column.mean(), rel=1e-5)
        assert kept[f"{name}_standard_error"] == pytest.approx(column[draws].mean(1).std(), rel=0.05)  # 4,000 repeats: s.e. 1.1 %


def test_figures_newer_than_the_file_are_none_until_the_command_adds_them_beside_the_bound(
    grid: tuple[Path, Store], numbers_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = json.loads(numbers_file.read_text())
    for one in values["models"].values():
        del one["metrics"]["rate_standard_error"]
    older = tmp_path / "older.json"
    older.write_text(json.dumps(values))
    assert {one.metrics["rate_standard_error"] for one in frontier_numbers.read(older).models.values()} == {None}
    monkeypatch.setattr("sys.argv", ["frontier_numbers", str(grid[0]), "--stores", str(grid[1].local), "--out", str(older)])
    monkeypatch.setattr(command, "keep", lambda *_: pytest.fail("computed again"))
    command.main()
    assert frontier_numbers.read(older) == frontier_numbers.read(numbers_file)


def test_the_shipped_file_has_the_standard_errors_of_every_model_whose_weights_ship() -> None:
    held = frontier_numbers.read().models
    there = {one.spec.fingerprint: one.metrics for one in shipped() if one.spec.fingerprint in held}
    for fingerprint, metrics in there.items():
        for name in frontier_numbers.FIGURES:
            assert held[fingerprint].metrics[name] == pytest.approx(metrics[name], rel=1e-5, abs=1e-9), (fingerprint, name)
        assert None not in held[fingerprint].metrics.values()


def test_threads_that_add_at_once_lose_nothing(numbers_file: Path, tmp_path: Path) -> None:
    models, out = list(frontier_numbers.read(numbers_file).models.values()), tmp_path / "numbers.json"
    threads = [threading.Thread(target=frontier_numbers.add, args=(out,), kwargs={"models": [one]}) for one in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert frontier_numbers.read(out).models == {one.spec.fingerprint: one for one in models}


def test_the_paired_bound_is_of_the_same_images_the_same_b_and_the_same_model(grid: tuple[Path, Store]) -> None:
    spec, images = specs_of_grid(GRID)[1], datasets.load("digits")
    model = grid[1].load(spec)
    found = frontier_numbers.paired_bound(model, images, n_images=40, n_samples=200)
    seen = as_observed(model, images.test.x)[:40]
    np.testing.assert_array_equal(seen, binarised(images.test.x)[:40])
    assert found.elbo == pytest.approx(float(elbo_per_image(model, seen).elbo.mean()))
    with torch.no_grad():
        again = iwae_bound(model, model_input(seen, CPU), 2000, torch.Generator().manual_seed(5))
    assert found.iwae_bound == pytest.approx(float(again.mean()), abs=0.1)
    assert found.gap > -3 * found.gap_standard_error


def test_the_error_of_the_gap_is_that_of_the_difference_image_by_image() -> None:
    """A decoder that does not see z, and q = N(μ(b), 1): the gap of an image is its KL, ½μ², whatever the image itself costs."""
    images = datasets.load("digits")
    model = build(VAESpec(dataset="digits", latent_dim=1, network="linear")).requires_grad_(False)
    model.encoder.mu[2].weight.fill_(0.15)
    model.encoder.mu[2].bias.fill_(-3.0)
    model.decoder[0].weight.zero_()
    model.decoder[0].bias.fill_(-1.0)
    found = frontier_numbers.paired_bound(model, images, n_images=100, n_samples=2000)
    ink = binarised(images.test.x[:100]).reshape(100, -1).sum(1) / 255
    kl = 0.5 * (0.15 * ink - 3) ** 2
    assert found.gap == pytest.approx(kl.mean(), abs=0.02)
    assert found.gap_standard_error == pytest.approx(sem(kl), rel=0.05)


def test_no_kept_model_is_above_its_importance_weighted_bound() -> None:
    bounds = {one.spec: one.bound for one in frontier_numbers.read().models.values()}
    if not bounds:
        pytest.skip("no numbers yet: python -m benchmarks.frontier_numbers")
    assert None not in bounds.values()
    for spec, bound in bounds.items():
        assert bound.gap >= -3 * bound.gap_standard_error, spec
        assert (bound.n_images, bound.n_samples) == (300, 5000)


@pytest.mark.data
def test_the_kept_bound_of_one_model_is_what_its_weights_give() -> None:
    held = frontier_numbers.read().models
    found = next((c for c in shipped() if c.spec.fingerprint in held and c.spec.likelihood == "bernoulli"), None)
    if found is None:
        pytest.skip("no numbers yet: python -m benchmarks.frontier_numbers")
    model, images = Store().load(found.spec), datasets.load(found.spec.dataset)
    again = frontier_numbers.paired_bound(model, images, n_samples=500)
    kept_bound: PairedBound = held[found.spec.fingerprint].bound
    assert again.elbo == pytest.approx(kept_bound.elbo, rel=1e-4)
    assert again.gap >= -3 * again.gap_standard_error
    assert kept_bound.iwae_bound - 0.5 < again.iwae_bound < kept_bound.iwae_bound + 0.2


@pytest.mark.data
def test_a_model_without_z_scores_205_81_nats_on_mnist() -> None:
    end = frontier_numbers.end(VAESpec(dataset="mnist", latent_dim=2), datasets.load("mnist"))
    assert end.distortion == pytest.approx(205.81, abs=0.01)
    assert end.sse == pytest.approx(52.725, rel=0.01)
