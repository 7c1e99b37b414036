"""Why does a strong decoder ignore its code? Linear models whose decoder sees k pixels besides z, and what these leave to the code."""

from __future__ import annotations

from pages.rates.strong_decoder import findings, view
from pages.rates.strong_decoder.controls import choose
from pages.shared import page, words

text = words.beside(__file__)
page.header(
    "Why does a strong decoder ignore its code?",
    "Each pixel is decoded from the code and from the k pixels before it. Let the decoder see more, and watch the rate of the code.",
)
picture, side = page.columns()
with side:
    chosen = choose()
    view.numbers(chosen)
with picture:
    page.chart(view.chart(chosen))
    page.conclude(findings.conclusion(chosen, text))
    page.image_table(table := view.pictures(chosen), beside=200, charts=view.HEIGHT)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(chosen, text),
        notebook=text.lines("notebook", tau=chosen.tau, k=chosen.k),
        downloads=page.downloads("strong-decoder", table, view.csv),
    )
