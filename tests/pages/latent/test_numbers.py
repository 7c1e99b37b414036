"""Numbers of the pages on latent spaces are what the models give when they are worked out again."""

from __future__ import annotations

import re

import numpy as np
import torch

from tests.harness import CPU, numbers_in, numbers_of, opened, value_of
from vae_core import data
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.models import LatentModel, default_spec
from vae_core.models.inputs import model_input
from vae_core.store import Store
from vae_core.units import earned_places, rounded_to


@torch.no_grad()
def elbo_on_the_test_digits(model: LatentModel) -> float:
    return float(elbo_per_image(model, as_observed(model, data.load("digits").test.x)).elbo.mean())


def test_the_best_bound_is_the_largest_of_all_latent_dimensions(checkpoints: Store) -> None:
    elbos = {dim: elbo_on_the_test_digits(checkpoints.load(default_spec("vae", "digits", dim))) for dim in (2, 10)}
    best = max(elbos, key=elbos.get)
    assert abs(elbos[2] - elbos[10]) > 0.1  # they can be told apart
    app = opened("latent/samples", dataset="digits", latent_dim=2)
    (label,) = (label for label in numbers_of(app) if label.startswith("Best test ELBO"))
    value, half_width = numbers_in(numbers_of(app)[label])
    assert re.search(r"d = (\d+)", label).group(1) == str(best)
    assert value == rounded_to(elbos[best], earned_places(float(half_width)))


def test_active_dimensions_are_those_whose_means_vary(checkpoints: Store) -> None:
    spec = default_spec("pca", "digits", 40)
    checkpoints.train(spec, device=CPU)
    with torch.no_grad():
        means = checkpoints.load(spec).encode(model_input(data.load("digits").test.x, CPU)).mean.numpy()
    active = sum(float(np.var(column)) > 0.01 for column in means.T)
    assert 20 < active < 40  # some are not, and fewer
    app = opened("latent/paths", dataset="digits", latent_dim=40, family="pca", path="traversal")
    assert value_of(app, "Dimensions that vary") == f"{active} of 40"


def test_active_dimensions_of_a_model_with_a_density_are_those_of_its_evaluation(checkpoints: Store) -> None:
    """Counted on binarised images, as on every other page; on grey ones it may be another number."""
    spec = default_spec("vae", "digits", 10)
    checkpoint = checkpoints.find(spec)
    assert checkpoint is not None
    app = opened("latent/paths", dataset="digits", latent_dim=10, family="vae", path="traversal")
    assert value_of(app, "Active") == f"{checkpoint.metrics['active_units']} of 10"
