"""Keep what other seeds of shipped recipes score: each is trained whole and evaluated as float16, and its weights are forgotten.

Usage: python -m benchmarks.seed_numbers [--datasets digits mnist_5k …] [--families vae …] [--latent-dims 2 …] [--seeds 1 2]
What is in the file is not trained again.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from benchmarks.machine import say
from vae_core.explore.autoencoders import seeds
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import Store, describe
from vae_core.training.devices import choose_device, configure_numerics
from vae_core.training.grids import read_grids

FAMILIES = ("linear-autoencoder", "autoencoder", "vae")
GRIDS = ("first_minute.json", "reconstructions.json", "manifolds.json")


def recipes(datasets: list[str], families: list[str], latent_dims: list[int] | None) -> list[TrainedSpec]:
    """Shipped models of the table of docs/models.md that have a seed."""
    named = [spec for grid in GRIDS for spec in read_grids(Store().shipped / grid) if not spec.is_closed_form]
    return [
        cast(TrainedSpec, spec)
        for spec in named
        if spec in Store() and spec.dataset in datasets and spec.family in families and (not latent_dims or spec.latent_dim in latent_dims)
    ]


def evaluated(spec: ModelSpec, precision: Any) -> dict[str, Any]:
    """Train a model as one is that comes with the program; its evaluation as JSON."""
    with TemporaryDirectory() as aside:
        store = Store(local=Path(aside), shipped=Path(aside))
        for _ in store.training(spec, device=choose_device("cpu"), ship=True, precision=precision):
            pass
        return store.checkpoint(spec).metrics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="+", default=["digits", "mnist_5k"])
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--latent-dims", nargs="+", type=int)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--precision", choices=("float32", "bf16"), default="float32")
    parser.add_argument("--out", type=Path, default=seeds.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    for recipe in recipes(asked.datasets, asked.families, asked.latent_dims):
        for seed in asked.seeds:
            if seed not in seeds.read(asked.out).get(seeds.recipe_of(recipe), {}):
                spec = replace(recipe, seed=seed)
                metrics = evaluated(spec, asked.precision)
                seeds.add(asked.out, spec, metrics)
                say(f"{describe(spec)}, seed {seed}: SSE {metrics['sse']:.3f}, ELBO {metrics['elbo']}")


if __name__ == "__main__":
    main()
