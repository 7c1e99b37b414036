"""Which models are on this machine? All of them in a table, their training curves compared, one of them as a file, and files taken in."""

from __future__ import annotations

from pages.shared import controls, page, words
from pages.shared.labels import label
from pages.training.library import controls as library
from pages.training.library import findings
from vae_core.drawing.theme import mark
from vae_core.explore.reconstructions import SSE_METHOD, mean_of_metrics
from vae_core.explore.training.training_figure import Run, compared_curves, history_csv, terms_of

choice = controls.choice()
text = words.beside(__file__)
page.header(
    "Which models are on this machine?",
    "All trained models, shipped or trained here. Choose some to compare their learning curves.",
)
picture, side = page.columns()
with side:
    models = library.scope(choice)
    compared = library.chosen(models, choice)
    runs = [Run(label(c.spec), c.spec.family, c.history) for c in compared]
    terms = [term for term in ("elbo", "distortion", "rate", "sse") if any(term in terms_of(run.history) for run in runs)]
    term = controls.segmented("Curves", tuple(terms), key="library_term") if terms else "elbo"
    one = library.one(compared, choice)
    if one is not None:
        library.actions(one)
        name = f"Test SSE, {mark(one.spec.family).short}"
        page.number(
            name,
            str(mean_of_metrics(one.metrics)),
            f"Mean ± 95 % confidence interval, n = {one.metrics['n_images']:,} test images, {SSE_METHOD}.",
            of=one.spec,
        )
    library.importing()
    library.stopped()
with picture:
    library.table(models)
    if terms:
        page.chart(compared_curves(runs, term))
        library.caveat(compared)
    else:
        library.nothing_chosen()
    page.conclude(findings.conclusion(compared, term, models, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(choice, text),
        notebook=text.lines("notebook", specs=f"[{', '.join(words.in_code(c.spec) for c in compared)}]", term=term),
        downloads=page.downloads("training-curves", None, lambda: history_csv(runs)),
    )
