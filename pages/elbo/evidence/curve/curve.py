"""Draw z, move along the curve, add noise: the density that comes of it, and how much noise the test points ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.evidence.curve.noisy_curve import noisy_curve as component
from pages.elbo.evidence.curve.noisy_curve.noisy_curve import ENDS
from pages.elbo.evidence.findings import on_and_off, two_points
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import noisy_curve
from vae_core.explore.elbo.noisy_curve import CURVES, Noise
from vae_core.units import signed

GIST = "Draw z, move along the curve, add noise. Every place x can come from many z, so p(x) is an integral over all of them."
ENDPOINTS = (("low", 0), ("high", -1))
"""Ends of the slider, and where their numbers stand."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Which curve (a name of `CURVES`), which noise, and its amount: η = σ² of a Gaussian, b of a Laplace distribution."""

    name: str
    noise: Noise
    amount: float

    @property
    def symbol(self) -> str:
        """η or b."""
        return "η" if self.noise == "Gaussian" else "b"

    @property
    def amounts(self) -> np.ndarray:
        """What the slider can be set to, (N,)."""
        return np.logspace(*ENDS[self.noise], 46)

    @property
    def scale(self) -> float:
        """σ or b."""
        return self.scale_of(self.amount)

    def scale_of(self, amount: float) -> float:
        """σ or b of an amount."""
        return math.sqrt(amount) if self.noise == "Gaussian" else amount

    @property
    def best(self) -> float:
        """The amount of the largest likelihood: η* or b*."""
        scale = noisy_curve.best_scale(CURVES[self.name], self.noise, noisy_curve.test_points(self.name))
        return scale**2 if self.noise == "Gaussian" else scale

    def mean_log_density(self, amount: float) -> float:
        """Mean log p(x) of the test points at an amount of noise, nats."""
        points = noisy_curve.test_points(self.name)
        return float(noisy_curve.log_density(CURVES[self.name], self.noise, self.scale_of(amount), points).mean())


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the plane and the curves over the noise, and the controls beside them."""
    text = words.beside(__file__)
    with side:
        setting = _choose()
        _number(setting)
    over_noise = cached.lasting("noisy curve", (setting.name, setting.noise), lambda: _over_noise(setting))
    with picture:
        component.noisy_curve(CURVES[setting.name], setting.noise, math.log10(setting.amount), over_noise)
    return Part(
        text=text,
        conclusion=_conclusion(setting, text),
        answer=lambda: _answer(setting, text),
        notebook=text.lines("notebook", name=setting.name, noise=setting.noise, scale=round(setting.scale, 4)),
        downloads=[page.Download("CSV", f"{setting.name}-noise.csv", "text/csv", lambda: _csv(setting))],
    )


def _choose() -> Setting:
    name = controls.segmented("Curve", tuple(CURVES), "curve_shape")
    noise: Noise = "Gaussian" if controls.segmented("Noise", ("Gaussian", "Laplace"), "curve_noise") == "Gaussian" else "Laplace"
    return Setting(name, noise, round(10 ** component.exponent_of(noise), 8))


def _number(setting: Setting) -> None:
    """The best amount of noise."""
    n, best = noisy_curve.N_POINTS, setting.best
    if setting.noise == "Gaussian":
        method = f"Mean squared residual per dimension, so σ* = {math.sqrt(best):.4f}. Quadrature over z, n = {n} test points."
        page.number("Best noise η*", f"{best:.5f}", method)
    else:
        page.number("Best noise b*", f"{best:.5f}", f"Mean absolute error per dimension. Quadrature over z, n = {n} test points.")


def _curves(setting: Setting) -> dict[str, np.ndarray]:
    """Name → log p(x) at each of the amounts."""
    curve = CURVES[setting.name]
    at_two = np.array([on_and_off(curve, setting.noise, setting.scale_of(a)) for a in setting.amounts])
    means = np.array([setting.mean_log_density(a) for a in setting.amounts])
    return {"test points, mean": means, "a point on the curve": at_two[:, 0], "a point off the curve": at_two[:, 1]}


def _over_noise(setting: Setting) -> dict[str, Any]:
    """Log densities over the amount of noise, the maximum of the test points', and where the other two points lie."""
    best = setting.best
    return {
        "symbol": setting.symbol,
        "exponents": np.log10(setting.amounts).tolist(),
        "curves": {name: values.tolist() for name, values in _curves(setting).items()},
        "best": (math.log10(best), setting.mean_log_density(best)),
        "marked": two_points(CURVES[setting.name]).tolist(),
    }


def _conclusion(setting: Setting, text: Words) -> str:
    """How far the amount at hand is from the best, in nats per point."""
    best, here = setting.best, setting.amount
    lost = setting.mean_log_density(best) - setting.mean_log_density(here)
    much = "conclusion-best" if lost < 0.01 else "conclusion-less" if here < best else "conclusion-more"
    return text.said(much, lost=f"{lost:.2f}", best=f"{best:.3g}", here=f"{here:.3g}", symbol=setting.symbol)


def _answer(setting: Setting, text: Words) -> str:
    """Log densities at the ends of the slider, and the amounts of noise at which they are largest."""
    curves = _curves(setting)
    values = {
        f"{key}_{end}": signed(float(one[k]))
        for key, one in zip(("test", "on", "off"), curves.values(), strict=True)
        for end, k in ENDPOINTS
    }
    largest = {f"{key}_best": float(setting.amounts[one.argmax()]) for key, one in zip(("test", "on", "off"), curves.values(), strict=True)}
    values |= {key: f"{amount:.2g}" for key, amount in (largest | {"test_best": setting.best}).items()}
    return text.said("answer", symbol=setting.symbol, low=f"{setting.amounts[0]:.3g}", high=f"{setting.amounts[-1]:.3g}", **values)


def _csv(setting: Setting) -> bytes:
    curves = _curves(setting)
    return csv(
        ["noise", "test_mean_nats", "on_curve_nats", "off_curve_nats"],
        np.column_stack([setting.amounts, *curves.values()]).tolist(),
        digits=8,
    )
