"""What does training do to a model? Every choice of a spec, started, joined, stopped and resumed beside the page, and followed live."""

from __future__ import annotations

from pages.shared import controls, page, training_controls, words
from pages.training import training_run
from vae_core.explore.training.training_figure import Run, history_csv
from vae_core.jobs.progress import progress
from vae_core.store import Store

choice = controls.choice()
text = words.beside(__file__)
gist = f"{choice.family} on {choice.title}: choose, start, watch. It trains beside the page; everyone sees the same run."
page.header("What does training do to a model?", gist)
picture, side = page.columns()
with side:
    spec = training_controls.chosen_spec(choice)
    if spec is not None:
        training_run.buttons(spec, has_data=choice.has_data)
    training_run.queue(spec)
if spec is not None:
    with side:
        training_run.numbers(spec, has_data=choice.has_data)
    with picture:
        training_run.draw(spec, has_data=choice.has_data)
        history = progress(spec, Store()).history
        page.footer(
            seeing=text.seeing,
            try_this=text.try_this,
            notebook=text.lines("notebook", spec=spec.to_json()),
            downloads=page.downloads(f"training-{spec.fingerprint}", None, history_csv([Run("training", spec.family, history)])),
        )
