"""How much one busy neighbour slows a training down, at the default of one thread a model.

Epochs of a 784-400-20 VAE on part of MNIST take turns: without a neighbour, and beside another process that multiplies matrices on one
thread without a pause. With all cores as threads, the second line, the same neighbour costs far more.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.busy_neighbour [--n-rounds 5]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace

import torch

from benchmarks.machine import report, seconds_of, spread
from vae_core import data as datasets
from vae_core.data.base import Split
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.training.devices import configure_numerics
from vae_core.training.fit import fit

NEIGHBOUR = """
import os, torch
torch.set_num_threads(1)
a, parent = torch.rand(512, 512), os.getppid()
print("busy", flush=True)
while os.getppid() == parent:
    a @ a
"""


@contextmanager
def neighbour():
    """Another process that computes all the time, on one thread."""
    process = subprocess.Popen([sys.executable, "-c", NEIGHBOUR], stdout=subprocess.PIPE)
    process.stdout.readline()
    try:
        yield
    finally:
        process.kill()
        process.wait()


def slowdowns(n_threads: int, n_rounds: int) -> list[float]:
    """Seconds of an epoch beside a neighbour over seconds without."""
    torch.set_num_threads(n_threads)
    images = datasets.load("mnist")
    images = replace(images, train=Split(images.train.x[:12_800], None), test=Split(images.test.x[:1], None))
    spec = VAESpec(dataset="mnist", latent_dim=20, hidden=(400,), n_epochs=2 * n_rounds + 1)
    events = fit(build(spec), images, device=torch.device("cpu"))
    next(events)
    ratios = []
    for _ in range(n_rounds):
        quiet = seconds_of(lambda: next(events))
        with neighbour():
            ratios.append(seconds_of(lambda: next(events)) / quiet)
    return ratios


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-rounds", type=int, default=5)
    options = parser.parse_args()
    configure_numerics()
    all_cores = slowdowns(os.cpu_count(), options.n_rounds)
    default = slowdowns(1, options.n_rounds)
    report(slowdown=spread(default, 2), slowdown_with_all_cores=spread(all_cores, 2), n_images=12_800)


if __name__ == "__main__":
    main()
