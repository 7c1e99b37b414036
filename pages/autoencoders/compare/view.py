"""Tables of images, a column for each model, and what to hold them against: the optimum of linear maps, and printed figures."""

from __future__ import annotations

import streamlit as st

from pages.autoencoders.compare.cached import best_linear_sse, by_seed
from pages.shared import cached, page
from pages.shared.controls import Choice, the
from pages.shared.labels import of_other_recipes
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.theme import mark
from vae_core.explore import reconstructions_figure as figures
from vae_core.explore.autoencoders.seeds import mean_over_seeds
from vae_core.explore.means import Mean, mean_of_metrics
from vae_core.explore.reconstructions import published
from vae_core.models import unlabelled
from vae_core.specs import identity
from vae_core.units import with_interval


def comparison(choice: Choice, indices: tuple[int, ...], *, show_errors: bool) -> ImageTable | None:
    """Draw test images beside what every trained model makes of them, with SSE; nothing, and None, where no images are chosen."""
    if not indices:
        return None

    def draw() -> ImageTable:
        table = _comparison(choice, indices, show_errors=show_errors)
        page.image_table(table, beside=330 if show_errors else 305)
        return table

    return cached.lasting("comparison", (choice.dataset, choice.latent_dim, choice.family, indices, show_errors), draw)


def _comparison(choice: Choice, indices: tuple[int, ...], *, show_errors: bool) -> ImageTable:
    specs, x = cached.specs(choice.dataset, choice.latent_dim), cached.dataset(choice.dataset).test.x
    trained = cached.trained(specs)
    means = {family: str(mean_of_metrics(metrics)) for family, metrics in cached.metrics(choice.dataset, choice.latent_dim).items()}
    return figures.comparison(
        x[list(indices)],
        {family: cached.reconstructions(spec, indices) if family in trained else () for family, spec in specs.items()},
        captions=figures.image_captions(indices, cached.labels(choice.dataset)),
        lines={"original": "test mean SSE"} | means,
        focus=choice.family,
        show_errors=show_errors,
    )


def linear_optimum(choice: Choice) -> None:
    """The exact optimum of linear maps, where PCA is cached."""
    best = best_linear_sse(choice.dataset, choice.latent_dim)
    if best is not None:
        n = f"{identity(choice.dataset).n_train:,} training images"
        method = f"Exact on the {n}; a test error may be slightly smaller."
        page.number("Linear optimum (train)", f"{best:.2f}", method, detail="The smallest SSE of any linear map: Σ λⱼ over j > d.")


def of_training(choice: Choice, *, along_d: bool) -> None:
    """How far trainings are apart that differ in their seed; where means along d are shown, which are of another recipe, too."""
    _over_seeds(choice)
    if along_d:
        _other_recipes(choice)


def _over_seeds(choice: Choice) -> None:
    """How far trainings of the model in focus are apart that differ in their seed, where their numbers are kept."""
    trainings = by_seed(choice, choice.family)
    means = {name: mean_over_seeds(trainings, figure) for name, figure in (("SSE", "sse"), ("ELBO", "elbo"))}
    said = [f"{name} {mean}{' nats' if name == 'ELBO' else ''}" for name, mean in means.items() if mean is not None]
    if said:
        st.caption(f"Mean over {len(trainings)} seeds: {'; '.join(said)} (± 95 % confidence interval).")


def on_the_same_images(choice: Choice) -> None:
    """How far the SSE of the model in focus is from that of each other, image by image."""
    if told := _on_the_same_images(choice):
        page.fine_print().caption(told)


@cached.recall(most=256)
def _on_the_same_images(choice: Choice) -> str:
    specs = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
    own = specs.pop(choice.family, None)
    known = {} if own is None else {family: cached.difference("sse", own, spec) for family, spec in specs.items()}
    sentences = [_apart(difference, the(family)) for family, difference in known.items() if difference is not None]
    if not sentences:
        return ""
    return f"On the same images the SSE of {the(choice.family)} is {'; '.join(sentences)} (± 95 % confidence interval)."


def _apart(difference: Mean, name: str) -> str:
    if not difference.tells_apart:
        return f"within {with_interval(0, difference.half_width).partition('± ')[2]} of {name}"
    return f"{difference} above {name}" if difference.value > 0 else f"{-difference} below {name}"


def _other_recipes(choice: Choice) -> None:
    """Which models along d are of another network or training than the others of their family."""
    specs = [checkpoint.spec for checkpoint in cached.recipes(choice.dataset)]
    said = [of_other_recipes(spec for spec in specs if spec.family == family) for family in unlabelled()]
    if any(said):
        st.caption("  \n".join(filter(None, said)))


def published_sse(choice: Choice) -> None:
    """What a paper printed for this data set and dimension, and whether the model here reaches it."""
    metrics = cached.metrics(choice.dataset, choice.latent_dim)
    for family, dim, value in published(choice.dataset):
        if dim == choice.latent_dim:
            verdict = _verdict(mean_of_metrics(metrics[family]), value) if family in metrics else "not trained here"
            st.caption(f"{mark(family).short}: Hinton & Salakhutdinov 2006 print {value:.2f}; {verdict}.")


def _verdict(mean: Mean, value: float) -> str:
    return f"{'reached' if mean.value < value + 0.005 else 'not reached'} here, {mean}"
