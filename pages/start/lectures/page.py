"""What comes next in this lecture? Four decks as steps: a question, a prediction, the view that decides it, the computed answer."""

from __future__ import annotations

from pages.shared import page
from pages.start.lectures import view

page.header("What comes next in this lecture?", "Predict first: each step asks a question that a view of the explorer decides.")
picture, side = page.columns()
with side:
    place = view.choose()
    view.preview(place)
with picture:
    predicted = view.question(place)
    view.answer(place, predicted)
    view.outline(place)
