"""The verdict on a picture: from both tails of its score and from its distances to training images, with its false alarms measured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from tests.harness import ROOT
from vae_core import data as datasets
from vae_core.explore.own import strangers
from vae_core.explore.own.outlines import N_WAYS, away_from, outlines, spans
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
    rule_of,
    training_looks,
)
from vae_core.models import LatentModel, default_spec
from vae_core.store import Store
from vae_core.store.classifiers import classifier_of

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
    [("shapes", "shape is farther from that of any training image"), ("mixtures", "shape is farther from every mixture")],
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
    judge = classifier_of("digits")
    train = training_looks(trained, DIGITS.train.x, DIGITS.train.labels, judge)

    def known(x: np.ndarray) -> Evidence:
        return evidence(*train, looks(trained, x, judge), scores(trained, x))

    rule = rule_of(known(DIGITS.test.x))
    noise = np.random.default_rng(0).integers(0, 256, (20, 1, 8, 8), dtype=np.uint8)
    for x in (noise, 255 - DIGITS.test.x[:20], np.zeros((1, 1, 8, 8), np.uint8)):
        assert rule.is_unlike(known(x)).mean() > 0.8
    assert rule.false_alarms < 0.12


def test_what_was_measured_of_strangers_is_stated_with_its_interval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = default_spec("vae", "digits", 2)
    monkeypatch.setattr(strangers, "SHIPPED", tmp_path / "strangers.json")
    assert caught(spec) is None
    strangers.SHIPPED.write_text(json.dumps({strangers.caught_name(spec): {"noise": [100, 100], "letters": [80, 100]}}))
    assert caught(spec) == Caught({"noise": (100, 100), "letters": (80, 100)})
    assert caught(spec).in_words == "90.0 % of 200 strangers (95 % confidence interval 85.1 to 93.4 %)"
    assert caught(spec).by_kind == "noise 100 %, letters 80 %"
    assert caught(spec).least_in_words == "Least often it is said of letters: 80 %."
    assert caught(default_spec("pca", "digits", 2)) is None


def test_an_outline_says_which_way_edges_run_and_where() -> None:
    bar = np.zeros((3, 1, 28, 28), np.uint8)
    bar[0, 0, :, 16:] = 255  # brighter to the right
    bar[1, 0, 16:] = 255  # brighter downwards
    found = outlines(bar).reshape(3, N_WAYS, 7, 7)
    assert [int(one.sum((1, 2)).argmax()) for one in found[:2]] == [0, N_WAYS // 4]
    assert found[0, 0].sum(0).argmax() == found[1, N_WAYS // 4].sum(1).argmax() == 4  # of places 1, 5, 9, … that at 17
    np.testing.assert_allclose(np.linalg.norm(found[:2].reshape(2, -1), axis=1), 1, rtol=1e-5)
    assert not found[2].any()  # nor is anything of what has no edge


def test_outlines_are_those_of_each_image_however_many_are_held_at_once() -> None:
    x = datasets.load("mnist_5k").test.x[:7]
    assert np.array_equal(outlines(x, at_once=2), np.concatenate([outlines(one[None]) for one in x]))


def test_what_is_no_mixture_of_one_label_is_away_from_all_though_it_is_one_of_two() -> None:
    rng = np.random.default_rng(3)
    labels = np.arange(400) % 2
    one, other = np.linalg.qr(rng.normal(size=(200, 10)))[0].T.reshape(2, 5, 200)
    shapes = np.where(labels[:, None] == 0, rng.normal(size=(400, 5)) @ one, rng.normal(size=(400, 5)) @ other)
    both = np.stack([shapes[0], shapes[1], shapes[0] + shapes[1]])
    apart = away_from(spans(shapes, labels), both)
    assert apart[:2] == pytest.approx(0, abs=1e-6)
    assert apart[2] == pytest.approx(min(np.linalg.norm(shapes[:2], axis=1)), rel=0.2)
    assert away_from(spans(shapes, None), both) == pytest.approx(0, abs=1e-6)


def test_nine_in_ten_strangers_are_caught_by_every_model_of_which_it_is_stated() -> None:
    measured = json.loads(strangers.SHIPPED.read_text())
    assert len(measured) >= 6 and all(name.endswith(strangers.rule_name()) for name in measured)
    for kinds in measured.values():
        assert sum(said for said, _ in kinds.values()) >= 0.9 * sum(n for _, n in kinds.values())


def test_the_documentation_states_every_kind_of_every_model() -> None:
    stated = re.findall(r"\| (\w+), d = (\d+) \| (.+) \| [\d.]+ \(", (ROOT / "docs/own_images.md").read_text())
    said = {(dataset, int(d)): [int(share) for share in shares.split(" | ")] for dataset, d, shares in stated}
    measured = {of: caught(default_spec("vae", *of)) for of in said}
    assert len(said) == len(json.loads(strangers.SHIPPED.read_text()))
    assert said == {of: [round(100 * caught / n) for caught, n in one.kinds.values()] for of, one in measured.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits", "mnist_5k"])
def test_of_test_images_one_in_twenty_at_most_is_called_unlike(name: str) -> None:
    images, model, judge = datasets.load(name), Store().load(default_spec("vae", name, 2)), classifier_of(name)
    train = training_looks(model, images.train.x, images.train.labels, judge)
    assert rule_of(evidence(*train, looks(model, images.test.x, judge), scores(model, images.test.x))).false_alarms <= 0.05
