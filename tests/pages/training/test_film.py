"""*Training film*: its curves, its frames, and how a model without one gets it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.harness import CPU, assert_sound, charts, labels, opened, wait_for
from vae_core import data as datasets
from vae_core.explore.training import training_film
from vae_core.jobs import jobs
from vae_core.models import default_spec
from vae_core.store import Store

FILM = "training/film"
SPEC = replace(default_spec("vae", "digits", 2), n_epochs=3, seed=7)


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
