"""DRAW on the page: images as they are written, what each step costs and gains, and the bound beside a VAE's."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.beyond.draw import cached as caches
from pages.shared import cached, controls, page
from pages.shared.links import bound
from pages.shared.words import Words
from vae_core.drawing.image_table import ImageTable
from vae_core.explore.beyond import draw_figure as figures
from vae_core.explore.beyond.draw import DATASET, STEPS, Canvases, StepTerms
from vae_core.explore.means import Mean, mean_of, mean_of_metrics
from vae_core.explore.reconstructions import drawn
from vae_core.models.draw import draw_spec
from vae_core.units import counted

TEST_IMAGES, PRIOR = SOURCES = ("test images", "the prior")
CANVAS, WRITTEN = SHOWN = ("canvas", "what is written")
N_IMAGES = 3
VAE = f"VAE, d = {caches.VAE_DIM}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is looked at.

    Attributes:
        n_steps: T of the model.
        stop: the step after which it stops.
        source: what is written.
        shown: the canvas, or what each step adds to it.
        draw: which images.
    """

    n_steps: int
    stop: int
    source: str
    shown: str
    draw: int

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of the test images that are shown."""
        return tuple(drawn(len(cached.dataset(DATASET).test), N_IMAGES, self.draw).tolist())

    @property
    def terms(self) -> StepTerms:
        """Of every test image."""
        return caches.step_terms(self.n_steps)


def name_of(n_steps: int) -> str:
    """What a model is called."""
    return f"T = {n_steps}"


def choose() -> Setting:
    """Draw the controls."""
    names = {name_of(n_steps): n_steps for n_steps in reversed(STEPS)}
    n_steps = names[controls.segmented("Steps", tuple(names), "draw_steps", help="T: how often the network writes onto its canvas.")]
    options = range(n_steps + 1)
    controls.settle("draw_stop", options, n_steps)
    stop = st.select_slider("Stop after step", options, n_steps, **bound("draw_stop"))
    source = controls.segmented(
        "Codes from", SOURCES, "draw_source", help="q of each test image, at its mean; or N(0, I), for images that nobody drew."
    )
    shown = controls.segmented("Show", SHOWN, "draw_shown", help="The canvas after each step, or what the step adds to it.")
    return Setting(n_steps, stop, source, shown, controls.draw("Other images", key="draw_images"))


def canvases(setting: Setting) -> Canvases:
    """Of the images that are shown."""
    if setting.source == PRIOR:
        return caches.canvases_of_prior(setting.n_steps, N_IMAGES, setting.draw)
    return caches.canvases_of_images(setting.n_steps, setting.numbers)


def negative_elbos() -> dict[str, Mean]:
    """Model → its mean −ELBO over the test images."""
    means = {VAE: mean_of(caches.negative_elbo_of_vae(caches.vae()))}
    return means | {name_of(n_steps): mean_of(caches.step_terms(n_steps).negative_elbo()) for n_steps in STEPS}


def tighter() -> dict[str, Mean]:
    """Model → minus its importance-weighted bound, as it was kept."""
    checkpoint = cached.checkpoint(caches.vae())
    kept = {VAE: checkpoint.metrics} if checkpoint is not None else {}
    kept |= {name_of(n_steps): caches.metrics(n_steps) for n_steps in STEPS}
    return {name: -mean_of_metrics(metrics, "iwae_bound") for name, metrics in kept.items()}


def paid(terms: StepTerms) -> list[Mean]:
    """Mean KL of each step."""
    return [mean_of(rate) for rate in terms.rates]


def gained(terms: StepTerms) -> list[Mean]:
    """Mean fall of the distortion in each step."""
    return [mean_of(fall) for fall in terms.gained]


def numbers(setting: Setting, text: Words) -> None:
    """−ELBO of what is shown, beside the VAE's on the same images, and how it was obtained."""
    terms, vae = setting.terms, caches.vae()
    own = terms.negative_elbo(setting.stop)
    is_whole = setting.stop == setting.n_steps
    label = f"−ELBO, {name_of(setting.n_steps)}" + ("" if is_whole else f", stopped after {setting.stop}")
    how = f"Mean over n = {len(own):,} test images ± 95 % confidence interval."
    spec = draw_spec(DATASET, setting.n_steps)
    detail = (
        f"Model: DRAW of {controls.called(DATASET)} in {counted(spec.n_steps, 'step')}, d = {spec.n_steps * spec.step_dim}; "
        f"recurrent network, {spec.n_epochs} epochs; seed {spec.seed}. Binarised images, one draw of each z."
    )
    page.number(label, f"{mean_of(own)} nats", how, detail=detail)
    apart = mean_of(own - caches.negative_elbo_of_vae(vae))
    where = "above" if apart.value > 0 else "below"
    page.number(f"{where.capitalize()} the VAE's", f"{apart if apart.value > 0 else -apart} nats", "The same images, paired.", of=vae)
    weights = caches.n_weights(setting.n_steps)
    page.fine_print().caption(text.said("weights", weights=f"{weights:,}", vae=f"{caches.n_weights_of_vae(vae):,}", d=caches.VAE_DIM))


def draw(setting: Setting) -> ImageTable:
    """The film strip above both charts."""
    of = canvases(setting)
    table = figures.film_strip(
        of.means,
        setting.stop,
        x=of.x,
        distortion=of.distortion,
        written=of.written if setting.shown == WRITTEN else None,
    )
    page.image_table(table, beside=320, charts=260)
    left, right = st.columns((5, 4), gap="small")
    key = (setting.n_steps, setting.stop)
    terms = setting.terms
    with left:
        steps = cached.lasting_chart("draw steps", key, lambda: figures.paid_and_gained(paid(terms), gained(terms), setting.stop))
        page.chart(steps, key="steps")
    with right:
        early = None if setting.stop == setting.n_steps else mean_of(terms.negative_elbo(setting.stop))
        options = {"chosen": name_of(setting.n_steps), "stopped": early}
        page.chart(cached.lasting_chart("draw bounds", key, lambda: figures.bounds(negative_elbos(), tighter(), **options)), key="bounds")
    return table


def csv(setting: Setting) -> bytes:
    """What each step costs and gains."""
    terms = setting.terms
    after = [mean_of(terms.negative_elbo(t)) for t in range(setting.n_steps + 1)]
    return figures.steps_csv(paid(terms), gained(terms), after)


def notebook(setting: Setting, text: Words) -> str:
    """Lines of Python that make the picture."""
    of_prior = f"draw.canvases_of_prior(model, {N_IMAGES}, seed={setting.draw})"
    made = of_prior if setting.source == PRIOR else f"draw.canvases_of_images(model, images, {list(setting.numbers)})"
    written = ", written=of.written" if setting.shown == WRITTEN else ""
    return text.lines("notebook", n_steps=setting.n_steps, stop=setting.stop, canvases=made, written=written)
