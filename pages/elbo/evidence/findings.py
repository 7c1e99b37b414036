"""What the parts of the page find, and what it answers to steps of lectures, one for each part."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.elbo.evidence import cached as evidence
from pages.elbo.evidence.guess.controls import NUMBERS
from vae_core.explore.elbo import ising, noisy_curve
from vae_core.explore.elbo.noisy_curve import Curve, Noise
from vae_core.explore.elbo.surprise import Surprise, surprise

OUTCOMES = "abcd"
WIDE = 0.1
"""Noise η from which it shrinks to that of the link."""


def codes_that_count(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how many of the codes drawn from the prior count, by their effective sample size (Kong 1992)."""
    n = NUMBERS[state["guess_n"]]
    made = evidence.draws(state["dataset"], int(state["guess_d"]), int(state["guess_image"]), n, 0, False)
    return {"value": made.effective_size, "n": n}


def two_points(curve: Curve) -> np.ndarray:
    """A point on the curve, and one half-way from there to the origin, (2, 2)."""
    on = curve.points(np.zeros(1))
    return np.concatenate([on, 0.5 * on])


def on_and_off(curve: Curve, noise: Noise, scale: float) -> np.ndarray:
    """Log p(x) of both points, (2,)."""
    return noisy_curve.log_density(curve, noise, scale, two_points(curve))


def off_the_curve(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: by how much log p(x) changes half-way off the curve, and on it, when the noise shrinks to that of the link."""
    curve, narrow = noisy_curve.CURVES[state["curve_shape"]], 10 ** float(state["curve_log_eta"])
    on, off = on_and_off(curve, "Gaussian", math.sqrt(narrow)) - on_and_off(curve, "Gaussian", math.sqrt(WIDE))
    return {"value": float(off), "on": float(on), "wide": WIDE, "narrow": narrow}


def uniform(coupling: float) -> float:
    """How probable the two uniform states of the spins are together, in percent."""
    return 200 * math.exp(ising.levels().log_probability(0, coupling))


def uniform_states(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how probable they are at the coupling of the link, and without any."""
    sizes = {"n": ising.N_STATES, "digits": ising.n_digits_of_states(28 * 28)}
    return {"value": uniform(float(state["ising_j"])), "free": uniform(0.0), **sizes}


def what_a_better_model_saves(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: which share of the model's average surprise is the divergence from the data, in percent."""
    here = _surprise_of(state)
    return {"value": 100 * here.divergence / here.cross_entropy, "cross": here.cross_entropy, "entropy": here.entropy}


def told_by_a_discriminator(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how often the best discriminator tells data from model right, in percent, and what it says of two outcomes."""
    here = _surprise_of(state)
    return {"value": 100 * here.told_apart, "first": float(here.discriminator[0]), "last": float(here.discriminator[-1])}


def _surprise_of(state: Mapping[str, Any]) -> Surprise:
    data, model = (tuple(float(state[f"surprise_{of}_{y}"]) for y in OUTCOMES) for of in ("data", "model"))
    return surprise(data, model)
