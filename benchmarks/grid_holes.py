"""Measure what shipped models with two latent dimensions draw where no code lies, on the planes that *Grid* opens with.

Usage: python -m benchmarks.grid_holes [--datasets mnist digits …] [--out FILE.json]
What is in the file is not computed again. Data sets that are not on this machine are left out.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore import manifolds
from vae_core.explore.codes import codes
from vae_core.explore.latent import holes
from vae_core.models import default_spec
from vae_core.store import Store, checkpoints
from vae_core.store.checkpoints import Checkpoint
from vae_core.store.classifiers import classifier_of
from vae_core.training.devices import configure_numerics

PLANES = (*((n, 3.0) for n in range(5, 31)), (11, 4.0))
"""Images per side and extent: every step of the first slider where the second starts, and the plane of the page's answer."""


def measured(checkpoint: Checkpoint) -> dict[str, holes.Holes]:
    """The holes of a model on every plane."""
    model, images, judge = (
        checkpoints.read_model(checkpoint),
        datasets.load(checkpoint.spec.dataset),
        classifier_of(checkpoint.spec.dataset),
    )
    of_test, kept = codes(model, images.test.x), {}
    for n, extent in PLANES:
        grid = manifolds.manifold_grid(model, manifolds.grid_axis(n, spacing="linear", extent=extent), codes=of_test)
        found = holes.holes(grid, images.train.x, judge)
        if found is not None:
            kept[holes.plane_of(n, extent)] = found
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="*", default=[name for name in datasets.offered() if datasets.available(name)])
    parser.add_argument("--out", type=Path, default=holes.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    for checkpoint in Store().checkpoints():
        spec, start = checkpoint.spec, time.perf_counter()
        if not checkpoint.is_shipped or spec.dataset not in asked.datasets or spec.latent_dim != 2:
            continue
        name = holes.model_name(checkpoint, classifier_of(spec.dataset))
        if spec != default_spec(spec.family, spec.dataset, 2) or name in holes.read(asked.out):
            continue
        of_model = measured(checkpoint)
        holes.add(asked.out, {name: of_model})
        at_eleven = holes.in_words({spec.family: of_model[holes.plane_of(11, 3.0)]})
        print(f"{spec.dataset}: {at_eleven} {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
