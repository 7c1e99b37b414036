"""Sentences of the contract that a model keeps to of itself: of the families' tests, and of a model that was given its labels."""

from __future__ import annotations

import pytest
import torch

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.distributions import Delta, DiagonalGaussian
from vae_core.models import LatentModel
from vae_core.models.inputs import model_input
from vae_core.terms import ElboTerms, SquaredError


def some_digits(n: int = 7) -> torch.Tensor:
    return model_input(datasets.load("digits").test.x[:n], CPU)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def encode_and_decode_return_distributions_of_the_right_shapes(model: LatentModel) -> None:
    x = some_digits()
    posterior = model.encode(x)
    likelihood = model.decode(posterior.mean)
    assert isinstance(posterior, DiagonalGaussian if model.has_density else Delta)
    assert posterior.mean.shape == posterior.sample(generator()).shape == (7, 2)
    assert likelihood.mean.shape == likelihood.sample(generator()).shape == x.shape
    assert model.sample(5, generator()).mean.shape == (5, 1, 8, 8)


def decode_takes_any_leading_dimensions(model: LatentModel) -> None:
    z = torch.randn((3, 4, 2), generator=generator())
    grid = model.decode(z).mean
    assert grid.shape == (3, 4, 1, 8, 8)
    torch.testing.assert_close(grid[1], model.decode(z[1]).mean, rtol=1e-5, atol=1e-6)


def reconstruct_never_samples(model: LatentModel) -> None:
    x = some_digits()
    first, second = model.reconstruct(x), model.reconstruct(x)
    assert torch.equal(first, second)
    torch.testing.assert_close(first, model.decode(model.encode(x).mean).mean)


def terms_are_one_number_an_image_and_the_rate_is_never_negative(model: LatentModel) -> None:
    terms = model.terms(some_digits(), generator())
    assert isinstance(terms, ElboTerms if model.has_density else SquaredError)
    assert terms.loss(1.0).shape == (7,)
    if model.has_density:
        assert float(terms.rate.min()) >= 0
        torch.testing.assert_close(terms.elbo, -terms.loss(1.0))


def a_family_without_a_density_refuses_log_prob(model: LatentModel) -> None:
    x = some_digits()
    if model.has_density:
        assert model.decode(model.encode(x).mean).log_prob(x).shape == (7,)
    else:
        with pytest.raises(ValueError, match="must define a density"):
            model.decode(model.encode(x).mean).log_prob(x)


def only_exact_families_have_log_px_in_closed_form(model: LatentModel) -> None:
    if model.has_exact_log_px:
        assert model.log_px(some_digits()).shape == (7,)
    else:
        with pytest.raises(ValueError, match="closed form"):
            model.log_px(some_digits())
