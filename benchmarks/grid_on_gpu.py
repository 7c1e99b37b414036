"""How much faster 25 VAEs of MNIST train in one pass than one after the other on one GPU: same models, same epochs.

Each way trains a few epochs; the first, in which libraries load and a step is captured, is timed apart, since a long training does not
feel it. The third way trains one model after another without capturing its steps as CUDA graphs, which shows what the graphs are worth.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.grid_on_gpu [--n-epochs 3] [--dataset mnist]
Prints one JSON object: ratios of an epoch's seconds, and seconds of a first and of a later epoch of all 25 models.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from unittest.mock import patch

import torch

from benchmarks.machine import report, say, spread
from vae_core import data as datasets
from vae_core.models import build, default_spec
from vae_core.models.vae import VAESpec
from vae_core.training import steps
from vae_core.training.devices import choose_device, configure_numerics
from vae_core.training.fit import fit
from vae_core.training.stacked import train_stacked

EVERY_STEP_LAUNCHED = patch.object(steps, "N_WARM_UP", 10**9)


def later_epochs(seconds: Iterator[float]) -> tuple[float, list[float]]:
    """The first epoch's seconds, and those of the others."""
    first, *others = seconds
    return first, others


def in_sequence(specs: list[VAESpec], images: datasets.Dataset, device: torch.device) -> tuple[float, list[float]]:
    """Seconds of each epoch, summed over models that train one after the other."""
    alone = [later_epochs(event.seconds for event in fit(build(spec), images, device=device)) for spec in specs]
    return sum(first for first, _ in alone), [sum(epoch) for epoch in zip(*(others for _, others in alone), strict=True)]


def in_one_pass(specs: list[VAESpec], images: datasets.Dataset, device: torch.device) -> tuple[float, list[float]]:
    """Seconds of each epoch of all models together."""
    return later_epochs(event.seconds for event in train_stacked(specs, images, device=device))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-epochs", type=int, default=3)
    parser.add_argument("--dataset", choices=("mnist", "digits"), default="mnist")
    options = parser.parse_args()
    device, images = choose_device("cuda"), datasets.load(options.dataset)
    matmul = configure_numerics(device=device)
    hidden = {"hidden": (400,)} if options.dataset == "mnist" else {}
    base = replace(default_spec("vae", options.dataset, 2, "mlp"), n_epochs=options.n_epochs, **hidden)
    specs = [replace(base, beta=beta, latent_dim=d) for beta in (0.25, 0.5, 1.0, 2.0, 4.0) for d in (2, 5, 10, 20, 40)]
    ways: dict[str, tuple[Callable, AbstractContextManager]] = {
        "in one pass": (in_one_pass, nullcontext()),
        "in sequence": (in_sequence, nullcontext()),
        "in sequence, launch by launch": (in_sequence, EVERY_STEP_LAUNCHED),
    }
    first, later = {}, {}
    for name, (train, how) in ways.items():
        with how:
            first[name], later[name] = train(specs, images, device)
        say(f"{name}: first epoch {first[name]:.2f} s, later epochs {', '.join(f'{seconds:.3f}' for seconds in later[name])} s")
    report(
        ratio={
            name: spread([alone / together for alone, together in zip(later[name], later["in one pass"], strict=True)], 2)
            for name in ways
            if name != "in one pass"
        },
        seconds_of_an_epoch={name: spread(epochs) for name, epochs in later.items()},
        seconds_of_the_first_epoch={name: round(seconds, 2) for name, seconds in first.items()},
        n_models=len(specs),
        n_epochs=options.n_epochs,
        batch_size=base.batch_size,
        hidden=base.hidden,
        matmul=matmul,
    )


if __name__ == "__main__":
    main()
