"""Distributions over codes: what a code costs with each, what each draws, and how the bound stands beside a VAE's."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from pages.beyond.symbols import findings
from pages.beyond.symbols.priors import view
from pages.shared import controls, page, words
from pages.shared.controls import Choice
from pages.shared.part import Part

GIST = "Images decoded from codes that each prior draws. The more a prior knows of codes, the fewer nats a test code costs."


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the draws of each prior and what codes cost, and the controls beside them."""
    text = words.beside(__file__)
    with side:
        seed = controls.draw(key="symbols_draw")
        view.numbers()
    with picture:
        table = view.draw(seed)
    return Part(
        text=text,
        conclusion=findings.conclusion(seed, text),
        answer=lambda: findings.answer(seed, text),
        notebook=text.lines("notebook", seed=seed),
        downloads=page.downloads("symbols-priors", table, lambda: view.csv_of(seed)),
    )
