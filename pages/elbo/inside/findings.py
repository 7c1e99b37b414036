"""What the inside of a VAE answers in a lecture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.elbo.inside import cached as inside_cached
from pages.shared import cached
from vae_core.explore.elbo import estimators, inside, movable
from vae_core.explore.means import Mean
from vae_core.specs import ModelSpec


def changed_by_a_draw(state: Mapping[str, Any]) -> dict[str, float]:
    """How many of the parts before z change when ε is drawn again, and how many parts change at all."""
    spec, index = _seen(state)
    one, other = (inside_cached.pieces(spec, index, seed) for seed in (0, 1))
    changed = inside.redrawn(one, other)
    encoder = [piece.name for piece in one if not piece.follows_noise]
    parameters = sum(piece.n_parameters for piece in one)
    return {"value": len(set(changed) & set(encoder)), "changed": len(changed), "all": len(one), "parameters": parameters}


def stopped_by_the_node(state: Mapping[str, Any]) -> dict[str, float]:
    """Length of the distortion's gradient of the encoder with the random node inside, as a share of that at the input."""
    spec, index = _seen(state)
    stopped, moved = (inside_cached.backward(spec, index, int(state["inside_draw"]), place) for place in (False, True))
    values = {"moved": moved.encoder_norm, "kl": moved.kl_norm, "decoder": stopped.decoder_norm}
    return {"value": stopped.encoder_norm / moved.encoder_norm, **values}


def ratio_of_variances(state: Mapping[str, Any]) -> dict[str, float]:
    """How many draws of the score function are worth one along the path, for f(z) = z²."""
    pathwise, score = estimators.exact_variances(float(state["race_mu"]), float(state["race_sigma"]), baseline=False)
    return {"value": score / pathwise, "pathwise": pathwise, "score": score}


def fall_of_the_error(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """By which factor 100 draws divide the error of one, as measured."""
    race = inside_cached.race_of_square(float(state["race_mu"]), float(state["race_sigma"]), int(state["race_draw"]), False)
    spreads = zip(*estimators.spread_of_means(race.pathwise, (1, 100)), strict=True)
    one, many = (Mean(float(spread), float(half_width), len(race.pathwise)) for spread, half_width in spreads)
    times = one.over(many, None)
    return {"value": times.value, "times": times, "one": one, "many": many}


def bias_of_the_relaxed(state: Mapping[str, Any]) -> dict[str, float]:
    """Bias of the relaxed Bernoulli's gradient, in per cent of the exact one."""
    odds, temperature = float(state["noise_odds"]), float(state["noise_temperature"])
    exact, mean = movable.exact_gradient(movable.BERNOULLI, odds), movable.relaxed_moments(odds, temperature)[0]
    return {"value": 100 * abs(mean / exact - 1), "exact": exact, "mean": mean, "temperature": temperature}


def growth_of_the_plate(state: Mapping[str, Any]) -> dict[str, float]:
    """How many parameters a thousand further images add to a VAE, and how many hidden numbers."""
    plate = inside_cached.plate(_seen(state)[0])
    added = plate.of_q(2_000, amortised=True) - plate.of_q(1_000, amortised=True)
    return {"value": added, "local": plate.local(1_000), "theta": plate.theta, "phi": plate.phi, "own": plate.of_q(1_000, amortised=False)}


def _seen(state: Mapping[str, Any]) -> tuple[ModelSpec, int]:
    """The VAE of a link, and the test image."""
    return cached.specs(str(state["dataset"]), int(state["latent_dim"]))["vae"], int(state.get("inside_image", 0))
