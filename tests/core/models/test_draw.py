"""DRAW: its canvas adds up, its bound is one, its steps are those of the paper's equations, and it is trained, kept and found again."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.bounds import draw_bound
from vae_core.cli.main import main
from vae_core.distributions import standard_normal_log_prob
from vae_core.evaluation import binarised
from vae_core.explore.beyond.draw import DATASET, STEPS
from vae_core.models.draw import CODE_SIZE, Draw, DrawSpec, draw_spec, initialise_draw
from vae_core.store import Store, companions, draw_models
from vae_core.store.checkpoints import METRICS, WEIGHTS
from vae_core.training.draw import draw_terms, fit_draw

DIGITS = datasets.load("digits")
TINY = DrawSpec(dataset="digits", n_steps=2, step_dim=1, hidden=12, read_size=8, n_epochs=4, batch_size=128, learning_rate=1e-2)
THREE = DrawSpec(dataset="digits", n_steps=3, step_dim=4, hidden=16, read_size=8)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def seen(n: int) -> torch.Tensor:
    return torch.tensor(binarised(DIGITS.test.x[:n])).float() / 255


@pytest.fixture(scope="module")
def tiny() -> Draw:
    """Trained for a moment."""
    model = Draw(TINY)
    list(fit_draw(model, DIGITS, device=CPU))
    return model.requires_grad_(False)


@pytest.fixture
def three() -> Draw:
    """Not trained: its weights are drawn."""
    model = Draw(THREE)
    initialise_draw(model, torch.tensor(DIGITS.train.x).float().mean(0) / 255, generator())
    return model.requires_grad_(False)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(local=tmp_path / "local", shipped=tmp_path / "shipped")


def test_the_blank_canvas_and_what_every_step_writes_add_up_to_the_last_canvas(three: Draw) -> None:
    x = seen(7)
    steps = three.draw(x, generator())
    canvas, _, decoded = three.start(len(x))
    assert torch.equal(steps.canvases[0].flatten(1), canvas)
    for z, after in zip(steps.codes, steps.canvases[1:], strict=True):
        decoded = three.decoder(z, decoded)
        canvas = canvas + three.writer(decoded)
        assert torch.equal(after.flatten(1), canvas)
    assert steps.canvases.shape == (4, 7, *DIGITS.test.x.shape[1:])


def test_each_step_reads_the_image_and_what_the_canvas_lacks_of_it(three: Draw) -> None:
    """Gregor et al. 2015, Eq. (1) to (8), written out for one image."""
    x, flat = seen(1), seen(1).flatten(1)
    steps = three.draw(x, generator(3))
    noise, encoded, decoded, canvas = generator(3), torch.zeros(1, 16), torch.zeros(1, 16), three.blank[None]
    for t, posterior in enumerate(steps.posteriors):
        lacking = flat - torch.sigmoid(canvas)
        read = torch.relu(three.reader(torch.cat([flat, lacking], 1)))
        encoded = three.encoder(torch.cat([read, decoded], 1), encoded)
        mu, logvar = three.posterior(encoded).chunk(2, 1)
        torch.testing.assert_close((posterior.mu, posterior.logvar), (mu, logvar))
        z = mu + (logvar / 2).exp() * torch.randn(1, 4, generator=noise)
        torch.testing.assert_close(steps.codes[t], z)
        decoded = three.decoder(z, decoded)
        canvas = canvas + three.writer(decoded)


def test_the_rates_of_all_steps_and_the_distortion_are_the_negative_elbo(three: Draw) -> None:
    x = seen(9)
    steps = three.draw(x, generator())
    terms = steps.terms(x)
    torch.testing.assert_close(terms.rate, steps.rates.sum(0))
    torch.testing.assert_close(-terms.elbo, steps.rates.sum(0) + terms.distortion, rtol=0, atol=1e-6 * 100)
    by_hand = torch.nn.functional.binary_cross_entropy_with_logits(steps.canvases[-1], x, reduction="none").sum((1, 2, 3))
    torch.testing.assert_close(terms.distortion, by_hand)
    for rate, q in zip(steps.rates, steps.posteriors, strict=True):
        torch.testing.assert_close(rate, kl_divergence(Normal(q.mu, (q.logvar / 2).exp()), Normal(0.0, 1.0)).sum(-1), rtol=1e-4, atol=1e-5)


def test_without_noise_every_code_is_the_mean_of_q(three: Draw) -> None:
    steps = three.draw(seen(5), None)
    for z, q in zip(steps.codes, steps.posteriors, strict=True):
        assert torch.equal(z, q.mean)


def log_px_by_quadrature(model: Draw, x: torch.Tensor) -> torch.Tensor:
    """log ∫∫ p(z_1) p(z_2) p(x|z_1, z_2) of two steps with one number each, (B,)."""
    line = torch.linspace(-6, 6, 241)
    z_1, z_2 = (axis.reshape(-1, 1) for axis in torch.meshgrid(line, line, indexing="ij"))
    canvas, _, decoded = model.start(len(z_1))
    for z in (z_1, z_2):
        canvas, decoded = model.write(z, canvas, decoded)
    log_prior = standard_normal_log_prob(torch.cat([z_1, z_2], 1)) + 2 * math.log(float(line[1] - line[0]))
    log_px_z = x.flatten(1) @ canvas.T - torch.nn.functional.softplus(canvas).sum(1)
    return (log_px_z + log_prior).logsumexp(1)


def test_the_bound_lies_below_log_px_and_comes_up_to_it_with_more_samples(tiny: Draw) -> None:
    x = seen(20)
    exact = log_px_by_quadrature(tiny, x)
    elbo = torch.stack([tiny.draw(x, generator(k)).terms(x).elbo for k in range(200)])
    error = elbo.std(0) / math.sqrt(len(elbo))
    assert (elbo.mean(0) <= exact + 4 * error).all()
    assert (exact - elbo.mean(0)).mean() > 0.01
    near = draw_bound(tiny, x, 2000, generator())
    assert (near - exact).abs().max() < 0.1
    one = torch.stack([draw_bound(tiny, x, 1, generator(k)) for k in range(200)]).mean(0)
    assert (one - elbo.mean(0)).abs().max() < 4 * float((elbo.std(0) / math.sqrt(200)).max()) + 0.5
    assert one.mean() < draw_bound(tiny, x, 20, generator()).mean() < near.mean() + 0.05


def test_draws_from_the_prior_are_standard_normal_codes_written_in_turn(three: Draw) -> None:
    steps = three.sample(4000, generator())
    assert float(steps.codes.mean()) == pytest.approx(0, abs=4 / math.sqrt(48000))
    assert float(steps.codes.var()) == pytest.approx(1, abs=4 * math.sqrt(2 / 48000))
    assert torch.equal(three.sample(5, generator(1)).canvases, three.sample(5, generator(1)).canvases)
    canvas, _, decoded = three.start(4000)
    for z in steps.codes:
        canvas, decoded = three.write(z, canvas, decoded)
    assert torch.equal(steps.canvases[-1].flatten(1), canvas)
    assert (steps.canvases[0, 0] == steps.canvases[0, 1]).all()


def test_it_begins_at_the_mean_image(three: Draw) -> None:
    mean = torch.tensor(DIGITS.train.x).float().mean(0) / 255
    torch.testing.assert_close(three.blank.sigmoid(), mean.flatten().clamp(0.005, 0.995))


def test_every_choice_changes_the_fingerprint_and_steps_divide_the_code() -> None:
    choices = {"n_steps": 5, "step_dim": 2, "hidden": 9, "read_size": 9, "n_epochs": 3, "batch_size": 7, "learning_rate": 0.5, "seed": 1}
    assert len({TINY.fingerprint, *(replace(TINY, **{name: value}).fingerprint for name, value in choices.items())}) == 1 + len(choices)
    assert [draw_spec("digits", t).step_dim * t for t in STEPS] == [CODE_SIZE] * len(STEPS)
    with pytest.raises(ValueError, match="n_steps must divide the 40 numbers of the code, got 3"):
        draw_spec("digits", 3)
    with pytest.raises(ValueError, match="dataset must be one of images"):
        draw_spec("moons", 1)


def test_it_learns_and_a_training_is_the_same_each_time(tiny: Draw) -> None:
    again = Draw(TINY)
    losses = [event.train["loss"] for event in fit_draw(again, DIGITS, device=CPU)]
    assert losses[-1] < losses[0] - 0.5
    assert all(torch.equal(one, other) for one, other in zip(again.parameters(), tiny.parameters(), strict=True))


def test_it_is_kept_with_its_figures_and_found_again(store: Store) -> None:
    spec = replace(TINY, n_epochs=1)
    assert draw_models.draw_model(spec, store) is None
    assert len(list(draw_models.training(spec, store, device=CPU))) == 1
    model = draw_models.draw_model(spec, store)
    assert model is not None
    assert store.checkpoints() == []  # it is no model with one code
    _, metrics = draw_models.read(companions.folder_of(spec, store.local), spec)
    measured = draw_models.figures(model, DIGITS)
    assert metrics == pytest.approx(measured)
    assert metrics["elbo"] == pytest.approx(-metrics["distortion"] - metrics["rate"], abs=1e-3)
    assert metrics["elbo"] < metrics["iwae_bound"]
    assert list(draw_models.training(spec, store, device=CPU)) == []  # another process has trained it
    (companions.folder_of(spec, store.local) / METRICS).write_text("no JSON")
    with pytest.raises(companions.DamagedCompanion, match="python -m vae_core draw"):
        draw_models.draw_model(spec, store)


@pytest.mark.parametrize("n_steps", STEPS)
def test_a_shipped_model_scores_what_its_file_says(n_steps: int) -> None:
    spec = draw_spec(DATASET, n_steps)
    model, metrics = draw_models.read(companions.folder_of(spec, Store().shipped), spec)
    images = datasets.load(DATASET)
    terms = draw_terms(model, torch.tensor(binarised(images.test.x)).float() / 255)
    assert metrics["n_images"] == len(images.test)
    for name in ("distortion", "rate", "elbo"):
        assert float(getattr(terms, name).mean()) == pytest.approx(metrics[name], rel=1e-4)
    assert metrics["elbo"] < metrics["iwae_bound"] < metrics["elbo"] + 10


def test_the_shipped_models_are_small_and_of_like_size() -> None:
    specs = [draw_spec(DATASET, n_steps) for n_steps in STEPS]
    folders = [companions.folder_of(spec, Store().shipped) for spec in specs]
    assert sum((folder / WEIGHTS).stat().st_size for folder in folders) < 1.5e6
    numbers = [Draw(spec).n_weights for spec in specs]
    assert max(numbers) < 1.1 * min(numbers)


def test_the_command_trains_it_once_and_says_what_it_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr("vae_core.cli.draw.draw_spec", lambda dataset, n_steps: replace(TINY, n_epochs=1, dataset=dataset))
    for _ in range(2):
        assert main(["draw", "--dataset", "digits", "--n-steps", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["metrics"]["n_images"] == len(DIGITS.test)
    assert np.isfinite(found["metrics"]["iwae_bound"])
    assert main(["draw", "--dataset", "moons"]) == 2
    assert "dataset must be one of images" in capsys.readouterr().err
