"""How can one fit a model whose codes are hidden? EM step by step on points one draws, and a VAE that takes both steps at once."""

from __future__ import annotations

from pages.elbo.em import findings, view
from pages.elbo.em.controls import choose
from pages.shared import page, words

text = words.beside(__file__)
gist = "E fits q to the posterior and closes the gap. M fits the model to q and lifts both lines. Take the steps one by one."
page.header("How does one fit a model whose codes are hidden?", gist)
picture, side = page.columns()
with side:
    chosen = choose()
path = view.path_of(chosen)
with side:
    view.numbers(path)
with picture:
    view.draw(path)
    page.conclude(findings.conclusion(path, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(chosen, text),
        notebook=text.lines(f"notebook-{chosen.model}", code=chosen.code, k=chosen.k, seed=chosen.seed, n=chosen.n),
        downloads=view.downloads(path),
    )
