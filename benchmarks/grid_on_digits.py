"""How much faster 25 small VAEs train in one pass than one after the other: same models, same epochs, one thread.

Both are timed by the processor time of this process, taking turns, so that busy neighbours count for neither. Nothing is evaluated
beyond what every epoch reports.

Usage: python -m benchmarks.grid_on_digits [--n-epochs 5] [--n-rounds 3]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch

from benchmarks.machine import report, spread
from vae_core import data as datasets
from vae_core.models import build, default_spec
from vae_core.training.devices import configure_numerics
from vae_core.training.fit import fit
from vae_core.training.stacked import train_stacked

CPU = torch.device("cpu")


def cpu_seconds_of(work: Callable[[], Any]) -> float:
    """Processor seconds of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-epochs", type=int, default=5)
    parser.add_argument("--n-rounds", type=int, default=3)
    options = parser.parse_args()
    configure_numerics()
    images, base = datasets.load("digits"), replace(default_spec("vae", "digits", 2), n_epochs=options.n_epochs)
    specs = [replace(base, beta=beta, latent_dim=d) for beta in (0.25, 0.5, 1, 2, 4) for d in (2, 4, 6, 8, 10)]

    def sequence() -> None:
        for spec in specs:
            list(fit(build(spec), images, device=CPU))

    def stack() -> None:
        list(train_stacked(specs, images, device=CPU))

    cpu_seconds_of(lambda: list(train_stacked(specs[:2], images, device=CPU)))  # the first call loads libraries
    seconds = [(cpu_seconds_of(sequence), cpu_seconds_of(stack)) for _ in range(options.n_rounds)]
    report(
        ratio=spread([alone / stacked for alone, stacked in seconds], 2),
        times_one_model=spread([stacked * len(specs) / alone for alone, stacked in seconds], 2),
        seconds={"in sequence": spread([alone for alone, _ in seconds]), "in one pass": spread([stacked for _, stacked in seconds])},
        n_models=len(specs),
        n_epochs=options.n_epochs,
    )


if __name__ == "__main__":
    main()
