"""A path between two sentences through the codes of a sequence VAE, with and without word dropout."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.sequences import cached as caches
from pages.beyond.sequences import costs, findings
from pages.beyond.sequences.cached import N_PLACES
from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv
from vae_core.explore.beyond import grammar, sentences
from vae_core.explore.beyond import sentences_figure as figures
from vae_core.explore.beyond.sentences import EXAMPLES, FROM, MODELS, TO, Path
from vae_core.explore.beyond.sequence_vae import END
from vae_core.explore.beyond.sequences import Cost

GIST = "Two sentences become codes. Each row is what the decoder writes at one place of the line between them."
USES_Z = 0.1
"""Nats: below it the codes say next to nothing."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is shown.

    Attributes:
        model: its name in `sentences.MODELS`.
        start: the sentence that the path begins at.
        end: the one that it leads to.
        place: which of the nine places the bars are of.
    """

    model: str
    start: str
    end: str
    place: int

    @property
    def path(self) -> Path:
        """What the decoder writes."""
        return caches.sentence_path(self.model, self.start, self.end)

    @property
    def costs(self) -> dict[str, Cost]:
        """Of every model."""
        return caches.sentence_costs()

    @property
    def cost(self) -> Cost:
        """Of this one."""
        return self.costs[self.model]


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the path with its words, the bars of one place, the models on the plane, and the controls beside them."""
    text = words.beside(__file__)
    with side:
        setting = choose()
        listed = f"Entropy: {grammar.entropy():.3f} nats, exact, of {len(grammar.law()):,} sentences."
        costs.numbers(setting.cost, "sentences", listed)
    with picture:
        page.chart(path_chart(setting), key="seq_path")
        left, right = st.columns((5, 3), gap="small")
        with left:
            page.chart(bars_chart(setting), key="seq_bars")
        with right:
            page.chart(
                cached.lasting_chart(
                    "models of sentences", (setting.model,), lambda: costs.plane(setting.costs, setting.model, grammar.entropy())
                ),
                key="seq_plane",
            )
    return Part(
        text=text,
        conclusion=conclusion(setting, text),
        answer=lambda: answer(setting, text),
        notebook=text.lines("notebook", model=setting.model, start=setting.start, end=setting.end),
        downloads=[page.Download("CSV", "sentences.csv", "text/csv", lambda: path_csv(setting))],
    )


def choose() -> Setting:
    """Draw the controls. A sentence that is none of the grammar's words is refused, and the path keeps its usual end."""
    model = costs.choose_model(tuple(MODELS), "1", "word", "seq_dropout")
    start, end = (_sentence(label, key, usual) for label, key, usual in (("From", "seq_from", FROM), ("To", "seq_to", TO)))
    place = st.slider("Place on the path", 0, N_PLACES - 1, N_PLACES // 2, **bound("seq_place"))
    return Setting(model, start, end, place)


def _sentence(label: str, key: str, usual: str) -> str:
    help_ = f"Choose a sentence, or type one of these words: {', '.join(grammar.vocabulary())}."
    typed = st.selectbox(label, EXAMPLES, EXAMPLES.index(usual), accept_new_options=True, **bound(key), help=help_)
    sentence = sentences.as_typed(typed or usual)
    try:
        sentences.symbols([sentence])
    except ValueError as error:
        st.warning(f"{str(error)[0].upper()}{str(error)[1:]}. The path uses *{usual}* instead; the words are in the help above.")
        return usual
    return sentence


def words_of(path: Path, place: int) -> list[str]:
    """The words of a place, and what stands for the end."""
    row = path.symbols[place]
    found = [grammar.vocabulary()[symbol - 1] for symbol in row if symbol != END]
    return [*found, figures.STOP][: len(row)]


def path_chart(setting: Setting) -> Chart:
    """The path as a table of words."""
    path = setting.path
    is_sentence = [sentence in grammar.law() for sentence in path.sentences]
    return figures.path_table([words_of(path, k) for k in range(N_PLACES)], path.of_written, is_sentence, setting.place)


def bars_chart(setting: Setting) -> Chart:
    """How sure the decoder is of each word at the chosen place."""
    names = (figures.STOP, *grammar.vocabulary())
    return figures.word_bars(words_of(setting.path, setting.place), setting.path.probabilities[setting.place], names)


def plane_chart(setting: Setting) -> Chart:
    """All models on the plane of rate and distortion."""
    return costs.plane(setting.costs, setting.model, grammar.entropy())


def conclusion(setting: Setting, text: Words) -> str:
    """Whether the codes say anything, what the path makes of it, and what that costs."""
    path, cost = setting.path, setting.cost
    values = {"rate": cost.rate, "excess": cost.excess, "n": N_PLACES, "different": path.n_different, "fits": path.n_in_grammar}
    if path.n_different == 1:
        return text.said(f"conclusion-{_why_constant(setting)}", sentence=path.sentences[0], **values)
    return f"{text.said('conclusion', **values)} {_ends(setting, text)}"


def _why_constant(setting: Setting) -> str:
    """Why all places read the same."""
    cost = setting.cost
    if cost.rate.value < USES_Z:
        return "collapsed" if cost.excess.tells_apart else "exact"
    return "same" if setting.start == setting.end else "constant"


def _ends(setting: Setting, text: Words) -> str:
    """Whether the path begins and ends with the sentences that were asked for."""
    kept = [asked == found for asked, found in ((setting.start, setting.path.sentences[0]), (setting.end, setting.path.sentences[-1]))]
    section = ("ends-neither", "ends-one", "ends-both")[sum(kept)]
    return text.said(section, rebuilt=setting.cost.rebuilt)


def answer(setting: Setting, text: Words) -> str:
    """All models side by side."""
    all_of = setting.costs
    most, best = findings.largest_rate(all_of), min(all_of, key=lambda name: all_of[name].excess.value)
    said = text.said("answer", most=most, rate=all_of[most].rate, best=best, excess=all_of[best].excess)
    return f"{said}\n\n{costs.table(all_of, 'word', 'sentences')}"


def path_csv(setting: Setting) -> bytes:
    """A line a word."""
    path = setting.path
    rows = (
        [figures.place(k, N_PLACES), t + 1, word, float(path.of_written[k, t]), path.sentences[k] in grammar.law()]
        for k in range(N_PLACES)
        for t, word in enumerate(words_of(path, k))
    )
    return csv(["place", "step", "word", "probability", "is_in_grammar"], rows)
