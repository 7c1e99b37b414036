"""How much faster a sweep of 25 VAEs of MNIST's digits is with one process a core than with one process: same models, same epochs.

A step of 784-400 is too large to gain from one pass (`stack_or_processes`), so `vae_core.training.grids` makes 25 tasks of them, and the
last are trained in turns (`vae_core.jobs.sweep`). Both sweeps begin with empty stores and with workers that are up and have the images;
what is timed is everything that a person waits for, the evaluation of every model, too. The images are the 5,000 of `mnist_5k`.

Usage: python -m benchmarks.grid_on_mnist [--n-epochs 12] [--n-models 25] [--n-processes 2] [--n-rounds 2]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import report, seconds_of, spread
from vae_core import data as datasets
from vae_core.jobs.executors import ProcessExecutor
from vae_core.jobs.sweep import sweep
from vae_core.models.vae import VAESpec
from vae_core.store import Store

DATASET = "mnist_5k"


def load_images() -> None:
    """What a worker's first task takes longer for."""
    datasets.load(DATASET)


def seconds_of_sweep(specs: Sequence[VAESpec], n_processes: int) -> float:
    """Wall-clock seconds from the first task to the last checkpoint."""
    with TemporaryDirectory() as folder, ProcessExecutor(n_processes) as workers:
        store = Store(local=Path(folder) / "local", shipped=Path(folder) / "shipped")
        for future in [workers.submit(load_images) for _ in range(n_processes)]:
            future.result()
        seconds = seconds_of(lambda: list(sweep(specs, store, workers, device="cpu", n_workers=n_processes)))
        missing = [spec for spec in specs if spec not in store]
    if missing:
        raise RuntimeError(f"sweep must train every model, got {len(missing)} that it did not")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-epochs", type=int, default=12)
    parser.add_argument("--n-models", type=int, default=25)
    parser.add_argument("--n-processes", type=int, default=2)
    parser.add_argument("--n-rounds", type=int, default=2)
    options = parser.parse_args()
    base = VAESpec(dataset=DATASET, latent_dim=2, hidden=(400,), n_epochs=options.n_epochs)
    grid = product((0.25, 0.5, 1.0, 2.0, 4.0), (2, 5, 10, 20, 40))
    specs = [replace(base, beta=beta, latent_dim=d) for beta, d in grid][: options.n_models]
    seconds = [[seconds_of_sweep(specs, n) for n in (1, options.n_processes)] for _ in range(options.n_rounds)]
    report(
        ratio=spread([one / many for one, many in seconds], 2),
        seconds={"one process": spread([s for s, _ in seconds]), "one process a core": spread([s for _, s in seconds])},
        n_models=len(specs),
        n_epochs=options.n_epochs,
        n_processes=options.n_processes,
    )


if __name__ == "__main__":
    main()
