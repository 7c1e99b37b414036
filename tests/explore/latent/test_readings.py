"""Whether draws could be real: what a classifier reads of them, and how far each is from every training image."""

from __future__ import annotations

import numpy as np
import pytest

from vae_core import data
from vae_core.explore.confidence import CONFIDENT, read_share
from vae_core.explore.latent import nearness
from vae_core.explore.latent.readings import nearest_training
from vae_core.explore.latent.readings_figure import read_csv, read_shares
from vae_core.explore.means import Share
from vae_core.store.classifiers import classifier_of


def test_what_is_read_of_known_images_is_counted(digits: data.Images) -> None:
    judge = classifier_of("digits")
    x = digits.train.x[:300]
    confidence = judge.read(x).confidence
    sure, in_doubt = x[confidence >= CONFIDENT], x[confidence < CONFIDENT]
    assert read_share(sure, judge) == Share(len(sure), len(sure))
    assert len(in_doubt) > 0
    assert read_share(in_doubt, judge) == Share(0, len(in_doubt))
    floats = 3 * (x / np.float32(255)) - 1  # of which much lies outside of [0, 1], and is shown as black or white
    assert read_share(floats, judge).count == (judge.read(floats.clip(0, 1)).confidence >= CONFIDENT).sum()


def test_a_share_has_the_interval_of_wilson() -> None:
    share = Share(8, 10)  # 0.4902 to 0.9433 (Brown, Cai & DasGupta 2001, Eq. (4))
    assert share.interval == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert str(share) == "80 % (49 to 94)"
    assert str(Share(906, 1000)) == "90.6 % (88.6 to 92.3)"
    assert str(Share(20, 20)) == "100 % (84 to 100)"
    assert Share(1, 10).is_below(share)
    assert not Share(6, 10).is_below(share)


def test_the_nearest_training_image_is_found_wherever_it_lies(digits: data.Images, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "MOST_IMAGES", 70)
    train, pictures = digits.train.x[:200], digits.test.x[:20]
    squares = ((pictures[:, None] / 255 - train[None] / 255) ** 2).sum((2, 3, 4))
    found = nearest_training(pictures, train)
    np.testing.assert_array_equal(found.index, squares.argmin(1))
    np.testing.assert_allclose(found.sse, squares.min(1), rtol=1e-4)
    assert found.mean.value == pytest.approx(squares.min(1).mean(), rel=1e-4)
    assert (found.index >= 70).any()


def test_a_copy_is_nearer_than_each_test_image(digits: data.Images) -> None:
    train, test = digits.train.x, nearest_training(digits.test.x[:100], digits.train.x)
    draws = np.concatenate([train[[5, 1000, 7]], 255 - train[:3]]) / 255
    draws[2] += 0.8 * np.sqrt(test.mean.value) / 8  # as near as test images are on average, and no copy
    found = nearest_training(draws, train)
    assert found.index[:2].tolist() == [5, 1000]
    assert found.sse[:2] == pytest.approx(0, abs=1e-4)
    assert found.n_nearer_than(test) == 2


def test_bars_stand_at_the_shares_with_their_intervals() -> None:
    ways = {"VAE": ("vae", {2: (50.0, 40.0, 61.0), 10: (70.0, 60.0, 80.0)}), "AE": ("autoencoder", {10: (10.0, 5.0, 16.0)})}
    chart = read_shares(ways, real=(98.0, 97.0, 99.0))
    vae, autoencoder = chart.data
    assert (vae["x"], list(vae["y"]), list(autoencoder["y"])) == (["2", "10"], [50.0, 70.0], [10.0])
    assert (list(vae["error_y"]["array"]), list(vae["error_y"]["arrayminus"])) == ([11.0, 10.0], [10.0, 10.0])
    assert vae["marker"]["pattern"]["shape"] != autoencoder["marker"]["pattern"]["shape"]
    chart.figure()
    assert read_csv(ways, 500).decode().splitlines()[1] == "VAE,2,500,50.0,40.0,61.0"
