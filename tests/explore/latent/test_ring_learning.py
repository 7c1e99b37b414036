"""Networks that learn the ring, beside its entropy; the frames of a training, and their film."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from vae_core import data as datasets
from vae_core.bounds import Box, log_px_by_quadrature
from vae_core.explore.latent import films
from vae_core.explore.latent.ring import Ring, prior_samples
from vae_core.explore.latent.ring_learning import EVERY_EPOCH, SHIPPED, RingLearningSpec, frames, likelihood_figures, pairs
from vae_core.explore.latent.ring_learning_figure import Panel, learning_gif
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.training.fit import fit

TINY = RingLearningSpec(hidden=32, n_epochs=4)


@pytest.fixture(scope="module", params=[0.1, "learned"])
def trained_frames(request: pytest.FixtureRequest) -> list[films.Frame]:
    return list(frames(RingLearningSpec(hidden=32, n_epochs=4, scale=request.param)))


def test_no_trained_model_beats_the_entropy(trained_frames: list[films.Frame]) -> None:
    every = [*trained_frames, *(films.load(SHIPPED) if SHIPPED.is_file() else [])]
    vae = [frame.metrics for frame in every if frame.kind == "vae"]
    assert len(vae) >= 5
    for metrics in vae:
        assert metrics["kl"] > -4 * metrics["kl_se"], metrics
        assert metrics["log_px"] < -Ring().entropy()[0] + 4 * metrics["log_px_se"], metrics
        assert metrics["elbo"] <= metrics["log_px"] + 4 * metrics["log_px_se"]


def test_both_networks_get_closer_to_the_ring(trained_frames: list[films.Frame]) -> None:
    regression = [frame.metrics for frame in trained_frames if frame.kind == "regression"]
    vae = [frame.metrics for frame in trained_frames if frame.kind == "vae"]
    assert regression[-1]["rmse"] < 0.3 * regression[0]["rmse"]
    assert vae[-1]["kl"] < vae[0]["kl"]
    assert [frame.epoch for frame in trained_frames if frame.kind == "vae"] == [0, 1, 2, 3, 4]


def test_a_continuous_map_that_goes_round_the_hole_has_points_in_it(trained_frames: list[films.Frame]) -> None:
    last = [frame for frame in trained_frames if frame.kind == "regression"][-1]
    assert last.metrics["winding"] == 1
    assert last.metrics["hole"] > 0


def test_the_quadrature_is_fine_enough() -> None:
    model = build(TINY.vae())
    for _ in fit(model, datasets.load("ring"), device=torch.device("cpu")):
        pass
    x = prior_samples(300, 2).astype(np.float64)
    y = Ring().forward(x).astype(np.float32)
    coarse = likelihood_figures(model, y, EVERY_EPOCH)["log_px"]
    fine = likelihood_figures(model, y, Box(half_width=7, points_per_unit=25))["log_px"]
    assert coarse == pytest.approx(fine, abs=5e-3)


def test_the_quadrature_of_a_decoder_that_ignores_z_is_its_gaussian() -> None:
    spec = VAESpec(dataset="ring", latent_dim=2, network="linear", likelihood="gaussian", scale=0.5)
    model = build(spec).requires_grad_(False)
    for parameter in model.decoder.parameters():
        parameter.zero_()
    y = 0.5 * prior_samples(500, 2)
    exact = -0.5 * (y.astype(np.float64) ** 2).sum(1) / 0.25 - math.log(2 * math.pi * 0.25)
    found = log_px_by_quadrature(model, torch.tensor(y), EVERY_EPOCH).double().mean()
    assert float(found) == pytest.approx(exact.mean(), abs=1e-4)


def test_pairs_are_those_that_the_data_set_was_made_from() -> None:
    np.testing.assert_allclose(pairs(0)[1].numpy(), datasets.load("ring").train.x, atol=1e-6)
    np.testing.assert_allclose(pairs(1)[1].numpy(), datasets.load("ring").test.x, atol=1e-6)


def test_frames_survive_their_way_into_a_file(trained_frames: list[films.Frame], tmp_path: Path) -> None:
    path = tmp_path / "new" / "ring.film"
    films.save(path, trained_frames)
    for frame, again in zip(trained_frames, films.load(path), strict=True):
        assert (again.kind, again.epoch, again.n_epochs, again.metrics) == (frame.kind, frame.epoch, frame.n_epochs, frame.metrics)
        for name in films.ARRAYS:
            np.testing.assert_allclose(getattr(again, name), getattr(frame, name), rtol=1e-3, atol=1e-4)  # float16
    path.write_bytes(path.read_bytes()[:-1])
    assert len(films.load(path)) == len(trained_frames) - 1  # it breaks off within the last


def test_the_film_of_a_training_has_a_picture_an_epoch(trained_frames: list[films.Frame]) -> None:
    kinds = ("regression", "vae")
    panels = [Panel(kind, kind, "#0072b2", [f"{f.epoch} of σ" for f in trained_frames if f.kind == kind]) for kind in kinds]
    film = Image.open(io.BytesIO(learning_gif([0, 1, 2, 3, 4], panels, films.stacked(trained_frames), size=200)))
    assert film.n_frames == 5
    first = np.asarray(film.convert("RGB"), int)
    film.seek(4)
    last = np.asarray(film.convert("RGB"), int)
    for half in (np.s_[30:230, :208], np.s_[30:230, 208:]):
        assert (np.abs(first[half] - last[half]).sum(-1) > 30).mean() > 0.02
    with pytest.raises(ValueError, match="epochs must be at least 2 for a film, got 1"):
        learning_gif([0], panels, films.stacked(trained_frames))
