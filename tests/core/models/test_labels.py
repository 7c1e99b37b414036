"""A family that needs labels: batches carry them, and given labels its model is one like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.core.models import contract
from tests.harness import CPU
from vae_core import data
from vae_core.bounds import Box, iwae_bound, log_px_by_quadrature
from vae_core.distributions import DiagonalGaussian
from vae_core.distributions import Likelihood as LikelihoodValue
from vae_core.evaluation import elbo_per_image, evaluate
from vae_core.explore.training.training import pace
from vae_core.models import FAMILIES, Family, LatentModel, build, default_spec
from vae_core.models.vae import VAE, VAESpec
from vae_core.networks import Mlp
from vae_core.passes import per_image
from vae_core.store import Store
from vae_core.terms import squared_error
from vae_core.training.fit import fit
from vae_core.training.stacked import stack_key

DIGITS = data.load("digits")


@dataclass(frozen=True, slots=True, kw_only=True)
class CVAESpec(VAESpec):
    """A VAE of images of a known label."""

    kind: ClassVar[str] = "cvae"


class CVAE(VAE):
    """q(z|x, y) and p(x|z, y), with the label as a unit vector beside x and z (Sohn, Lee & Yan 2015)."""

    needs_labels = True

    def __init__(self, spec: CVAESpec) -> None:
        super().__init__(spec)
        n_features, n_classes = spec.identity.n_features, data.recipe_of(spec.dataset).n_classes
        self.register_buffer("units", torch.eye(n_classes))
        self.encoder = Mlp((n_features + n_classes, *spec.hidden, 2 * spec.latent_dim), nn.ReLU)
        layers = Mlp((spec.latent_dim + n_classes, *spec.hidden, n_features), nn.ReLU)
        self.decoder = nn.Sequential(*layers, nn.Unflatten(1, self.shape))

    def posterior(self, x: Tensor) -> DiagonalGaussian:
        return DiagonalGaussian(*self.encoder(self.beside(x.flatten(1))).chunk(2, -1))

    def likelihood(self, z: Tensor) -> LikelihoodValue:
        return super().likelihood(self.beside(z))

    def beside(self, columns: Tensor) -> Tensor:
        return torch.cat([columns, self.units[self.y].expand(*columns.shape[:-1], -1)], -1)


def recipe(dataset: str, latent_dim: int, network: str | None = None) -> CVAESpec:
    return CVAESpec(dataset=dataset, latent_dim=latent_dim, hidden=(32,), n_epochs=12, batch_size=32, learning_rate=3e-3)


FAMILY = Family(name="cvae", title="Class-conditional VAE", equation="q(z|x, y), p(x|z, y)", spec=CVAESpec, model=CVAE, recipe=recipe)


@pytest.fixture(scope="module", autouse=True)
def added() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(FAMILIES, "cvae", FAMILY)
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, added: None) -> LatentModel:
    """The model, trained in a store and read from there."""
    store, spec = Store(tmp_path_factory.mktemp("local")), default_spec("cvae", "digits", 2)
    store.train(spec, device=CPU)
    assert store.find(spec).metrics["elbo"] == pytest.approx(evaluate(store.load(spec), DIGITS).elbo, abs=1e-6)
    return store.load(spec)


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
        with pytest.raises(ValueError, match="labels must be given to cvae, got None"):
            call()
    with pytest.raises(ValueError, match="dataset must be one with labels for cvae, got 'frey_faces'"):
        default_spec("cvae", "frey_faces", 2)
    with pytest.raises(ValueError, match="labels must be given to cvae"):
        next(iter(fit(build(default_spec("cvae", "digits", 2)), without_labels(), device=CPU)))


def without_labels() -> data.Images:
    return replace(DIGITS, train=data.Split(DIGITS.train.x, None), test=data.Split(DIGITS.test.x, None))


def test_labels_stay_with_their_images_in_training_and_in_evaluation(model: LatentModel) -> None:
    """The ELBO of the right labels is above that of others, on images that were never seen, and above that of a model of none."""
    right, wrong = (float(elbo_per_image(model, DIGITS.test.x, labels).elbo.mean()) for labels in (DIGITS.test.labels, other_labels()))
    assert right > wrong + 5
    of_none = build(VAESpec(**{f.name: getattr(model.spec, f.name) for f in model.spec.fields()}))
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


def test_families_that_need_no_labels_are_the_same_model_given_any(trained: LatentModel) -> None:
    assert trained.given(3) is trained
    assert not trained.needs_labels


def test_it_is_timed_with_its_labels_and_never_stacked_with_vaes(model: LatentModel) -> None:
    assert pace(model.spec, DIGITS).seconds_per_epoch > 0
    assert stack_key(model.spec) is None
