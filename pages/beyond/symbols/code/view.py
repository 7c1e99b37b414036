"""A code on the page: the images, the code over the codebook, its numbers, and its file."""

from __future__ import annotations

import numpy as np

from pages.beyond.symbols import cached as symbols_cached
from pages.beyond.symbols.code.controls import Swap, pick
from pages.shared import cached, page
from pages.shared.chart.chart import mount
from vae_core.drawing.image_table import ImageTable
from vae_core.explore.beyond import symbols_figure as figures
from vae_core.explore.means import mean_of
from vae_core.units import bits, signed


def draw(swap: Swap) -> ImageTable:
    """Draw the images above the code; what is clicked there is taken. The images, to keep."""
    table = cached.lasting("swap", (swap,), lambda: pictures(swap))
    page.image_table(table, beside=330, charts=310)
    picked = mount(cached.lasting_chart("code in symbols", (swap,), lambda: _chart(swap), tools=False, selects=1), key="code_in_symbols")
    if picked:
        pick(picked[0])
    return table


def bits_of(swap: Swap) -> tuple[float, float]:
    """What the code costs with the prior, as it is encoded and with the swap."""
    before, after = (float(bits(symbols_cached.costs(code)[swap.prior].sum())) for code in (swap.own, swap.code))
    return before, after


def pictures(swap: Swap) -> ImageTable:
    """The image, its code decoded, and the code with the swap decoded."""
    before, after = (symbols_cached.decoded(code) for code in (swap.own, swap.code))
    costs = [f"{signed(cost, 1)} bits" for cost in bits_of(swap)]
    return figures.before_and_after(symbols_cached.test_images().seen[swap.image], before, after, ("", *costs))


def _chart(swap: Swap) -> object:
    spec, x = symbols_cached.vqvae().spec, symbols_cached.tiles().mean(1)
    return figures.code_and_codebook(
        x,
        np.array(swap.code),
        spec.grid,
        position=swap.position,
        probabilities=symbols_cached.expected(swap.own, swap.position, swap.prior),
        shares=symbols_cached.usage().shares,
        nats=symbols_cached.costs(swap.code)[swap.prior],
    )


def numbers(swap: Swap) -> None:
    """What codes cost on average, and how many symbols are in use."""
    encoded, spec, usage = symbols_cached.test_images(), symbols_cached.vqvae().spec, symbols_cached.usage()
    mean = mean_of(bits(encoded.rate(swap.prior)))
    method = f"−log₂ p(z): mean over n = {mean.n:,} test images ± 95 % confidence interval. Uniform: {_uniform()} bits."
    value = f"{mean.value:.0f}" if swap.prior == "uniform" else str(mean)
    page.number(f"Bits per code, {swap.prior} prior", value, method, detail=about())
    method = f"exp(H) of the shares of the symbols. Of K = {spec.n_symbols}, {usage.n_used} are used on these images."
    page.number("Perplexity of the symbols", f"{usage.perplexity:.1f}", method, detail=about())


def about() -> str:
    """The model, as the ⓘ of its numbers names it."""
    spec = symbols_cached.vqvae().spec
    size = f"{spec.n_positions} positions, {spec.n_symbols} symbols"
    return f"VQ-VAE of MNIST 5k: convolutions, {size}; {spec.n_epochs} epochs, seed {spec.seed}."


def _uniform() -> str:
    spec = symbols_cached.vqvae().spec
    return f"{spec.n_positions} · log₂ {spec.n_symbols} = {spec.n_positions * np.log2(spec.n_symbols):g}"


def csv_of(swap: Swap) -> bytes:
    """Each position with its symbols and costs."""
    nats = {name: of[swap.image] for name, of in symbols_cached.test_images().nats.items()}
    return figures.code_csv(np.array(swap.own), np.array(swap.code), symbols_cached.vqvae().spec.grid[1], nats)
