"""Samples at every latent dimension, with the bound beneath them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.harness import assert_answers, opened, pictures
from vae_core.models import default_spec
from vae_core.store import Store

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
        assert f"ELBO −{-metrics['elbo']:.1f} nats" in html
        assert any(metrics["log_px_method"].split("-")[0] in caption.value for caption in app.main.caption)
