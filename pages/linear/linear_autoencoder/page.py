"""Does a linear autoencoder become PCA? Its training, step by step, on points and on images, beside the closed form."""

from __future__ import annotations

from pages.linear.linear_autoencoder import findings, view
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
gist = "Gradient descent turns the decoder's line, or its subspace, onto the principal components. Move the step, or play it."
page.header("Does a linear autoencoder become PCA?", gist)
picture, side = page.columns()
with side:
    trained_on = view.choose()
if trained_on == view.IMAGES:
    draws.instead_of_images(choice, (picture, side))
with side:
    setting = view.on_points() if trained_on == view.POINTS else view.on_images(choice)
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
