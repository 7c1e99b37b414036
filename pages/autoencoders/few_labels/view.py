"""Few labels on the page: the curves of all representations, the numbers with so many labels, and images that have one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from pages.autoencoders.few_labels.cached import of_codes, of_pixels
from pages.shared import cached, controls, page
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.words import Words
from vae_core.explore.autoencoders import few_labels
from vae_core.explore.autoencoders import few_labels_figure as figures
from vae_core.explore.autoencoders.few_labels import N_DRAWS, Accuracies
from vae_core.explore.means import mean_of_few
from vae_core.models.autoencoder import AutoencoderSpec
from vae_core.specs import ModelSpec

PIXELS, PCA, AE, DAE, VAE = "pixels", "pca", "autoencoder", "denoising", "vae"
N_SHOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """The data set, the accuracies of each representation, and the number of labels that is told of."""

    choice: Choice
    curves: dict[str, Accuracies]
    n: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of labels that were tried."""
        return self.curves[PIXELS].sizes

    @property
    def chance(self) -> float:
        """Accuracy of guessing among the classes, which have as many labels each."""
        return 1 / len(np.unique(few_labels.pool_of(cached.dataset(self.choice.dataset))[1]))


def models(choice: Choice) -> dict[str, ModelSpec]:
    """Representation → the model of the data set that makes it, of those that are trained at this d."""
    specs = cached.specs(choice.dataset, choice.latent_dim)
    wanted = {family: specs[family] for family in (PCA, AE, VAE) if family in specs}
    plain = wanted.get(AE)
    if isinstance(plain, AutoencoderSpec):
        wanted[DAE] = replace(plain, corruption="gaussian", corruption_strength=0.5)
    return cached.trained({name: wanted[name] for name in (PCA, AE, DAE, VAE) if name in wanted})


def can_be_tried(choice: Choice) -> bool:
    """Whether there are labels, of two classes or more, and more of them than classes."""
    images = cached.dataset(choice.dataset)
    return images.train.labels is not None and bool(few_labels.sizes_of(few_labels.pool_of(images)[1]))


def curves_of(choice: Choice) -> dict[str, Accuracies]:
    """Of pixels, and of the codes of each model that is here."""
    return {PIXELS: of_pixels(choice.dataset)} | {name: of_codes(spec) for name, spec in models(choice).items()}


def choose(choice: Choice) -> Setting:
    """Draw the control."""
    curves = curves_of(choice)
    sizes = curves[PIXELS].sizes
    controls.settle("n_labels", sizes, sizes[0])
    n = st.select_slider("Labels", sizes, sizes[0], **bound("n_labels"))
    return Setting(choice, curves, n)


def numbers(setting: Setting) -> None:
    """Accuracies with so many labels, and how they were obtained."""
    rows = []
    for name, of in setting.curves.items():
        mean = mean_of_few(100 * of.at(setting.n))
        rows.append(f"| {figures.look(name)[1].removesuffix(' codes')} | {mean} | {of.with_all.in_brief} |")
    of = setting.curves[PIXELS]
    best = max(setting.curves, key=lambda name: setting.curves[name].at(setting.n).mean())
    mean = mean_of_few(100 * setting.curves[best].at(setting.n))
    method = f"Mean over {N_DRAWS} draws of the labelled set ± 95 % confidence interval (Student); n = {of.n_test:,} test images."
    with_all = "With the most labels: one fit ± half the width of its 95 % confidence interval over test images (Wilson)."
    page.number(f"Most right: {figures.look(best)[1]}", f"{mean} %", method, of=models(setting.choice).get(best), detail=with_all)
    head = f"| % right | {setting.n:,} labels | {of.n_pool:,} labels |\n|---|---|---|\n"
    st.markdown(head + "\n".join(rows))


def draw(setting: Setting) -> list[page.Download]:
    """The curves above images that have labels; their files."""
    choice = setting.choice
    key = (choice.dataset, choice.latent_dim, setting.n)
    percent = {name: of.in_percent for name, of in setting.curves.items()}
    options = {"chance": 100 * setting.chance, "chosen": setting.n}
    page.chart(cached.lasting_chart("few labels", key, lambda: figures.accuracy_curves(percent, **options)))
    x, labels = few_labels.pool_of(cached.dataset(choice.dataset))
    table = figures.labelled_images(x[few_labels.labelled_order(labels, 0)[: min(N_SHOWN, setting.n)]], setting.n)
    cached.lasting("labelled images", key, lambda: page.image_table(table, beside=215, charts=380))
    with_all = {name: {of.n_pool: np.array([of.with_all.share])} for name, of in setting.curves.items()}
    shares = {name: dict(zip(of.sizes, of.shares, strict=True)) | with_all[name] for name, of in setting.curves.items()}
    return page.downloads(f"{choice.dataset}-few-labels", table, lambda: figures.accuracies_csv(shares))


def notebook(setting: Setting, text: Words) -> str:
    """Lines of Python that make the picture, without the model of another training."""
    families = [name for name in setting.curves if name in (PCA, AE, VAE)]
    return text.lines("notebook", families=families, chance=f"{100 * setting.chance:g}", **setting.choice.values())
