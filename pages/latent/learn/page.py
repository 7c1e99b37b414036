"""Can a network learn the ring? A regression network and a VAE, trained live, beside the exact density; where they fail, and why."""

from __future__ import annotations

from pages.latent.learn import view
from pages.shared import page, words

text = words.beside(__file__)
gist = "The same task for two networks: with pairs (z, g(z)) to copy, and, as a VAE, with nothing but the samples y."
page.header("Can a network learn the ring?", gist)
picture, side = page.columns()
with side:
    spec = view.choose()
    run = view.run(spec)
with picture:
    view.draw(spec, run)
page.footer(
    seeing=text.seeing,
    try_this=text.try_this,
    notebook=view.notebook(text, spec, run),
    downloads=view.downloads(spec, run),
)
