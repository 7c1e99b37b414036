"""Learning the ring: training from the page, the film that came with the program."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import binomtest
from torch import nn

from pages.latent.learn import view
from pages.latent.learn.cached import ring_film, ring_runs
from tests.harness import answer_of, assert_sound, conclusion_of, link_of, opened, press, wait_for, words
from vae_core.explore.latent.ring_learning import RingLearningSpec, pairs, regression_frame
from vae_core.networks import Mlp, initialise
from vae_core.units import with_interval

LEARN = "latent/learn"


@pytest.mark.slow
def test_both_networks_are_trained_from_the_page() -> None:
    app = opened(LEARN, ring_epochs=10, ring_hidden=16)
    assert_sound(app)
    press(app, "Train both now")
    (run,) = (run for run in ring_runs()._runs.values() if run.is_alive)
    for holds in (lambda: run.frames, lambda: not run.is_alive):  # nobody looks in between, which would cost more than the training
        wait_for(holds)
        assert_sound(app.run())
    assert any("Trained on this computer" in caption.value for caption in app.main.caption)
    assert app.get("bidi_component")
    assert "−0.593742" in words(app)
    assert link_of(app)["ring_epochs"] == "10"


def test_a_training_can_be_stopped_from_the_page() -> None:
    app = opened(LEARN, ring_epochs=80, ring_hidden=128, ring_scale=0.2)
    next(button for button in app.main.button if button.label == "Train both now").click().run()
    next(button for button in app.main.button if button.label == "Stop").click().run()
    wait_for(lambda: any("Stopped." in caption.value for caption in app.run().main.caption))
    assert_sound(app)


def test_the_first_picture_of_the_training_is_there_without_training() -> None:
    app = opened(LEARN)
    assert_sound(app)
    assert app.get("bidi_component")
    assert "Why points fall in the hole" in words(app)
    assert "The VAE's noise alone (σ = 0.10) would bring 13.7 % of the exact ring there" in conclusion_of(app)  # Rice distribution, over ρ


def test_every_number_of_the_film_that_ships_has_its_interval() -> None:
    regression, vae = ring_film()[-2:]
    of_vae = [with_interval(vae.metrics[name], 1.959964 * vae.metrics[f"{name}_se"]) for name in ("log_px", "kl", "elbo")]
    app = opened(LEARN)
    assert all(number in words(app) for number in of_vae)
    for frame in (regression, vae):
        count, n = round(frame.metrics["hole"] * frame.metrics["n_samples"]), frame.metrics["n_samples"]
        low, high = (100 * end for end in binomtest(count, n).proportion_ci(method="wilson"))
        assert n == 10_000
        assert f"{with_interval(100 * count / n, (high - low) / 2)} %" in words(app)
        assert f"{100 * count / n:.1f} % ({low:.1f} to {high:.1f}) of the" in answer_of(app) or frame is regression
        assert f"{frame.hole.in_brief} % in the hole" in view.line(frame)
    assert view.line(regression).startswith(f"RMSE {with_interval(regression.metrics['rmse'], 1.959964 * regression.metrics['rmse_se'])} ·")


def test_the_error_of_the_regression_has_the_interval_that_resampling_its_points_shows() -> None:
    network, rng = Mlp((2, 16, 2), nn.ReLU), np.random.default_rng(0)
    initialise(network, torch.zeros(2), torch.Generator().manual_seed(0))
    z, y = pairs(1)
    squared = ((network(z) - y) ** 2).sum(-1).detach().numpy()
    roots = [np.sqrt(rng.choice(squared, len(squared)).mean()) for _ in range(400)]
    frame = regression_frame(network, 0, RingLearningSpec())
    assert frame.metrics["rmse"] == pytest.approx(np.sqrt(squared.mean()), rel=1e-6)
    assert frame.metrics["rmse_se"] == pytest.approx(np.std(roots), rel=0.15)  # of 400 the standard deviation is known to 4 %


def test_a_visitor_sees_a_training_but_starts_none(at: type) -> None:
    at.address = "192.168.1.7"
    app = opened(LEARN)
    assert_sound(app)
    assert not any(button.label == "Train both now" for button in app.main.button)
    assert any("Only someone with this server's PIN" in caption.value for caption in app.main.caption)
    assert app.get("bidi_component")


def test_a_training_can_be_kept_as_a_film() -> None:
    assert "Film (GIF)" in [button.proto.label for button in opened(LEARN).get("download_button")]
