"""What the rule knows of test images: kept in a file and read again, and as shipped it is what is measured."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from benchmarks.known_tests import OPENED
from vae_core import data as datasets
from vae_core.explore.own import known_tests, outlines, own_images, strangers
from vae_core.explore.own.known_tests import KnownTests
from vae_core.explore.own.strangers import Evidence, caught, rule_name, rule_of, training_looks
from vae_core.models import default_spec
from vae_core.store import Store, checkpoints
from vae_core.store.classifiers import classifier_of


def assert_alike(one: KnownTests, other: KnownTests) -> None:
    np.testing.assert_allclose(one.scores, other.scores, rtol=1e-4)
    for name in ("scores", "distances", "shapes", "mixtures", "energy"):
        first, second = getattr(one.evidence, name), getattr(other.evidence, name)
        assert (first is None) == (second is None)
        assert first is None or first == pytest.approx(second, rel=1e-3, abs=1e-3)


def test_what_is_kept_of_test_images_is_read_as_it_was_with_or_without_a_classifier(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    scores, distances, shapes, mixtures, energy = rng.normal(size=(5, 20)).astype(np.float32)
    known = {
        f"read {rule_name()}": KnownTests(scores, Evidence(scores, distances, shapes, mixtures, energy)),
        f"unread {rule_name()}": KnownTests(scores, Evidence(scores, distances)),
    }
    for name, one in known.items():
        known_tests.add(tmp_path / "known.json", {name: one})
    again = known_tests.read(tmp_path / "known.json")
    assert again.keys() == known.keys()
    for name, one in known.items():
        assert_alike(again[name], one)


def test_what_is_shipped_is_of_the_rule_as_it_is_now() -> None:
    specs = [default_spec(family, dataset, int(d)) for family, dataset, d in (model.split("/") for model in OPENED)]
    names = {known_tests.known_name(Store().checkpoint(spec), classifier_of(spec.dataset)) for spec in specs}
    assert set(known_tests.read()) == names, "the rule is another one: run benchmarks.known_tests and benchmarks.strangers"


@pytest.mark.parametrize(
    ("module", "number"),
    [(strangers, "FALSE_ALARMS"), (strangers, "N_NEAREST"), (strangers, "VERSION"), (outlines, "FINE"), (own_images, "N_DRAWS")],
)
def test_where_a_number_of_the_rule_changes_nothing_that_was_measured_before_is_taken(
    module: ModuleType, number: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec, one = default_spec("vae", "mnist_5k", 20), KnownTests(np.zeros(4), Evidence(np.zeros(4), np.zeros(4)))
    checkpoint, judge, path = Store().checkpoint(spec), classifier_of("mnist_5k"), tmp_path / "known.json"
    before = known_tests.known_name(checkpoint, judge)
    known_tests.add(path, {before: one})
    assert caught(spec) is not None
    monkeypatch.setattr(module, number, 2 * getattr(module, number))
    now = known_tests.known_name(checkpoint, judge)
    assert now not in known_tests.read(path)
    assert caught(spec) is None
    known_tests.add(path, {now: one})
    assert set(known_tests.read(path)) == {now}  # nor is it kept


@pytest.mark.slow
def test_what_is_shipped_of_test_images_is_what_is_measured() -> None:
    checkpoint, judge, images = (
        Store().checkpoint(default_spec("vae", "mnist_5k", 20)),
        classifier_of("mnist_5k"),
        datasets.load("mnist_5k"),
    )
    model = checkpoints.read_model(checkpoint)
    train = training_looks(model, images.train.x, images.train.labels, judge)
    shipped = known_tests.read()[known_tests.known_name(checkpoint, judge)]
    found = known_tests.measured(model, *train, images.test.x, judge)
    assert_alike(shipped, found)
    assert rule_of(shipped.evidence).false_alarms == pytest.approx(rule_of(found.evidence).false_alarms, abs=0.005)
