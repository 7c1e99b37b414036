"""Which line loses least? A direction turned by hand through points in the plane: PCA, derived line by line on them."""

from __future__ import annotations

from pages.linear.pca_by_hand import findings, view
from pages.shared import page, words

text = words.beside(__file__)
gist = "Each dashed stick is what a point loses when only its place along v is kept. Turn v until the sticks are short."
page.header("Which direction loses least?", gist)
picture, side = page.columns()
with side:
    setting = view.choose()
    view.numbers(setting)
with picture:
    view.draw(setting)
    page.conclude(findings.conclusion(setting.hand, text))
page.footer(
    seeing=text.seeing,
    try_this=text.try_this,
    answer=lambda: findings.answer(setting.hand, text),
    notebook=text.lines("notebook", points=view.points_in_code(setting), angle=setting.hand.angle),
    downloads=view.downloads(setting),
)
