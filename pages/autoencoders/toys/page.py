"""How does a learned curve come to fit its data? A VAE with one or two latent dimensions, trained live on points one can see."""

from __future__ import annotations

from pages.autoencoders.toys import findings, view
from pages.shared import page, words

text = words.beside(__file__)
gist = "Watch a VAE fit points in the plane: the curve that its decoder draws, and the density it implies."
page.header("How does a learned curve come to fit its data?", gist)
picture, side = page.columns()
with side:
    training = view.choose()
    run = view.run(training)
    view.final_number(training, run)
with picture:
    view.draw(training, run, text)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=findings.answer(training, run, text),
        notebook=view.notebook(text, training),
        downloads=view.downloads(training, run),
    )
