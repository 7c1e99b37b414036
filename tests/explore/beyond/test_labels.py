"""What a label changes: one code with every label, what that is read as, and how far its slant stays."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import pearsonr

from vae_core import data
from vae_core.explore import paired
from vae_core.explore.beyond import labels, labels_figure
from vae_core.explore.codes import codes
from vae_core.explore.manifolds import grid_axis
from vae_core.explore.reconstructions import reconstructions
from vae_core.models import LatentModel, default_spec
from vae_core.store import Store
from vae_core.store.classifiers import classifier_of

TEST = data.load("digits").test


@pytest.fixture(scope="module")
def model() -> LatentModel:
    return Store().load(default_spec("conditional-vae", "digits", 2))


def test_a_code_with_its_own_label_is_the_reconstruction_and_all_labels_share_the_code(model: LatentModel) -> None:
    x, y = TEST.x[:12], TEST.labels[:12]
    z = codes(model, x, y).mean
    images = labels.analogies(model, z, range(10))
    assert images.shape == (12, 10, 1, 8, 8)
    with torch.no_grad():
        own = model.given(y).reconstruct(x).numpy()
        of_threes = model.given(3).decode(torch.tensor(z)).mean.numpy()
    np.testing.assert_allclose(images[np.arange(12), y], own, atol=1e-6)
    np.testing.assert_allclose(images[:, 3], of_threes, atol=1e-6)


def test_each_code_is_decoded_with_the_label_that_stands_beside_it(model: LatentModel) -> None:
    z, wanted = codes(model, TEST.x[:30], TEST.labels[:30]).mean, np.arange(30) % 7
    np.testing.assert_allclose(labels.decoded_as(model, z, wanted), labels.analogies(model, z, range(10))[np.arange(30), wanted], atol=1e-6)


def test_its_errors_are_those_of_each_image_given_its_own_label(model: LatentModel) -> None:
    errors = paired.figure_per_image(model, data.load("digits"), "sse")
    for k in (0, 7, 100):
        x_hat = reconstructions(model.given(int(TEST.labels[k])), TEST.x[k : k + 1])
        assert errors[k] == pytest.approx(float(((x_hat - TEST.x[k] / 255) ** 2).sum()), rel=1e-5)
    np.testing.assert_allclose(reconstructions(model, TEST.x, TEST.labels)[100], x_hat[0], atol=1e-6)


def test_another_label_is_never_the_own_one_and_each_is_as_probable() -> None:
    own = np.repeat(np.arange(10), 9000)
    other = labels.other_labels(own, 10)
    assert (other != own).all()
    counts = np.array([np.bincount(other[own == y], minlength=10) for y in range(10)])
    assert abs(counts[~np.eye(10, dtype=bool)] - 1000).max() < 4.5 * np.sqrt(9000 * 8 / 81)


def test_what_is_counted_is_what_the_classifier_reads(model: LatentModel) -> None:
    classifier = classifier_of("digits")
    z = codes(model, TEST.x, TEST.labels).mean
    changed = labels.changed(model, TEST.x, TEST.labels, z, classifier)
    with torch.no_grad():
        by_hand = torch.cat([model.given(int(y)).decode(torch.tensor(one[None])).mean for one, y in zip(z, changed.wanted, strict=True)])
    read = classifier.read(by_hand.numpy()).labels
    assert changed.as_wanted.count == int((read == changed.wanted).sum())
    assert np.array_equal(changed.labels, TEST.labels)
    slants = labels.slant(by_hand.numpy())
    apart = [
        s - np.array([s[of == y].mean() for y in of])
        for s, of in zip((labels.slant(TEST.x), slants), (TEST.labels, changed.wanted), strict=True)
    ]
    assert changed.slant_kept.value == pytest.approx(np.corrcoef(*apart)[0, 1], abs=1e-6)
    one = labels.read_with_each(model, z, [8], classifier)[8]
    with torch.no_grad():
        eights = classifier.read(model.given(8).decode(torch.tensor(z)).mean.numpy()).labels
    assert (one.count, one.n) == (int((eights == 8).sum()), 359)


@pytest.mark.parametrize("lean", [-0.5, 0.0, 0.25, 0.5])
def test_the_slant_of_a_stroke_is_how_far_it_leans_to_the_right_per_pixel_of_height(lean: float) -> None:
    stroke = np.zeros((2, 1, 28, 28))
    for row in range(4, 24):
        at = 14 + lean * (13.5 - row)  # row 0 is the top
        left = int(np.floor(at))
        stroke[:, 0, row, left : left + 2] = [1 - (at - left), at - left]
    assert labels.slant(stroke) == pytest.approx(lean, abs=1e-9)
    assert labels.slant(stroke[..., ::-1]) == pytest.approx(-lean, abs=1e-9)
    assert labels.slant((255 * stroke).astype(np.uint8)) == pytest.approx(lean, abs=0.01)


def test_a_blank_picture_has_no_slant() -> None:
    assert labels.slant(np.zeros((3, 1, 8, 8), np.uint8)) == pytest.approx(0)


def test_a_correlation_within_labels_has_the_interval_of_fisher() -> None:
    rng = np.random.default_rng(1)
    of = rng.integers(0, 3, 200)
    one, other = rng.normal(size=200) + 5 * of, rng.normal(size=200) - 3 * of
    other += 0.7 * (one - 5 * of)
    left = [values - np.array([values[of == y].mean() for y in of]) for values in (one, other)]
    ours, scipys = labels.correlation(labels.within(one, of), labels.within(other, of)), pearsonr(*left)
    assert ours.value == pytest.approx(scipys.statistic)
    assert ours.interval == pytest.approx(tuple(scipys.confidence_interval()), rel=1e-6)
    assert labels.correlation(one, other).value < 0 < ours.value  # labels alone would turn it round


def test_a_picture_is_ticked_where_the_label_that_was_asked_for_is_read() -> None:
    images, read = np.zeros((1, 3, 1, 4, 4)), np.array([[0, 2, 2]])
    table = labels_figure.analogies(np.zeros((1, 1, 4, 4), np.uint8), images, read, names=["a", "b", "c"], rows=["one"])
    assert [tile.caption for tile in table.rows[0]] == ["", "✓", "✗ c", "✓"]
    assert [head.title for head in table.heads] == ["image", "y = a", "y = b", "y = c"]


def test_the_file_has_a_line_for_each_image() -> None:
    content = labels_figure.analogies_csv(["1", "7"], ["3", "0"], ["3", "5"], (np.array([0.25, 0.5]), np.array([0.125, 1.0])))
    assert content.decode().splitlines()[1:] == ["0,1,3,3,0.25,0.125", "1,7,0,5,0.5,1"]


def test_every_label_has_a_manifold_over_the_same_codes(model: LatentModel) -> None:
    axis = grid_axis(4, spacing="quantile", extent=2)
    images = labels.manifolds(model, axis, 10)
    assert images.shape == (10, 4, 4, 1, 8, 8)
    for y, row, column in ((0, 0, 0), (3, 1, 2), (9, 3, 1)):
        z = np.array([[axis[column], axis[::-1][row]]])  # z₂ rises upwards
        np.testing.assert_allclose(images[y, row, column], labels.analogies(model, z, [y])[0, 0], atol=1e-6)


def test_slants_agree_where_one_way_on_the_plane_slants_all_labels() -> None:
    rng = np.random.default_rng(0)
    same = np.repeat(rng.random((1, 5, 5, 1, 8, 8)), 3, 0)
    assert labels.slants_agree(same) == pytest.approx(1)
    same[2] = same[2, ..., ::-1]  # the third leans the other way
    assert labels.slants_agree(same) == pytest.approx((1 - 1 - 1) / 3)


def test_draws_are_read_as_the_label_that_was_drawn_with_them(model: LatentModel) -> None:
    classifier = classifier_of("digits")
    share = labels.drawn_as(model, 400, classifier)
    each = [labels.read_with_each(model, np.random.default_rng(y).standard_normal((400, 2)), [y], classifier)[y].share for y in range(10)]
    assert share.n == 400 and share.share == pytest.approx(np.mean(each), abs=0.02)


def test_the_nearest_codes_of_training_images_tell_the_label_and_of_codes_without_it_they_guess() -> None:
    rng = np.random.default_rng(0)
    y, y_test = rng.integers(0, 10, 2000), rng.integers(0, 10, 500)
    codes_of, codes_of_test = (np.stack([np.cos(k), 100 * np.sin(k)], 1) + rng.normal(0, 0.01, (len(k), 2)) for k in (y, y_test))
    told = labels.probed((codes_of, y), (codes_of_test, y_test))  # dimensions of another scale count alike
    assert told.by_neighbours == labels.Share(500, 500)
    noise, noise_test = rng.normal(size=(2000, 2)), rng.normal(size=(500, 2))
    guessed = labels.probed((noise, y), (noise_test, y_test))
    assert guessed.by_neighbours.share == pytest.approx(0.1, abs=4 * np.sqrt(0.1 * 0.9 / 500))
    by_hand = 0
    scale = noise.std(0)
    for point, label in zip(noise_test / scale, y_test, strict=True):
        near = np.argsort(((noise / scale - point) ** 2).sum(1))[: labels.N_NEIGHBOURS]
        by_hand += np.bincount(y[near], minlength=10).argmax() == label
    assert guessed.by_neighbours.count == by_hand


def test_a_sheet_frames_the_same_cell_of_every_label() -> None:
    table = labels_figure.manifolds(np.zeros((3, 4, 4, 1, 8, 8)), ["a", "b", "c"], (1, 2))
    assert [[None if tile is None else tile.caption for tile in row] for row in table.rows] == [["y = a", "y = b"], ["y = c", None]]
    for tile in (table.rows[0][0], table.rows[1][0]):
        lit = np.argwhere(tile.image[0] > 0)
        assert (lit.min(0).tolist(), lit.max(0).tolist()) == ([8, 16], [15, 23])
        assert tile.image.shape == (1, 32, 32)
