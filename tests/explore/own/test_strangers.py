"""The verdict on a picture: from both tails of its score and from its distances to training images, with its false alarms measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from vae_core import data as datasets
from vae_core.explore.own import strangers
from vae_core.explore.own.own_images import scores
from vae_core.explore.own.strangers import (
    FALSE_ALARMS,
    WORDS,
    Caught,
    Evidence,
    caught,
    evidence,
    looks,
    mean_distances,
    others_among,
    rule_of,
)
from vae_core.models import LatentModel, default_spec

DIGITS = datasets.load("digits")


def normal(n: int = 20_000) -> Evidence:
    rng = np.random.default_rng(0)
    return Evidence(rng.normal(size=n), rng.normal(size=n) ** 2)


def test_the_rule_is_set_on_every_second_test_image_and_measured_on_the_others() -> None:
    test = normal()
    rule = rule_of(test)
    assert rule.is_unlike(test[::2]).mean() == pytest.approx(FALSE_ALARMS, abs=0.002)
    assert rule.false_alarms == pytest.approx(FALSE_ALARMS, abs=0.006)
    assert rule.n_measured == 10_000
    test.scores[1::2] -= 3  # what sets the rule has no part in measuring it
    again = rule_of(test)
    assert (again.limit, again.unusual_limit) == (rule.limit, rule.unusual_limit)
    assert again.false_alarms > 0.5
    with pytest.raises(ValueError, match="test must hold at least 4 images"):
        rule_of(normal(3))


@pytest.mark.parametrize(
    ("score", "distance", "why"),
    [
        (-5, 0.4, "it explains the picture worse than 100.0 % of the test images"),
        (5, 0.4, "it explains the picture better than 100.0 % of the test images, as it does plain ones"),
        (0.1, 50, "the picture's code lies farther from other codes than those of 100.0 % of the test images"),
    ],
)
def test_a_verdict_names_what_is_oddest(score: float, distance: float, why: str) -> None:
    one = Evidence(np.array([score]), np.array([distance]))
    assert rule_of(normal()).verdict(one) == ("unlike", f"{WORDS['unlike']}: {why}")


def test_a_picture_beyond_all_test_images_is_beyond_all_of_few() -> None:
    assert "better than 100.0 % of the test images" in rule_of(normal(400)).verdict(Evidence(np.array([9.0]), np.array([0.4])))[1]


def test_what_the_classifier_does_not_find_counts_too() -> None:
    rng = np.random.default_rng(1)
    test = Evidence(rng.normal(size=4000), rng.normal(size=4000), energy=rng.normal(size=4000))
    rule = rule_of(test)
    word, said = rule.verdict(Evidence(np.array([0.1]), np.array([0.0]), energy=np.array([9.0])))
    assert word == "unlike"
    assert "the classifier finds less of any label" in said
    assert rule.false_alarms == pytest.approx(FALSE_ALARMS, abs=0.015)


@pytest.mark.parametrize(
    ("sign", "why"),
    [("pixels", "farther from the training images nearest to it"), ("features", "features, by the classifier, are farther")],
)
def test_what_resembles_no_training_image_is_a_stranger_though_its_code_and_score_are_usual(sign: str, why: str) -> None:
    rng = np.random.default_rng(2)
    test = Evidence(rng.normal(size=4000), rng.normal(size=4000), **{sign: rng.normal(size=4000)})
    word, said = rule_of(test).verdict(Evidence(np.array([0.1]), np.array([0.0]), **{sign: np.array([9.0])}))
    assert word == "unlike"
    assert why in said


def test_what_lies_in_the_middle_is_like_and_between_like_and_unlike_lies_unusual() -> None:
    rule = rule_of(normal())
    assert rule.verdict(Evidence(np.array([0.1]), np.array([0.4]))) == ("like", WORDS["like"])
    oddness = rule.oddness(rule.reference)
    (between,) = np.flatnonzero((oddness > rule.limit) & (oddness <= rule.unusual_limit))[:1]
    assert rule.verdict(rule.reference[between : between + 1])[0] == "unusual"


def test_distances_are_means_over_the_nearest_codes() -> None:
    rng = np.random.default_rng(0)
    others, some = rng.normal(size=(300, 5)), rng.normal(size=(70, 5))
    plain = np.sort(np.linalg.norm(some[:, None] - others, axis=2), axis=1)[:, : strangers.N_NEAREST].mean(1)
    np.testing.assert_allclose(mean_distances(others, some, at_once=32), plain, rtol=1e-4)
    assert mean_distances(others[:3], some).shape == (70,)  # fewer than are asked for


def test_noise_inverted_digits_and_blank_sheets_are_strangers_and_test_images_are_not(trained: LatentModel) -> None:
    train = looks(trained, DIGITS.train.x[others_among(DIGITS.train.x)], None)

    def known(x: np.ndarray) -> Evidence:
        return evidence(train, looks(trained, x, None), scores(trained, x))

    rule = rule_of(known(DIGITS.test.x))
    noise = np.random.default_rng(0).integers(0, 256, (20, 1, 8, 8), dtype=np.uint8)
    for x in (noise, 255 - DIGITS.test.x[:20], np.zeros((1, 1, 8, 8), np.uint8)):
        assert rule.is_unlike(known(x)).mean() > 0.8
    assert rule.false_alarms < 0.12


def test_what_was_measured_of_strangers_is_stated_with_its_interval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = default_spec("vae", "digits", 2)
    monkeypatch.setattr(strangers, "SHIPPED", tmp_path)
    assert caught(spec) is None
    (tmp_path / "strangers.json").write_text(json.dumps({spec.fingerprint: {"noise": [100, 100], "letters": [80, 100]}}))
    assert caught(spec) == Caught({"noise": (100, 100), "letters": (80, 100)})
    assert caught(spec).in_words == "90.0 % of 200 strangers (95 % confidence interval 85.1 to 93.4 %)"
    assert caught(spec).by_kind == "noise 100 %, letters 80 %"
    assert caught(spec).least_in_words == "Least often it is said of letters: 80 %."
    assert caught(default_spec("pca", "digits", 2)) is None
