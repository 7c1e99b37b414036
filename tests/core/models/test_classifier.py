"""The classifier, one judge of what a picture is read as: what it reads, how it is trained, kept and found again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.cli.main import main
from vae_core.models.classifier import Accuracy, Classifier, ClassifierSpec, classifier_spec, moved
from vae_core.statistics import share_interval
from vae_core.store import Store, classifiers, companions
from vae_core.store.checkpoints import METRICS, SPEC, WEIGHTS, DamagedCheckpoint
from vae_core.training.classifier import fit_classifier

SHIPPED = ("digits", "mnist", "mnist_5k")
DIGITS = datasets.load("digits")
TINY = ClassifierSpec(dataset="digits", channels=(16, 32), n_epochs=6, learning_rate=1e-2)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(local=tmp_path / "local", shipped=tmp_path / "shipped")


def test_bytes_and_floats_are_read_alike_and_anything_else_is_refused() -> None:
    model, x = Classifier(TINY), DIGITS.test.x[:7]
    bytes_, floats = model.read(x), model.read(x / 255)
    np.testing.assert_allclose(bytes_.probabilities, floats.probabilities, atol=1e-6)
    np.testing.assert_allclose(bytes_.probabilities.sum(1), 1, rtol=1e-5)
    assert np.array_equal(bytes_.labels, bytes_.probabilities.argmax(1))
    assert np.array_equal(bytes_.confidence, bytes_.probabilities.max(1))
    outputs = model(torch.tensor(x).float() / 255).detach().numpy()
    np.testing.assert_allclose(bytes_.energy, -np.log(np.exp(outputs).sum(1)), rtol=1e-5)
    features, energy = model.features_and_energy(x)
    np.testing.assert_allclose(energy, bytes_.energy, rtol=1e-5)
    np.testing.assert_allclose((features**2).sum(1), 1, rtol=1e-5)
    assert model.read(x[:0]).labels.shape == (0,)
    with pytest.raises(ValueError, match="x must have the shape"):
        model.read(DIGITS.test.x[0])
    for wrong in (np.nan, 255.0):  # in any of the images
        with pytest.raises(ValueError, match=r"x must lie in \[0, 1\], or be uint8"):
            model.read(np.where(np.arange(7).reshape(7, 1, 1, 1) == 6, wrong, x / 255))


def test_every_choice_changes_the_fingerprint_and_images_without_labels_have_no_classifier() -> None:
    choices = {"channels": (8,), "n_epochs": 3, "batch_size": 7, "learning_rate": 0.5, "seed": 1, "dataset": "mnist"}
    assert len({TINY.fingerprint, *(replace(TINY, **{name: value}).fingerprint for name, value in choices.items())}) == 1 + len(choices)
    for dataset in ("frey_faces", "ring"):
        with pytest.raises(ValueError, match="dataset must be one of images with labels"):
            classifier_spec(dataset)


def test_an_image_is_moved_a_little_and_is_no_other_image() -> None:
    x = torch.zeros(200, 1, 28, 28)
    x[:, :, 10:18, 12:16] = 1
    shown = moved(x, torch.Generator().manual_seed(0))
    rows, columns = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    mass = shown.sum((1, 2, 3))
    centres = torch.stack([(shown[:, 0] * where).sum((1, 2)) / mass for where in (rows, columns)], 1)
    assert (mass / 32 - 1).abs().max() < 0.35  # scale and shear by a tenth each
    assert (centres - torch.tensor([13.5, 13.5])).abs().max() < 28 / 12 + 1
    assert centres.std(0).min() > 0.5


def test_it_learns_to_read_digits_and_is_found_again_with_its_accuracy(store: Store) -> None:
    events = list(classifiers.training(TINY, store, device=CPU))
    assert [event.epoch for event in events] == list(range(1, 7))
    folder = companions.folder_of(TINY, store.local)
    model = classifiers.read(folder, TINY)
    assert model.accuracy.share > 0.8
    assert model.accuracy == model.accuracy_on(DIGITS.test.x, DIGITS.test.labels)
    assert store.checkpoints() == []  # it is no model with a code
    (folder / METRICS).write_text("{}")
    with pytest.raises(DamagedCheckpoint, match="classifier must be readable"):
        classifiers.read(folder, TINY)


def test_two_processes_do_not_train_one_classifier_twice(store: Store) -> None:
    spec = replace(TINY, n_epochs=1)
    first = classifiers.training(spec, store, device=CPU)
    assert next(first).epoch == 1
    with ThreadPoolExecutor(1) as other:  # it finds the first one's when that is kept
        second = other.submit(lambda: list(classifiers.training(spec, store, device=CPU)))
        list(first)
        assert second.result() == []


def test_a_training_is_the_same_each_time() -> None:
    weights = []
    for _ in range(2):
        model = Classifier(replace(TINY, n_epochs=1))
        list(fit_classifier(model, DIGITS, device=CPU))
        weights.append(torch.cat([weight.detach().ravel() for weight in model.parameters()]))
    assert torch.equal(*weights)


def test_there_is_no_classifier_before_one_is_trained_nor_of_images_without_labels(store: Store) -> None:
    assert classifiers.classifier_of("digits", store) is None
    assert classifiers.classifier_of("olivetti_faces") is None


@pytest.mark.parametrize("dataset", SHIPPED)
def test_a_shipped_classifier_is_small_and_whole(dataset: str) -> None:
    model = classifiers.classifier_of(dataset)
    assert model is not None
    low, high = model.accuracy.interval
    assert 0.96 < low < model.accuracy.share < high < 1
    folder = companions.folder_of(classifier_spec(dataset), Store().shipped)
    assert (folder / WEIGHTS).stat().st_size < 0.5e6


@pytest.mark.parametrize("dataset", ["digits", pytest.param("mnist", marks=pytest.mark.data)])
def test_the_accuracy_that_is_shipped_is_that_of_the_test_images(dataset: str) -> None:
    model, test = classifiers.classifier_of(dataset), datasets.load(dataset).test
    measured = model.accuracy_on(test.x, test.labels)
    assert measured.n_images == model.accuracy.n_images == len(test)
    assert measured.share == pytest.approx(model.accuracy.share, abs=1.5 / len(test))  # another processor may round one image otherwise


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert share_interval(0.0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)  # Brown, Cai & DasGupta 2001
    assert share_interval(1.0, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert share_interval(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert "99.20 % of 1,000 test images read right (95 % confidence interval 98.43 to 99.59 %)" in Accuracy(0.992, 1000).in_words


def test_the_command_sets_a_damaged_one_aside_and_trains_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """A page names that command."""
    store = Store(local=tmp_path / "local", shipped=tmp_path / "shipped")
    monkeypatch.setattr("vae_core.cli.classifier.classifier_spec", lambda dataset: TINY)
    monkeypatch.setattr("vae_core.store.classifiers.classifier_spec", lambda dataset: TINY)
    monkeypatch.setattr("vae_core.cli.classifier.Store", lambda: store)
    folder = companions.folder_of(TINY, store.local)
    folder.mkdir(parents=True)
    for name in (SPEC, METRICS, WEIGHTS):
        (folder / name).write_text('{"weights_sha256": "0"}')
    with pytest.raises(companions.DamagedCompanion, match="python -m vae_core classifier"):
        classifiers.classifier_of("digits", store)
    assert main(["classifier", "--dataset", "digits"]) == 0
    assert "It was set aside as" in capsys.readouterr().err
    assert classifiers.classifier_of("digits", store).accuracy.share > 0.8
    assert len(list(store.local.glob("*.damaged"))) == 1


def test_the_command_trains_it_once_and_says_how_well_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    assert main(["classifier", "--dataset", "digits", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["fingerprint"] == classifier_spec("digits").fingerprint
    assert found["interval"][0] < found["accuracy"] < found["interval"][1]
    assert list(tmp_path.iterdir()) == []  # it is shipped
    assert main(["classifier", "--dataset", "ring"]) == 2
    assert "dataset must be one of images with labels" in capsys.readouterr().err
