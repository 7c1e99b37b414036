"""A file of images: it is as long as −ELBO says, it comes back or is refused, and what other codes need is what their files have."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from tests.harness import ROOT, tiny_model
from vae_core import data
from vae_core.evaluation import binarised, elbo_per_image
from vae_core.explore.beyond import files
from vae_core.explore.beyond.files import HEADER, Unreadable, coded, decoded, drawn_images, header_of, minus_elbo
from vae_core.explore.beyond.files_figure import STEPS, Code, before_and_after, codes_csv, read_images, stack_and_codes
from vae_core.explore.beyond.other_codes import general_purpose, length_alone, pixels_alone
from vae_core.explore.beyond.pixels import Levels, OnOff
from vae_core.models import LatentModel, default_spec
from vae_core.store import Store
from vae_core.units import bits


def shipped(dataset: str, latent_dim: int, family: str = "vae") -> LatentModel:
    return Store().load(default_spec(family, dataset, latent_dim))


@pytest.mark.parametrize(("dataset", "latent_dim", "n"), [("digits", 2, 359), ("mnist_5k", 10, 400), ("mnist_5k", 20, 400)])
def test_a_file_is_as_long_as_minus_elbo_within_a_hundredth(dataset: str, latent_dim: int, n: int) -> None:
    model, images = shipped(dataset, latent_dim), data.load(dataset)
    one = coded(model, drawn_images(images, n))
    assert (decoded(model, one.data) == one.pixels).all()
    net, overhead = one.per_image.sum(), one.overhead
    assert net == pytest.approx(one.predicted.sum(), rel=0.01)
    assert overhead.half_width < 0.01 * one.predicted.mean() and overhead.value > -1.5 * overhead.half_width
    on_the_stack = 8 * (len(one.data) - HEADER.size) - one.borrowed
    assert on_the_stack == pytest.approx(net, abs=8)
    assert one.lengths[-1, 2] - one.borrowed == pytest.approx(net)
    assert one.without_bits_back > len(one.data)


def test_finer_bins_cost_no_bits_once_they_come_back() -> None:
    model, pixels = shipped("digits", 2), drawn_images(data.load("digits"), 300)
    coarse, fine = (coded(model, pixels, precision) for precision in (8, 16))
    assert fine.without_bits_back - coarse.without_bits_back == pytest.approx(300 * 2 * 8 / 8, rel=0.05)
    assert len(fine.data) == pytest.approx(len(coarse.data), rel=0.02)


def test_what_is_predicted_is_the_elbo_of_an_evaluation_in_bits() -> None:
    model, x = shipped("digits", 2), data.load("digits").test.x
    seen = binarised(x)
    difference = minus_elbo(model, files.as_pixels(seen)) - bits(-elbo_per_image(model, seen).elbo.numpy())
    assert np.abs(difference.mean()) < 4 * difference.std() / len(x) ** 0.5
    order = drawn_images(data.load("digits"), 359)
    assert sorted(map(bytes, order)) == sorted(map(bytes, files.as_pixels(seen)))


def test_of_a_gaussian_it_is_that_of_masses_which_near_the_density_times_a_step() -> None:
    model, images = shipped("faces_25", 10), data.load("faces_25")
    pixels = drawn_images(images, 40, is_binary=False)
    assert sorted(map(bytes, pixels)) == sorted(map(bytes, images.test.x.reshape(40, -1)))
    one = coded(model, pixels)
    assert (decoded(model, one.data) == pixels).all()
    within = images.test.x[[x.min() > 0 and x.max() < 255 for x in images.test.x]]  # beyond 0 and 255 the mass has no end
    density = bits(-elbo_per_image(model, within).elbo.numpy()) + 625 * np.log2(255)
    assert len(within) > 20
    assert minus_elbo(model, files.as_pixels(within, is_binary=False)).mean() == pytest.approx(density.mean(), rel=0.005)
    assert one.per_image.mean() == pytest.approx(one.predicted.mean(), rel=0.01)


def test_the_first_image_borrows_and_the_others_do_not() -> None:
    model, images = shipped("mnist_5k", 20), data.load("mnist_5k")
    one, many = (coded(model, drawn_images(images, n)) for n in (1, 30))
    assert one.borrowed == many.borrowed and 32 < one.borrowed < 32 + 20 * 12 + 32
    assert many.lengths.min() >= 32
    assert (many.lengths[:, 0] < np.concatenate([[many.borrowed], many.lengths[:-1, 2]])).all()
    assert (np.diff(many.lengths, axis=1) > 0).all()


def test_a_file_names_its_model_and_says_how_it_was_written() -> None:
    model = tiny_model("vae")
    pixels = drawn_images(data.load("digits"), 7)
    header = header_of(coded(model, pixels, 9).data)
    assert (header.fingerprint, header.precision, header.n) == (model.spec.fingerprint, 9, 7)


def refusal(model: LatentModel, file: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        decoded(model, file)
    return refused.value.why


def test_what_is_no_such_file_is_refused() -> None:
    model = tiny_model("vae")
    for file in (b"", b"VAE1", b"\x89PNG\r\n\x1a\n" + bytes(100), b"PK" + bytes(50)):
        assert refusal(model, file) == "foreign"


def test_a_file_of_another_model_or_of_another_training_is_refused() -> None:
    model, other = tiny_model("vae"), tiny_model("vae", 5)
    file = coded(model, drawn_images(data.load("digits"), 3)).data
    assert refusal(other, file) == "other-model"
    with torch.no_grad():
        next(iter(model.parameters())).view(-1)[0] += 1e-3
    assert refusal(model, file) == "other-model"


@pytest.fixture(scope="module")
def file() -> tuple[LatentModel, bytes]:
    model = shipped("digits", 2)
    return model, coded(model, drawn_images(data.load("digits"), 10)).data


def test_a_file_that_is_cut_short_or_longer_is_refused(file: tuple[LatentModel, bytes]) -> None:
    model, whole = file
    for n in range(HEADER.size, len(whole)):
        assert refusal(model, whole[:n]) == "damaged"
    assert refusal(model, whole + b"\0") == "damaged"
    assert refusal(model, whole + bytes(4)) == "damaged"


def test_one_bit_that_was_turned_round_is_noticed_wherever_it_is(file: tuple[LatentModel, bytes]) -> None:
    model, whole = file
    for k in range(len(whole)):
        turned = bytearray(whole)
        turned[k] ^= 1 << k % 8
        assert refusal(model, bytes(turned)) in ("foreign", "other-model", "damaged")


READ = """
import sys
from vae_core.explore.beyond.files import decoded
from vae_core.models import default_spec
from vae_core.store import Store
sys.stdout.buffer.write(decoded(Store().load(default_spec("vae", "mnist_5k", 20)), sys.stdin.buffer.read()).tobytes())
"""
PLAINEST = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}
"""Variables that have a process add up as an old processor does, in another order."""


def test_a_process_that_adds_up_in_another_order_reads_the_file() -> None:
    pixels = drawn_images(data.load("mnist_5k"), 200)
    file = coded(shipped("mnist_5k", 20), pixels).data
    read = subprocess.run([sys.executable, "-c", READ], input=file, capture_output=True, env={**os.environ, **PLAINEST}, cwd=ROOT)
    assert read.stdout == pixels.tobytes(), read.stderr.decode()


def test_numbers_that_no_file_has_are_refused() -> None:
    model, pixels = tiny_model("vae"), np.zeros((2, 64), np.uint8)
    for precision in (1, 17):
        with pytest.raises(ValueError, match="precision"):
            coded(model, pixels, precision)
    for n in (0, files.MOST + 1):
        with pytest.raises(ValueError, match="images"):
            coded(model, np.zeros((n, 64), np.uint8))


def test_pixels_alone_cost_their_entropy_by_the_shares_of_training_images() -> None:
    images = data.load("digits")
    pixels = drawn_images(images, 300)
    share = (images.train.x.reshape(-1, 64).astype(float).sum(0) / 255 + 0.5) / (len(images.train) + 1)
    law = pixels_alone(images.train.x, is_binary=True)
    assert isinstance(law, OnOff)
    entropy = -(np.log2(share) * pixels + np.log2(1 - share) * (1 - pixels)).sum()
    assert 8 * (length_alone(law, pixels) - HEADER.size) == pytest.approx(entropy + 32, rel=0.002, abs=8)


def test_grey_pixels_alone_have_the_mean_and_spread_of_training_images() -> None:
    x = data.load("digits").train.x
    law = pixels_alone(x, is_binary=False, at_once=100)
    assert isinstance(law, Levels)
    rows = x.reshape(-1, 64) / 255
    assert law.means == pytest.approx(255 * rows.mean(0))
    assert law.scales == pytest.approx(255 * 2**0.5 * np.maximum(rows.std(0), 1 / 255))


@pytest.mark.parametrize("shape", [(1, 28, 20), (3, 16, 16)])
def test_other_files_hold_all_of_the_images(shape: tuple[int, ...]) -> None:
    """Noise cannot be made smaller; one colour is hardly anything."""
    rng, n_features = np.random.default_rng(0), int(np.prod(shape))
    noise, flat = rng.integers(0, 256, (20, n_features), np.uint8), np.full((20, n_features), 7, np.uint8)
    for name, size in general_purpose(noise, shape, is_binary=False).items():
        assert size >= noise.size * (0.99 if name == "WebP" else 1), name
    assert max(general_purpose(flat, shape, is_binary=False).values()) < 0.1 * flat.size
    if shape[0] == 1:
        on_off = general_purpose((noise > 127).astype(np.uint8), shape, is_binary=True)
        assert noise.size / 8 <= min(on_off.values()) and on_off["gzip"] < 1.02 * noise.size / 8 + 40
        assert max(on_off.values()) < 2 * noise.size / 8


@pytest.mark.parametrize(("family", "has_length"), [("autoencoder", False), ("pca", False), ("vae", True)])
def test_only_a_model_with_a_density_gives_images_a_length(family: str, has_length: bool) -> None:
    said = files.why_no_length(tiny_model(family))
    assert ("density" in said) is not has_length and bool(said) is not has_length


def test_the_stack_falls_and_rises_as_it_did() -> None:
    one = coded(shipped("digits", 2), drawn_images(data.load("digits"), 20))
    codes = [Code("VAE", len(one.data), family="vae"), Code("−ELBO", 20.0, is_file=False), Code("AE", None)]
    chart = stack_and_codes(one.lengths, one.borrowed, one.predicted, codes, n_pixels=20 * 64)
    ends = [np.array(chart.data[k]["y"]).reshape(-1, 3)[:, :2] for k in range(3)]
    assert [chart.data[k]["name"] for k in range(3)] == [name for name, *_ in STEPS]
    assert ends[0][0, 0] == one.borrowed and (ends[0][1:, 0] == one.lengths[:5, 2]).all()
    for k in range(3):
        assert (ends[k][:, 1] == one.lengths[:6, k]).all()
    assert (ends[0][:, 1] < ends[0][:, 0]).all() and (ends[1][:, 1] > ends[1][:, 0]).all() and (ends[2][:, 1] > ends[2][:, 0]).all()
    assert np.array(chart.data[3]["y"]) == pytest.approx(one.borrowed + np.array([0, *one.predicted[:6].cumsum()]))
    bars = chart.data[4]
    assert bars["x"] == pytest.approx([8 * len(one.data) / 1280, 0.125, 0])
    assert bars["text"] == [f" {len(one.data):,} bytes", " 20 bytes", " no code length"]
    chart.figure()
    lines = codes_csv(codes, n_images=20, n_pixels=1280).decode().splitlines()
    assert lines[2] == "−ELBO,False,20.0,8.0,0.125" and lines[3] == "AE,True,,,"


def test_images_stand_above_those_that_came_back() -> None:
    x = np.random.default_rng(0).integers(0, 256, (7, 1, 8, 8), np.uint8)
    table = before_and_after(x, x[::-1])
    assert table.labels == ("written", "read")
    assert all((table.rows[0][k].image == x[k]).all() and (table.rows[1][k].image == x[6 - k]).all() for k in range(7))
    rows = read_images(x, 30, across=4).rows
    assert [len([tile for tile in row if tile]) for row in rows] == [4, 3] and len(rows[1]) == 4
    assert "The first 7 of 30" in read_images(x, 30).note and not read_images(x, 7).note
