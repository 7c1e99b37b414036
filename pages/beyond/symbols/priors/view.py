"""Priors on the page: their draws, what codes cost with each, the bound beside a VAE's, and the file."""

from __future__ import annotations

from pages.beyond.symbols import cached as symbols_cached
from pages.beyond.symbols.cached import DATASET, N_READ
from pages.shared import cached, page
from vae_core.drawing.image_table import ImageTable
from vae_core.explore.beyond import symbols_figure as figures
from vae_core.explore.beyond.symbols_figure import Interval
from vae_core.explore.confidence import CONFIDENT
from vae_core.explore.means import Mean, Share, mean_of
from vae_core.models.vqvae import PRIORS
from vae_core.specs import ModelSpec

N_SHOWN, LATENT_DIM = 10, 20
"""Draws that are shown of each prior, and d of the VAE beside."""


def draw(seed: int) -> ImageTable:
    """Draw the images above the chart; the images, to keep."""
    table = cached.lasting("draws of priors", (seed,), lambda: figures.draws_table(first_draws(seed)))
    page.image_table(table, beside=300, charts=230)
    real = symbols_cached.read_of_decoded().in_percent[0]
    page.chart(cached.lasting_chart("costs of codes", (seed,), lambda: figures.costs(intervals(), in_percent(seed), real=real)))
    return table


def first_draws(seed: int) -> dict[str, object]:
    """Prior → the first of its draws, (N, C, H, W)."""
    return {name: symbols_cached.draws(name, seed).images[:N_SHOWN] for name in PRIORS}


def rates() -> dict[str, Mean]:
    """Prior → nats per code of a test image."""
    encoded = symbols_cached.test_images()
    return {name: mean_of(encoded.rate(name)) for name in PRIORS}


def intervals() -> dict[str, Interval]:
    """The same with both ends of the interval."""
    return {name: (mean.value, *mean.interval) for name, mean in rates().items()}


def shares(seed: int) -> dict[str, Share]:
    """Prior → how many of its draws are read with confidence."""
    return {name: symbols_cached.read(name, seed) for name in PRIORS}


def in_percent(seed: int) -> dict[str, Interval]:
    """The same in per cent."""
    return {name: share.in_percent for name, share in shares(seed).items()}


def vae() -> ModelSpec:
    """The VAE whose ELBO stands beside, on the same binarised test images."""
    return cached.specs(DATASET, LATENT_DIM)["vae"]


def beside_a_vae() -> tuple[Mean, Mean, Mean]:
    """−log p(x) at most, by the VQ-VAE with its network and by the VAE, and the difference on the same images, in nats."""
    own, other = symbols_cached.test_images().minus_log_px("network"), symbols_cached.minus_elbo(vae())
    return mean_of(own), mean_of(other), mean_of(own - other)


def numbers() -> None:
    """What a code costs, and the bound beside the VAE's."""
    mean, judge = rates()["network"], cached.classifier(DATASET)
    saved = symbols_cached.test_images().saved("network", "independent")
    method = (
        f"−log p(z), n = {mean.n:,} test images ± 95 % confidence interval. Saved beside *independent*: {saved} nats, on the same images."
    )
    page.number("Nats per code, network", str(mean), method)
    own, other, apart = beside_a_vae()
    said = f"VAE, d = {LATENT_DIM}: {other} (−ELBO). Difference on the same {own.n:,} binarised images: {apart} nats."
    page.number(
        "−log p(x), at most", f"{own} nats", said, of=vae(), detail="Distortion of the nearest code, and its −log p(z) by the network."
    )
    about = f"Read: a label has probability {CONFIDENT:g} or more; {N_READ} draws, Wilson intervals."
    page.fine_print().caption(f"{about} Classifier: {judge.accuracy.in_words}.")


def csv_of(seed: int) -> bytes:
    """What codes cost, and how many draws are read."""
    return figures.costs_csv(intervals(), in_percent(seed))
