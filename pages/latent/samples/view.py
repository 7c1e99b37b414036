"""Which models draw samples: the images with the bound on log p(x) of each beneath, and what the controls say."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import streamlit as st

from pages.latent.samples.cached import samples
from pages.shared import cached, controls, page
from pages.shared.controls import Choice, latent_dims
from pages.shared.links import bound
from pages.shared.words import Words
from vae_core.drawing.image_table import ImageTable
from vae_core.explore.codes_figure import bounds_csv
from vae_core.explore.latent.samples import CodeLaw
from vae_core.explore.latent.samples_figure import Drawn, samples_by_latent_dim
from vae_core.explore.means import log_px_method, log_px_of_metrics, mean_of_metrics
from vae_core.specs import ModelSpec

IMAGES, READ, NEAREST = "images", "read", "nearest"
"""What is shown of the draws: themselves, how many are read with confidence, what training image is nearest to each."""
USUALLY = 5
"""Images per side with which the page opens."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What is shown and of which draws.

    Attributes:
        choice: of the sidebar.
        show: one of the three views.
        law: where codes of the autoencoder come from.
        pixels: of the VAE, means or drawn.
        across: images per side.
        seed: of the draws.
        vae: latent dimension → model.
        autoencoder: likewise.
    """

    choice: Choice
    show: str
    law: CodeLaw
    pixels: str
    across: int
    seed: int
    vae: dict[int, ModelSpec]
    autoencoder: dict[int, ModelSpec]


def laws_of(choice: Choice) -> tuple[CodeLaw, ...]:
    """Where codes of the autoencoder can come from: a distribution is fitted to codes of training images, which must be here."""
    return ("prior", "gaussian", "mixture") if choice.has_data else ("prior",)


def choose(choice: Choice, text: Words) -> Setting:
    """Draw the controls."""
    views = (IMAGES, *([READ] if cached.classifier(choice.dataset) else []), *([NEAREST] if choice.has_data else []))
    controls.settle("samples_show", views, IMAGES)
    show = controls.segmented("Show", views, key="samples_show", help=text.sections["show"])
    law: CodeLaw = "prior"
    pixels, across = "mean", USUALLY
    if show != READ:
        law = controls.segmented("Codes of the autoencoder", laws_of(choice), key="law", help=text.sections["law"])
    if show == IMAGES:
        pixels = controls.segmented("Pixels of the VAE", ("mean", "drawn"), key="pixels", help="E[x | z], or x ~ p(x | z).")
    seed = controls.draw("Resample", icon=None)
    if show == IMAGES:
        with controls.advanced({"n_side": USUALLY}):
            across = st.slider("Images per side", 3, 8, USUALLY, **bound("n_side"))
    return Setting(choice, show, law, pixels, across, seed, *(at_every_dim(choice, family) for family in ("vae", "autoencoder")))


def table(setting: Setting, text: Words) -> ImageTable:
    """Samples at every latent dimension, with the bound beneath them."""
    n, seed, law = setting.across**2, setting.seed, setting.law
    rows = {
        text.sections["row-vae"]: {
            d: Drawn(samples(spec, "prior", n, seed, setting.pixels == "drawn"), elbo_line(spec)) for d, spec in setting.vae.items()
        },
        text.sections[f"row-{law}"]: {d: Drawn(samples(spec, law, n, seed, False), "no p(x)") for d, spec in setting.autoencoder.items()},
    }
    return samples_by_latent_dim({label: row for label, row in rows.items() if row}, across=setting.across)


def draw(setting: Setting, text: Words) -> list[page.Download]:
    """The images, and their files."""
    choices = (setting.choice.dataset, setting.law, setting.across, setting.seed, setting.pixels, setting.choice.has_data)
    images = table(setting, text)
    cached.lasting("samples", choices, lambda: st.html(images.to_html(beside=260, most=420)))
    return page.downloads(f"{setting.choice.dataset}-samples", images, lambda: bounds_csv(metrics_of(setting.vae)))


def at_every_dim(choice: Choice, family: str) -> dict[int, ModelSpec]:
    """Latent dimension → spec of the trained recipes of a family, four at most: those of Kingma & Welling 2014, Fig. 5 first."""
    recipes = {dim: cached.specs(choice.dataset, dim).get(family) for dim in latent_dims(choice.dataset)}
    trained = cached.trained({dim: spec for dim, spec in recipes.items() if spec is not None})
    usual = [dim for dim in trained if dim in (2, 5, 10, 20)]
    chosen = usual if len(usual) >= 2 else list(trained)[:4]
    return {dim: trained[dim] for dim in chosen}


def metrics_of(specs: dict[int, ModelSpec]) -> dict[int, dict]:
    """Latent dimension → stored evaluation on the test images."""
    here = cached.by_fingerprint()
    return {dim: here[spec.fingerprint].metrics for dim, spec in specs.items() if spec.fingerprint in here}


def elbo_line(spec: ModelSpec) -> str:
    """The ELBO of a model on the test images, as a line."""
    checkpoint = cached.checkpoint(spec)
    return f"ELBO {mean_of_metrics(checkpoint.metrics, 'elbo')} nats" if checkpoint is not None else ""


def numbers(setting: Setting, _: Words) -> None:
    """The largest ELBO of all, and log p(x) of each VAE with its method."""
    specs = setting.vae
    metrics = metrics_of(specs)
    if not metrics:
        return
    best = max(metrics, key=lambda dim: metrics[dim]["elbo"])
    images = "binarised test images" if metrics[best]["binarisation_seed"] is not None else "test images"
    method = (
        f"Mean over n = {metrics[best]['n_images']:,} {images} ± 95 % confidence interval, one draw of z per image, rate in closed form."
    )
    page.number(f"Best test ELBO, d = {best}", f"{mean_of_metrics(metrics[best], 'elbo')} nats", method, of=specs[best])
    by_method = groupby(metrics.items(), lambda item: log_px_method(item[1]))
    lines = [f"{'; '.join(f'd = {dim}: {log_px_of_metrics(of_dim)}' for dim, of_dim in dims)} ({method})" for method, dims in by_method]
    page.fine_print().caption("  \n".join(["log p(x) of the same images, nats:", *lines]))
