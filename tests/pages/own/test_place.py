"""*Where it lies*: every view, and a percentile that is that of the scores."""

from __future__ import annotations

import base64
import inspect
import re

import numpy as np
import pytest

from pages.own import cached as own
from pages.own.bring import cached as bring
from pages.own.place import cached as place
from pages.own.session import SIDE
from tests.harness import assert_answers, opened, words
from vae_core import data as datasets
from vae_core.explore.own.own_images import scores
from vae_core.explore.own.strangers import WORDS
from vae_core.models import default_spec, unlabelled
from vae_core.store import Store

PLACE = "own/place"
pytestmark = pytest.mark.usefixtures("checkpoints")


@pytest.mark.parametrize("family", unlabelled())
@pytest.mark.parametrize("view", ["map", "code", "score"])
def test_every_view_of_the_place_answers(view: str, family: str) -> None:
    app = opened(PLACE, dataset="digits", latent_dim=2, family=family, own_view=view)
    assert_answers(app)
    assert re.search(r"Of 179 other test images \d+(\.\d)? % \([\d.]+ to [\d.]+\) are called “unlike”", words(app))


def test_a_test_image_is_like_what_the_model_has_seen_and_a_ring_of_noise_is_not() -> None:
    app = opened(PLACE, dataset="digits", latent_dim=2)
    assert not any(WORDS["unlike"] in mark.value for mark in app.main.markdown)
    app.session_state["own_kept"] = {"own_way": "draw"}
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    app.session_state["own_drawing"] = base64.b64encode(np.kron(noise[::21, ::21], np.ones((21, 21), np.uint8)).tobytes()).decode()
    app.run()
    assert any(WORDS["unlike"] in mark.value for mark in app.main.markdown)
    assert app.metric[0].value == "0.0 ± 0.0 %"


def test_every_own_test_image_is_its_own_percentile() -> None:
    app = opened(PLACE, dataset="digits", latent_dim=2, family="ppca")
    value = float(app.metric[0].value.split()[0])
    found = scores(Store().load(default_spec("ppca", "digits", 2)), datasets.load("digits").test.x)
    assert value == pytest.approx(100 * (found < found[0]).mean(), abs=0.3)


def test_without_the_data_set_a_sentence_says_so_and_its_models_draw_by_themselves(no_images: None) -> None:
    if default_spec("vae", "mnist", 20) not in Store():
        pytest.skip("needs the shipped models of mnist")
    app = opened(PLACE, dataset="mnist", latent_dim=20, family="vae")
    assert_answers(app)
    assert "not on this machine" in app.main.caption[0].value


def test_no_cache_that_sessions_share_is_given_a_picture() -> None:
    """A function of the shared caches takes a model's spec only; what is given pixels is not cached."""
    functions = [value for module in (own, bring, place) for value in vars(module).values() if callable(value)]
    kept = [function for function in functions if hasattr(function, "clear")]
    assert {function.__name__ for function in kept} == {"shipped_tests", "tests_known_to", "rule", "seen"}
    assert all(list(inspect.signature(function).parameters) in ([], ["spec"], ["dataset"]) for function in kept)
