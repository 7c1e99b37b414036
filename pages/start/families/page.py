"""Which models turn an image into a few numbers, and back? The taxonomy with one test image through every model; what this machine has."""

from __future__ import annotations

from functools import partial

from pages.shared import cached, controls, numbers, page, words
from pages.start.families import findings, side, taxonomy
from pages.start.families.cards import cards as made
from vae_core.explore.reconstructions_figure import measured_csv
from vae_core.explore.start.families_figure import all_cards

choice = controls.choice()
trained = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
text = words.beside(__file__)

with_data = (
    f"The same {choice.title} image, compressed to {choice.numbers} and rebuilt by five models. "
    "Models with a prior can also generate a new image."
)
page.header(
    "Which models turn an image into a few numbers, and back?", with_data if choice.has_data else controls.what_needs_no_data(choice)
)
picture, beside = page.columns()

with beside:
    index, x = side.one_test_image(choice) if choice.has_data else (0, None)
    seed = controls.draw()
    numbers.test_sse(choice)
    side.log_px(choice)

cards = partial(made, trained, x, index, seed)
with picture:
    choices = (choice.dataset, choice.latent_dim, choice.has_data, index, seed)
    cached.lasting("taxonomy", (*choices, choice.family), lambda: taxonomy.draw(trained, cards(), cards(is_alone=True)))
    page.conclude(findings.conclusion(choice, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(choice, text),
        notebook=text.lines("cards" if choice.has_data else "decoded", index=index, seed=seed, **choice.values()),
        downloads=page.downloads(
            f"{choice.dataset}-d{choice.latent_dim}-families",
            cached.lasting("cards", choices, lambda: all_cards(cards())),
            lambda: measured_csv(cached.measured(choice.dataset)),
        ),
    )
    with page.fine_print():
        side.this_machine()
