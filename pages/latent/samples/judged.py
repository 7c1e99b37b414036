"""Draws before a judge: how many the classifier reads with confidence, and which training image is nearest to each."""

from __future__ import annotations

import numpy as np

from pages.latent.samples.cached import N_COMPARED, N_READ, nearest_of_draws, nearest_of_test_images, read, read_of_test_images, samples
from pages.latent.samples.view import Setting, laws_of
from pages.shared import cached, page
from pages.shared.words import Words
from vae_core.drawing.theme import mark
from vae_core.explore.confidence import CONFIDENT
from vae_core.explore.latent import readings_figure as figures
from vae_core.explore.latent.readings import Nearest
from vae_core.explore.latent.samples import CodeLaw
from vae_core.explore.means import Share
from vae_core.specs import ModelSpec

N_SHOWN = 8
TEST = "Test images"
"""What draws are compared with."""


def ways(setting: Setting, text: Words) -> dict[str, tuple[str, CodeLaw, dict[int, ModelSpec]]]:
    """Every way to draw, by the name of its row: family, where its codes come from, its models."""
    of_autoencoder = {text.sections[f"row-{law}"]: ("autoencoder", law, setting.autoencoder) for law in laws_of(setting.choice)}
    rows = {text.sections["row-vae"]: ("vae", "prior", setting.vae)} | of_autoencoder
    return {name: way for name, way in rows.items() if way[2]}


def shares(setting: Setting, text: Words) -> dict[str, dict[int, Share]]:
    """Way to draw → latent dimension → how many draws are read with confidence."""
    by_way = {
        name: {d: read(spec, law, setting.seed) for d, spec in models.items()} for name, (_, law, models) in ways(setting, text).items()
    }
    return {name: {d: share for d, share in by_dim.items() if share is not None} for name, by_dim in by_way.items()}


def draw_shares(setting: Setting, text: Words) -> list[page.Download]:
    """The shares as a chart, and its file."""
    real = read_of_test_images(setting.choice.dataset) if setting.choice.has_data else None
    family = {name: way[0] for name, way in ways(setting, text).items()}
    bars = {name: (family[name], {d: one.in_percent for d, one in by_dim.items()}) for name, by_dim in shares(setting, text).items()}
    choices = (setting.choice.dataset, setting.seed, setting.choice.has_data)
    page.chart(cached.lasting_chart("read shares", choices, lambda: figures.read_shares(bars, real=real and real.in_percent)))
    return page.downloads(f"{setting.choice.dataset}-read", None, lambda: figures.read_csv(bars, N_READ))


def at_chosen(setting: Setting) -> int | None:
    """The latent dimension that is told of: the sidebar's where both families have it, else their largest; None without any."""
    both = [d for d in setting.vae if d in setting.autoencoder]
    return setting.choice.latent_dim if setting.choice.latent_dim in both else max(both, default=None)


def number_of_shares(setting: Setting, text: Words) -> None:
    """The shares at one d, and how they were obtained."""
    d, judge = at_chosen(setting), cached.classifier(setting.choice.dataset)
    if d is None or judge is None:
        return
    method = f"n = {N_READ} draws E[x | z] each, 95 % confidence interval (Wilson). Read: a label has probability {CONFIDENT:g} or more."
    models = {name: of for name, (_, _, of) in ways(setting, text).items()}
    for name, by_dim in shares(setting, text).items():
        share, _, interval = str(by_dim[d]).partition(" (")
        page.number(f"{name}, d = {d}", share, f"{interval.removesuffix(')')} %", of=models[name][d])
    page.number("The judge", f"{100 * judge.accuracy.share:.1f} %", f"Classifier: {judge.accuracy.in_words}. {method}")


def distances(setting: Setting, text: Words) -> dict[str, tuple[str | None, Nearest]]:
    """The nearest training images of test images and of draws at one d, each with its family."""
    d = at_chosen(setting)
    found: dict[str, tuple[str | None, Nearest]] = {TEST: (None, nearest_of_test_images(setting.choice.dataset))}
    for name, (family, law, models) in ways(setting, text).items():
        if d in models and law in ("prior" if family == "vae" else setting.law,):
            found[name] = family, nearest_of_draws(models[d], law, setting.seed)
    return found


def draw_nearest(setting: Setting, text: Words) -> list[page.Download]:
    """Draws above their nearest training images, and how far all draws and test images are from theirs; the files of both."""
    d, train_x = at_chosen(setting), cached.dataset(setting.choice.dataset).train.x
    of, rows = distances(setting, text), {}
    for name, (_, law, models) in ways(setting, text).items():
        if name in of and d is not None:
            drawn, found = samples(models[d], law, N_COMPARED, setting.seed, False), of[name][1]
            rows[name] = drawn[:N_SHOWN], train_x[found.index[:N_SHOWN]], found.sse[:N_SHOWN]
    table = figures.beside_nearest(rows) if rows else None
    if table is not None:
        page.image_table(table, beside=230, charts=190)
    sse: dict[str, tuple[str | None, np.ndarray]] = {name: (family, found.sse) for name, (family, found) in of.items()}
    page.chart(figures.distances(sse))
    values = {name: found.sse for name, (_, found) in of.items()}
    return page.downloads(f"{setting.choice.dataset}-nearest", table, lambda: figures.distances_csv(values))


def number_of_distances(setting: Setting, text: Words) -> None:
    """Mean distances, with their intervals."""
    n_train, d = len(cached.dataset(setting.choice.dataset).train), at_chosen(setting)
    models = {name: of for name, (_, _, of) in ways(setting, text).items()}
    for name, (family, found) in distances(setting, text).items():
        of = None if d is None else models.get(name, {}).get(d)
        label = name if family is None else f"{mark(family).short}, d = {d}"
        page.number(label, str(found.mean), f"SSE to the nearest of {n_train:,} training images, mean over n = {found.mean.n}.", of=of)
