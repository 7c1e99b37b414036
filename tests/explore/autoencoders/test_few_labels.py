"""Few labels: which images have one, that test labels are only counted with, and the interval over draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_1samp

from vae_core import data
from vae_core.explore.autoencoders import few_labels
from vae_core.explore.autoencoders.few_labels import Accuracies, accuracies, labelled_order, sizes_of
from vae_core.explore.autoencoders.few_labels_figure import accuracies_csv, accuracy_curves
from vae_core.explore.means import Share, mean_of_few
from vae_core.store import Store
from vae_core.units import with_interval


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two numbers of labels instead of five."""
    monkeypatch.setattr(few_labels, "SIZES", (10, 100))


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pixels and labels of digits, the training part first."""
    images = data.load("digits")
    train, test = (part.x.reshape(len(part), -1) / 255 for part in (images.train, images.test))
    return train[:400], images.train.labels[:400], test, images.test.labels


def test_a_labelled_set_has_as_many_of_each_class_and_lies_in_every_larger_one(rows: tuple) -> None:
    labels = rows[1]
    order = labelled_order(labels, 3)
    assert sorted(order) == list(range(len(labels)))
    for n in (10, 30, 100):
        assert np.bincount(labels[order[:n]]).tolist() == [n // 10] * 10
    assert (order != labelled_order(labels, 4)).any()


def test_sizes_need_one_of_each_class_and_two_classes() -> None:
    assert sizes_of(np.arange(200) % 10) == (10, 100)
    assert sizes_of(np.arange(200) % 40) == (100,)
    assert sizes_of(np.arange(100) % 10) == (10,)
    assert sizes_of(np.zeros(200, int)) == ()


def test_labels_of_test_images_are_only_counted_with(rows: tuple) -> None:
    train, labels, test, test_labels = rows
    right = accuracies(train, labels, test, test_labels, n_draws=3)
    assert right.with_all.share > 0.9
    assert right.at(10).mean() > 0.4
    shuffled = np.random.default_rng(0).permutation(test_labels)
    by_chance = accuracies(train, labels, test, shuffled, n_draws=3)
    assert max(by_chance.with_all.share, by_chance.shares.max()) < 0.2  # 1/10, with 4.5 standard errors of 359 images


def test_what_is_read_does_not_depend_on_units_and_a_second_fit_agrees(rows: tuple) -> None:
    from sklearn.linear_model import LogisticRegression

    train, labels, test, test_labels = rows
    right = accuracies(train, labels, test, test_labels, n_draws=2)
    scaled = accuracies(7 * train + 3, labels, 7 * test + 3, test_labels, n_draws=2)
    np.testing.assert_allclose(right.shares, scaled.shares, atol=0.01)
    factor = np.sqrt(20 / np.cov(train.T, bias=True).trace())
    few = labelled_order(labels, 1)[:100]
    own = LogisticRegression(C=1.0, max_iter=2000).fit(factor * (train - train.mean(0))[few], labels[few])
    assert right.at(100)[1] == pytest.approx((own.predict(factor * (test - train.mean(0))) == test_labels).mean(), abs=0.006)


def test_the_interval_over_draws_is_that_of_student() -> None:
    values = np.array([0.61, 0.55, 0.7, 0.66, 0.58])
    low, high = ttest_1samp(values, 0).confidence_interval(0.95)
    mean = mean_of_few(values)
    assert (mean.value - mean.half_width, mean.value + mean.half_width) == (pytest.approx(low), pytest.approx(high))


def test_a_share_in_brief_has_half_the_width_of_its_interval() -> None:
    wilson = binomtest(48, 50).proportion_ci(method="wilson")
    assert Share(48, 50).in_brief == with_interval(96.0, 50 * (wilson.high - wilson.low)) == "96 ± 6"


def test_what_is_shipped_is_what_is_counted_here() -> None:
    known = few_labels.read()[few_labels.key_of_pixels("digits")]
    images = data.load("digits")
    here = few_labels.of_pixels(images)
    assert (known.n_pool, known.n_test) == (here.n_pool, here.n_test) == (len(images.train), len(images.test))
    assert np.abs(known.at(10) - here.at(10)).max() < 0.006  # two images that another processor may round to the other side
    assert known.with_all.share == pytest.approx(here.with_all.share, abs=0.006)


def test_shipped_numbers_are_of_models_that_are_shipped() -> None:
    keys = {checkpoint.weights_sha256[:16] for checkpoint in Store().checkpoints() if checkpoint.is_shipped}
    sets = {few_labels.key_of_pixels(name) for name in data.offered()}
    assert len(few_labels.read()) > 20 and set(few_labels.read()) <= keys | sets


def test_numbers_go_into_a_file_and_come_out_as_they_were(tmp_path: Path) -> None:
    of = Accuracies((10, 100), np.array([[1, 2], [3, 4]]) / 7, Share(5, 7), 400, 7)
    few_labels.add(tmp_path / "numbers.json", {"a": of})
    few_labels.add(tmp_path / "numbers.json", {"b": of})
    again = few_labels.read(tmp_path / "numbers.json")
    assert set(again) == {"a", "b"} and few_labels.read(tmp_path / "none.json") == {}
    assert (again["a"].shares == of.shares).all() and (again["a"].sizes, again["a"].with_all) == (of.sizes, of.with_all)


def test_curves_end_with_all_labels_between_bands_at_the_intervals() -> None:
    of = Accuracies((10, 100), np.array([[0.5, 0.6], [0.8, 0.9]]), Share(47, 50), 400, 50)
    band = accuracy_curves({"pixels": of.in_percent, "vae": of.in_percent}, chance=10.0, chosen=10)
    low, high, curve = band.data[:3]
    assert list(curve["x"]) == [10, 100, 400]
    assert list(curve["y"]) == pytest.approx([55, 85, 94])
    assert list(high["y"] - low["y"])[:2] == pytest.approx([2 * 100 * mean_of_few(of.at(n)).half_width for n in (10, 100)])
    wilson = binomtest(47, 50).proportion_ci(method="wilson")
    assert (low["y"][2], high["y"][2]) == (pytest.approx(100 * wilson.low), pytest.approx(100 * wilson.high))
    assert band.layout["xaxis"]["type"] == "log"
    assert band.data[2]["marker"]["symbol"] != band.data[5]["marker"]["symbol"]
    band.figure()
    assert accuracies_csv({"vae": {10: of.at(10)}}).decode().splitlines()[1] == "VAE codes,10,0,0.5"
