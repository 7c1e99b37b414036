"""Can a network learn the ring? A regression network and a VAE, trained live, beside the exact density; where they fail, and why."""

from __future__ import annotations

from pages.latent.learn import findings, view
from pages.shared import page, words

text = words.beside(__file__)
gist = "Two networks learn the ring: one is shown every pair (z, g(z)); the VAE sees only the points y."
page.header("Can a network learn the ring?", gist)
picture, side = page.columns()
with side:
    spec = view.choose()
    run, seen = view.run(spec)
with picture:
    view.draw(spec, run, seen, text)
page.footer(
    seeing=text.seeing,
    try_this=text.try_this,
    answer=lambda: findings.answer(spec, run, text),
    notebook=view.notebook(text, spec, run),
    downloads=view.downloads(spec, run),
)
