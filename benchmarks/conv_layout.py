"""Whether convolutions are faster with channels first or last here: steps of two networks in both layouts, in turns, on one thread.

Usage: python -m benchmarks.conv_layout [--n-rounds 5]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import torch

from benchmarks.grid_on_digits import cpu_seconds_of
from benchmarks.machine import report, spread
from vae_core.models import build, default_spec
from vae_core.models.vae import VAESpec
from vae_core.training.devices import configure_numerics

N_STEPS = 5


def steps(spec: VAESpec, layout: torch.memory_format) -> Callable[[], None]:
    """A few steps of training on noise."""
    model, generator = build(spec).to(memory_format=layout), torch.Generator().manual_seed(0)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    x = torch.rand((spec.batch_size, *spec.identity.shape), generator=generator).to(memory_format=layout)

    def work() -> None:
        for _ in range(N_STEPS):
            adam.zero_grad(set_to_none=True)
            model.terms(x, generator).loss(1.0).mean().backward()
            adam.step()

    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-rounds", type=int, default=5)
    options = parser.parse_args()
    configure_numerics()
    ratios = {}
    for spec in (default_spec("vae", "mnist", 16, "conv"), default_spec("vae", "olivetti_faces", 20)):
        first, last = steps(spec, torch.contiguous_format), steps(spec, torch.channels_last)
        first(), last()
        ratios[f"{spec.dataset} {spec.hidden}"] = spread([cpu_seconds_of(first) / cpu_seconds_of(last) for _ in range(options.n_rounds)], 2)
    report(channels_first_over_channels_last=ratios)


if __name__ == "__main__":
    main()
