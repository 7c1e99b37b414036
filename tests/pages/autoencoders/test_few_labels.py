"""Few labels on its page: the numbers beside the curves are of the chosen number of labels; a data set without labels says so."""

from __future__ import annotations

import re

import pytest
from scipy.stats import binomtest

from tests.harness import assert_sound, charts, conclusion_of, opened, values, words
from vae_core.explore.autoencoders import few_labels
from vae_core.explore.means import mean_of_few
from vae_core.models import default_spec
from vae_core.store import Store

PAGE = "autoencoders/few_labels"
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_numbers_and_curves_are_those_that_are_shipped_with_the_model(checkpoints: Store) -> None:
    app = opened(PAGE, dataset="digits", latent_dim=2, n_labels=30)
    assert_sound(app)
    assert "With 30 labels" in conclusion_of(app)
    assert "all 1,438 labels" in conclusion_of(app)
    of = few_labels.read()[checkpoints.find(default_spec("vae", "digits", 2)).weights_sha256[:16]]
    curve = next(trace for trace in charts(app)[0]["data"] if trace.get("name") == "VAE codes")
    assert values(curve["y"]) == pytest.approx([*(100 * of.shares.mean(1)), 100 * of.with_all.share])
    right, n = of.with_all.count, of.n_test
    low, high = (100 * end for end in binomtest(right, n).proportion_ci(method="wilson"))
    assert f"| VAE | {mean_of_few(100 * of.at(30))} | {100 * right / n:.0f} ± {(high - low) / 2:.0f} |" in words(app)
    share = r"[\d.]+ % \([\d.]+ to [\d.]+\)"
    assert re.search(rf"it is {share} from \*.*\* and {share} from pixels", conclusion_of(app))


def test_a_data_set_without_labels_says_so() -> None:
    app = opened(PAGE, dataset="patches_8", latent_dim=2)
    assert_sound(app)
    assert "too few images with labels" in app.info[0].value
