"""*Training film*: its curves, its frames, and how a model without one gets it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import torch

from pages.shared.words import beside
from pages.training.film import findings
from tests.harness import CPU, assert_answers, assert_sound, charts, labels, opened, value_of, wait_for, words
from vae_core import data as datasets
from vae_core.explore.training import training_film
from vae_core.jobs import jobs
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.units import with_interval

FILM = "training/film"
SPEC = replace(default_spec("vae", "digits", 2), n_epochs=3, seed=7)


def test_the_curves_below_a_film_mark_the_epoch_that_is_shown() -> None:
    spec = default_spec("vae", "digits", 2)
    assert "At epoch 1 of" in words(opened(FILM, dataset=spec.dataset, film_run=spec.fingerprint, film_epoch=0))  # the frame that is shown
    for epoch in ("2", "8", "2"):
        app = opened(FILM, dataset=spec.dataset, film_run=spec.fingerprint, film_epoch=epoch)
        assert_sound(app)
        (chart,) = charts(app)
        assert {shape["x0"] for shape in chart["layout"]["shapes"]} == {int(epoch)}
    assert re.fullmatch(r"−\d+\.\d ± 0\.\d nats", value_of(app, "Test ELBO"))  # only digits that its interval earns
    end = value_of(app, "Test ELBO").removesuffix(" nats")
    assert re.search(
        rf"At epoch 2 of \d+ the ELBO on the test images is −\d+\.\d nats\. .* to the last, {re.escape(end)} nats\.", words(app)
    )


@pytest.mark.parametrize(("dataset", "latent_dim"), [("digits", 10), ("faces_25", 2), ("patches_8", 12), ("patches_16", 12)])
def test_the_film_that_came_of_a_data_set_plays_whatever_model_is_in_focus(dataset: str, latent_dim: int) -> None:
    app = opened(FILM, dataset=dataset, latent_dim=latent_dim, family="pca")
    assert_sound(app)
    assert app.selectbox(key="film_run").value == default_spec("vae", dataset, 2).fingerprint
    assert app.get("bidi_component")[0].proto.ByteSize() > 20_000
    assert "the ELBO" in words(app)


@pytest.mark.parametrize("dataset", ["moons", "swiss_roll"])
def test_the_film_of_a_toy_is_one_of_points_and_its_numbers_are_those_of_its_file(dataset: str) -> None:
    spec = next(spec for spec in training_film.filmed(Store()) if spec.dataset == dataset and spec.latent_dim == 2)
    app = opened(FILM, dataset="digits", latent_dim=2, family="vae")
    assert_answers(app.selectbox(key="film_run").set_value(spec.fingerprint).run())
    film = training_film.load(spec, Store())
    less = 100 * (1 - film[-1].sse.mean() / film[0].sse.mean())
    before, after = (with_interval(shot.sse.mean(), 1.968 * shot.sse.std(ddof=1) / 300**0.5) for shot in (film[0], film[-1]))  # t of 299
    times = film[-1].sse.mean() / film[0].sse.mean()
    error = 196 * (film[-1].sse - times * film[0].sse).std(ddof=1) / 300**0.5 / film[0].sse.mean()  # Cochran 1977, Eq. (2.46)
    assert f"of the 300 test points above goes from {before} to {after}: {with_interval(less, error)} % less" in words(app)
    assert film[-1].reconstructions.shape == (300, spec.identity.n_features)


def test_a_film_without_a_model_says_where_the_error_falls_by_little() -> None:
    text = beside(findings.__file__)
    for dataset, is_little in (("patches_16", True), ("digits", False)):
        spec = default_spec("vae", dataset, 2)
        said = findings.conclusion(spec, (), None, text, training_film.load(spec, Store()))
        assert said.startswith("From epoch 1 to epoch ")
        assert bool(re.search(r"That is only 6 ± \d+ % less|That is only 6\.\d ± [\d.]+ % less", said)) == is_little


@pytest.mark.slow
def test_the_film_of_a_job_changes_from_frame_to_frame_and_ends_with_the_model(local: Store) -> None:
    job = jobs.start(SPEC, local)
    wait_for(lambda: not job.status().is_alive)
    film = training_film.load(SPEC, local)
    assert [shot.epoch for shot in film] == [1, 2, 3]
    assert film[0].sse.mean() > 1.1 * film[-1].sse.mean()
    model, x = local.load(SPEC), datasets.load("digits").test.x[list(film[-1].indices)]
    with torch.no_grad():
        exact = model.reconstruct(torch.tensor(x / 255.0, dtype=torch.float32)).numpy()
    assert film[-1].reconstructions / 255 == pytest.approx(exact, abs=0.5 / 63 + 0.5 / 255)
    app = opened(FILM, dataset="digits", latent_dim=2, family="vae")
    app.selectbox(key="film_run").set_value(SPEC.fingerprint).run()
    assert_sound(app)
    assert app.get("bidi_component")[0].proto.ByteSize() > 5000
    assert "Record it" not in labels(app)


@pytest.mark.slow
def test_a_model_without_a_film_is_trained_again_for_one_and_stays_as_it_was(local: Store) -> None:
    local.train(SPEC, device=CPU)
    before = local.find(SPEC)
    unrecorded = default_spec("autoencoder", "digits", 2)
    app = opened(FILM, dataset="digits", latent_dim=2, family="autoencoder")
    app.selectbox(key="film_run").set_value(unrecorded.fingerprint).run()
    assert "Record it" in labels(app)
    job = jobs.start(SPEC, local, again=True)
    wait_for(lambda: not job.status().is_alive)
    assert [shot.epoch for shot in training_film.load(SPEC, local)] == [1, 2, 3]
    assert local.find(SPEC) == before
    assert sorted(path.name for path in job.folder.iterdir()) == ["alive.lock", "events.jsonl", "output.txt", "spec.json"]
