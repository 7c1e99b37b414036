"""Samples at every latent dimension, with the bound beneath them."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from pages.latent.samples import findings
from tests.harness import assert_answers, conclusion_of, method_of, opened, pictures, value_of
from vae_core import data
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.store.classifiers import classifier_of

SAMPLES = "latent/samples"
GREY = 128
"""Between two small images."""
pytestmark = pytest.mark.usefixtures("more_models")


@pytest.mark.parametrize("query", [{"law": "gaussian"}, {"law": "mixture", "n_side": 4}, {"pixels": "drawn", "draw": 3}])
def test_every_control_of_the_samples_answers(query: dict) -> None:
    app = opened(SAMPLES, dataset="digits", latent_dim=2, **query)
    assert_answers(app)
    if query.get("pixels") == "drawn":
        assert set(np.unique(pictures(app)[0])) == {0, GREY, 255}


def test_the_bound_beneath_the_samples_is_that_of_the_stored_evaluation(checkpoints: Store) -> None:
    app = opened(SAMPLES, dataset="digits", latent_dim=2)
    html = next(element.proto.body for element in app.get("html") if "<img" in element.proto.body)
    for dim in (2, 10):
        metrics = checkpoints.find(default_spec("vae", "digits", dim)).metrics
        assert re.search(rf"ELBO −{-metrics['elbo']:.1f} ± [\d.]+ nats", html)
        assert any(metrics["log_px_method"].split("-")[0] in caption.value for caption in app.main.caption)


def test_what_is_read_of_draws_is_what_a_second_computation_reads(checkpoints: Store) -> None:
    app = opened(SAMPLES, dataset="digits", latent_dim=10, samples_show="read", draw=2)
    assert_answers(app)
    judge = classifier_of("digits")
    for family, row in (("vae", "VAE, z"), ("autoencoder", "AE, z")):
        z = np.stack([np.random.default_rng((2, j)).standard_normal(500) for j in range(10)], axis=1)
        x = checkpoints.load(default_spec(family, "digits", 10)).decode(torch.tensor(z, dtype=torch.float32)).mean
        n_read = int((judge.read(x.numpy().clip(0, 1)).confidence >= 0.9).sum())
        low, high = (100 * end for end in binomtest(n_read, 500).proportion_ci(method="wilson"))
        places = 1 if high - low < 7.1 else 0
        assert value_of(app, row) == f"{n_read / 5:.{places}f} %"
        assert method_of(app, row) == f"{low:.{places}f} to {high:.{places}f} %"
    model = checkpoints.load(default_spec("autoencoder", "digits", 10))
    codes = model.encode(data.load("digits").train.x).mean.numpy().astype(np.float64)
    fitted = codes.mean(0) + z @ np.linalg.cholesky(np.cov(codes.T, bias=True) + 1e-6 * np.eye(10)).T
    x = model.decode(torch.tensor(fitted, dtype=torch.float32)).mean.numpy()
    read = 100 * (judge.read(x.clip(0, 1)).confidence >= 0.9).mean()
    assert float(value_of(app, "AE, Gaussian").removesuffix(" %")) == pytest.approx(read, abs=0.7)


def test_a_data_set_without_a_classifier_has_no_such_view() -> None:
    app = opened(SAMPLES, dataset="faces_25", latent_dim=10, samples_show="read")
    assert_answers(app)
    assert app.main.get("button_group")[0].value == "images"


def test_draws_are_shown_above_the_training_images_nearest_to_them() -> None:
    app = opened(SAMPLES, dataset="digits", latent_dim=2, samples_show="nearest", law="gaussian")
    assert_answers(app)
    shown, train = pictures(app), data.load("digits").train.x[:, 0]
    for drawn, nearest in zip(shown[:8], shown[8:16], strict=True):
        order = ((drawn.astype(float) - train) ** 2).sum((1, 2)).argsort()
        assert any((train[k] == nearest).all() for k in order[:2])  # as well as rounding to bytes allows


def test_of_one_vae_no_largest_elbo_is_named(monkeypatch: pytest.MonkeyPatch, checkpoints: Store) -> None:
    metrics = checkpoints.find(default_spec("vae", "digits", 2)).metrics
    monkeypatch.setattr(findings, "metrics_of", lambda specs: {2: metrics})
    said = conclusion_of(opened(SAMPLES, dataset="digits", latent_dim=2))
    assert "The VAE with d = 2 has an ELBO of −" in said
    assert "largest" not in said
