"""What a code concludes, and what it answers."""

from __future__ import annotations

import numpy as np

from pages.beyond.symbols import cached as symbols_cached
from pages.beyond.symbols.code.controls import Swap
from pages.beyond.symbols.code.view import bits_of
from pages.shared.words import Words
from vae_core.explore.means import mean_of_few
from vae_core.units import signed

SEEN = 0.1
"""Change of a pixel that counts."""


def conclusion(swap: Swap, text: Words) -> str:
    """What the code costs, and what the swap changes."""
    spec, (before, after) = symbols_cached.vqvae().spec, bits_of(swap)
    row, column = divmod(swap.position, spec.grid[1])
    uniform = spec.n_positions * np.log2(spec.n_symbols)
    values = {"p": spec.n_positions, "k": spec.n_symbols, "uniform": f"{uniform:g}", "bits": signed(before, 1), "prior": swap.prior}
    section = "conclusion-uniform" if swap.prior == "uniform" else "conclusion"
    said = [text.said(section, **values)]
    if swap.is_swapped:
        change = np.abs(symbols_cached.decoded(swap.code) - symbols_cached.decoded(swap.own))
        own = {"own": swap.own[swap.position], "put": swap.put, "row": row + 1, "column": column + 1}
        pixels = {"changed": int((change > SEEN).sum()), "pixels": change.size}
        way = "same" if abs(after - before) < 0.05 else "more" if after > before else "less"
        said.append(text.said(f"conclusion-{way}", **own, **pixels, by=signed(abs(after - before), 1)))
        labels = {"before": symbols_cached.label(swap.own), "after": symbols_cached.label(swap.code)}
        said.append(text.said("read-alike" if labels["before"] == labels["after"] else "read-otherwise", **labels))
    return " ".join(said)


def answer(swap: Swap, text: Words) -> str:
    """How many pixels depend on each position of this code."""
    grid, changed = symbols_cached.vqvae().spec.grid, symbols_cached.reach(swap.own, SEEN)
    head = "| | " + " | ".join(f"column {c + 1}" for c in range(grid[1])) + " |\n|" + "---|" * (grid[1] + 1)
    rows = [f"| row {r + 1} | " + " | ".join(f"{value:.0f}" for value in line) + " |" for r, line in enumerate(changed.reshape(grid))]
    n_pixels = symbols_cached.test_images().seen[0].size
    return text.said("answer", mean=mean_of_few(changed), n=n_pixels, image=swap.image, table="\n".join([head, *rows]), least=SEEN)
