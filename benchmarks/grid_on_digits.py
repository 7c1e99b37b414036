"""How much faster 25 small VAEs train in one pass than one after the other, and in two passes side by side: same models, same epochs.

All are timed by the processor time of this process, on one thread and taking turns, so that busy neighbours count for none. Two passes
are what `sweep` makes of the grid on two cores: the longer one is timed, as if it had a core to itself. Nothing is evaluated beyond what
every epoch reports. The limit is what the ratio of one pass would be if its steps took no longer than their matrix products.

Usage: python -m benchmarks.grid_on_digits [--n-epochs 5] [--n-rounds 3]
"""

from __future__ import annotations

import argparse
import math
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
from vae_core.training.grids import tasks
from vae_core.training.stacked import train_stacked
from vae_core.training.stacked_run import StackedRun

CPU = torch.device("cpu")


def cpu_seconds_of(work: Callable[[], Any]) -> float:
    """Processor seconds of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def products_of(run: StackedRun) -> Callable[[], None]:
    """The matrix products of a step of a stack, there and back, and nothing else."""
    weights = [weight.detach() for name, weight in run.stack.weights.items() if name.endswith(".weight")]
    turned = [weights[0].mT, *weights[1:]]  # all (M, n_in, n_out)
    made = [(weight, *(torch.randn(len(weight), run.spec.batch_size, n) for n in weight.shape[1:])) for weight in turned]

    def step() -> None:
        for i, (weight, h, d) in enumerate(made):
            h @ weight, h.mT @ d
            if i > 0:
                d @ weight.mT

    return step


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

    def longer_share() -> None:
        list(train_stacked(max(tasks(specs, 2), key=len), images, device=CPU))

    run = StackedRun(specs, images, torch.tensor(images.train.x), "float32")
    step, n_steps = products_of(run), options.n_epochs * math.ceil(len(images.train) / base.batch_size)

    def products() -> None:
        for _ in range(n_steps):
            step()

    cpu_seconds_of(lambda: list(train_stacked(specs[:2], images, device=CPU)))  # the first call loads libraries
    seconds = [[cpu_seconds_of(work) for work in (sequence, stack, longer_share, products)] for _ in range(options.n_rounds)]
    names = ("in sequence", "in one pass", "the longer of two passes", "products of one pass")
    report(
        ratio=spread([alone / stacked for alone, stacked, _, _ in seconds], 2),
        ratio_of_two_passes=spread([alone / share for alone, _, share, _ in seconds], 2),
        limit=spread([alone / only for alone, _, _, only in seconds], 2),
        times_one_model=spread([stacked * len(specs) / alone for alone, stacked, _, _ in seconds], 2),
        seconds={name: spread(list(column)) for name, column in zip(names, zip(*seconds, strict=True), strict=True)},
        n_models=len(specs),
        n_epochs=options.n_epochs,
    )


if __name__ == "__main__":
    main()
