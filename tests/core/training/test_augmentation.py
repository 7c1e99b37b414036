"""Training images that are made a little different at each visit: how different, and what of a training stays what it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.training import augmentation
from vae_core.training.augmentation import warped
from vae_core.training.fit import fit
from vae_core.training.loop import _Run, stream
from vae_core.training.stacked import stack_key

IMAGES = torch.tensor(datasets.load("mnist_5k").test.x[::5])  # 200, of every digit


def centres(x: torch.Tensor) -> torch.Tensor:
    """Row and column of the centre of mass of each image, (N, 2), from the image's middle."""
    at = torch.arange(28) - 13.5
    mass = x.float().sum((1, 2, 3))
    return torch.stack([(x.float().sum((1, axis)) * at).sum(-1) / mass for axis in (3, 2)], -1)


def test_a_warped_image_is_another_one_of_the_same_ink_in_the_same_place() -> None:
    seen = warped(IMAGES, stream(0, "a test"))
    assert seen.dtype == torch.uint8
    assert seen.shape == IMAGES.shape
    assert all(not torch.equal(one, other) for one, other in zip(seen, IMAGES, strict=True))
    assert float(seen.float().mean() / IMAGES.float().mean()) == pytest.approx(1, abs=0.03)
    assert float((centres(seen) - centres(IMAGES)).abs().max()) < 1
    assert torch.equal(seen, warped(IMAGES, stream(0, "a test")))
    assert not torch.equal(seen, warped(IMAGES, stream(1, "a test")))


def test_what_is_warped_by_less_is_nearer_to_the_image_and_by_nothing_the_image() -> None:
    far, near, same = ((warped(IMAGES, stream(0, "a test"), amount).float() - IMAGES).abs().mean((1, 2, 3)) for amount in (1, 0.5, 0))
    assert float((near < far).float().mean()) > 0.9
    assert float(same.max()) == 0


def test_what_is_turned_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disc stays a disc: its second moments are alike in both directions, and have no mixed one."""
    monkeypatch.setattr(augmentation, "MOST_STRETCH", 0.0)
    monkeypatch.setattr(augmentation, "MOST_SLANT", 0.0)
    monkeypatch.setattr(augmentation, "MOST_TURN", 0.7)
    y, x = np.mgrid[-13.5:14, -13.5:14]
    discs = torch.tensor(np.tile(np.where(x**2 + y**2 < 64, 255, 0).astype(np.uint8), (20, 1, 1, 1)))
    mass = augmentation.warped(discs, stream(0, "a test"))[:, 0].double().numpy()
    total = mass.sum((1, 2))
    xx, yy, xy = ((mass * moment).sum((1, 2)) / total for moment in (x**2, y**2, x * y))
    assert np.abs(xx / yy - 1).max() < 0.05
    assert np.abs(xy / xx).max() < 0.03


def test_what_comes_from_beyond_an_edge_is_the_edge_s_pixel() -> None:
    grey = torch.full((5, 3, 8, 8), 200, dtype=torch.uint8)
    assert torch.equal(warped(grey, stream(0, "a test")), grey)


def test_the_last_three_tenths_of_a_training_may_see_the_images_as_they_are() -> None:
    spec = replace(tiny_spec("autoencoder"), n_epochs=4, augmentation="warp_then_none")
    x = torch.tensor(datasets.load("digits").train.x[:200])
    run = _Run(build(spec), x.clone(), None)
    is_as_it_was = []
    for _ in range(spec.n_epochs):
        run.one_epoch()
        is_as_it_was.append(torch.equal(run.x, x))
    assert is_as_it_was == [False, False, False, True]  # at 0, 1/4, 1/2 and 3/4 of the training


@pytest.mark.parametrize(("family", "augmentation"), [("autoencoder", "warp"), ("vae", "warp"), ("autoencoder", "warp_then_none")])
def test_a_training_of_warped_images_resumes_at_the_same_bits_and_leaves_the_images_alone(family: str, augmentation: str) -> None:
    images, spec = datasets.load("digits"), replace(tiny_spec(family), n_epochs=3, augmentation=augmentation)
    before = images.train.x.copy()
    whole, resumed = build(spec), build(spec)
    *_, last = fit(whole, images, device=CPU)
    events = fit(build(spec), images, device=CPU)
    snapshot = next(events).snapshot()
    events.close()
    *_, again = fit(resumed, images, device=CPU, resume_from=snapshot)
    assert last.test == again.test
    assert all(torch.equal(tensor, resumed.state_dict()[name]) for name, tensor in whole.state_dict().items())
    *_, plain = fit(build(replace(spec, augmentation="none")), images, device=CPU)
    assert plain.test != last.test
    assert np.array_equal(images.train.x, before)


def test_models_of_warped_images_are_trained_one_by_one() -> None:
    assert stack_key(tiny_spec("vae")) is not None
    assert stack_key(replace(tiny_spec("vae"), augmentation="warp")) is None


def test_points_are_not_warped() -> None:
    with pytest.raises(ValueError, match="augmentation must be none for points, got 'warp'"):
        VAESpec(dataset="moons", latent_dim=1, likelihood="gaussian", augmentation="warp")
