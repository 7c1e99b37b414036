"""From which cost of a step on training models in one pass stops paying: what `vae_core.training.grids` decides by.

For several sizes of network and batch, M models are trained for the same few steps one after the other and as one stack, in turns, on
one thread; the ratio is of processor seconds. One process a core gains the same on top of either. A stack is trained where it gains half
as much again or more: less is not worth that a kill loses a second of every model, and that none is done before all are.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.stack_or_processes [--n-rounds 3]
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from benchmarks.grid_on_digits import CPU, cpu_seconds_of
from benchmarks.machine import report, spread
from vae_core import data as datasets
from vae_core.data.base import Images, Split
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.training.cost import multiply_adds
from vae_core.training.devices import configure_numerics
from vae_core.training.fit import fit
from vae_core.training.grids import MOST_MULTIPLY_ADDS
from vae_core.training.stacked import train_stacked

N_STEPS = 20
SIZES = [
    ("digits", (32,), 64, 10),
    ("digits", (128, 64), 64, 2),
    ("digits", (128, 64), 64, 4),
    ("digits", (128, 64), 64, 8),
    ("digits", (128, 64), 64, 16),
    ("digits", (400, 200), 64, 10),
    ("mnist", (32,), 128, 10),
    ("mnist", (100,), 64, 10),
    ("mnist", (100,), 128, 10),
    ("mnist", (200,), 128, 10),
    ("mnist", (400,), 128, 10),
]
"""Data set, hidden widths, batch size, models."""


def part_of(images: Images, n: int) -> Images:
    """The first training images, and the first test image: a few steps, and no evaluation to speak of."""
    return replace(images, train=Split(images.train.x[:n], None), test=Split(images.test.x[:1], None))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-rounds", type=int, default=3)
    options = parser.parse_args()
    configure_numerics()
    rows = []
    for dataset, hidden, batch_size, n_models in SIZES:
        images = part_of(datasets.load(dataset), N_STEPS * batch_size)
        base = VAESpec(dataset=dataset, latent_dim=8, hidden=hidden, batch_size=batch_size, n_epochs=1)
        specs = [replace(base, beta=float(beta)) for beta in range(1, n_models + 1)]

        def sequence(specs=specs, images=images) -> None:
            for spec in specs:
                list(fit(build(spec), images, device=CPU))

        def stack(specs=specs, images=images) -> None:
            list(train_stacked(specs, images, device=CPU))

        stack()
        ratios = [cpu_seconds_of(sequence) / cpu_seconds_of(stack) for _ in range(options.n_rounds)]
        size = {"dataset": dataset, "hidden": hidden, "batch_size": batch_size, "n_models": n_models}
        rows.append({**size, "multiply_adds_a_step": base.batch_size * multiply_adds(base), "ratio": spread(ratios, 2)})
    report(sizes=rows, stacked_up_to=MOST_MULTIPLY_ADDS)


if __name__ == "__main__":
    main()
