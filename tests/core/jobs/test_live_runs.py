"""Trainings that are watched and not kept: joined, stopped, begun again; one at a time with the jobs; forgotten in the end."""

from __future__ import annotations

import gc
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.core.jobs.works import HERE
from tests.harness import tiny_spec, wait_for
from vae_core.explore.autoencoders.toys import ToyTraining, toy_spec
from vae_core.explore.autoencoders.toys import from_bytes as toy_from_bytes
from vae_core.explore.latent import films
from vae_core.explore.latent.ring_learning import RingLearningSpec
from vae_core.explore.rates import frontier_training
from vae_core.jobs import jobs
from vae_core.jobs.live_runs import FRAMES, LiveRun, LiveRuns
from vae_core.store import Store

TOYS, RING, GRIDS = (f"vae_core.explore.{name}" for name in ("autoencoders.toys", "latent.ring_learning", "rates.frontier_training"))
TOY = ToyTraining(toy_spec("moons", 1, hidden=16, n_epochs=2)).to_json()


@dataclass
class Frame:
    epoch: int
    n_epochs: int = 100


def from_bytes(data: bytes) -> Frame:
    return Frame(int(data))


@pytest.fixture
def endless() -> Iterator[LiveRuns]:
    """Trainings that never end."""
    runs = LiveRuns(HERE, from_bytes, at_most=2)
    yield runs
    for key in list(runs._runs):
        stop(runs._runs[key])


@pytest.fixture
def steerable() -> Iterator[LiveRuns]:
    """Trainings that say which step they were sent, until they are sent an end."""
    runs = LiveRuns(f"{HERE}_steered", from_bytes)
    yield runs
    for run in runs._runs.values():
        stop(run)


def stop(run: LiveRun) -> None:
    run.cancel()
    wait_for(lambda: not run.is_alive)


@pytest.mark.slow
def test_a_toy_and_a_job_exclude_each_other(store: Store) -> None:
    job = jobs.start(replace(tiny_spec("vae"), n_epochs=100_000), store)
    wait_for(lambda: job.status().event)
    toys = LiveRuns(TOYS, toy_from_bytes)
    toy = toys.start(TOY, store.local)
    wait_for(lambda: (toy.folder / "events.jsonl").is_file())
    before = job.status().event["epoch"]
    wait_for(lambda: job.status().event["epoch"] > before + 3)
    assert (toy.status().state, toy.frames) == ("queued", [])
    job.cancel()
    wait_for(lambda: toy.frames)
    assert job.status().state == "cancelled"
    wait_for(lambda: not toy.is_alive)
    assert toy.status().state == "done"
    assert [frame.epoch for frame in toy.frames] == [0, 1, 2]


@pytest.mark.slow
def test_a_job_waits_for_what_trains_live(endless: LiveRuns, store: Store) -> None:
    run = endless.start("{}", store.local)
    wait_for(lambda: run.frames)
    job = jobs.start(tiny_spec("vae"), store)
    wait_for(lambda: (job.folder / "events.jsonl").is_file())
    assert job.status().state == "queued"
    stop(run)
    wait_for(lambda: not job.status().is_alive)
    assert job.status().state == "done"


@pytest.mark.slow
def test_whoever_asks_for_the_same_joins_and_any_of_them_stops_it(endless: LiveRuns, store: Store) -> None:
    run = endless.start("{}", store.local)
    assert endless.start("{}", store.local) is run is endless.find("{}")
    wait_for(lambda: len(run.frames) > 2)
    assert run.progress == pytest.approx(len(run.frames) / 100, abs=0.05)
    endless.find("{}").cancel()
    wait_for(lambda: not run.is_alive)
    assert (run.status().state, run.status().sentence) == ("cancelled", "Stopped.")
    again = endless.start("{}", store.local)
    assert again is endless.find("{}") is not run
    assert run.frames  # they stay for those who still look at it


@pytest.mark.slow
def test_one_that_is_steered_goes_on_with_the_numbers_and_once_it_is_over_begins_anew(steerable: LiveRuns, store: Store) -> None:
    run = steerable.start("{}", store.local)
    wait_for(lambda: run.frames)
    assert {frame.epoch for frame in run.frames} == {1} and run.steered == {}
    steerable.find("{}").steer(step=7.0)
    assert run.steered == {"step": 7}
    wait_for(lambda: run.frames[-1].epoch == 7)
    assert steerable.start("{}", store.local) is run
    run.steer(end=1.0)
    wait_for(lambda: not run.is_alive)
    assert run.status().state == "done"
    again = steerable.start("{}", store.local)
    assert again is not run and again.steered == {}


def test_a_frame_counts_once_it_is_whole(tmp_path: Path) -> None:
    run, sent = LiveRun(tmp_path, from_bytes), b"".join(struct.pack("<I", 2) + data for data in (b"11", b"12"))
    for n, frames in ((0, []), (3, []), (5, []), (6, [11]), (11, [11]), (12, [11, 12])):
        (tmp_path / FRAMES).write_bytes(sent[:n])
        assert [frame.epoch for frame in run.frames] == frames


@pytest.mark.slow
def test_the_oldest_that_is_over_is_forgotten(endless: LiveRuns, store: Store) -> None:
    first = endless.start("1", store.local)
    wait_for(lambda: first.frames)
    stop(first)
    endless.start("2", store.local)
    endless.start("3", store.local)
    assert endless.find("1") is None
    assert not first.folder.exists()
    assert first.frames and first.status().state == "cancelled"


@pytest.mark.slow
def test_nothing_is_left_of_runs_that_nobody_holds_any_more(store: Store) -> None:
    runs = LiveRuns(HERE, from_bytes)
    run = runs.start("{}", store.local)
    wait_for(lambda: run.frames)
    del runs
    gc.collect()
    assert not run.folder.exists()
    wait_for(lambda: not run.is_alive)


@pytest.mark.slow
def test_both_networks_of_the_ring_arrive_epoch_by_epoch(store: Store) -> None:
    runs = LiveRuns(RING, films.from_bytes)
    run = runs.start(RingLearningSpec(hidden=8, n_epochs=1).to_json(), store.local)
    wait_for(lambda: not run.is_alive)
    assert run.status().state == "done"
    assert [(frame.kind, frame.epoch) for frame in run.frames] == [("regression", 0), ("vae", 0), ("regression", 1), ("vae", 1)]
    assert run.progress == 1


@pytest.mark.slow
def test_a_grid_arrives_epoch_by_epoch(store: Store) -> None:
    runs = LiveRuns(GRIDS, frontier_training.from_bytes)
    run = runs.start(json.dumps(frontier_training.digits_grid(2)), store.local)
    wait_for(lambda: not run.is_alive)
    assert [frame.epoch for frame in run.frames] == [1, 2]


@pytest.mark.slow
def test_one_that_fails_says_why(store: Store) -> None:
    runs = LiveRuns(RING, films.from_bytes)
    run = runs.start(json.dumps({"hidden": 0}), store.local)
    wait_for(lambda: not run.is_alive)
    assert (run.status().state, run.status().sentence) == ("failed", "hidden must be between 1 and 512, got 0")


def test_one_that_is_stopped_while_its_libraries_are_read_is_stopped(store: Store) -> None:
    """An interrupt came out of NumPy's import as an AttributeError."""
    runs = LiveRuns(TOYS, toy_from_bytes)
    run = runs.start(TOY, store.local)
    wait_for(lambda: run.status().state == "running")
    run.cancel()
    wait_for(lambda: not run.is_alive)
    assert (run.status().state, run.status().sentence) == ("cancelled", "Stopped.")
