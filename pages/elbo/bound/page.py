"""What is the ELBO below log p(x) by? A q that is dragged beside the exact posterior, in a world of one latent dimension."""

from __future__ import annotations

from pages.elbo.bound import findings, view
from pages.elbo.bound.controls import choose
from pages.shared import page, words

text = words.beside(__file__)
gist = "Drag the orange q towards the blue posterior: the ELBO rises, the KL shrinks, and their sum log p(x) stays where it is."
page.header("By how much does the ELBO miss log p(x)?", gist)
picture, side = page.columns()
with side:
    chosen = choose()
with picture:
    setting = view.draw(chosen)
with side:
    view.numbers(setting)
    page.conclude(findings.conclusion(setting, text))
page.footer(
    seeing=text.seeing,
    try_this=text.try_this,
    answer=lambda: findings.answer(text),
    notebook=text.lines("notebook", world=chosen.world, x=setting.x, mean=setting.q.mean, width=setting.q.width),
    downloads=view.downloads(chosen, setting),
)
