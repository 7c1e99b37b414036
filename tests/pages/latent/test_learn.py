"""Learning the ring: training from the page, the film that came with the program."""

from __future__ import annotations

import pytest

from pages.latent.learn.cached import ring_film, ring_runs
from tests.harness import assert_sound, conclusion_of, link_of, opened, press, wait_for, words

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


def test_a_number_without_a_standard_error_of_its_own_has_no_interval() -> None:
    """The film that ships was made before that of the ELBO was kept, which has another one than log p."""
    last = ring_film()[-1]
    assert last.mean("log_px").half_width is not None
    assert last.mean("elbo").half_width is None
    assert "−1.45 " in f"{words(opened(LEARN))} "


def test_a_visitor_sees_a_training_but_starts_none(at: type) -> None:
    at.address = "192.168.1.7"
    app = opened(LEARN)
    assert_sound(app)
    assert not any(button.label == "Train both now" for button in app.main.button)
    assert any("Only someone with this server's PIN" in caption.value for caption in app.main.caption)
    assert app.get("bidi_component")


def test_a_training_can_be_kept_as_a_film() -> None:
    assert "Film (GIF)" in [button.proto.label for button in opened(LEARN).get("download_button")]
