"""Train a model, Training film, Model library: every field with the spec's own words, started, stopped, resumed, deleted and imported."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from pages.shared import links
from tests.harness import CPU, At, assert_sound, charts, opened, pictures, tiny_spec, wait_for, words
from vae_core import data as datasets
from vae_core.explore.reconstructions import reconstructions
from vae_core.explore.training import training_figure as figures
from vae_core.explore.training import training_film
from vae_core.explore.training import training_film_figure as film_figures
from vae_core.fields import text_of
from vae_core.jobs import jobs
from vae_core.jobs.process import Status
from vae_core.jobs.progress import progress
from vae_core.models import FAMILIES, default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store, archive

TRAIN, FILM, LIBRARY = (f"training/{name}" for name in ("train", "film", "library"))
SHORT = {"train_n_epochs": 3, "train_seed": 7}
SPEC = replace(default_spec("vae", "digits", 2), n_epochs=3, seed=7)


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """A store of its own for each test; shipped models are found beside it."""
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    return Store()


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label.startswith(label)).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.main.button]


def job_of(spec: ModelSpec) -> Status:
    return jobs.find(spec, Store()).status()


# --- what there is to choose


@pytest.mark.parametrize("family", FAMILIES)
def test_every_field_of_every_spec_has_a_meaning_and_a_rule(family: str) -> None:
    spec = default_spec(family, "digits", 2)
    assert [field.name for field in spec.fields()] == [field.name for field in fields(spec)]
    assert all(field.meaning and field.rule_for(spec) for field in spec.fields())


def test_a_rule_follows_the_spec_s_other_values() -> None:
    spec = default_spec("vae", "digits", 2)
    rules = {field.name: field.rule_for(spec) for field in spec.fields()}
    assert rules["latent_dim"] == "be between 1 and 64 for digits"
    assert rules["learning_rate"] == "be above 0 and at most 1"
    assert "bernoulli" in rules["scale"]
    gaussian = replace(spec, likelihood="gaussian")
    assert {field.name: field.rule_for(gaussian) for field in spec.fields()}["scale"] == "be a number above 0 or 'learned'"


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_written_in_a_field_is_read_back(family: str) -> None:
    spec = default_spec(family, "digits", 2)
    for field in spec.fields():
        value = getattr(spec, field.name)
        assert field.from_text(text_of(value), spec) == (None if value == () else value)


def test_the_page_starts_from_the_recipe_and_has_every_field(local: Store) -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae")
    assert_sound(app)
    shown = {box.key.removeprefix("train_"): box for box in (*app.main.text_input, *app.main.selectbox)}
    assert set(shown) == {field.name for field in fields(SPEC)} - {"dataset"}
    assert shown["hidden"].value == "128, 64"
    assert all(
        field.meaning[1:] in shown[field.name].help and field.rule_for(SPEC) in shown[field.name].help
        for field in SPEC.fields()
        if field.name not in ("dataset", "scale")
    )


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("latent_dim", "65", "latent_dim must be between 1 and 64 for digits, got 65."),
        ("n_epochs", "0", "n_epochs must be between 1 and 1,000,000, got 0."),
        ("n_epochs", "many", "n_epochs must be between 1 and 1,000,000, got 'many'."),
        ("learning_rate", "2", "learning_rate must be above 0 and at most 1, got 2.0."),
        ("hidden", "0, 3", "hidden must hold widths between 1 and 8192, got (0, 3)."),
        ("beta", "-1", "beta must be at least 0, got -1.0."),
        ("beta", "nan", "beta must be at least 0, got nan."),
    ],
)
def test_a_wrong_value_is_refused_in_the_spec_s_own_words(field: str, text: str, said: str) -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae")
    app.text_input(key=f"train_{field}").set_value(text).run()
    assert [exception.message for exception in app.exception] == []
    assert [error.value for error in app.error] == [said]
    assert "Start" not in labels(app)


def test_another_network_brings_its_own_recipe() -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae")
    app.selectbox(key="train_activation").set_value("tanh").run()
    assert_sound(app)
    app.selectbox(key="train_network").set_value("linear").run()
    assert_sound(app)
    assert app.text_input(key="train_hidden").value == ""
    assert app.selectbox(key="train_activation").disabled
    assert app.selectbox(key="train_activation").value == "relu"
    assert any("Not trained yet" in info.value for info in app.info)


def test_what_was_filled_in_is_there_again_after_another_page() -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae")
    app.text_input(key="train_beta").set_value("3").run()
    app.switch_page(links.page(LIBRARY)).run()
    app.switch_page(links.page(TRAIN)).run()
    assert app.text_input(key="train_beta").value == "3"


def test_before_a_training_the_time_is_estimated_from_a_fraction_of_an_epoch() -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", **SHORT)
    assert_sound(app)
    assert any(re.search(r"About \*\*.+\*\* here: a fraction of an epoch was timed, n = 512 images", c.value) for c in app.caption)


# --- start, follow, stop, resume, keep


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
    assert "Epoch 3" in words(app) and "never used to choose" in words(app)


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


def test_a_second_visitor_finds_the_run_and_joins_it(local: Store) -> None:
    spec = replace(SPEC, n_epochs=50_000, beta=2.0)
    job = jobs.start(spec, local)
    try:
        wait_for(lambda: job.status().event)
        app = opened(TRAIN, dataset="digits", latent_dim=10, family="pca")
        press(app, "Join: vae digits d=2")
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


# --- is z used?


def test_a_collapsed_training_is_said_to_be_nearly_unused_beside_the_theory(local: Store) -> None:
    spec = replace(default_spec("vae", "digits", 2), likelihood="gaussian", scale=1.0, n_epochs=20)
    local.train(spec, device=CPU)
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_likelihood="gaussian", train_scale="1", train_n_epochs=20)
    assert_sound(app)
    assert len(app.warning) == 1
    assert "z is nearly unused" in app.warning[0].value
    assert "τ = βσ² = 1" in app.warning[0].value and "every dimension collapses" in app.warning[0].value


# --- the film


@pytest.mark.parametrize("n_epochs", [1, 2, 7, 20, 200, 1000])
def test_about_twenty_epochs_are_kept_the_last_among_them(n_epochs: int) -> None:
    epochs = training_film.film_epochs(n_epochs)
    assert epochs[0] == 1 and epochs[-1] == n_epochs
    assert len(epochs) == len(set(epochs)) <= 21
    assert n_epochs < 200 or len(epochs) >= 18


@pytest.mark.parametrize("family", FAMILIES)
def test_a_snapshot_comes_back_from_its_file(family: str, tiny_store: Store, local: Store) -> None:
    for d in (2, 5):
        spec = tiny_spec(family, d)
        taken = training_film.snapshot(tiny_store.load(spec), datasets.load("digits"), 3)
        training_film.save(spec, local, taken)
        (back,) = training_film.load(spec, local)
        assert back.epoch == 3 and back.reconstructions.dtype == np.float16
        assert np.array_equal(back.reconstructions, taken.reconstructions)
        assert (back.manifold is None) == (d != 2)
        assert d != 2 or (np.array_equal(back.manifold, taken.manifold) and back.manifold.shape == (12, 12, 1, 8, 8))


@pytest.mark.parametrize("damaged", [lambda data: b"PK", lambda data: b"", lambda data: data[: len(data) // 2]])
def test_a_damaged_snapshot_is_left_out(damaged: Callable[[bytes], bytes], tiny_store: Store, local: Store) -> None:
    spec = tiny_spec("vae")
    taken = training_film.snapshot(tiny_store.load(spec), datasets.load("digits"), 3)
    training_film.save(spec, local, taken)
    folder = training_film.film_folder(spec, local)
    (folder / "epoch-000002.npz").write_bytes(damaged((folder / "epoch-000003.npz").read_bytes()))
    assert [shot.epoch for shot in training_film.load(spec, local)] == [3]


def test_a_snapshot_with_any_byte_changed_is_read_or_left_out(tiny_store: Store, local: Store) -> None:
    spec = tiny_spec("vae")
    training_film.save(spec, local, training_film.snapshot(tiny_store.load(spec), datasets.load("digits"), 3))
    (path,) = training_film.files(spec, local)
    whole = path.read_bytes()
    for k in range(300):
        changed = bytearray(whole)
        changed[k * len(whole) // 300] ^= 0x5A
        path.write_bytes(changed)
        assert len(training_film.load(spec, local)) <= 1


def test_every_film_that_came_with_the_program_is_of_a_shipped_model_and_ends_with_it() -> None:
    filmed = training_film.filmed(Store(local=Path("nowhere")))
    assert filmed
    for spec in filmed:
        film = training_film.load(spec, Store())
        assert spec in Store()
        assert tuple(shot.epoch for shot in film) == training_film.film_epochs(spec.n_epochs)
        assert np.abs(film[0].reconstructions - film[-1].reconstructions).max() > 0.01


def test_a_folder_that_cannot_be_written_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", **SHORT)
    (tmp_path / "no folder").write_text("a file")
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "no folder"))
    press(app, "Start")
    assert [exception.message for exception in app.exception] == []
    (said,) = [error.value for error in app.error]
    assert said.startswith(str(tmp_path / "no folder"))
    assert said.endswith(": choose another, or change its rights.")
    assert any("Not trained yet" in info.value for info in app.info)  # the rest of the page is there


def test_snapshots_never_go_over_those_that_came_with_the_program(tiny_store: Store, store: Store) -> None:
    spec = tiny_spec("vae")
    taken = training_film.snapshot(tiny_store.load(spec), datasets.load("digits"), 1)
    training_film.save(spec, store, taken)
    shipped = store.shipped / f"{spec.fingerprint}.film"
    shutil.move(store.local / shipped.name, shipped)
    before = {path.name: path.read_bytes() for path in shipped.iterdir()}
    training_film.save(spec, store, replace(taken, epoch=2))
    assert {path.name: path.read_bytes() for path in shipped.iterdir()} == before
    assert [path.name for path in (store.local / shipped.name).glob("*.npz")] == ["epoch-000002.npz"]
    assert [shot.epoch for shot in training_film.load(spec, store)] == [1]


def test_a_snapshot_names_its_images_and_one_that_does_not_is_left_out(tiny_store: Store, local: Store) -> None:
    spec, images = tiny_spec("vae"), datasets.load("digits")
    model = tiny_store.load(spec)
    training_film.save(spec, local, training_film.snapshot(model, images, 3))
    (shot,) = training_film.load(spec, local)
    x = images.test.x[list(shot.indices)]
    assert shot.reconstructions == pytest.approx(reconstructions(model, x), abs=1e-3)
    table = figures.snapshot_table(images.test.x, shot.indices, shot.reconstructions, shot.epoch)
    assert [head.line for head in table.heads] == [f"#{i}" for i in shot.indices]
    assert [float(tile.caption) for tile in table.rows[1]] == pytest.approx(
        [((x_i / 255 - r) ** 2).sum() for x_i, r in zip(x, shot.reconstructions.astype(float), strict=True)], abs=0.06
    )
    (path,) = training_film.files(spec, local)
    np.savez_compressed(path, reconstructions=shot.reconstructions)
    assert training_film.load(spec, local) == []
    assert training_film.latest(spec, local) is None


@pytest.mark.data
def test_the_last_picture_of_a_shipped_film_is_nearly_what_the_shipped_model_draws() -> None:
    """It is another run of the spec: where processors sum in another order, two runs end at slightly different weights."""
    for spec in training_film.filmed(Store(local=Path("nowhere"))):
        film = training_film.load(spec, Store())
        x = datasets.load(spec.dataset).test.x[list(film[-1].indices)]
        last, first = (np.abs(shot.reconstructions - reconstructions(Store().load(spec), x)).mean() for shot in (film[-1], film[0]))
        assert last < 0.02 < first


@pytest.mark.data
def test_the_curves_below_a_film_mark_the_epoch_that_is_shown() -> None:
    spec = next(spec for spec in training_film.filmed(Store()) if spec in Store())
    for epoch in ("3", "9", "3"):
        app = opened(FILM, dataset=spec.dataset, film_run=spec.fingerprint, film_epoch=epoch)
        assert_sound(app)
        (chart,) = charts(app)
        assert {shape["x0"] for shape in chart["layout"]["shapes"]} == {int(epoch)}


@pytest.mark.slow
def test_the_film_of_a_job_changes_from_frame_to_frame_and_ends_with_the_model(local: Store) -> None:
    job = jobs.start(SPEC, local)
    wait_for(lambda: not job.status().is_alive)
    film = training_film.load(SPEC, local)
    assert [shot.epoch for shot in film] == [1, 2, 3]
    assert np.abs(film[0].reconstructions - film[-1].reconstructions).max() > 0.01
    model, x = local.load(SPEC), datasets.load("digits").test.x[list(film[-1].indices)]
    with torch.no_grad():
        exact = model.reconstruct(torch.tensor(x / 255.0, dtype=torch.float32)).numpy()
    assert film[-1].reconstructions == pytest.approx(exact, abs=1e-3)
    app = opened(FILM, dataset="digits", latent_dim=2, family="vae")
    app.selectbox(key="film_run").set_value(SPEC.fingerprint).run()
    assert_sound(app)
    assert app.get("bidi_component")[0].proto.ByteSize() > 5000
    assert "Record it" not in labels(app)


@pytest.mark.slow
def test_a_model_without_a_film_is_trained_again_for_one_and_stays_as_it_was(local: Store) -> None:
    local.train(SPEC, device=CPU)
    before = local.find(SPEC)
    app = opened(FILM, dataset="digits", latent_dim=2, family="vae")
    assert "Record it" in labels(app)
    job = jobs.start(SPEC, local, again=True)
    wait_for(lambda: not job.status().is_alive)
    assert [shot.epoch for shot in training_film.load(SPEC, local)] == [1, 2, 3]
    assert local.find(SPEC) == before
    assert sorted(path.name for path in job.folder.iterdir()) == ["alive.lock", "events.jsonl", "output.txt", "spec.json"]


def test_the_film_is_small_and_its_gif_moves(tiny_store: Store) -> None:
    from io import BytesIO

    from PIL import Image

    images = datasets.load("digits")
    shots = [training_film.snapshot(tiny_store.load(tiny_spec(family)), images, k) for k, family in enumerate(("pca", "vae"), 1)]
    arguments = (images.test.x[list(shots[0].indices)], [1, 2], [s.reconstructions for s in shots], [s.manifold for s in shots])
    assert len(film_figures.film(*arguments, ["a", "b"], 2)) < 60_000
    gif = Image.open(BytesIO(film_figures.film_gif(*arguments)))
    assert gif.n_frames == 2


def test_the_curves_are_the_history(tiny_store: Store) -> None:
    history = tiny_store.find(tiny_spec("vae")).history
    figure = figures.learning_curves(history, family="vae", z_free=26.8, rate=1.0, at=2).figure()
    drawn = {(trace.name, trace.yaxis): list(trace.y) for trace in figure.data}
    assert drawn[("test images", "y")] == [epoch["test"]["distortion"] for epoch in history]
    assert drawn[("train images", "y2")] == [epoch["train"]["rate"] for epoch in history]
    assert drawn[("test images", "y3")] == pytest.approx([-e["test"]["distortion"] - e["test"]["rate"] for e in history])
    assert drawn[("best without z", "y3")] == [-26.8, -26.8]
    deterministic = figures.learning_curves(tiny_store.find(tiny_spec("autoencoder")).history, family="autoencoder")
    assert {trace["yaxis"] for trace in deterministic.data} == {"y"}


# --- the library


def test_the_library_lists_opens_and_hands_out_every_model(local: Store) -> None:
    local.train(SPEC, device=CPU)
    app = opened(LIBRARY, dataset="digits", latent_dim=2, family="vae")
    assert_sound(app)
    listed = list(app.dataframe[0].value["fingerprint"])
    assert SPEC.fingerprint in listed and len(listed) == len(set(listed))
    app.multiselect(key="library_models").set_value([SPEC.fingerprint]).run()
    assert any(button.proto.url for button in app.get("download_button") if button.proto.label == "File")
    press(app, "Open")
    assert_sound(app)
    assert app.title[0].value == "What does training do to a model?"  # it is not a recipe: the other pages do not show it
    assert (app.text_input(key="train_n_epochs").value, app.text_input(key="train_seed").value) == ("3", "7")


def test_a_recipe_opens_in_the_comparison(local: Store) -> None:
    spec = default_spec("pca", "digits", 3)
    local.train(spec, device=CPU)
    app = opened(LIBRARY, dataset="digits", latent_dim=2, family="vae")
    app.multiselect(key="library_models").set_value([spec.fingerprint]).run()
    press(app, "Open")
    assert_sound(app)
    assert "of an image" in app.title[0].value
    assert (app.sidebar.selectbox(key="family").value, app.session_state["latent_dim"]) == ("pca", 3)


def test_a_local_model_is_deleted_and_a_shipped_one_has_no_button(local: Store) -> None:
    local.train(SPEC, device=CPU)
    app = opened(LIBRARY, dataset="digits", latent_dim=2, family="vae", library_models=SPEC.fingerprint)
    app.multiselect(key="library_models").set_value([SPEC.fingerprint]).run()
    press(app, "Delete it")
    assert_sound(app)
    assert SPEC not in local
    shipped = next((c for c in Store().checkpoints() if c.is_shipped and c.spec.dataset == "digits"), None)
    if shipped is None:
        pytest.skip("needs a shipped model of digits")
    app.multiselect(key="library_models").set_value([shipped.spec.fingerprint]).run()
    assert "Delete it" not in labels(app)


def test_a_file_is_imported_and_a_wrong_one_is_refused_in_a_sentence(tiny_store: Store, local: Store) -> None:
    spec = tiny_spec("vae")
    data = archive.exported(tiny_store.find(spec))
    app = opened(LIBRARY, dataset="digits", latent_dim=2, family="vae")
    app.file_uploader(key="library_file").upload("model.zip", data[:-40], "application/zip").run()
    press(app, "Import it")
    assert [exception.message for exception in app.exception] == []
    assert "model file must be an intact ZIP file" in app.error[0].value
    app.file_uploader(key="library_file").upload("model.zip", data, "application/zip").run()
    press(app, "Import it")
    assert_sound(app)
    assert spec in local
    assert "Kept: vae digits d=2" in app.success[0].value


@pytest.mark.slow
def test_the_queue_is_shown_and_stopped_trainings_are_listed(local: Store) -> None:
    first, second = replace(SPEC, n_epochs=50_000), replace(SPEC, n_epochs=50_000, seed=8)
    one = jobs.start(first, local)
    wait_for(lambda: one.status().event)
    two = jobs.start(second, local)
    try:
        wait_for(lambda: two.status().state == "queued" and (two.folder / "events.jsonl").exists())
        assert [job.spec for job in jobs.alive(local)] == [first, second]
        app = opened(TRAIN, dataset="digits", latent_dim=2, family="pca")
        assert len([label for label in labels(app) if label.startswith("Join:")]) == 2
    finally:
        two.cancel()
        one.cancel()
        wait_for(lambda: not one.status().is_alive and not two.status().is_alive)
    assert jobs.stopped(local) == [first]
    app = opened(LIBRARY, dataset="digits", latent_dim=2, family="pca")
    assert [label for label in labels(app) if label.startswith("Stopped:")]
    jobs.discard(first, local)
    assert jobs.stopped(local) == []


def test_the_pages_do_not_leave_a_process_behind(local: Store) -> None:
    assert jobs.alive(local) == []
    assert os.environ["VAE_EXPLORER_CHECKPOINTS"] == str(local.local)
    shutil.rmtree(local.local)
