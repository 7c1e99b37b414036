"""Keep the numbers of a grid's models, at whatever seeds are found, in one JSON file; a bound that is in the file is not computed again.

Usage: python -m benchmarks.frontier_numbers [GRID.json] [--stores FOLDER …] [--out FILE.json] [--n-samples K] [--workers N]

Models are looked for among the shipped ones and in each FOLDER of checkpoints (what `sweep` and `train` write to). Of each it keeps the
stored evaluation, distortion and rate of every epoch, and the importance-weighted bound with k = 5000 on the first 300 test images.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import cache
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore.rates import frontier_numbers as numbers
from vae_core.store import SHIPPED, Store, checkpoints
from vae_core.store.checkpoints import Checkpoint
from vae_core.training.devices import configure_numerics
from vae_core.training.grids import read_grids

images_of = cache(datasets.load)


def found(grid: Path, folders: list[Path]) -> list[Checkpoint]:
    """Every checkpoint of a model of the grid, at any seed; of two of one model the first."""
    wanted = {numbers.without_seed(spec).fingerprint for spec in read_grids(grid)}
    there = [one for folder in folders for one in Store(local=folder, shipped=folder).checkpoints() if one.spec.family == "vae"]
    of_grid = [one for one in there if numbers.without_seed(one.spec).fingerprint in wanted]
    return list({one.spec.fingerprint: one for one in reversed(of_grid)}.values())[::-1]


def is_kept(checkpoint: Checkpoint, held: numbers.NumbersFile) -> bool:
    """Whether the file has this model's numbers, of these very weights."""
    kept = held.models.get(checkpoint.spec.fingerprint)
    return kept is not None and kept.weights_sha256 == checkpoint.weights_sha256


def keep(checkpoint: Checkpoint, out: Path, n_samples: int) -> str:
    """Compute a model's numbers and put them into the file; one line on it."""
    start = time.perf_counter()
    bound = numbers.paired_bound(checkpoints.read_model(checkpoint), images_of(checkpoint.spec.dataset), n_samples=n_samples)
    numbers.add(out, models=[replace(numbers.numbers_of(checkpoint), bound=bound)])
    spec, figures = checkpoint.spec, checkpoint.metrics
    return (
        f"{spec.dataset} {spec.network} {spec.likelihood} d={spec.latent_dim} beta={spec.beta:g} seed={spec.seed}: "
        f"R {figures['rate']:.2f}, D {figures['distortion']:.2f}, gap {bound.gap:.2f} ± {bound.gap_standard_error:.2f} nats, "
        f"{time.perf_counter() - start:.0f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("grid", type=Path, nargs="?", default=SHIPPED / "frontier.json")
    parser.add_argument("--stores", type=Path, nargs="*", default=[], help="folders of checkpoints besides the shipped ones")
    parser.add_argument("--out", type=Path, default=numbers.SHIPPED)
    parser.add_argument("--n-samples", type=int, default=numbers.N_SAMPLES, help="k of the bound")
    parser.add_argument("--workers", type=int, default=1, help="threads, each with a model of its own")
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    there = found(asked.grid, [SHIPPED, *asked.stores])
    held = numbers.read(asked.out)
    for name, spec in {numbers.end_name(one.spec): one.spec for one in there}.items():
        if name not in held.ends:
            numbers.add(asked.out, ends={name: numbers.end(spec, images_of(spec.dataset))})
    kept, missing = ([one for one in there if is_kept(one, held) is such] for such in (True, False))
    numbers.add(asked.out, models=[replace(numbers.numbers_of(one), bound=held.models[one.spec.fingerprint].bound) for one in kept])
    print(f"{len(there)} models found, {len(missing)} of them not in {asked.out.name} yet", file=sys.stderr)
    with ThreadPoolExecutor(asked.workers) as pool:
        for done in as_completed([pool.submit(keep, one, asked.out, asked.n_samples) for one in missing]):
            print(done.result(), file=sys.stderr)


if __name__ == "__main__":
    main()
