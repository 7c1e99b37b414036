"""Averages of training images at a code."""

from __future__ import annotations

import numpy as np
import pytest

from pages.latent.smoothness.view import FEW
from tests.harness import assert_answers, conclusion_of, opened
from vae_core import data
from vae_core.explore.latent.smoothness import average_of
from vae_core.models import default_spec
from vae_core.store import Store

SMOOTHNESS = "latent/smoothness"
pytestmark = pytest.mark.usefixtures("more_models")


def test_a_wider_posterior_averages_more_images() -> None:
    sizes = []
    for widen in (1.0, 4.0):
        app = opened(SMOOTHNESS, dataset="digits", latent_dim=2, z="0.3,0.2", widen=widen)
        assert_answers(app)
        sizes.append(float(app.metric[0].value.split()[0].replace(",", "")))
    assert sizes[1] > sizes[0] >= 1


@pytest.mark.parametrize(("z", "widen"), [("2.5,2.5", 0.5), ("0,0", 8.0)])
def test_the_conclusion_is_computed_from_the_average_and_the_networks_picture(checkpoints: Store, z: str, widen: float) -> None:
    app = opened(SMOOTHNESS, dataset="digits", latent_dim=2, z=z, widen=widen)
    model, x, at = (
        checkpoints.load(default_spec("vae", "digits", 2)),
        data.load("digits").train.x,
        np.array([float(v) for v in z.split(",")]),
    )
    average = average_of(model, x, at, widen=widen)
    output = model.decode(at[None].astype(np.float32)).mean[0].numpy()
    away = [((output - image) ** 2).sum() for image in (average.mean, x[average.indices[0]] / 255)]
    said = conclusion_of(app)
    assert f"is {away[0]:.1f} away from their average (SSE), and {away[1]:.1f} from that image" in said
    percent = 100 * float(average.weights[0])
    assert f"carries {percent:.{3 if percent >= 10 else 2}g} % of the weight" in said
    assert "carries 0 %" not in said
    assert ("memorises" in said) == (average.n_effective < FEW) == (widen < 1)
    assert ("**The average explains" in said) == (widen > 1 and away[0] < away[1])
