"""Why does the ELBO not care whether z is used? A world of four y and four z, where every distribution is a table."""

from __future__ import annotations

from pages.rates.discrete_world import view as discrete_tables
from pages.shared import page, words

text = words.beside(__file__)
page.header(
    "Why does the ELBO not care whether z is used?",
    "Four observations y, four codes z, every distribution a table that can be anything: then any encoder is optimal, until β ≠ 1.",
)
picture, side = page.columns()
with side:
    view = discrete_tables.choose()
    discrete_tables.numbers(view)
with picture:
    discrete_tables.charts(view)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines(
            "morph" if view.is_morph else "drawn", pop=view.pop.tolist(), share=view.share, draw=view.draw, fit=view.fit, beta=view.beta
        ),
        downloads=[
            page.Download("PNG", "discrete-world.png", "image/png", lambda: discrete_tables.tables_png(view)),
            page.Download("CSV", "discrete-world.csv", "text/csv", lambda: discrete_tables.csv(view)),
        ],
    )
