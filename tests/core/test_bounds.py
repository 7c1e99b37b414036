"""A wider proposal: still a bound, nearer to log p(x) where the encoder errs, and honest about what is left."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core import log_px as methods
from vae_core.bounds import PARTS, ScaleMixture, iwae_bound, log_joint, posterior_mode, wider_bound, wider_proposal
from vae_core.distributions import DiagonalGaussian, Gaussian
from vae_core.log_px import better_bound, is_loose
from vae_core.models import build
from vae_core.models.inputs import model_input
from vae_core.models.ppca import PPCA

DIGITS = datasets.load("digits")


class Misled(PPCA):
    """pPCA whose encoder is too sure, and beside the mean: σ a third of the posterior's, and two of its σ off in every dimension."""

    def posterior(self, x: Tensor) -> DiagonalGaussian:
        exact = super().posterior(x)
        return DiagonalGaussian(exact.mu + 2 * exact.variance.sqrt(), exact.logvar - 2 * math.log(3))


@pytest.fixture
def misled() -> PPCA:
    model = Misled(tiny_spec("ppca", 5))
    model.solve(DIGITS.train.x)
    return model.eval().requires_grad_(False)


@pytest.fixture
def x() -> Tensor:
    return model_input(DIGITS.test.x[:100], CPU)


def noise(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_mixture_is_normalised_and_draws_what_it_says(x: Tensor) -> None:
    mixture = ScaleMixture(torch.tensor([[0.5]]), torch.tensor([[0.2]]))
    z = torch.linspace(-8, 9, 20001)[:, None, None]
    density = mixture.expand(len(z)).log_prob(z).exp()[:, 0]
    assert float(torch.trapezoid(density, z[:, 0, 0])) == pytest.approx(1, abs=1e-5)
    drawn = mixture.expand(100_000).sample(noise())[:, 0, 0]
    variance = float(torch.trapezoid(density * (z[:, 0, 0] - 0.5) ** 2, z[:, 0, 0]))
    assert variance == pytest.approx(0.2**2 * (1 + 4 + 16) / 3, rel=1e-3)
    assert float(drawn.var()) == pytest.approx(variance, rel=0.03)


def test_the_way_uphill_ends_at_the_posterior_mean_of_ppca(misled: PPCA, x: Tensor) -> None:
    exact = PPCA.posterior(misled, x)
    off = (posterior_mode(misled, x, noise()) - exact.mean) / exact.variance.sqrt()
    assert float(off.abs().max()) < 0.25  # of σ, which the proposal's narrowest component is far wider than


def test_a_mode_that_the_encoder_does_not_see_is_found_from_the_prior() -> None:
    """g(z) = 0.6 + 0.4·tanh(…) has one image at z = 2 and at z = −2 alike; the encoder names the other one, which is lower."""
    model = build(tiny_spec("vae", 1)).requires_grad_(False)

    class TwoPeaks(type(model)):
        def posterior(self, x: Tensor) -> DiagonalGaussian:
            return DiagonalGaussian(torch.full((len(x), 1), -1.5), torch.full((len(x), 1), -4.0))

        def likelihood(self, z: Tensor) -> object:
            height = -50 * (z - 1) ** 2 * (z.sign() + 1) - 50 * (z + 1.5) ** 2 * (1 - z.sign()) - 20 * (1 - z.sign())
            return type("Law", (), {"log_prob": lambda _, x: height[..., 0].expand(*height.shape[:-2], len(x))})()

    model.__class__ = TwoPeaks
    z = posterior_mode(model, torch.zeros(3, 1, 8, 8), noise())
    torch.testing.assert_close(z, torch.full((3, 1), 0.99), atol=0.05, rtol=0)


def test_a_wider_proposal_gives_a_bound_that_is_nearer_to_the_exact_log_px(misled: PPCA, x: Tensor) -> None:
    exact = misled.log_px(x)
    narrow = iwae_bound(misled, x, 1000, noise())
    wider, rise = wider_bound(misled, x, 1000, noise()).T
    error = 3 * float((wider - exact).std()) / math.sqrt(len(x))
    assert float((exact - narrow).mean()) > 3
    assert -error < float((exact - wider).mean()) < 0.2
    assert 0 <= float(rise.mean()) < 1


def test_the_weights_of_a_wider_proposal_have_log_px_as_their_mean(misled: PPCA, x: Tensor) -> None:
    """E_r[p(x, z)/r(z)] = p(x), for each image: what any bound stands or falls by."""
    proposal = wider_proposal(misled, x, noise())
    shares = (iwae_bound(misled, x, 2000, noise(1), proposal=proposal).double() - misled.log_px(x)).exp()
    assert float(shares.mean()) == pytest.approx(1, abs=4 * float(shares.std()) / math.sqrt(len(x)))
    assert float(shares.std()) < 0.2


class Counting(Misled):
    """It counts the codes that are decoded."""

    n_decoded = 0

    def likelihood(self, z: Tensor) -> Gaussian:
        self.n_decoded += z[..., 0].numel()
        return super().likelihood(z)


@pytest.mark.parametrize("at_once", [4, 25, 100])
def test_a_bound_of_k_samples_draws_k_codes_an_image(misled: PPCA, x: Tensor, at_once: int) -> None:
    misled.__class__ = Counting
    iwae_bound(misled, x, 70, noise(), at_once)
    assert misled.n_decoded == 70 * len(x)
    misled.n_decoded = 0
    wider_proposal(misled, x, noise())
    of_the_way_to_the_mode, misled.n_decoded = misled.n_decoded, 0
    wider_bound(misled, x, 70, noise())
    assert misled.n_decoded - of_the_way_to_the_mode == 70 * len(x)


def test_the_bound_of_all_samples_is_above_that_of_a_tenth_of_them_by_what_is_said(misled: PPCA, x: Tensor) -> None:
    k = 20
    bound, rise = wider_bound(misled, x, k, noise()).T
    generator = noise()
    proposal = wider_proposal(misled, x, generator)
    tenths = torch.stack([iwae_bound(misled, x, k // PARTS, generator, 4, proposal) for _ in range(PARTS)])
    torch.testing.assert_close(bound.double(), tenths.double().exp().mean(0).log(), rtol=0, atol=1e-3)
    torch.testing.assert_close(rise, bound - tenths.mean(0))
    assert float(rise.mean()) > 0.01


def test_the_better_bound_is_taken_where_it_gains_and_its_error_is_of_all_images(misled: PPCA, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "MOST_WIDENED", 60)
    seen = DIGITS.test.x
    exact = misled.log_px(model_input(seen, CPU)).numpy()
    bound = iwae_bound(misled, model_input(seen, CPU), 20, noise()).double().numpy()
    of_misled = better_bound(misled, seen, None, bound=bound, n_samples=20)
    assert (of_misled.method, of_misled.n_samples, of_misled.n_images) == ("bound from a wider proposal", 200, 60)
    assert of_misled.value == pytest.approx(exact.mean(), abs=3 * of_misled.standard_error)
    assert of_misled.standard_error > exact.std() / math.sqrt(len(seen))
    of_exact = better_bound(misled, seen, None, bound=exact, n_samples=20)
    assert (of_exact.method, of_exact.n_samples, of_exact.value) == ("importance-weighted bound", 20, pytest.approx(exact.mean()))


@pytest.mark.parametrize(
    ("method", "rise", "loose"),
    [
        ("bound from a wider proposal", 3.0, True),
        ("bound from a wider proposal", 0.2, False),
        ("importance-weighted bound", None, False),
        ("exact", None, False),
        (None, None, False),
    ],
)
def test_a_bound_is_loose_that_still_rises(method: str | None, rise: float | None, loose: bool) -> None:
    assert is_loose({"log_px_method": method, "log_px_rise": rise}) is loose


def test_the_joint_is_likelihood_and_prior(misled: PPCA, x: Tensor) -> None:
    z = torch.zeros(2, len(x), 5)
    expected = misled.likelihood(z).log_prob(x) - 2.5 * math.log(2 * math.pi)
    np.testing.assert_allclose(log_joint(misled, x, z), expected, rtol=1e-6)
