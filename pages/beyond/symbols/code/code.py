"""The code of an image: which symbol stands where, what each looks like, what the code costs, and what one swap changes."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from pages.beyond.symbols.code import findings, view
from pages.beyond.symbols.code.controls import choose
from pages.shared import page, words
from pages.shared.controls import Choice
from pages.shared.part import Part

GIST = "Left: the code of an MNIST test image. Right: all symbols, with circles for their probability. Click a position, then a symbol."


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the images, the code over the codebook, and the controls beside them."""
    text = words.beside(__file__)
    with side:
        swap = choose()
        view.numbers(swap)
    with picture:
        table = view.draw(swap)
    values = {"image": swap.image, "position": swap.position, "symbol": swap.put, "prior": swap.prior}
    return Part(
        text=text,
        conclusion=findings.conclusion(swap, text),
        answer=lambda: findings.answer(swap, text),
        notebook=text.lines("notebook", **values),
        downloads=page.downloads("symbols-code", table, lambda: view.csv_of(swap)),
    )
