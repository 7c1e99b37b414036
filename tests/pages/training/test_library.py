"""*Model library*: listed, opened, handed out, deleted, imported; and what has stopped."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from pages.shared.labels import label
from tests.harness import CPU, assert_sound, conclusion_of, labels, opened, press, tiny_spec, wait_for
from vae_core.jobs import jobs
from vae_core.models import default_spec
from vae_core.store import Store, archive

LIBRARY, TRAIN = "training/library", "training/train"
SPEC = replace(default_spec("vae", "digits", 2), n_epochs=3, seed=7)


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
    assert "Kept: VAE of Digits 8 × 8, d = 2" in app.success[0].value


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


def test_no_two_models_of_a_data_set_have_one_name() -> None:
    names = [label(checkpoint.spec) for checkpoint in Store().checkpoints()]
    assert {name: n for name, n in Counter(names).items() if n > 1} == {}


def test_a_small_rate_is_not_called_the_best_end() -> None:
    of = {
        term: conclusion_of(opened(LIBRARY, dataset="digits", latent_dim=2, family="vae", library_term=term)) for term in ("elbo", "rate")
    }
    for term, end in (("elbo", "largest ELBO"), ("rate", "smallest rate")):
        assert re.search(rf"ends with the {end} on the test images, [−\d.± ]+ nats\.", of[term]), of[term]
