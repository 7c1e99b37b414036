"""How does a learned curve come to fit its data? An autoencoder or a VAE of up to three latent dimensions, live, on points one can see."""

from __future__ import annotations

from pages.autoencoders.toys import controls, findings, view
from pages.shared import page, words

text = words.beside(__file__)
gist = "Watch a VAE or an autoencoder fit points: the curve or sheet that its decoder draws, beside PCA's straight one."
page.header("How does a learned curve come to fit its data?", gist)
picture, side = page.columns()
with side:
    training = controls.choose()
    run, seen = view.run(training)
    view.final_number(training, run)
with picture:
    view.draw(training, run, seen, text)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(training, run, text),
        notebook=view.notebook(text, training),
        downloads=view.downloads(training, run),
    )
