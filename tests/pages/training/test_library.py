"""*Model library*: listed, opened, handed out, deleted, imported; and what has stopped."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import sem

from pages.shared import cached, words
from pages.shared.controls import Choice
from pages.shared.labels import label
from pages.training.library import findings
from tests.harness import CPU, assert_sound, conclusion_of, labels, opened, press, tiny_spec, wait_for
from vae_core import data
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.jobs import jobs
from vae_core.models import default_spec
from vae_core.passes import per_image
from vae_core.specs import ModelSpec
from vae_core.store import Store, archive
from vae_core.terms import squared_error

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


SETS = {
    "told by the same images alone": ("faces_25", "elbo", ["39e60007975067a0", "ace87b8c3340a104"]),
    "one tie of two": ("faces_25", "sse", ["82346ed0244b32d2", "9a0a9b5f0ee70f22", "928b72d99df5682b"]),
    "a code of many nats": ("faces_25", "rate", ["39e60007975067a0", "ace87b8c3340a104", "3069456c725d61dd"]),
}
"""Data set, curve and fingerprints of shipped models."""


@pytest.mark.parametrize("name", SETS)
def test_a_best_end_is_told_from_the_others_by_the_same_images_or_not_called_so(name: str) -> None:
    """The second way: each model's figure of every test image, by scipy."""
    dataset, term, fingerprints = SETS[name]
    models = {c.spec.fingerprint: c.spec for c in Store().checkpoints() if c.spec.fingerprint in fingerprints}
    columns = {key: column_of(spec, term) for key, spec in models.items()}
    best = max(columns, key=lambda key: columns[key].mean() * (1 if term == "elbo" else -1))
    tied = {
        key for key in columns if key != best and abs((columns[key] - columns[best]).mean()) <= 1.96 * sem(columns[key] - columns[best])
    }
    said = conclusion_with(fingerprints, dataset=dataset, library_term=term)
    assert f"*{label(models[best])}* ends with" in said
    assert {key for key in models if key != best and f"*{label(models[key])}*" in said} == tied
    assert ("do not tell" in said) == bool(tied)
    assert bool(tied) == (name == "one tie of two")


def conclusion_with(fingerprints: list[str], **query: str) -> str:
    app = opened(LIBRARY, family="vae", **query)
    return conclusion_of(app.multiselect(key="library_models").set_value(fingerprints).run())


def column_of(spec: ModelSpec, term: str) -> np.ndarray:
    model, x = Store().load(spec), data.load(spec.dataset).test.x
    if term == "sse":
        return per_image(model, x, lambda model, part, _: squared_error(part, model.reconstruct(part)))
    return getattr(elbo_per_image(model, as_observed(model, x)), term).numpy()


def test_scores_of_different_scales_have_no_best_end() -> None:
    """Nats of grey images under a density, and of binarised ones under probabilities."""
    of = ["608860b9154d7e04", "d9f7980a1fb92717"]
    for term, said in {"elbo": "are of different likelihoods. Their ELBOs have", "rate": "ends with the smallest rate"}.items():
        assert said in conclusion_with(of, dataset="digits", library_term=term)
    of = ["82346ed0244b32d2", "ee01ddb160bbca60"]
    said = conclusion_with(of, dataset="digits", library_of="all")
    assert "are of different data sets. Their SSEs have scales of their own, so none is called the smallest" in said


def test_of_one_model_no_largest_is_named() -> None:
    fingerprint = default_spec("vae", "digits", 2).fingerprint
    said = conclusion_with([fingerprint], dataset="digits", latent_dim=2)
    assert "ends with this ELBO on the test images" in said
    assert "Of the 1" not in said


def test_a_small_rate_is_not_called_the_best_end() -> None:
    of = {
        term: conclusion_of(opened(LIBRARY, dataset="digits", latent_dim=2, family="vae", library_term=term)) for term in ("elbo", "rate")
    }
    for term, end in (("elbo", "largest ELBO"), ("rate", "smallest rate")):
        assert re.search(rf"ends with the {end} on the test images, [−\d.± ]+ nats\.", of[term]), of[term]


@pytest.mark.parametrize(("times", "said"), [(0.5, "fewer were bought"), (1.0, "do not tell the two"), (2.0, "more were bought")])
def test_what_a_larger_beta_bought_is_said_by_the_two_rates(times: float, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Store().find(default_spec("vae", "digits", 2))
    rate = {"rate": times * usual.metrics["rate"], "rate_standard_error": 0.01}
    twin = replace(usual, spec=replace(usual.spec, beta=4.0), metrics=usual.metrics | rate)
    monkeypatch.setattr(cached, "by_fingerprint", lambda: {c.spec.fingerprint: c for c in (usual, twin)})
    assert said in findings.answer.__wrapped__(Choice("digits", 2, "vae", False), words.beside(findings.__file__))
