"""How many latent dimensions are enough? Linear models at every d, exact; trained ones at theirs; and a probe on the codes."""

from __future__ import annotations

from pages.rates.latent_dim import findings, view
from pages.rates.latent_dim.panels import panels_of
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
gist = "How many dimensions does each criterion ask for? Lines are exact results for linear models; dots are trained models."
page.header("How many latent dimensions are enough?", gist)
picture, side = page.columns()
panels = panels_of(choice)
if not any(panel.curves for panel in panels):
    draws.instead_of_images(choice)
with side:
    asked_for = view.criteria(choice)
    view.at_chosen(choice)
with picture:
    view.chart(panels, choice)
    page.conclude(findings.conclusion(asked_for, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(choice, text),
        notebook=text.lines("notebook" if choice.has_data else "shipped", **choice.values()),
        downloads=view.downloads(panels, choice),
    )
