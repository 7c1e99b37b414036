"""Bayes' rule with a model of each label's images: its bounds beside quadrature, its sums beside SciPy, and what came with the program."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.special import logsumexp, softmax

from vae_core import data
from vae_core.bounds import Box, log_px_by_quadrature
from vae_core.evaluation import as_observed
from vae_core.explore.beyond import which_label
from vae_core.explore.beyond.which_label import ByBayes, OfAll, OfKind, log_px_given, prior_of
from vae_core.explore.means import Share
from vae_core.explore.odd_pictures import KINDS
from vae_core.models import LatentModel, default_spec
from vae_core.models.inputs import model_input
from vae_core.store import SHIPPED, Store
from vae_core.training.grids import read_grids

DIGITS = data.load("digits")


@pytest.fixture(scope="module")
def model() -> LatentModel:
    return Store().load(default_spec("conditional-vae", "digits", 2))


@pytest.fixture(scope="module")
def log_px_y(model: LatentModel) -> np.ndarray:
    return log_px_given(model, DIGITS.test.x[:40], 10)


def test_the_bound_of_each_label_lies_just_below_the_integral_over_codes(model: LatentModel, log_px_y: np.ndarray) -> None:
    seen = model_input(as_observed(model, DIGITS.test.x[:40]), torch.device("cpu"))
    own = DIGITS.test.labels[:40]
    for y in (0, 4, 9):
        exact = log_px_by_quadrature(model.given(y), seen, Box(half_width=6, points_per_unit=20)).numpy()
        np.testing.assert_allclose(log_px_y[own == y, y], exact[own == y], atol=0.5)
        assert (log_px_y[:, y] - exact).mean() < 0.1  # of images of other labels the encoder has seen none: more is missed


def test_bayes_rule_is_the_share_of_each_label_in_the_sum(log_px_y: np.ndarray) -> None:
    prior = prior_of(np.repeat([0, 1, 2], [1, 2, 7]), 10)
    assert prior[:3].tolist() == [0.1, 0.2, 0.7]
    three = ByBayes(log_px_y[:, :3], prior[:3])
    joint = np.exp(log_px_y[:, :3] - log_px_y[:, :3].max(1, keepdims=True)) * prior[:3]
    np.testing.assert_allclose(three.probabilities, joint / joint.sum(1, keepdims=True), rtol=1e-10)
    np.testing.assert_allclose(three.probabilities.sum(1), 1)
    np.testing.assert_allclose(three.log_px, [np.logaddexp.reduce(np.log(prior[:3]) + row) for row in log_px_y[:, :3]])
    alike = ByBayes(log_px_y, np.full(10, 0.1))
    np.testing.assert_allclose(alike.probabilities, softmax(log_px_y, axis=1))
    np.testing.assert_allclose(alike.log_px, logsumexp(log_px_y, axis=1) - np.log(10))


@pytest.mark.parametrize("d", [2, 10])
def test_what_came_with_the_program_is_what_the_model_says(d: int) -> None:
    checkpoint = Store().find(default_spec("conditional-vae", "digits", d))
    kept = which_label.read()[checkpoint.weights_sha256[:16]]
    told = ByBayes(log_px_given(Store().load(checkpoint.spec), DIGITS.test.x, 10), prior_of(DIGITS.train.labels, 10))
    assert kept.right == Share(int((told.probabilities.argmax(1) == DIGITS.test.labels).sum()), 359)
    np.testing.assert_allclose(kept.log_px, told.log_px, atol=0.051)


def test_every_shipped_model_has_its_numbers_and_finds_noise_unlike_the_data() -> None:
    kept = which_label.read()
    for spec in read_grids(SHIPPED / "labels.json"):
        of = kept[Store().find(spec).weights_sha256[:16]]
        assert of.right.n == len(of.log_px) == len(data.load(spec.dataset).test)
        assert set(of.by_kind) == set(KINDS)
        assert of.by_kind["noise"].unlike == Share(which_label.N_ODD, which_label.N_ODD)


def test_numbers_come_back_from_their_file(tmp_path) -> None:
    share = Share(3, 7)
    of = OfAll(np.array([-1.25, -2.0, 3.5]), Share(2, 3), {kind: OfKind(share, Share(1, 7), Share(7, 7)) for kind in KINDS})
    which_label.add(tmp_path / "numbers.json", {"a model": of})
    back = which_label.read(tmp_path / "numbers.json")["a model"]
    assert back.right == of.right
    for kind in KINDS:
        one = back.by_kind[kind]
        assert (one.by_bayes, one.by_classifier, one.unlike) == (share, Share(1, 7), Share(7, 7))
    np.testing.assert_allclose(back.log_px, [-1.2, -2.0, 3.5])
