"""How much faster a linear VAE of MNIST trains where numbers below 1e-38 count as zero, as `configure_numerics` has it.

A pixel that is black in every image gets no gradient but rounding: its weights and Adam's moments decay until they are denormal numbers,
each of which takes a processor far longer than a normal one. With 128 latent dimensions, most of them drowned (tau = 4), this begins in the
fourth epoch or so. Two runs of one spec take turns, epoch by epoch, with and without.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.denormals [--n-epochs 8]
Prints the ratio of the last half of the epochs, and both runs' test losses, which agree.
"""

from __future__ import annotations

import argparse

import torch

from benchmarks.machine import report, spread
from vae_core import data as datasets
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.training.devices import configure_numerics
from vae_core.training.fit import fit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-epochs", type=int, default=8)
    options = parser.parse_args()
    configure_numerics()
    images, cpu = datasets.load("mnist"), torch.device("cpu")
    level = {"network": "linear", "likelihood": "gaussian", "scale": 1.0, "beta": 4.0}
    spec = VAESpec(dataset="mnist", latent_dim=128, n_epochs=60, **level)
    runs = {flushed: fit(build(spec), images, device=cpu) for flushed in (False, True)}
    events = {flushed: [] for flushed in runs}
    for _ in range(options.n_epochs):
        for flushed, run in runs.items():
            torch.set_flush_denormal(flushed)
            events[flushed].append(next(run))
    late = options.n_epochs // 2
    ratios = [kept.seconds / flushed.seconds for kept, flushed in zip(events[False][late:], events[True][late:], strict=True)]
    report(
        ratio=spread(ratios, 2),
        test_loss={"with denormals": events[False][-1].test["loss"], "without": events[True][-1].test["loss"]},
        epochs=[late + 1, options.n_epochs],
        n_images=len(images.train),
    )


if __name__ == "__main__":
    main()
