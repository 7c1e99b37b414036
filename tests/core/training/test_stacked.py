"""A stack of models: each becomes what it becomes alone, and can be interrupted, resumed and kept as if it were alone."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
import torch

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.models import LatentModel, build, default_spec
from vae_core.models.vae import VAESpec
from vae_core.training.fit import fit
from vae_core.training.stacked import GridEpochDone, stack_key, train_stacked

SMALL = replace(default_spec("vae", "digits", 2), n_epochs=3, hidden=(32, 16))
GAUSSIAN = replace(SMALL, likelihood="gaussian")
CHOICES = [{"beta": 0.25}, {"beta": 4.0, "latent_dim": 5}, {"seed": 1}, {"seed": 1, "latent_dim": 3}, {"beta": 0.0, "seed": 2}]
STACKS = {
    "beta, latent_dim and seed differ": [replace(SMALL, **choice) for choice in CHOICES],
    "as many of each seed": [replace(SMALL, seed=seed, latent_dim=d) for seed in (0, 7) for d in (1, 4)],
    "one model": [SMALL],
    "scale differs": [replace(GAUSSIAN, scale=s, seed=i) for i, s in enumerate((0.1, "learned", 1.0))]
    + [replace(GAUSSIAN, scale="learned")],
    **{name: [replace(SMALL, activation=name, latent_dim=d) for d in (2, 3)] for name in ("tanh", "silu")},
    "the protocol of Burda": [replace(SMALL, protocol="burda", latent_dim=d) for d in (2, 3)],
    "laplace": [replace(SMALL, likelihood="laplace", scale=s) for s in (0.2, "learned")],
    "continuous bernoulli": [replace(SMALL, likelihood="continuous_bernoulli", latent_dim=d) for d in (2, 3)],
}


def alone(spec: VAESpec) -> tuple[LatentModel, list]:
    model = build(spec)
    return model, list(fit(model, datasets.load("digits"), device=CPU))


def stacked(specs: list[VAESpec], **options) -> list[GridEpochDone]:
    return list(train_stacked(specs, datasets.load("digits"), device=CPU, **options))


@pytest.mark.parametrize("specs", STACKS.values(), ids=STACKS)
def test_a_stack_trains_each_model_as_if_it_were_alone(specs: list[VAESpec]) -> None:
    """Three epochs of digits are 69 steps: sums in another order differ by 1e-6 then."""
    events = stacked(specs)
    assert [event.epoch for event in events] == [1, 2, 3]
    for spec in specs:
        _, expected = alone(spec)
        found = [event.models[spec.fingerprint] for event in events]
        for one, other in zip(found, expected, strict=True):
            assert (one.epoch, one.n_epochs) == (other.epoch, other.n_epochs)
            assert one.train == pytest.approx(other.train, rel=1e-5)
            assert one.test == pytest.approx(other.test, rel=1e-5)
        mine, theirs = found[-1].snapshot(), expected[-1].snapshot()
        assert mine.keys() == theirs.keys()
        for name, tensor in theirs.items():
            assert mine[name].dtype == tensor.dtype
            torch.testing.assert_close(mine[name], tensor, rtol=1e-4, atol=2e-6, msg=lambda said, name=name: f"{name}: {said}")


@pytest.mark.parametrize("last", ["stacked", "alone"])
@pytest.mark.parametrize("first", ["stacked", "alone"])
def test_a_training_goes_on_in_a_stack_or_alone_whichever_it_began_in(first: str, last: str) -> None:
    specs = STACKS["scale differs"]
    snapshots = {}
    if first == "stacked":
        with closing(train_stacked(specs, datasets.load("digits"), device=CPU)) as events:
            snapshots = {name: event.snapshot() for name, event in next(events).models.items()}
    else:
        for spec in specs:
            with closing(fit(build(spec), datasets.load("digits"), device=CPU)) as events:
                snapshots[spec.fingerprint] = next(events).snapshot()
    whole = stacked(specs)[-1].models
    if last == "stacked":
        resumed = stacked(specs, resume_from=snapshots)
        assert [event.epoch for event in resumed] == [2, 3]
        found = resumed[-1].models
    else:
        fitted = {s: fit(build(s), datasets.load("digits"), device=CPU, resume_from=snapshots[s.fingerprint]) for s in specs}
        found = {spec.fingerprint: list(events)[-1] for spec, events in fitted.items()}
    for name, event in whole.items():
        assert found[name].test == pytest.approx(event.test, rel=0 if (first, last) == ("stacked", "stacked") else 1e-5)


def test_a_model_that_diverges_leaves_the_stack_and_the_others_go_on() -> None:
    specs = [replace(GAUSSIAN, scale=1.0), replace(GAUSSIAN, scale=1e-30), replace(GAUSSIAN, scale="learned", latent_dim=3)]
    bad = specs[1].fingerprint
    events = stacked(specs)
    assert "training must keep a finite loss" in str(events[0].diverged[bad])
    assert [set(event.diverged) for event in events] == [{bad}, set(), set()]
    for spec in (specs[0], specs[2]):
        _, expected = alone(spec)
        assert events[-1].models[spec.fingerprint].test == pytest.approx(expected[-1].test, rel=1e-5)
    (last,) = stacked([specs[1]])
    assert (last.models, set(last.diverged)) == ({}, {bad})


def test_only_models_of_one_recipe_are_a_stack() -> None:
    assert len({stack_key(spec) for spec in STACKS["scale differs"]}) == 1
    others = [
        replace(SMALL, n_epochs=4),
        replace(SMALL, hidden=(8,)),
        replace(SMALL, batch_size=7),
        replace(SMALL, learning_rate=1e-4),
        GAUSSIAN,
    ]
    assert len({stack_key(spec) for spec in [SMALL, *others]}) == 6
    for family, network in (("pca", None), ("autoencoder", None), ("vae", "linear"), ("vae", "conv")):
        assert stack_key(default_spec(family, "digits", 2, network)) is None
    with pytest.raises(ValueError, match="stack must hold VAEs that differ in beta, latent_dim, seed, scale only"):
        stacked([SMALL, replace(SMALL, n_epochs=4)])


def test_snapshots_of_different_epochs_are_refused() -> None:
    specs = STACKS["laplace"]
    early, late = ({}, {})
    for event in train_stacked(specs, datasets.load("digits"), device=CPU):
        early, late = late, {name: one.snapshot() for name, one in event.models.items()}
    snapshots = {specs[0].fingerprint: early[specs[0].fingerprint], specs[1].fingerprint: late[specs[1].fingerprint]}
    with pytest.raises(ValueError, match=r"snapshots must be of one epoch, got \[2, 3\]"):
        stacked(specs, resume_from=snapshots)
