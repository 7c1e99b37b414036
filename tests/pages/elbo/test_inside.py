"""*Inside a VAE*: what each part says is what the numbers are, and a link restores it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.harness import answer_of, assert_answers, assert_sound, charts, conclusion_of, link_of, opened, press, value_of, values
from vae_core import data
from vae_core.explore.elbo import estimators, inside, movable
from vae_core.models import default_spec
from vae_core.store import Store

INSIDE = "elbo/inside"
DIGITS = {"dataset": "digits", "latent_dim": 2, "family": "vae"}
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_a_part_of_the_network_shows_its_activations_and_a_new_draw_changes_what_follows_the_noise(checkpoints: Store) -> None:
    model, image = checkpoints.load(default_spec("vae", "digits", 2)), data.load("digits").test.x[3]
    app = opened(INSIDE, **DIGITS, inside_image=3, inside_at="σ")
    assert_answers(app)
    drawn = {piece.name: piece for piece in inside.pieces(model, image, inside.eps_of(0, 2))}
    np.testing.assert_allclose(values(charts(app)[0]["data"][0]["y"]), drawn["σ"].activation, rtol=1e-6)
    assert value_of(app, "Shape of σ") == "2"
    press(app, "Redraw ε")
    np.testing.assert_allclose(values(charts(app)[0]["data"][0]["y"]), drawn["σ"].activation, rtol=1e-6)
    assert "**5 of 10** parts: ε, z, decoder 1, decoder 2 and x̂" in conclusion_of(app)
    assert link_of(app)["inside_at"] == "σ"
    assert link_of(app)["inside_draw"] == "1"


def test_the_gradient_stops_inside_and_flows_from_the_input(checkpoints: Store) -> None:
    model, image = checkpoints.load(default_spec("vae", "digits", 2)), data.load("digits").test.x[0]
    moved = inside.backward(model, image, inside.eps_of(5, 2), moved=True)
    app = opened(INSIDE, **DIGITS, inside_part="Trick", inside_draw=5)
    assert_answers(app)
    assert "get **nothing** from the distortion" in conclusion_of(app)
    assert f"with length {moved.kl_norm:.3g}" in conclusion_of(app)
    assert f"At the input, the distortion's gradient of the encoder has length {moved.encoder_norm:.3g}" in answer_of(app)
    app = opened(INSIDE, **DIGITS, inside_part="Trick", inside_draw=5, inside_node="at the input")
    assert f"length **{moved.encoder_norm:.3g}**" in conclusion_of(app)
    np.testing.assert_allclose(values(charts(app)[0]["data"][0]["y"]), moved.mu_bar, rtol=1e-6)


def test_the_race_tells_the_exact_variances_and_those_of_the_vae(checkpoints: Store) -> None:
    app = opened(INSIDE, **DIGITS, inside_part="Race", race_mu=2, race_sigma=0.5)
    assert_answers(app)
    assert value_of(app, "Ratio of variances") == f"{float(f'{2**4 / 0.5**2 + 14 * 4 + 15 * 0.25:.3g}'):,.0f}"
    model = checkpoints.load(default_spec("vae", "digits", 2))
    race = estimators.of_model(model, data.load("digits").test.x[0], 1, 0, baseline=True)
    app = opened(INSIDE, **DIGITS, inside_part="Race", race_of="this VAE", inside_dim=2, race_baseline="true")
    assert_answers(app)
    assert f"{race.times} times" in conclusion_of(app) and "±" in value_of(app, "Ratio of variances")


def test_the_noise_is_moved_or_biased() -> None:
    app = opened(INSIDE, **DIGITS, inside_part="Noise", noise_of="Laplace", noise_location=2)
    assert_answers(app)
    assert value_of(app, "Gradient by m") == f"{2 * (2 - movable.TARGET):.5f}"
    app = opened(INSIDE, **DIGITS, inside_part="Noise", noise_of="Bernoulli", noise_odds=1, noise_temperature=0.5)
    assert_answers(app)
    assert f"**bias of {movable.bias(1.0, 0.5):.4f}**" in conclusion_of(app)


def test_the_plate_counts_what_each_image_adds(checkpoints: Store) -> None:
    plate = inside.plate(checkpoints.load(default_spec("vae", "digits", 2)))
    app = opened(INSIDE, **DIGITS, inside_part="Plate", plate_n="300", plate_q="each its own")
    assert_answers(app)
    assert value_of(app, "Numbers that describe q") == f"{2 * 300 * 2:,}"
    assert f"From N = {plate.break_even:,.0f} on" in answer_of(app)
    assert "Another image adds nothing" in conclusion_of(opened(INSIDE, **DIGITS, inside_part="Plate"))


def test_a_vae_that_is_not_trained_is_told() -> None:
    app = opened(INSIDE, dataset="digits", latent_dim=5, family="vae")
    assert_sound(app)
    assert any("is not trained" in element.value for element in app.info) or link_of(app)["latent_dim"] != "5"


@pytest.mark.parametrize("part", ["Trick", "Race"])
def test_the_dimension_that_is_looked_at_first_is_one_that_is_used(part: str, checkpoints: Store) -> None:
    kl = checkpoints.find(default_spec("vae", "digits", 10)).metrics["kl_per_dim"]
    app = opened(INSIDE, dataset="digits", latent_dim=10, family="vae", inside_part=part, race_of="this VAE")
    assert app.main.number_input(key="inside_dim").value == 1 + int(np.argmax(kl))
