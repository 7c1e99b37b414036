"""What models draw by themselves, from their prior: on the page that compares them, and on every page whose images are not here."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import cached, controls, numbers, page, words
from pages.shared.controls import Choice
from vae_core.drawing.image_table import ImageTable
from vae_core.explore import reconstructions_figure as figures
from vae_core.explore.means import mean_of_metrics
from vae_core.explore.reconstructions_figure import measured_csv

N_DRAWN = 6


def table(choice: Choice, seed: int) -> ImageTable:
    """What the trained models that have a prior draw from it, a row each."""
    trained = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
    means = {family: cached.prior_means(spec, N_DRAWN, seed) for family, spec in trained.items()}
    return figures.samples({family: images for family, images in means.items() if images is not None})


def instead_of_images(choice: Choice, columns: tuple[DeltaGenerator, DeltaGenerator] | None = None) -> None:
    """Where a page's images are not here, what it shows instead: draws, and what the model in focus scored. That ends the page.

    Args:
        choice: of the sidebar.
        columns: the places of the picture and of the controls, if the page has drawn them; new ones otherwise.
    """
    if choice.has_data:
        return
    picture, side = columns or page.columns()
    with side:
        seed = controls.draw()
        numbers.test_sse(choice)
    drawn, families = table(choice, seed), _with_a_prior(choice)
    with picture:
        if families:
            text = words.beside(__file__)
            page.image_table(drawn)
            page.conclude(text.said("conclusion", able=len(families), n=len(cached.metrics(choice.dataset, choice.latent_dim))))
            page.footer(
                seeing=text.seeing,
                try_this=text.try_this,
                answer=lambda: _answer(choice, text),
                notebook=text.lines("samples", families=families, seed=seed, **choice.values()),
                downloads=page.downloads(f"{choice.dataset}-draws", drawn, lambda: measured_csv(cached.measured(choice.dataset))),
            )
        else:
            st.info(f"No model of {choice.title} with a prior is here at d = {choice.latent_dim}: fetch its images, and train one.")
    st.stop()


def _answer(choice: Choice, text: words.Words) -> str:
    """The VAE's ELBO at its smallest and its largest d, by the stored evaluations."""
    elbos = {c.spec.latent_dim: mean_of_metrics(c.metrics, "elbo") for c in cached.recipes(choice.dataset) if c.spec.family == "vae"}
    if len(elbos) < 2:
        return text.said("answer-untrained")
    small, large = min(elbos), max(elbos)
    return text.said("answer", small=small, large=large, small_elbo=elbos[small], large_elbo=elbos[large])


def _with_a_prior(choice: Choice) -> list[str]:
    trained = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
    return [family for family, spec in trained.items() if cached.offers(spec).has_density]
