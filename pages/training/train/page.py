"""What does training do to a model? Every choice of a spec, started, joined, stopped and resumed beside the page, and followed live."""

from __future__ import annotations

from pages.shared import controls, live, page, words
from pages.training.numbers import last_epoch
from pages.training.train import controls as training
from pages.training.train import findings, view
from pages.training.train.fields import chosen_spec
from vae_core.explore.training.training_figure import Run, history_csv

choice = controls.choice()
text = words.beside(__file__)
gist = "Choose settings, start training, and watch the curves form. It continues if you leave this page, and all visitors see the same run."
page.header("What does training do to a model?", gist)
picture, side = page.columns()
with side:
    spec = chosen_spec(choice)
    state = None if spec is None else live.progress(spec)
    if spec is not None:
        training.buttons(spec, state, has_data=choice.has_data)
    training.queue(spec, state)
if spec is not None:
    with side:
        last_epoch(spec, has_data=choice.has_data)
    with picture:
        epochs = Run("training", spec.family, state.history)
        view.draw(spec, state, text, has_data=choice.has_data)
        page.footer(
            seeing=text.seeing,
            try_this=text.try_this,
            answer=lambda: findings.answer(spec, text, has_data=choice.has_data),
            notebook=text.lines("notebook", spec=words.in_code(spec)),
            downloads=page.downloads(f"training-{spec.fingerprint}", None, lambda: history_csv([epochs])),
        )
