"""How many numbers does an image need? Its exact principal components: how many it takes, what they are, moving along them."""

from __future__ import annotations

from pages.linear.pca_images import findings, view
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
gist = f"{choice.title}: the mean plus a weighted sum of principal components. Move K, or go to *move* and drag one image along them."
page.header("How many numbers does an image need?", gist if choice.has_data else controls.what_needs_no_data(choice))
picture, side = page.columns()
draws.instead_of_images(choice, (picture, side))
with side:
    setting = view.choose(choice)
    view.numbers(setting)
with picture:
    table = view.draw(setting)
    page.conclude(findings.conclusion(setting, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(setting, text),
        notebook=view.notebook(setting, text),
        downloads=view.downloads(setting, table),
    )
