"""The made-up points follow the laws that their docstrings state."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vae_core import data as datasets
from vae_core.specs import DATASETS

TOYS = ("ring", "spiral", "moons", "swiss_roll")
STANDARD_ERRORS = 4  # with fixed seeds, passing once is passing always


@pytest.fixture(params=["train", "test"])
def part(request: pytest.FixtureRequest) -> str:
    return request.param


def radii(name: str, part: str) -> np.ndarray:
    return np.linalg.norm(datasets.load(name).split(part).x.astype(np.float64), axis=1)


@pytest.mark.parametrize("name", TOYS)
def test_a_toy_is_twenty_thousand_float32_points_of_order_one(name: str) -> None:
    toy = datasets.load(name)
    assert isinstance(toy, datasets.Points)
    for split in (toy.train, toy.test):
        assert split.x.dtype == np.float32
        assert split.x.shape == (10_000, *DATASETS[name].shape)
        assert 1 < np.abs(split.x).max() < 2
        assert np.all(np.abs(split.x.mean(axis=0)) < 0.25)


@pytest.mark.parametrize("name", TOYS)
def test_a_toy_is_the_same_each_time_and_its_test_points_are_others(name: str) -> None:
    once, again = datasets.load(name), datasets.load(name)
    assert np.array_equal(once.train.x, again.train.x)
    assert np.array_equal(once.test.x, again.test.x)
    assert not np.array_equal(np.sort(once.train.x, axis=0), np.sort(once.test.x, axis=0))


def test_the_mean_radius_of_the_ring_is_that_of_its_law(part: str) -> None:
    mean, deviation = 1 + math.sqrt(math.pi / 2) / 10, math.sqrt(2 - math.pi / 2) / 10
    assert (mean, deviation) == pytest.approx((1.125331, 0.065514), abs=1e-6)
    rho = radii("ring", part)
    assert abs(rho.mean() - mean) < STANDARD_ERRORS * deviation / math.sqrt(len(rho))
    assert rho.std() == pytest.approx(deviation, rel=STANDARD_ERRORS / math.sqrt(len(rho)))


def test_the_share_of_the_ring_within_radius_1_2_is_that_of_its_law(part: str) -> None:
    share = 1 - math.exp(-2)
    assert share == pytest.approx(0.864665, abs=1e-6)
    rho = radii("ring", part)
    assert rho.min() > 1 - 1e-6
    assert abs(np.mean(rho < 1.2) - share) < STANDARD_ERRORS * math.sqrt(share * (1 - share) / len(rho))


def test_the_angle_of_the_ring_is_uniform(part: str) -> None:
    x = datasets.load("ring").split(part).x.astype(np.float64)
    resultant = np.abs(np.mean(np.exp(1j * np.arctan2(x[:, 1], x[:, 0]))))
    assert resultant < 0.03  # Rayleigh's test: exp(-n R²) < 1.3e-4


def test_a_point_of_the_spiral_lies_on_its_arm_up_to_the_noise(part: str) -> None:
    split = datasets.load("spiral").split(part)
    along = np.linspace(0, 1, 3001)
    for arm in (0, 1):
        angle = 3 * np.pi * along + np.pi * arm
        curve = 1.5 * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        points = split.x[split.labels == arm][:1000]
        distance = np.linalg.norm(points[:, None] - curve[None], axis=-1).min(axis=1)
        assert distance.max() < 5 * 0.03
        assert np.sqrt(np.mean(distance**2)) == pytest.approx(0.03, rel=0.1)  # one of two dimensions is across the arm


def test_the_arms_and_moons_are_of_equal_size(part: str) -> None:
    for name in ("spiral", "moons"):
        assert datasets.load(name).split(part).labels.mean() == pytest.approx(0.5, abs=STANDARD_ERRORS * 0.5 / 100)


def test_each_moon_is_half_a_circle_of_radius_one(part: str) -> None:
    split = datasets.load("moons").split(part)
    for label, centre in enumerate([(-0.5, -0.25), (0.5, 0.25)]):
        radius = np.linalg.norm(split.x[split.labels == label] - centre, axis=1)
        assert radius.mean() == pytest.approx(1 + 0.05**2 / 2, abs=STANDARD_ERRORS * 0.05 / math.sqrt(5000))
        assert radius.std() == pytest.approx(0.05, rel=0.05)


def test_the_swiss_roll_is_a_spiral_from_the_side_and_flat_along_its_axis(part: str) -> None:
    x = datasets.load("swiss_roll").split(part).x.astype(np.float64)
    radius = np.linalg.norm(x[:, [0, 2]], axis=1)
    turn = np.mod(np.arctan2(x[:, 2], x[:, 0]) - 10 * radius + np.pi, 2 * np.pi) - np.pi
    assert np.abs(turn).mean() < 0.6  # the angle is the radius times ten, up to noise; unrelated ones differ by π/2 on average
    assert x[:, 1].std() == pytest.approx(math.sqrt(2.1**2 / 12 + 0.05**2), rel=0.03)
