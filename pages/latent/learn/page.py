"""Can a network learn the ring? A regression network and a VAE, trained live, beside the exact density; where they fail, and why."""

from __future__ import annotations

from pages.latent import expressiveness_texts as texts
from pages.latent.learn import view as ring_learning
from pages.shared import page

page.header("Can a network learn the ring?", texts.LEARN_GIST)
picture, side = page.columns()
with side:
    spec = ring_learning.choose()
    run = ring_learning.run(spec)
with picture:
    ring_learning.draw(spec, run)
page.footer(
    seeing=texts.LEARN_SEEING,
    try_this=texts.LEARN_TRY_THIS,
    notebook=texts.learn_notebook(spec, is_shipped=ring_learning.is_shipped(spec, run)),
    downloads=ring_learning.downloads(spec, run),
)
