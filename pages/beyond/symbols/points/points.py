"""The codebook without encoder and decoder: on points it is k-means, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.symbols import cached as symbols_cached
from pages.beyond.symbols.cached import MOST_STEPS, N_POINTS
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.data import drawn
from vae_core.explore.beyond import symbols_figure as figures
from vae_core.explore.beyond.symbols import Step
from vae_core.units import tiny

GIST = "Each point takes the nearest symbol, and each cross moves to the mean of its points. Without networks, that is the whole training."


@dataclass(frozen=True, slots=True)
class Chosen:
    """Points by name, K, the seed of the start, and steps that were taken."""

    name: str
    k: int
    seed: int
    n: int

    @property
    def path(self) -> list[Step]:
        """The codebook after each step."""
        return symbols_cached.points_path(drawn.presets()[self.name], self.k, self.seed)


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the points and the loss, and the controls beside them."""
    text = words.beside(__file__)
    with side:
        chosen = _choose()
        _numbers(chosen)
    losses = np.array([step.loss for step in chosen.path])
    with picture:
        page.chart(cached.lasting_chart("symbols of points", (chosen,), lambda: _chart(chosen, losses)))
    return Part(
        text=text,
        conclusion=_conclusion(chosen, losses, text),
        answer=lambda: text.said("answer", n=_settled(losses), k=chosen.k, last=f"{losses[-1]:.4f}", first=f"{losses[0]:.4f}"),
        notebook=text.lines("notebook", name=chosen.name, n_points=N_POINTS, k=chosen.k, seed=chosen.seed, n=chosen.n),
        downloads=page.downloads("symbols-k-means", None, lambda: figures.k_means_csv(losses.tolist())),
    )


def _choose() -> Chosen:
    name = st.selectbox("Points", list(drawn.presets()), **bound("symbols_points"))
    k = st.slider("Symbols, K", 2, 10, 6, **bound("symbols_k"))
    seed = controls.draw("New start", key="symbols_start")
    n = st.slider("Steps", 0, MOST_STEPS, 1, **bound("symbols_steps"))
    return Chosen(name, k, seed, n)


def _chart(chosen: Chosen, losses: np.ndarray) -> object:
    now = chosen.path[chosen.n]
    return figures.k_means(symbols_cached.points(drawn.presets()[chosen.name]), now.codes, now.vectors, losses, at=chosen.n)


def _numbers(chosen: Chosen) -> None:
    apart = max(abs(step.loss - step.k_means) for step in chosen.path)
    method = f"Largest difference from k-means in steps 0 to {MOST_STEPS}: {tiny(apart)}. n = {N_POINTS} points."
    page.number("Squared distance per point", f"{chosen.path[chosen.n].loss:.4f}", method, detail="k-means begins at the same points.")


def _conclusion(chosen: Chosen, losses: np.ndarray, text: Words) -> str:
    """What the last step did to the loss, and whether one raised it."""
    n, raised = chosen.n, int((np.diff(losses[: chosen.n + 1]) > 0).sum())
    values = {"n": n, "loss": f"{losses[n]:.4f}", "fell": f"{losses[n - 1] - losses[n]:.4f}" if n else "", "raised": raised}
    if n == 0:
        return text.said("conclusion-start", **values)
    return text.said("conclusion-settled" if n > _settled(losses) else "conclusion", **values)


def _settled(losses: np.ndarray) -> int:
    """The last step that lowered the loss."""
    return int(np.flatnonzero(np.append(np.inf, -np.diff(losses)) > 0)[-1])
