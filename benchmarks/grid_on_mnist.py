"""How much faster 25 VAEs of MNIST train with one process a core than one after the other on one core: same models, same epochs.

A step of 784-400 is too large to gain from one pass (`stack_or_processes`), so `vae_core.training.grids` makes 25 tasks of them.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.grid_on_mnist [--n-images 12800] [--n-processes 2] [--n-rounds 2]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import torch

from benchmarks.machine import report, seconds_of, spread
from vae_core import data as datasets
from vae_core.data.base import Split
from vae_core.jobs.executors import ProcessExecutor
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.training.devices import configure_numerics
from vae_core.training.fit import fit
from vae_core.training.grids import tasks


@lru_cache(maxsize=1)
def first_images(n: int) -> datasets.Images:
    """The first n training images and 2,000 test images, read once a process: 0.2 s, as much as a third of these short epochs."""
    images = datasets.load("mnist")
    return replace(images, train=Split(images.train.x[:n], None), test=Split(images.test.x[:2000], None))


def one_epoch(specs: Sequence[VAESpec], n_images: int) -> None:
    """An epoch of each model, in this process."""
    configure_numerics()
    for spec in specs:
        list(fit(build(spec), first_images(n_images), device=torch.device("cpu")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-images", type=int, default=12_800)
    parser.add_argument("--n-processes", type=int, default=2)
    parser.add_argument("--n-rounds", type=int, default=2)
    options = parser.parse_args()
    configure_numerics()
    base = VAESpec(dataset="mnist", latent_dim=2, hidden=(400,), n_epochs=1)
    specs = [replace(base, beta=beta, latent_dim=d) for beta in (0.25, 0.5, 1.0, 2.0, 4.0) for d in (2, 5, 10, 20, 40)]
    parts = tasks(specs, options.n_processes)
    with ProcessExecutor(options.n_processes) as workers:

        def beside() -> None:
            for future in [workers.submit(one_epoch, part, options.n_images) for part in parts]:
                future.result()

        beside()  # every worker is up, and has its images
        first_images(options.n_images)
        seconds = [(seconds_of(lambda: one_epoch(specs, options.n_images)), seconds_of(beside)) for _ in range(options.n_rounds)]
    report(
        ratio=spread([sequence / processes for sequence, processes in seconds], 2),
        seconds={"in sequence, one core": spread([s for s, _ in seconds]), "one process a core": spread([s for _, s in seconds])},
        n_models=len(specs),
        n_tasks=len(parts),
        n_processes=options.n_processes,
        n_images=options.n_images,
    )


if __name__ == "__main__":
    main()
