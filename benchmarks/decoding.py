"""Milliseconds that a 41×41 manifold and 10,000 codes take, with the shipped VAE of MNIST at two latent dimensions.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.decoding [--n-rounds 20]
"""

from __future__ import annotations

import argparse

from benchmarks.machine import report, seconds_of, spread
from vae_core import data as datasets
from vae_core.explore.codes import codes
from vae_core.explore.manifolds import grid_axis, manifold_grid
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.training.devices import configure_numerics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-rounds", type=int, default=20)
    options = parser.parse_args()
    configure_numerics()
    model, x = Store().load(default_spec("vae", "mnist", 2)), datasets.load("mnist").test.x
    axis = grid_axis(41, spacing="linear", extent=3.0)
    works = {"manifold 41×41": lambda: manifold_grid(model, axis), "10,000 codes": lambda: codes(model, x)}
    for work in works.values():
        work()
    milliseconds = {name: spread([1e3 * seconds_of(work) for _ in range(options.n_rounds)], 1) for name, work in works.items()}
    report(milliseconds=milliseconds, n_images=len(x), model=model.spec.fingerprint)


if __name__ == "__main__":
    main()
