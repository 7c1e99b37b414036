"""Which distributions can be moved to the input: smooth in their parameter for each u, or a step."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.inside import cached as inside_cached
from pages.elbo.inside import findings
from pages.elbo.inside.noise.noise_picture.noise_picture import noise_picture
from pages.elbo.inside.noise.noise_picture.noise_picture import setting as in_picture
from pages.shared import controls, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import movable
from vae_core.explore.elbo.movable import BERNOULLI, LAWS
from vae_core.units import signed, with_interval

GIST = "Drag the parameter: the same noise u becomes another z. If z moves smoothly, its gradient counts; if z jumps, it does not."
N_DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Setting:
    """Which distribution, its parameter m or ℓ, the temperature T of the relaxed one, and the seed of the draws."""

    law: str
    parameter: float
    temperature: float
    seed: int

    @property
    def is_step(self) -> bool:
        """Whether z jumps."""
        return self.law == BERNOULLI

    @property
    def symbol(self) -> str:
        """Of the parameter."""
        return "ℓ" if self.is_step else "m"


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw z over its noise and the gradients, and the controls beside them."""
    text = words.beside(__file__)
    with side:
        setting = _choose()
        _numbers(setting)
    with picture:
        noise_picture(setting.law, N_DRAWS, setting.seed)
    values = {"law": setting.law, "parameter": setting.parameter, "temperature": setting.temperature, "seed": setting.seed, "n": N_DRAWS}
    return Part(
        text=text,
        conclusion=_conclusion(setting, text),
        answer=lambda: _answer(text),
        notebook=text.lines("notebook-step" if setting.is_step else "notebook", **values),
        downloads=[page.Download("CSV", f"gradients-{setting.law}.csv", "text/csv", lambda: _csv(setting))],
    )


def _choose() -> Setting:
    law = st.selectbox("Distribution of z", LAWS, **bound("noise_of"))
    return Setting(law, *in_picture(law), controls.draw("Redraw", key="noise_draw"))


def _estimate(setting: Setting) -> movable.Estimate:
    """The pathwise gradient at the parameter, of the relaxed one for a Bernoulli."""
    u = movable.uniforms(N_DRAWS, setting.seed)
    if setting.is_step:
        return movable.estimate(movable.pathwise_relaxed(setting.parameter, setting.temperature, u))
    return movable.estimate(movable.pathwise(setting.law, setting.parameter, u))


def _numbers(setting: Setting) -> None:
    """The exact gradient, and the estimate."""
    exact, found = movable.exact_gradient(setting.law, setting.parameter), _estimate(setting)
    which = "Relaxed" if setting.is_step else "Pathwise"
    method = (
        f"Exact: closed form. {which}: {with_interval(found.mean, found.half_width)} (95 % confidence interval), n = {N_DRAWS:,} draws."
    )
    page.number(f"Gradient by {setting.symbol}", signed(exact, 5), method)


def _conclusion(setting: Setting, text: Words) -> str:
    """Whether the gradient is right on average, and by how much it is not."""
    exact = movable.exact_gradient(setting.law, setting.parameter)
    if not setting.is_step:
        found = _estimate(setting)
        apart = abs(found.mean - exact) / found.standard_error
        return text.said("conclusion", name=setting.law, apart=signed(apart, 1), n=f"{N_DRAWS:,}")
    numbers = findings.bias_of_the_relaxed({"noise_odds": setting.parameter, "noise_temperature": setting.temperature})
    mean, deviation = movable.relaxed_moments(setting.parameter, setting.temperature)
    values = {"exact": signed(exact, 4), "mean": signed(mean, 4), "bias": signed(mean - exact, 4), "deviation": signed(deviation, 3)}
    return text.said("conclusion-step", **values, share=f"{numbers['value']:.0f}", temperature=f"{setting.temperature:g}")


def _answer(text: Words) -> str:
    """Bias and spread of the relaxed gradient at three temperatures."""
    rows = []
    for temperature in (0.1, 0.5, 2.0):
        _, deviation = movable.relaxed_moments(1.0, temperature)
        rows.append(f"| {temperature:g} | {signed(movable.bias(1.0, temperature), 4)} | {deviation:.3f} |")
    table = "\n".join(["| T | bias | standard deviation of a draw |", "|---|---|---|", *rows])
    return text.said("answer", table=table, exact=signed(movable.exact_gradient(BERNOULLI, 1.0), 4))


def _csv(setting: Setting) -> bytes:
    """The gradients over the parameter."""
    at = inside_cached.gradients(setting.law, setting.temperature, N_DRAWS, setting.seed)
    relaxed = [""] * len(at.exact) if at.relaxed is None else at.relaxed.tolist()
    rows = zip(at.parameters.tolist(), at.exact.tolist(), relaxed, strict=True)
    return csv(["parameter", "exact", "relaxed_expected"], rows, digits=8)
