"""Denoising on the page: noisy images beside what is made of them, the matrix of errors, codes under noise."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.autoencoders.denoising import cached as caches
from pages.autoencoders.denoising.controls import CODES, IMAGES, LEVELS, MATRIX, Setting
from pages.shared import cached, page
from pages.shared.words import Words
from vae_core.drawing.image_table import ImageTable
from vae_core.explore.autoencoders import denoising, denoising_figure
from vae_core.explore.autoencoders.denoising import BEST, LATENT_DIMS, PLAIN, STRENGTHS_TRIED
from vae_core.explore.autoencoders.denoising_figure import NOISES, TITLES
from vae_core.explore.means import Mean, mean_of
from vae_core.specs import Corruption

GISTS = {
    IMAGES: "Test images, the same with noise, and what each denoiser makes of them. Below each image: its squared error (SSE).",
    MATRIX: "Each cell is a denoiser's mean squared error (SSE) on test images with one noise. Bold: the least of a column that is not 0.",
    CODES: "Left: how far noise moves the code of an image. Right: squared error (SSE) on training and on test images without noise.",
}
"""What each view shows, and what to look for."""


def errors(setting: Setting, corruption: Corruption, strength: float) -> dict[str, np.ndarray]:
    """Every denoiser's squared errors on the test images with a noise, (N,) each."""
    trained = {name: caches.errors(spec, corruption, strength) for name, spec in setting.specs.items()}
    return {BEST: caches.best_errors(setting.dataset, corruption, strength), **trained}


def painted_errors(setting: Setting) -> dict[str, np.ndarray]:
    """Every denoiser's squared errors on the test images where noise is painted, in the painted pixels and in the others, (2, N) each."""
    of = (setting.kind, setting.strength, setting.painted)
    trained = {name: caches.painted_errors(spec, *of) for name, spec in setting.specs.items()}
    return {BEST: caches.best_painted_errors(setting.dataset, *of), **trained}


def shown_errors(setting: Setting) -> dict[str, np.ndarray]:
    """Every denoiser's squared errors on the test images as the images are shown, (N,) each."""
    if setting.painted:
        return {name: of.sum(0) for name, of in painted_errors(setting).items()}
    return errors(setting, setting.kind, setting.strength)


def painted_noise(setting: Setting) -> np.ndarray:
    """Squared errors of the test images themselves where noise is painted, (N,)."""
    return caches.painted_noise(setting.dataset, setting.kind, setting.strength, setting.painted).sum(0)


def matrix(setting: Setting) -> dict[str, dict[Corruption, Mean]]:
    """Denoiser → noise → mean error on the test images."""
    by_noise = {kind: errors(setting, kind, strength) for kind, strength in STRENGTHS_TRIED.items()}
    names = denoising_figure.ordered(next(iter(by_noise.values())))
    return {name: {kind: mean_of(of[name]) for kind, of in by_noise.items()} for name in names}


def moved(setting: Setting) -> dict[str, list[float]]:
    """Denoiser → how far noise of each strength moves its codes, as a share of their variance."""
    return {name: [float(caches.drift(spec, setting.kind, s).mean()) for s in LEVELS] for name, spec in setting.specs.items()}


def clean(setting: Setting) -> dict[str, tuple[Mean, Mean]]:
    """Denoiser → mean error of training images and of test images, without noise."""
    return {name: (caches.train_error(spec), mean_of(caches.errors(spec, "none", 0.0))) for name, spec in setting.specs.items()}


def draw(setting: Setting) -> ImageTable | None:
    """The picture; its table of images, where it is one."""
    if setting.show == IMAGES:
        table = _images(setting)
        page.image_table(table, beside=330)
        return table
    if setting.show == MATRIX:
        page.chart(cached.lasting_chart("denoising", (setting.dataset,), lambda: denoising_figure.matrix(matrix(setting))), key="matrix")
        return None
    left, right = st.columns((5, 4), gap="small")
    with left:
        of = (setting.dataset, setting.kind)
        curves = cached.lasting_chart("codes", of, lambda: denoising_figure.moved_codes(moved(setting), LEVELS, unit=unit(setting)))
        page.chart(curves, key="moved")
    with right:
        bars = cached.lasting_chart("clean errors", (setting.dataset,), lambda: denoising_figure.clean_errors(clean(setting)))
        page.chart(bars, key="clean")
    return None


def unit(setting: Setting) -> str:
    """What the strength of the noise is."""
    return "σ of the noise" if setting.kind == "gaussian" else f"share of pixels ({NOISES[setting.kind]})"


def _images(setting: Setting) -> ImageTable:
    x = cached.dataset(setting.dataset).test.x[setting.indices]
    seen = denoising.noisy(x, setting.kind, setting.strength, setting.draw, setting.pixels)
    made = {name: caches.denoised(spec, seen) for name, spec in setting.specs.items()}
    best = caches.best_linear(setting.dataset, setting.kind, setting.strength)
    lines = {name: str(mean_of(of)) for name, of in shown_errors(setting).items()}
    noise = painted_noise(setting) if setting.painted else caches.noisy_errors(setting.dataset, setting.kind, setting.strength)
    before = str(mean_of(noise))
    return denoising_figure.images(x, seen, {BEST: best(seen), **made}, {"original": "test mean SSE", "noisy": before, **lines})


def numbers(setting: Setting) -> None:
    """What the view is about, in numbers."""
    n = len(cached.dataset(setting.dataset).test)
    if setting.show == CODES:
        own = setting.specs.get(setting.kind)
        for spec, name in ((setting.specs.get(PLAIN), "AE without noise"), (own, f"AE trained with {NOISES[setting.kind]}")):
            if spec is not None:
                moved = mean_of(caches.drift(spec, setting.kind, setting.strength)).in_percent
                how = f"Share of their variance; {setting.noise}, n = {n:,} test images ± 95 % confidence interval."
                page.number(f"Codes moved, {name}", f"{moved} %", how, of=spec)
        return
    if setting.painted:
        page.fine_print().caption(
            f"SSE: means over n = {n:,} test images ± 95 % confidence interval. Each denoiser expects noise on all pixels."
        )
        return
    of = shown_errors(setting)
    best, exact = mean_of(of[BEST]), caches.best_linear(setting.dataset, setting.kind, setting.strength)
    method = f"n = {n:,} test images ± 95 % confidence interval. Exact on training images: {exact.expected_sse():.2f}."
    page.number("Best linear denoiser, SSE", str(best), method, detail="Closed form, over all noise.")
    if setting.kind in of:
        apart = mean_of(of[setting.kind] - of[BEST])
        side = "below" if apart.value < 0 else "above"
        method = f"{-apart if apart.value < 0 else apart} {side} it on the same images."
        page.number(f"{TITLES[setting.kind]}, SSE", str(mean_of(of[setting.kind])), method, of=setting.specs[setting.kind])
    through = exact.expected_sse(LATENT_DIMS[setting.dataset])
    page.fine_print().caption(
        f"Through a code of {LATENT_DIMS[setting.dataset]} numbers, a linear map reaches at best {through:.2f} (exact)."
    )


def notebook(setting: Setting, text: Words) -> str:
    """Lines of Python that make the picture."""
    section = {IMAGES: "notebook", MATRIX: "notebook-matrix", CODES: "notebook-codes"}[setting.show]
    values: Mapping[str, object] = {"dataset": setting.dataset, "kind": setting.kind, "strength": setting.strength, "seed": setting.draw}
    side = "" if setting.pixels is None else f', painted=denoising.painted_pixels("{setting.painted}", {len(setting.pixels)})'
    return text.lines(section, **values, indices=setting.indices, strengths=list(LEVELS), unit=unit(setting), painted=side)


def csv(setting: Setting) -> bytes:
    """The numbers of the view."""
    if setting.show == CODES:
        return denoising_figure.moved_csv(moved(setting), LEVELS)
    if setting.painted:
        parts = {name: [mean_of(part) for part in of] for name, of in painted_errors(setting).items()}
        return denoising_figure.painted_csv(parts)
    return denoising_figure.errors_csv(matrix(setting))
