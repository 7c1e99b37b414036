"""What does a model learn, epoch by epoch? Snapshots of a training on one slider: reconstructions, manifold, curves."""

from __future__ import annotations

from pages.shared import controls, page, words
from pages.shared.draws import draws
from pages.training import cached as trainings
from pages.training.film import controls as film_controls
from pages.training.film import findings
from pages.training.numbers import last_epoch
from vae_core.explore.training.training_figure import Run, history_csv

choice = controls.choice()
text = words.beside(__file__)
gist = "The same test images or points, reconstructed by the model as it stood after each of about twenty epochs. Drag the slider."
page.header("What does a model learn, epoch by epoch?", gist if choice.has_data else controls.what_needs_no_data(choice))
draws.instead_of_images(choice)
picture, side = page.columns()
with side:
    spec = film_controls.run(choice)
    if spec is not None:
        has_data = film_controls.has_data(spec)
        film_controls.record(spec, has_data=has_data)
        last_epoch(spec, has_data=has_data)
        film_controls.error_shown(spec)
if spec is not None and has_data:
    history = film_controls.history(spec)
    with picture:
        film = film_controls.draw(spec, history)
        downloads = page.downloads(f"training-{spec.fingerprint}", None, lambda: history_csv([Run("training", spec.family, history)]))
        if film is not None:
            downloads.insert(0, page.Download("GIF", f"training-{spec.fingerprint}.gif", "image/gif", film[1]))
        page.conclude(findings.conclusion(spec, history, film[0] if film else None, text, trainings.film(spec)))
        page.footer(
            seeing=text.seeing,
            try_this=text.try_this,
            answer=lambda: findings.answer(spec, history, text, trainings.film(spec)),
            notebook=text.lines(film_controls.section(spec), **film_controls.in_code(spec, film)),
            downloads=downloads,
        )
