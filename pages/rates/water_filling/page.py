"""How much error does a nat of rate remove, at best? Reverse water-filling: the exact curve of linear models, with trained ones on it."""

from __future__ import annotations

from pages.rates import cached as rates
from pages.rates.water_filling import findings, view
from pages.rates.water_filling.controls import choose, train_one
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
gist = "A linear β-VAE keeps only the part of each variance λⱼ above the level τ = βσ². Lower τ, and more dimensions surface."
page.header("How much error does a nat of rate remove, at best?", gist)
statistics = rates.statistics(choice.dataset)
if statistics is None:
    draws.instead_of_images(choice)
picture, side = page.columns()
with side:
    water = choose(choice, statistics)
    view.numbers(water)
    train_one(water, choice)
with picture:
    view.picture(water, choice)
    page.conclude(findings.conclusion(water, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(water, text),
        notebook=text.lines("notebook", dataset=choice.dataset, tau=water.tau, latent_dim=water.latent_dim),
        downloads=view.downloads(water, choice),
    )
    view.prepare(water, choice)
