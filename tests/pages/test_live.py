"""A training beside a page, on every page that has one: one at a time and never unseen, stopped by anyone who may, failed in a sentence."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.autoencoders.toys.cached import toy_runs
from pages.latent.learn.cached import ring_runs
from pages.rates.frontier_training.cached import grid_runs
from pages.shared import live
from tests.core.jobs.works import HERE
from tests.harness import CPU, At, opened, wait_for
from vae_core.jobs import jobs, process
from vae_core.models import default_spec
from vae_core.store import Store

TOYS, LEARN, GRID, TRAIN = "autoencoders/toys", "latent/learn", "rates/frontier_training", "training/train"
TOY = {"toy": "moons", "toy_epochs": 60}
WAITS = "waits for its turn"


def end_live_runs() -> None:
    """A server keeps its runs for all; the tests of one worker share that server."""
    for runs in (toy_runs, ring_runs, grid_runs):
        for run in runs()._runs.values():
            run.cancel()
        runs.clear()


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """A store of its own for each test, before and beside which nothing goes on."""
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "local"))
    end_live_runs()
    yield Store()
    end_live_runs()
    for job in jobs.alive(Store()):
        job.cancel()


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Iterator[Path]:
    """Another training, which has its turn until it is cancelled."""
    folder = tmp_path / "other"
    process.start(folder, "{}", f"{HERE}:sleep", models=store.local, if_cancelled="")
    wait_for(lambda: process.status(folder, if_silent="").event)
    yield folder
    process.cancel(folder)


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.main.button if button.label.startswith(label)).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.main.button]


def bars(app: AppTest) -> list[str]:
    """What is said in the bars of progress."""
    return [bar.proto.text for bar in app.get("progress")]


def no_fault(app: AppTest) -> None:
    assert [exception.message for exception in app.exception] == []
    assert [error.value for error in app.error] == []


@pytest.mark.parametrize(
    ("page", "query", "start"),
    [(TOYS, TOY, "Train"), (LEARN, {}, "Train both now"), (GRID, {"sweep": "Digits 8 × 8, live"}, "Train all 35")],
    ids=["toys", "ring", "grid"],
)
def test_what_is_trained_live_waits_for_a_job_and_says_so(page: str, query: dict, start: str, other: Path) -> None:
    app = press(opened(page, **query), start)
    assert bars(app) == [WAITS]
    assert "Stop" in labels(app)
    no_fault(app)
    process.cancel(other)
    wait_for(lambda: bars(app.run()) != [WAITS])
    no_fault(app)


def test_a_job_waits_for_what_is_trained_live_and_says_so(other: Path) -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_n_epochs=3, train_seed=7)
    press(app, "Start")
    assert bars(app) == [WAITS]
    press(app, "Stop")
    wait_for(lambda: "Start" in labels(app.run()))
    no_fault(app)


def test_the_sidebar_says_that_a_model_waits(other: Path, store: Store) -> None:
    store.train(default_spec("pca", "digits", 3), device=CPU)  # so that the sidebar offers d = 3
    spec = default_spec("vae", "digits", 3)
    job = jobs.start(spec, store)
    app = opened("autoencoders/compare", dataset="digits", latent_dim=3, family="vae")
    assert f"VAE: {WAITS}" in bars(app)
    next(button for button in app.sidebar.button if button.label == "Cancel training").click().run()
    wait_for(lambda: not job.status().is_alive)
    assert job.status().state == "cancelled"
    no_fault(app)


def test_another_session_stops_what_one_has_started(at: type[At]) -> None:
    first = press(opened(TOYS, **TOY), "Train")
    assert "Stop" in labels(first)
    at.address = "10.0.0.7"
    guest = opened(TOYS, **TOY)
    assert bars(guest) and "Stop" not in labels(guest)
    at.address = None
    press(opened(TOYS, **TOY), "Stop")
    wait_for(lambda: "Train" in labels(first.run()))
    assert len(toy_runs()._runs) == 1
    no_fault(first)


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_a_process_that_dies_is_a_sentence_and_leaves_no_lock(store: Store) -> None:
    app = press(opened(TOYS, **TOY), "Train")
    (run,) = toy_runs()._runs.values()
    wait_for(lambda: run.status().state == "running")
    os.kill(process._processes[run.folder].pid, signal.SIGKILL)
    wait_for(lambda: not run.is_alive)
    app.run()
    assert [error.value for error in app.error] == ["The training failed: The process that trained ended without a word."]
    press(app, "Train")
    (again,) = toy_runs()._runs.values()
    wait_for(lambda: again.status().state == "running")


def test_a_folder_that_cannot_be_written_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "a file"))
    app = press(opened(TOYS, **TOY), "Train")
    assert [exception.message for exception in app.exception] == []
    assert [error.value.startswith(f"{tmp_path / 'a file'} must be a place that can be read and written") for error in app.error] == [True]
    assert "Train" in labels(app)


@pytest.mark.parametrize(
    ("page", "query", "start"),
    [
        (TOYS, TOY, "Train"),
        (LEARN, {}, "Train both now"),
        (GRID, {"sweep": "Digits 8 × 8, live"}, "Train all 35"),
        (TRAIN, {"dataset": "digits", "latent_dim": 2, "family": "vae", "train_n_epochs": 3, "train_seed": 7}, "Start"),
    ],
    ids=["toys", "ring", "grid", "train"],
)
def test_a_training_that_ends_between_two_looks_leaves_no_stop(
    page: str, query: dict, start: str, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that had seen it alive, and drawn Stop, looked no more where it saw it ended further down in the same run."""
    press(opened(page, **query), start)
    polls: list[float | None] = []
    fragment, name = st.fragment, "progress" if page == TRAIN else "status"
    ask = getattr(live, name)

    def ended_once_asked(*what: object) -> object:
        now = ask(*what)
        for training in (*jobs.alive(Store()), *(run for runs in (toy_runs, ring_runs, grid_runs) for run in runs()._runs.values())):
            training.cancel()
            wait_for(lambda training=training: not training.status().is_alive)
        return now

    def noted(draw: Callable, *, run_every: float | None = None) -> Callable:
        polls.append(run_every)
        return fragment(draw, run_every=run_every)

    monkeypatch.setattr(live, name, ended_once_asked)
    monkeypatch.setattr(st, "fragment", noted)
    app = opened(page, **query)
    assert "Stop" in labels(app)
    assert live.POLL_SECONDS in polls
    no_fault(app)
    assert "Stop" not in labels(app.run())


def test_a_resumed_job_that_waits_says_so(other: Path, store: Store) -> None:
    """Its epochs are known, and would be all that is said."""
    spec = replace(default_spec("vae", "digits", 2), n_epochs=50, seed=7)
    with closing(store.training(spec, device=CPU)) as events:
        next(events)
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_seed=7, train_n_epochs=50)
    press(app, "Resume")
    assert bars(app) == [WAITS]
    no_fault(app)
