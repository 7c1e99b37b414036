"""How far is one Gaussian from another? KL(q ‖ p) dragged by mean and width: the homework of the lecture, and what follows from it."""

from __future__ import annotations

from pages.elbo.kl import below, findings, view
from pages.elbo.kl.controls import choose
from pages.shared import page, words

text = words.beside(__file__)
gist = "Drag q, or its point on the map. The blue area minus the pink one is the KL divergence, found in three ways."
page.header("How far is one Gaussian from another?", gist)
picture, side = page.columns()
with side:
    chosen = choose()
with picture:
    setting = view.draw(chosen, text)
    below.draw(chosen, text)
with side:
    view.numbers(chosen, setting)
    page.conclude(findings.conclusion(setting, text))
page.footer(
    seeing=text.seeing,
    try_this=text.try_this,
    answer=lambda: findings.answer(setting, text),
    notebook=text.lines("notebook", mean=setting.q.mean, width=setting.q.width, n=chosen.n, draw=chosen.draw),
    downloads=[page.Download("CSV", "kl-of-two-gaussians.csv", "text/csv", lambda: view.curves(setting))],
)
