"""The doctor of posterior collapse on models that were built to be broken or healthy: its confusion table.

Trains 28 small VAEs of digits, in about a minute on one core. The rule's thresholds are from theory (`explore/rates/doctor.py`); neither
these settings nor these seeds played a part in its making. What it tries are the thresholds and the shuffle test: the pressure reads
β and σ themselves, so a large one cannot be missed. Of seeds 82001 … 82032:

| built | healthy | more than needed | rate-starved | collapsed |
|---|---|---|---|---|
| mean loss | 0 | 0 | 0 | 8 |
| large σ | 0 | 0 | 4 | 2 |
| large β | 0 | 0 | 2 | 4 |
| more dimensions than needed | 2 | 2 | 0 | 0 |
| healthy | 4 | 0 | 0 | 0 |

Usage: python -m benchmarks.doctor_confusion [--first-seed 82001]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import get_args

import torch

from vae_core import data as datasets
from vae_core.explore.rates.doctor import SYMPTOMS, Kind, examine
from vae_core.models import build
from vae_core.models.pca import spectrum
from vae_core.models.vae import VAESpec
from vae_core.training.devices import configure_numerics
from vae_core.training.fit import fit

MEAN_LOSS = 32**0.5
"""σ of a squared error averaged over 64 pixels."""
BUILT: dict[str, list[dict]] = {
    "mean loss": [
        {"likelihood": "gaussian", "scale": MEAN_LOSS, "latent_dim": 3},
        {"likelihood": "gaussian", "scale": MEAN_LOSS, "latent_dim": 12},
        {"likelihood": "bernoulli", "beta": 64.0, "latent_dim": 6},
        {"likelihood": "laplace", "scale": 64.0, "latent_dim": 6},
    ],
    "large σ": [
        {"likelihood": "gaussian", "scale": 1.0, "latent_dim": 8},
        {"likelihood": "gaussian", "scale": 0.6, "latent_dim": 8},
        {"likelihood": "gaussian", "scale": 0.4, "latent_dim": 16},
    ],
    "large β": [
        {"likelihood": "bernoulli", "beta": 20.0, "latent_dim": 8},
        {"likelihood": "bernoulli", "beta": 3.0, "latent_dim": 8},
        {"likelihood": "gaussian", "scale": "learned", "beta": 6.0, "latent_dim": 12},
    ],
    "more dimensions than needed": [
        {"likelihood": "bernoulli", "latent_dim": 40},
        {"likelihood": "gaussian", "scale": "learned", "latent_dim": 48},
    ],
    "healthy": [
        {"likelihood": "bernoulli", "latent_dim": 3},
        {"likelihood": "gaussian", "scale": "learned", "latent_dim": 5},
    ],
}
BROKEN = ("mean loss", "large σ", "large β")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first-seed", type=int, default=82_001)
    first_seed = parser.parse_args().first_seed
    configure_numerics()
    torch.set_num_threads(1)
    images = datasets.load("digits")
    eigenvalues = spectrum(images.train.x).eigenvalues
    table: dict[str, Counter[Kind]] = {built: Counter() for built in BUILT}
    for built, settings in BUILT.items():
        for k, fields in enumerate(settings):
            for seed in (first_seed + 10 * k, first_seed + 10 * k + 1):
                spec = VAESpec(dataset="digits", hidden=(64,), n_epochs=30, batch_size=32, learning_rate=3e-3, seed=seed, **fields)
                model = build(spec)
                for _ in fit(model, images, device=torch.device("cpu")):
                    pass
                model.eval().requires_grad_(False)
                found = examine(model, images, eigenvalues)
                table[built][found.kind] += 1
                print(
                    f"{built:28} {fields} seed {seed}: {found.kind}; R {found.rate:.2f}, shuffle {found.shuffle_gain:.2f}, "
                    f"pressure {found.pressure:.2f}, active {int(found.is_active.sum())}, above water {found.n_above_water}",
                    file=sys.stderr,
                    flush=True,
                )
    kinds = get_args(Kind)
    print("| built | " + " | ".join(kinds) + " |\n|---" + "|---" * len(kinds) + "|")
    for built, counts in table.items():
        print(f"| {built} | " + " | ".join(str(counts[kind]) for kind in kinds) + " |")
    right = sum(n for built, counts in table.items() for kind, n in counts.items() if (kind in SYMPTOMS) == (built in BROKEN))
    print(f"\nBroken or healthy: {right} of {sum(map(Counter.total, table.values()))} right.")


if __name__ == "__main__":
    main()
