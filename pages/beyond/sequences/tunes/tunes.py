"""A path between two tunes through the codes of a sequence VAE, as piano rolls and as sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.sequences import cached as caches
from pages.beyond.sequences import costs
from pages.beyond.sequences.cached import N_DRAWN, N_TUNES
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv
from vae_core.explore.beyond import sentences_figure, tunes
from vae_core.explore.beyond import tunes_figure as figures
from vae_core.explore.beyond.sequences import Cost
from vae_core.explore.beyond.tunes import LENGTH, MODELS, Path
from vae_core.explore.means import Share

GIST = "Two tunes become codes. Each roll is what the decoder writes at one place of the line between them. Play the path."
NAMED = {symbol: tunes.name_of(symbol) for symbol in (1, 5, 8, 13, 17, 20, 24)}
"""Notes that the axis names."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is shown.

    Attributes:
        model: its name in `tunes.MODELS`.
        seed: of the two tunes.
    """

    model: str
    seed: int

    @property
    def ends(self) -> np.ndarray:
        """The tunes that are asked for, (2, 16)."""
        return caches.tune_path(self.model, self.seed)[0]

    @property
    def path(self) -> Path:
        """What the decoder writes."""
        return caches.tune_path(self.model, self.seed)[1]

    @property
    def n_kept(self) -> int:
        """How many notes of the two ends are those that were asked for, of 32."""
        return int((self.path.tunes[[0, -1]] == self.ends).sum())

    @property
    def costs(self) -> dict[str, Cost]:
        """Of every model."""
        return caches.tune_costs()

    @property
    def in_key(self) -> Share:
        """Of the notes that the model draws."""
        return caches.drawn_tunes(self.model)[1]


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the rolls of the path above its sound, the notes that the model draws, and the models on the plane."""
    text = words.beside(__file__)
    with side:
        setting = Setting(costs.choose_model(tuple(MODELS), "1, β = 0.1", "note", "seq_notes"), controls.draw("Other tunes", "seq_tunes"))
        st.audio(caches.tune_sound(setting.model, setting.seed), format="audio/wav")
        costs.numbers(setting.costs[setting.model], "tunes", f"Entropy: {tunes.entropy():.3f} nats, exact.")
        how = f"One note of each of n = {N_DRAWN:,} tunes that the model draws; 95 % confidence interval (Wilson)."
        page.number("Notes in the key", str(setting.in_key), how)
    with picture:
        page.chart(cached.lasting_chart("rolls of tunes", (setting.model, setting.seed), lambda: rolls_chart(setting)), key="seq_rolls")
        left, right = st.columns((5, 3), gap="small")
        with left:
            page.chart(cached.lasting_chart("notes of tunes", (setting.model,), lambda: bars_chart(setting)), key="seq_degrees")
        with right:
            page.chart(cached.lasting_chart("models of tunes", (setting.model,), lambda: plane_chart(setting)), key="seq_tunes_plane")
    return Part(
        text=text,
        conclusion=conclusion(setting, text),
        answer=lambda: answer(setting, text),
        notebook=text.lines("notebook", model=setting.model, seed=setting.seed),
        downloads=[
            page.Download("WAV", "tunes.wav", "audio/wav", lambda: caches.tune_sound(setting.model, setting.seed)),
            page.Download("CSV", "tunes.csv", "text/csv", lambda: path_csv(setting)),
        ],
    )


def rolls_chart(setting: Setting) -> Chart:
    """The path as piano rolls."""
    path, places = setting.path, [sentences_figure.place(k, N_TUNES) for k in range(N_TUNES)]
    asked = dict(zip((0, N_TUNES - 1), setting.ends, strict=True))
    return figures.rolls(path.tunes, path.probabilities, tunes.in_key(path.tunes), asked, places, NAMED)


def bars_chart(setting: Setting) -> Chart:
    """How far notes lie above the first one, by the law and as the model draws."""
    return figures.degree_bars(tunes.exact_above_tonic(), caches.drawn_tunes(setting.model)[0], tunes.SCALE.tolist())


def plane_chart(setting: Setting) -> Chart:
    """All models on the plane of rate and distortion."""
    return costs.plane(setting.costs, setting.model, tunes.entropy())


def conclusion(setting: Setting, text: Words) -> str:
    """Whether the path moves, whether its ends are the tunes that were asked for, and how many drawn notes are in the key."""
    cost, different = setting.costs[setting.model], len({tune.tobytes() for tune in setting.path.tunes})
    values = {"rate": cost.rate, "excess": cost.excess, "share": setting.in_key, "n": N_TUNES, "different": different}
    if different == 1:
        return text.said("conclusion-constant", **values)
    n_notes = 2 * LENGTH
    ends = text.said("ends-exact") if setting.n_kept == n_notes else text.said("ends", kept=setting.n_kept, notes=n_notes)
    return f"{text.said('conclusion', **values)} {ends}"


def answer(setting: Setting, text: Words) -> str:
    """All models side by side, and which keeps the tunes and which the key."""
    all_of = setting.costs
    most, best = max(all_of, key=lambda name: all_of[name].rebuilt.share), min(all_of, key=lambda name: all_of[name].excess.value)
    said = text.said("answer", most=most, rebuilt=all_of[most].rebuilt, best=best, excess=all_of[best].excess)
    return f"{said}\n\n{costs.table(all_of, 'note', 'tunes')}"


def path_csv(setting: Setting) -> bytes:
    """A line a note."""
    path, in_key = setting.path, tunes.in_key(setting.path.tunes)
    rows = (
        [sentences_figure.place(k, N_TUNES), t + 1, tunes.name_of(int(note)), tunes.LOWEST + int(note) - 1, bool(in_key[k, t])]
        for k, tune in enumerate(path.tunes)
        for t, note in enumerate(tune)
    )
    return csv(["place", "step", "note", "midi", "is_in_key"], rows)
