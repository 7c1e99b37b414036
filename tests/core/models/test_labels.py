"""A family that needs labels: batches carry them, and given labels its model is one like any other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.core.models import contract
from tests.harness import CPU, tiny_spec
from vae_core import data
from vae_core.bounds import Box, iwae_bound, log_px_by_quadrature
from vae_core.evaluation import elbo_per_image, evaluate
from vae_core.explore.training.training import pace
from vae_core.models import LatentModel, build, default_spec, unlabelled
from vae_core.models.conditional_vae import ConditionalVAESpec
from vae_core.models.vae import VAESpec
from vae_core.passes import per_image
from vae_core.store import Store
from vae_core.terms import squared_error
from vae_core.training.fit import fit
from vae_core.training.stacked import stack_key

DIGITS = data.load("digits")


def spec() -> ConditionalVAESpec:
    """One that trains in a second."""
    usual = default_spec("conditional-vae", "digits", 2)
    return replace(usual, hidden=(32,), n_epochs=12, batch_size=32, learning_rate=3e-3)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LatentModel:
    """The model, trained in a store and read from there."""
    store = Store(tmp_path_factory.mktemp("local"))
    store.train(spec(), device=CPU)
    assert store.find(spec()).metrics["elbo"] == pytest.approx(evaluate(store.load(spec()), DIGITS).elbo, abs=1e-6)
    return store.load(spec())


@pytest.mark.parametrize(
    "kept_to",
    [
        contract.encode_and_decode_return_distributions_of_the_right_shapes,
        contract.decode_takes_any_leading_dimensions,
        contract.reconstruct_never_samples,
        contract.terms_are_one_number_an_image_and_the_rate_is_never_negative,
        contract.a_family_without_a_density_refuses_log_prob,
        contract.only_exact_families_have_log_px_in_closed_form,
    ],
    ids=lambda function: function.__name__,
)
def test_given_a_label_it_keeps_to_the_contract(kept_to, model: LatentModel) -> None:
    kept_to(model.given(3))


def test_without_labels_it_says_what_to_give(model: LatentModel) -> None:
    x = DIGITS.test.x[:2]
    for call in (lambda: model.encode(x), lambda: model.decode(torch.zeros(1, 2)), lambda: evaluate(model, without_labels())):
        with pytest.raises(ValueError, match="labels must be given to conditional-vae, got None"):
            call()
    with pytest.raises(ValueError, match="dataset must be one with labels for conditional-vae, got 'frey_faces'"):
        default_spec("conditional-vae", "frey_faces", 2)
    with pytest.raises(ValueError, match="labels must be given to conditional-vae"):
        next(iter(fit(build(default_spec("conditional-vae", "digits", 2)), without_labels(), device=CPU)))


def without_labels() -> data.Images:
    return replace(DIGITS, train=data.Split(DIGITS.train.x, None), test=data.Split(DIGITS.test.x, None))


def test_labels_stay_with_their_images_in_training_and_in_evaluation(model: LatentModel) -> None:
    """The ELBO of the right labels is above that of others, on images that were never seen, and above that of a model of none."""
    right, wrong = (float(elbo_per_image(model, DIGITS.test.x, labels).elbo.mean()) for labels in (DIGITS.test.labels, other_labels()))
    assert right > wrong + 5
    of_none = build(VAESpec(**{f.name: getattr(model.spec, f.name) for f in VAESpec.fields()}))
    *_, last = fit(of_none, DIGITS, device=CPU)
    assert right > -(last.test["distortion"] + last.test["rate"]) + 1


def other_labels() -> np.ndarray:
    return (DIGITS.test.labels + 1) % 10


def test_a_batch_of_many_labels_is_the_batches_of_each(model: LatentModel) -> None:
    x, y = torch.tensor(DIGITS.test.x[:20]), torch.tensor(DIGITS.test.labels[:20])
    together, z = model.given(y), torch.randn((3, 20, 2), generator=torch.Generator().manual_seed(0))
    for k in range(20):
        alone = model.given(int(y[k]))
        torch.testing.assert_close(together.encode(x).mean[k], alone.encode(x[k : k + 1]).mean[0])
        torch.testing.assert_close(together.decode(z).mean[:, k], alone.decode(z[:, k]).mean)


def test_every_batch_of_an_evaluation_has_its_own_labels(model: LatentModel) -> None:
    whole, parts = (per_image(model, DIGITS.test.x, sse, DIGITS.test.labels, at_once) for at_once in (359, 50))
    assert parts == pytest.approx(whole, rel=1e-4)
    assert parts != pytest.approx(per_image(model, DIGITS.test.x, sse, other_labels()), rel=0.1)


def sse(model: LatentModel, x: Tensor, generator: torch.Generator) -> Tensor:
    return squared_error(x, model.reconstruct(x))


def test_the_bound_of_many_samples_comes_near_the_quadrature_label_by_label(model: LatentModel) -> None:
    given = model.given(DIGITS.test.labels[:30])
    seen = (torch.tensor(DIGITS.test.x[:30]) > 127).float()
    with torch.no_grad():
        bound = iwae_bound(given, seen, 2000, torch.Generator().manual_seed(0))
    exact = log_px_by_quadrature(given, seen, Box(half_width=6, points_per_unit=20))
    assert float((exact - bound).abs().max()) < 0.5
    assert float((exact - bound).mean()) == pytest.approx(0, abs=0.05)


def test_weights_are_shared_and_the_model_that_was_asked_stays_as_it_was(model: LatentModel) -> None:
    given = model.given(3)
    assert given is not model
    assert model.y is None
    assert all(one is other for one, other in zip(given.parameters(), model.parameters(), strict=True))
    assert given.given(None) is given


@pytest.mark.parametrize("family", unlabelled())
def test_families_that_need_no_labels_are_the_same_model_given_any(family: str, tiny_store: Store) -> None:
    model = tiny_store.load(tiny_spec(family))
    assert model.given(3) is model
    assert not model.needs_labels


def test_it_is_timed_with_its_labels_and_never_stacked_with_vaes(model: LatentModel) -> None:
    assert pace(model.spec, DIGITS).seconds_per_epoch > 0
    assert stack_key(model.spec) is None
