"""*Train a model*: started, followed, joined, stopped, resumed and discarded."""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from pages.shared import links
from tests.harness import (
    CPU,
    At,
    assert_sound,
    charts,
    conclusion_of,
    labels,
    method_of,
    opened,
    pictures,
    press,
    value_of,
    wait_for,
    words,
)
from vae_core.jobs import jobs, process
from vae_core.jobs.process import Status
from vae_core.jobs.progress import progress
from vae_core.models import default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store
from vae_core.training import cost
from vae_core.units import with_interval

TRAIN, LIBRARY = "training/train", "training/library"
SHORT = {"train_n_epochs": 3, "train_seed": 7}
SPEC = replace(default_spec("vae", "digits", 2), n_epochs=3, seed=7)


def job_of(spec: ModelSpec) -> Status:
    return jobs.find(spec, Store()).status()


def test_before_a_training_the_time_is_told_from_a_count_and_nothing_is_trained_in_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vae_core.training.fit.gradient_descent", lambda *_, **__: pytest.fail("the server trains"))
    monkeypatch.setattr("vae_core.explore.training.training.build", lambda *_, **__: pytest.fail("the server makes the network"))
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", **SHORT | {"train_hidden": "8192"})
    assert_sound(app)
    assert any(
        re.search(r"At least \*\*.+\*\* on one thread here: its matrix products alone, 1,097,728 multiply-adds per image", c.value)
        for c in app.caption
    )
    assert "Start" in labels(app)


def test_a_link_to_a_training_larger_than_the_memory_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "memory", lambda: 8_000_000_000)
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", **SHORT | {"train_hidden": ", ".join(["8192"] * 6)})
    assert [exception.message for exception in app.exception] == []
    (said,) = (error.value for error in app.error)
    assert re.fullmatch(r"This training is too large for this machine: it takes about 2\d\.\d GB, got 6\.0 of 8\.0 GB\. Try fewer .*", said)
    assert "Start" not in labels(app)


@pytest.mark.slow
def test_the_job_measures_its_pace_before_the_first_epoch(local: Store) -> None:
    spec = replace(SPEC, n_epochs=1000)
    job = jobs.start(spec, local)
    wait_for(lambda: job.status().seconds_per_epoch)
    assert progress(spec, local).seconds_left > 0
    job.cancel()
    wait_for(lambda: not job.status().is_alive)


def test_a_training_is_started_followed_and_kept(local: Store) -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", **SHORT)
    press(app, "Start")
    assert "Stop" in labels(app)
    wait_for(lambda: not job_of(SPEC).is_alive)
    app.run()
    assert_sound(app)
    assert job_of(SPEC).state == "done"
    assert any("kept in the model library" in caption.value for caption in app.main.caption)
    (chart,) = charts(app)
    assert all(name in json.dumps(chart) for name in ("train images", "test images", "best without z"))
    assert len([picture for picture in pictures(app) if picture.std() > 0]) == 17  # eight and eight, and the manifold
    assert "Epoch 3" in words(app) and "never to choose" in words(app)


def test_what_was_said_on_the_way_stands_on_the_page(local: Store) -> None:
    """Such as that a device refused, and the training went on on the CPU: while it runs, and when it is done."""
    remark = "mps refused to train it after epoch 0; the training goes on on the CPU."
    folder = local.local / f"{SPEC.fingerprint}.job"
    folder.mkdir(parents=True)
    (folder / process.SPEC).write_text(json.dumps(SPEC.to_json()))
    said = [{"state": "running"}, {"sentence": remark}]
    with FileLock(folder / process.ALIVE):
        (folder / process.EVENTS).write_text("".join(f"{json.dumps(event)}\n" for event in said))
        assert remark in words(opened(TRAIN, dataset="digits", latent_dim=2, family="vae", **SHORT))
    (folder / process.EVENTS).write_text("".join(f"{json.dumps(event)}\n" for event in (*said, {"state": "done"})))
    local.train(SPEC, device=CPU)
    assert remark in words(opened(TRAIN, dataset="digits", latent_dim=2, family="vae", **SHORT))


@pytest.mark.slow
def test_the_curves_grow_while_the_training_runs(local: Store) -> None:
    """They are drawn once an epoch for all who watch; nobody is shown those of an earlier epoch."""
    spec = replace(SPEC, n_epochs=50_000)
    job = jobs.start(spec, local)
    wait_for(lambda: job.status().event)
    app, ends = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_seed=7, train_n_epochs=50_000), []
    for _ in range(2):
        before = job.status().event["epoch"]
        wait_for(lambda before=before: job.status().event["epoch"] > before)
        app.run()
        (chart,) = charts(app)
        ends.append(max(chart["data"][0]["x"]))
        assert ends[-1] > before
    assert ends[1] > ends[0]
    assert_sound(app)
    job.cancel()
    wait_for(lambda: not job.status().is_alive)


@pytest.mark.slow
def test_a_training_is_stopped_resumed_and_discarded(local: Store) -> None:
    spec = replace(SPEC, n_epochs=50_000)
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_seed=7, train_n_epochs=50_000)
    press(app, "Start")
    wait_for(lambda: job_of(spec).event)
    app.run()
    press(app, "Stop")
    wait_for(lambda: not job_of(spec).is_alive)
    reached = job_of(spec).event["epoch"]
    app.run()
    assert_sound(app)
    (resume,) = (button for button in app.main.button if button.label == "Resume")
    assert resume.help == f"Goes on after epoch {reached}."
    press(app, "Resume")
    wait_for(lambda: job_of(spec).event)
    assert job_of(spec).history[0]["epoch"] > reached
    app.run()
    assert progress(spec, local).history[0]["epoch"] == 1  # the curves start where the training did
    press(app, "Stop")
    wait_for(lambda: not job_of(spec).is_alive)
    app.run()
    press(app, "Discard")
    assert not local.partial_folder(spec).exists()
    assert "Start" in labels(app)


@pytest.mark.parametrize(("family", "term"), [("vae", "elbo"), ("autoencoder", "sse")])
def test_values_of_a_training_that_is_not_over_have_their_own_intervals(family: str, term: str, local: Store) -> None:
    spec = replace(default_spec(family, "digits", 2), n_epochs=50, seed=7)
    with closing(local.training(spec, device=CPU)) as events:
        next(events)
    (epoch,) = progress(spec, local).history
    mean = epoch["test"].get("sse", -sum(epoch["test"].get(name, 0) for name in ("distortion", "rate")))
    value = with_interval(mean, 1.959964 * epoch["standard_errors"][term])
    unit, name = (" nats", "Test ELBO") if term == "elbo" else ("", "Test SSE")
    app = opened(TRAIN, dataset="digits", latent_dim=2, family=family, train_seed=7, train_n_epochs=50)
    assert "±" in value
    assert value_of(app, name) == f"{value}{unit}"
    assert method_of(app, name).endswith(
        "n = 359 test images ± 95 % confidence interval. Test images are used only for display, never to choose the model."
    )
    assert value.removeprefix("−") in conclusion_of(app)


def test_what_a_command_has_begun_is_listed_and_not_discarded_while_it_goes_on(local: Store) -> None:
    spec = replace(SPEC, n_epochs=50)
    with closing(local.training(spec, device=CPU)) as events:
        next(events)
    listed = [label for label in labels(opened(LIBRARY, dataset="digits")) if label.startswith("Stopped:")]
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_seed=7, train_n_epochs=50)
    with local.held(spec):
        press(app, "Discard")
        assert ["in training" in error.value for error in app.main.error] == [True]
        assert local.partial_folder(spec).exists()
    press(app, "Discard")
    assert not local.partial_folder(spec).exists()
    assert len(listed) == 1


@pytest.mark.slow
def test_a_second_visitor_finds_the_run_and_joins_it(local: Store) -> None:
    spec = replace(SPEC, n_epochs=50_000, beta=2.0)
    job = jobs.start(spec, local)
    try:
        wait_for(lambda: job.status().event)
        app = opened(TRAIN, dataset="digits", latent_dim=10, family="pca")
        press(app, "Join: VAE of Digits 8 × 8, d = 2")
        assert_sound(app)
        assert (app.sidebar.selectbox(key="family").value, app.text_input(key="train_beta").value) == ("vae", "2")
        assert app.get("progress") and "Stop" in labels(app)
    finally:
        job.cancel()
        wait_for(lambda: not job.status().is_alive)


def test_a_visitor_from_elsewhere_follows_and_changes_nothing(local: Store, at: type[At], monkeypatch: pytest.MonkeyPatch) -> None:
    local.train(SPEC, device=CPU)
    at.address = "10.0.0.7"
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_seed=8)
    assert not {"Start", "Stop", "Discard"} & set(labels(app))
    app.switch_page(links.page(LIBRARY)).run()
    app.multiselect(key="library_models").set_value([SPEC.fingerprint]).run()
    assert not any("Delete" in label or "Import" in label for label in labels(app))
    assert not app.get("file_uploader")
    monkeypatch.setenv("VAE_EXPLORER_OPEN", "1")
    app.switch_page(links.page(TRAIN)).run()
    assert "Start" in labels(app)


def test_a_collapsed_training_is_said_to_be_nearly_unused_beside_the_theory(local: Store) -> None:
    spec = replace(default_spec("vae", "digits", 2), likelihood="gaussian", scale=1.0, n_epochs=20)
    local.train(spec, device=CPU)
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_likelihood="gaussian", train_scale="1", train_n_epochs=20)
    assert_sound(app)
    assert len(app.warning) == 1
    assert "z is nearly unused" in app.warning[0].value
    assert "τ = βσ² = 1" in app.warning[0].value and "every dimension collapses" in app.warning[0].value


def test_the_pages_do_not_leave_a_process_behind(local: Store) -> None:
    assert jobs.alive(local) == []
    assert os.environ["VAE_EXPLORER_CHECKPOINTS"] == str(local.local)
    shutil.rmtree(local.local)


def test_a_folder_that_cannot_be_written_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", **SHORT)
    (tmp_path / "no folder").write_text("a file")
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "no folder"))
    press(app, "Start")
    assert [exception.message for exception in app.exception] == []
    (said,) = [error.value for error in app.error]
    assert said.startswith(str(tmp_path / "no folder"))
    assert "choose another" in said and "VAE_EXPLORER_CHECKPOINTS" in said
    assert any("Not trained yet" in info.value for info in app.info)  # the rest of the page is there
