"""Why does the ELBO not care whether z is used? A world of four y and four z, where every distribution is a table."""

from __future__ import annotations

from pages.rates.discrete_world import findings, view
from pages.rates.discrete_world.controls import choose
from pages.shared import page, words

text = words.beside(__file__)
page.header(
    "Why does the ELBO not care whether z is used?",
    "If every distribution may be any table, all encoders reach the same ELBO. Change β, and they no longer do.",
)
picture, side = page.columns()
with side:
    setting = choose()
    view.numbers(setting)
with picture:
    view.charts(setting)
    page.conclude(findings.conclusion(setting, text))
    values = {name: getattr(setting, name) for name in ("share", "draw", "fit", "beta")}
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(setting, text),
        notebook=text.lines("morph" if setting.is_morph else "random", pop=setting.pop.tolist(), **values),
        downloads=[
            page.Download("PNG", "discrete-world.png", "image/png", lambda: view.tables_png(setting)),
            page.Download("CSV", "discrete-world.csv", "text/csv", lambda: view.csv(setting)),
        ],
    )
