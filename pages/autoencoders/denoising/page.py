"""Can an autoencoder take noise away? Images with noise, what trained denoisers make of them, and the best linear one in closed form."""

from __future__ import annotations

from pages.autoencoders.denoising import findings, view
from pages.autoencoders.denoising.controls import choose
from pages.shared import page, words

text = words.beside(__file__)
page.header(
    "Can an autoencoder take noise away?",
    "Test images, the same with noise, and what each denoiser makes of them. The number below is the squared error (SSE) to the original.",
)
picture, side = page.columns()
with side:
    setting = choose()
    view.numbers(setting)
with picture:
    table = view.draw(setting)
    page.conclude(findings.conclusion(setting, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(setting, text),
        notebook=view.notebook(setting, text),
        downloads=page.downloads(f"denoising-{setting.dataset}-{setting.show}", table, lambda: view.csv(setting)),
    )
