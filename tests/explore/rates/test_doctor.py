"""The doctor: what it measures is what it says, and it tells models that were built broken from healthy ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import sem

from tests.harness import CPU, tiny_model
from vae_core import data as datasets
from vae_core.data.base import Split
from vae_core.evaluation import as_observed
from vae_core.explore.means import Mean
from vae_core.explore.rates import doctor
from vae_core.explore.rates.doctor import Examination, derangement, distortions, examine, has_scale, pressure, verdict
from vae_core.models import LatentModel, build, default_spec
from vae_core.models.pca import spectrum
from vae_core.models.ppca import PPCASpec
from vae_core.models.vae import VAESpec
from vae_core.statistics import Z_95
from vae_core.store import Store
from vae_core.training.fit import fit

BASE = VAESpec(dataset="digits", latent_dim=4, hidden=(32,), n_epochs=25, batch_size=32, learning_rate=3e-3)


@pytest.fixture(scope="module")
def eigenvalues() -> np.ndarray:
    return spectrum(datasets.load("digits").train.x).eigenvalues


def trained_model(spec: VAESpec) -> LatentModel:
    model = build(spec)
    for _ in fit(model, datasets.load("digits"), device=CPU):
        pass
    return model.eval().requires_grad_(False)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "healthy"),
        ({"beta": 64.0}, "collapsed"),
        ({"likelihood": "gaussian", "scale": 32**0.5}, "collapsed"),
        ({"likelihood": "gaussian", "scale": 0.4}, "rate-starved"),
        ({"latent_dim": 40}, "more than needed"),
    ],
)
def test_the_doctor_knows_what_a_model_was_built_to_be(fields: dict, kind: str, eigenvalues: np.ndarray) -> None:
    found = examine(trained_model(replace(BASE, **fields)), datasets.load("digits"), eigenvalues)
    assert found.kind == kind
    said = {"healthy": "**Healthy: ", "more than needed": "**Healthy, with", "collapsed": "**Collapsed", "rate-starved": "**Starved"}
    assert verdict(found).startswith(said[kind])


def test_a_decoder_that_does_not_see_z_is_collapsed_whatever_the_rate(eigenvalues: np.ndarray) -> None:
    """The encoder still spends nats: only the shuffle test sees that nobody reads them."""
    model = Store().load(default_spec("vae", "digits", 2))
    model.decoder[0].weight.data.zero_()
    found = examine(model, datasets.load("digits"), eigenvalues)
    assert found.rate > 1
    assert found.shuffle_gain == pytest.approx(0, abs=1e-5)
    assert found.kind == "collapsed"


def test_what_a_wrong_code_costs_a_collapsed_model_is_said_with_its_interval() -> None:
    measured = Examination(100, np.array([0.1]), np.ones(1), 50.0, 0.234, 0.05, 0.5, None)
    assert "costs only 0.23 ± 0.05 nats more" in verdict(measured)
    below = replace(measured, shuffle_gain=-0.0041, shuffle_half_width=0.014)
    assert below.shuffle_words == "−0.004 ± 0.014" and "costs no more (−0.004 ± 0.014 nats)" in verdict(below)


def test_every_image_is_given_the_code_of_another_and_every_code_is_used_once() -> None:
    for n in (2, 3, 500):
        assert sorted(derangement(n)) == list(range(n))
        assert (derangement(n) != np.arange(n)).all()


def test_the_distortion_of_swapped_codes_is_that_of_the_images_they_came_from() -> None:
    """With an encoder that says nothing, swapping changes nothing in the mean; with one that does, each swap is a decoding."""
    model = tiny_model("vae")
    x = (datasets.load("digits").test.x[:40] > 127).astype(np.uint8) * np.uint8(255)
    own, other = distortions(model, x)
    noise = torch.Generator().manual_seed(1)
    images = torch.tensor(x).float() / 255
    z = model.encode(images).sample(noise)
    np.testing.assert_allclose(own, -model.decode(z).log_prob(images).numpy(), rtol=1e-5)
    np.testing.assert_allclose(other, -model.decode(z[derangement(40)]).log_prob(images).numpy(), rtol=1e-5)


def test_the_interval_of_the_gain_is_that_of_its_mean_over_images(eigenvalues: np.ndarray) -> None:
    model, images = tiny_model("vae"), datasets.load("digits")
    found = examine(model, images, eigenvalues)
    own, other = distortions(model, as_observed(model, images.test.x))
    assert found.shuffle_gain == pytest.approx((other - own).mean())
    assert found.shuffle_half_width == pytest.approx(Z_95 * sem(other - own))


def test_of_many_images_some_of_every_part_are_examined(monkeypatch: pytest.MonkeyPatch, eigenvalues: np.ndarray) -> None:
    """The first half of MNIST's test images is easier than the second."""
    monkeypatch.setattr(doctor, "MOST_IMAGES", 40)
    images, model = datasets.load("digits"), Store().load(default_spec("vae", "digits", 2))
    some = replace(images, test=Split(images.test.x[list(images.test.spread(40))], None))
    found, first = (examine(model, one, eigenvalues) for one in (images, replace(images, test=images.test.first(40))))
    assert found.rate == examine(model, some, eigenvalues).rate != first.rate


def test_every_kl_and_the_bound_have_the_intervals_of_their_own_means(eigenvalues: np.ndarray) -> None:
    """The second way: means over images drawn again, with replacement, and scipy."""
    model, images = Store().load(default_spec("vae", "digits", 2)), datasets.load("digits")
    found = examine(model, images, eigenvalues)
    seen = as_observed(model, images.test.x)
    q = model.encode(torch.tensor(seen).float() / 255)
    kl = (0.5 * (q.mean**2 + q.variance - q.variance.log() - 1)).double().numpy()
    minus_elbo = distortions(model, seen)[0] + kl.sum(1)
    draws = np.random.default_rng(0).integers(0, len(seen), (4000, len(seen)))
    assert found.kl_half_widths == pytest.approx(1.96 * kl[draws].mean(1).std(0), rel=0.05)  # 4,000 repeats: s.e. 1.1 %
    assert found.minus_elbo.value == pytest.approx(minus_elbo.mean(), rel=1e-6)
    assert found.minus_elbo.half_width == pytest.approx(Z_95 * sem(minus_elbo), rel=1e-5)


@pytest.mark.parametrize(("likelihood", "balance", "power"), [("gaussian", 2 * 0.3**2, 2), ("laplace", 2 * 0.3, 1)])
def test_the_pressure_is_the_balance_over_the_error_that_the_likelihood_is_of(likelihood: str, balance: float, power: int) -> None:
    """A decoder that draws one grey, 0.2, whatever the code: its residuals are known."""
    x = datasets.load("digits").test.x
    model = build(VAESpec(dataset="digits", latent_dim=2, network="linear", likelihood=likelihood, scale=0.3, beta=2.0))
    model.requires_grad_(False).decoder[0].weight.zero_()
    model.decoder[0].bias.fill_(0.2)
    assert pressure(model, x) == pytest.approx(balance / (np.abs(x / 255 - 0.2) ** power).mean(), rel=1e-5)


@pytest.mark.slow
def test_a_learned_scale_at_beta_one_is_under_no_pressure(eigenvalues: np.ndarray) -> None:
    model = trained_model(replace(BASE, likelihood="gaussian", scale="learned"))
    assert pressure(model, datasets.load("digits").train.x) == pytest.approx(1, abs=0.15)


def test_probabilistic_pca_is_healthy_and_under_no_pressure(store: Store, eigenvalues: np.ndarray) -> None:
    spec = PPCASpec(dataset="digits", latent_dim=5)
    store.train(spec, device=CPU)
    found = examine(store.load(spec), datasets.load("digits"), eigenvalues)
    assert (found.kind, found.pressure, found.n_above_water) == ("healthy", 1.0, 5)


def test_the_doctor_needs_a_density(eigenvalues: np.ndarray) -> None:
    model = tiny_model("pca")
    with pytest.raises(ValueError, match="model must have a density"):
        examine(model, datasets.load("digits"), eigenvalues)


def test_no_shipped_recipe_of_digits_is_collapsed(eigenvalues: np.ndarray) -> None:
    store, images = Store(), datasets.load("digits")
    shipped = [c.spec for c in store.checkpoints() if c.is_shipped and c.spec.dataset == "digits" and c.spec.family == "vae"]
    recipes = [spec for spec in shipped if spec.beta == 1 and spec.likelihood == "bernoulli"]
    assert recipes
    for spec in recipes:
        assert examine(store.load(spec), images, eigenvalues).kind in ("healthy", "more than needed")


@pytest.mark.parametrize(("z_free", "is_worse"), [(54.9, True), (55.1, False), (None, False)])
def test_a_model_that_costs_more_than_no_code_is_told_by_its_whole_bound(z_free: float | None, is_worse: bool) -> None:
    without = None if z_free is None else Mean(z_free, 0.4, 100)
    measured = Examination(100, np.array([3.0, 2.0]), np.ones(2), 50.0, 20.0, 1.0, 0.5, None, without)
    measured = replace(measured, elbo_half_width=0.5)
    assert measured.is_worse_than_no_code is is_worse
    assert ("worse than no code on test images** (−ELBO 55.0 ± 0.5 nats, 54.9 ± 0.4 without z)" in verdict(measured)) is is_worse


@pytest.mark.parametrize(("likelihood", "speaks_of_a_width"), [("bernoulli", False), ("gaussian", True)])
def test_only_a_likelihood_that_has_a_width_is_said_to_have_one(likelihood: str, speaks_of_a_width: bool) -> None:
    kl, free, has_width = np.array([3.0, 2.0]), Mean(40.0, 0.4, 100), has_scale(replace(BASE, likelihood=likelihood))
    measured = Examination(100, kl, np.ones(2), 50.0, 20.0, 1.0, 0.5, None, free, has_width)
    said = verdict(measured)
    assert "worse than no code" in said
    assert ("scale" in said) == speaks_of_a_width
    assert ("β = 0.5" in said) != speaks_of_a_width
