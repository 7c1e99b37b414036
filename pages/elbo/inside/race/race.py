"""The race: two estimates of one gradient, the pathwise one and the score function's, and what more draws buy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.inside import cached as inside_cached
from pages.elbo.inside import model
from pages.elbo.inside.model import Seen
from pages.elbo.inside.race.race_picture.race_picture import USUAL, q, race_picture
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import estimators
from vae_core.explore.elbo.estimators_figure import race as chart_of
from vae_core.explore.means import Mean
from vae_core.units import signed

GIST = "Both estimates have the same mean, the true gradient (dotted). Compare how far single draws lie from it, and what averaging buys."
SQUARE, OWN = "f(z) = z²", "this VAE"


@dataclass(frozen=True, slots=True)
class Setting:
    """What races: f(z) = z² at μ and σ, or a VAE's distortion of an image in one dimension.

    Attributes:
        mu: mean of q.
        sigma: its width.
        seen: the VAE and the image; None for z².
        dim: of z, from 1.
        baseline: whether a mean of f is subtracted.
        seed: of the noise.
    """

    mu: float
    sigma: float
    seen: Seen | None
    dim: int
    baseline: bool
    seed: int

    @property
    def race(self) -> estimators.Race:
        """The draws."""
        if self.seen is None:
            return inside_cached.race_of_square(self.mu, self.sigma, self.seed, self.baseline)
        return inside_cached.race_of_model(self.seen.spec, self.seen.index, self.dim - 1, self.seed, self.baseline)


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw both estimates and the fall of their error, and the controls beside them."""
    text = words.beside(__file__)
    setting = _choose(picture, side, choice)
    with side:
        _numbers(setting)
    with picture:
        if setting.seen is None:
            race_picture(setting.baseline, setting.seed)
        else:
            page.chart(cached.lasting_chart("gradient race", (setting,), lambda: _chart(setting)))
    return Part(
        text=text,
        conclusion=_conclusion(setting, text),
        answer=lambda: _answer(setting, text),
        notebook=_notebook(setting, text),
        downloads=[page.Download("CSV", "gradient-race.csv", "text/csv", lambda: _csv(setting))],
    )


def _choose(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Setting:
    (mu, sigma), seen, dim = USUAL, None, 1
    with side:
        task = controls.segmented("Gradient by μ of the mean of", (SQUARE, OWN), "race_of")
    if task == SQUARE:
        mu, sigma = q()
    else:
        seen = model.seen(picture, side, choice)
        with side:
            dim = model.dimension(seen, choice)
    with side:
        about = "The score function's draws with f less a baseline: its mean E[z²], or the mean of the other draws of the VAE."
        baseline = st.toggle("Subtract a baseline", **bound("race_baseline"), help=about)
        seed = controls.draw("Redraw", key="race_draw")
    return Setting(mu, sigma, seen, dim, baseline, seed)


def _numbers(setting: Setting) -> None:
    """How many draws of the one are worth one of the other."""
    race = setting.race
    pathwise, score = race.variances
    n = f"n = {len(race.score):,} draws"
    if race.exact:
        measured = f"{race.measured[0]:.3g} and {race.measured[1]:.3g}"
        method = f"Exact: {score:.4g} for the score function, {pathwise:.4g} pathwise; {measured} from {n}."
    else:
        method = f"From {n} of each ± 95 % confidence interval: {_large(score)} for the score function, {pathwise:.3g} pathwise (nats²)."
    page.number("Ratio of variances", _in_words(race.times), method, of=setting.seen.spec if setting.seen else None)


def _large(value: float) -> str:
    """A factor, to three digits."""
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 100 else f"{value:.3g}"


def _in_words(times: Mean) -> str:
    """A factor that is exact, to three digits, or one of draws with its interval."""
    return _large(times.value) if times.half_width is None else str(times)


def _chart(setting: Setting) -> object:
    """Of a VAE's two estimates."""
    race = setting.race
    spreads = tuple(estimators.spread_of_means(draws) for draws in (race.pathwise, race.score))
    return chart_of((race.pathwise, race.score), estimators.COUNTS, spreads, None, float(race.pathwise.mean()))


def _conclusion(setting: Setting, text: Words) -> str:
    """What the same accuracy costs, and how the error falls."""
    race = setting.race
    slope = estimators.slope_of(estimators.spread_of_means(race.pathwise)[0])
    values = {"slope": signed(slope, 2), "apart": signed(abs(race.apart), 1)}
    if race.ratio < 1:
        return text.said("conclusion-wins", **values, ratio=_in_words(race.times_less))
    return text.said("conclusion", **values, ratio=_in_words(race.times))


def _answer(setting: Setting, text: Words) -> str:
    """Both exact variances for z², far from 0 and at it, and what the baseline takes away."""
    plain = {mu: estimators.exact_variances(mu, 1.0, baseline=False)[1] for mu in (0.0, 3.0)}
    pathwise, less = estimators.exact_variances(3.0, 1.0, baseline=True)
    values = {"at_0": f"{plain[0.0]:g}", "at_3": f"{plain[3.0]:g}", "pathwise": f"{pathwise:g}", "b": f"{less:g}"}
    return text.said("answer", **values, by=f"{math.sqrt(100):g}")


def _notebook(setting: Setting, text: Words) -> str:
    values = {"baseline": setting.baseline, "seed": setting.seed}
    if setting.seen is None:
        return text.lines("notebook-square", mu=setting.mu, sigma=setting.sigma, **values)
    spec = setting.seen.spec
    return text.lines("notebook-model", dataset=spec.dataset, d=spec.latent_dim, index=setting.seen.index, dim=setting.dim - 1, **values)


def _csv(setting: Setting) -> bytes:
    """The spread of the mean of N draws, measured and exact."""
    race = setting.race
    (path, path_half), (score, score_half) = (estimators.spread_of_means(draws) for draws in (race.pathwise, race.score))
    exact = [["", ""] if race.exact is None else [math.sqrt(v / n) for v in race.exact] for n in estimators.COUNTS]
    columns = zip(estimators.COUNTS, path.tolist(), path_half.tolist(), score.tolist(), score_half.tolist(), exact, strict=True)
    names = ["draws", "pathwise", "pathwise_half_width_95", "score", "score_half_width_95", "pathwise_exact", "score_exact"]
    return csv(names, ([*row, *both] for *row, both in columns), digits=8)
