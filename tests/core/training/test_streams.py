"""The random numbers of a training: what is drawn from them, who shares them, and what becomes of trainings that drew them otherwise."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.models import build
from vae_core.models.inputs import binary_input, ink, random_bits
from vae_core.models.vae import VAESpec
from vae_core.store import Remark, Store, checkpoints
from vae_core.training.fit import fit
from vae_core.training.loop import VERSION, stream

SPEC = replace(tiny_spec("vae"), n_epochs=3, hidden=(16,))


def test_a_pixel_is_1_with_the_probability_of_its_value() -> None:
    """Counted over all 65,536 values that its random bits can have."""
    bits = torch.arange(-(2**15), 2**15).to(torch.int16)
    x = torch.arange(256, dtype=torch.uint8)
    shares = torch.stack([ink(bits.clone(), value.expand_as(bits)).double().mean() for value in x])
    assert torch.allclose(shares, x.double() / 255, rtol=0, atol=2e-5)
    assert (shares[0], shares[255]) == (0, 1)


@pytest.mark.parametrize("shape", [(4001,), (50, 1, 9, 9)])
def test_all_bits_of_every_pixel_are_random(shape: tuple[int, ...]) -> None:
    bits = random_bits(torch.empty(shape, dtype=torch.uint8), stream(0, "binarisation")).to(torch.int32)
    assert bits.shape == shape
    shares = torch.stack([(bits >> place & 1).double().mean() for place in range(16)])
    assert torch.allclose(shares, torch.tensor(0.5).double(), atol=5 * 0.5 / bits.numel() ** 0.5)


def test_black_and_white_pixels_stay_what_they_are_and_grey_ones_are_black_or_white() -> None:
    x = torch.tensor([[0, 255, 128, 7]], dtype=torch.uint8).expand(1000, 4)
    b = binary_input(x, stream(0, "binarisation"))
    assert b.dtype == torch.float32
    assert set(b.flatten().tolist()) == {0.0, 1.0}
    assert b.mean(0).tolist() == pytest.approx([0, 1, 128 / 255, 7 / 255], abs=0.06)
    assert (b[:, 0].sum(), b[:, 1].sum()) == (0, 1000)


def test_models_of_one_seed_share_its_streams_whatever_else_differs() -> None:
    """Order and binarisation all, the noise those of one latent dimension."""

    def streams(spec: VAESpec) -> list[Tensor]:
        (event,) = fit(build(replace(spec, n_epochs=1)), datasets.load("digits"), device=CPU)
        tensors = event.snapshot()
        return [tensors[name] for name in ("order", "binarisation", "noise")]

    gaussian = replace(SPEC, likelihood="gaussian")
    for one, other in ((SPEC, replace(SPEC, beta=4.0)), (gaussian, replace(gaussian, scale="learned"))):
        assert all(torch.equal(mine, theirs) for mine, theirs in zip(streams(one), streams(other), strict=True))
    wider = streams(replace(SPEC, latent_dim=7))
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(streams(SPEC)[:2], wider[:2], strict=True))
    assert not torch.equal(streams(SPEC)[0], streams(replace(SPEC, seed=1))[0])


def by_an_older_version(store: Store, spec: VAESpec) -> None:
    """Leave a training of two epochs as it was kept before its streams had a version."""
    with closing(store.training(spec, device=CPU)) as events:
        next(events)
        next(events)
    snapshot, history = checkpoints.read_partial(store.partial_folder(spec))
    checkpoints.write_partial(store.partial_folder(spec), spec, {name: t for name, t in snapshot.items() if name != VERSION}, history)


def test_an_unfinished_training_of_older_streams_begins_anew_and_says_so(store: Store) -> None:
    by_an_older_version(store, SPEC)
    said, *epochs = store.training(SPEC, device=CPU)
    assert said == Remark(
        "What was kept of the training of vae of digits at latent_dim 2 is of a version that drew its random numbers in another way; "
        "it begins anew."
    )
    assert [event.epoch for event in epochs] == [1, 2, 3]
    assert [epoch["epoch"] for epoch in store.find(SPEC).history] == [1, 2, 3]


def test_a_stack_begins_anew_what_is_of_older_streams_and_goes_on_with_the_rest(store: Store) -> None:
    other = replace(SPEC, beta=2.0)
    by_an_older_version(store, SPEC)
    with closing(store.training(other, device=CPU)) as events:
        next(events)
    said, *epochs = store.training_together([SPEC, other], device=CPU)
    assert "it begins anew" in said.sentence
    assert [(event.epoch, set(event.models)) for event in epochs] == [
        *((epoch, {SPEC.fingerprint}) for epoch in (1, 2, 3)),
        *((epoch, {other.fingerprint}) for epoch in (2, 3)),
    ]


def test_what_an_older_version_kept_is_gone_as_soon_as_its_training_begins_anew(store: Store) -> None:
    by_an_older_version(store, SPEC)
    with closing(store.training(SPEC, device=CPU)) as events:
        next(events)
        assert not store.partial_folder(SPEC).exists()
