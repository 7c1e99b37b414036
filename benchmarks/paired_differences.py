"""Keep how shipped models differ on the same test images, image by image: recipes in SSE at one latent dimension, VAEs in the ELBO at all,
and from those that are told the label in both; the dots of a frontier in the ELBO, each from the largest of its plane and of its β, and
from the next β at its d.

Usage: python -m benchmarks.paired_differences [--datasets mnist digits …] [--out FILE.json]
What is in the file is not computed again.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from vae_core import data as datasets
from vae_core.explore import paired
from vae_core.explore.means import mean_of
from vae_core.explore.paired import Figure
from vae_core.explore.rates.frontier import planes
from vae_core.models import default_spec
from vae_core.store import Store, checkpoints
from vae_core.store.checkpoints import Checkpoint
from vae_core.training.devices import configure_numerics

images_of = cache(datasets.load)


def pairs(shipped: Iterable[Checkpoint]) -> Iterator[tuple[Figure, Checkpoint, Checkpoint]]:
    """Recipes of one data set that are compared somewhere: families at one d by their SSE, VAEs at two d by their ELBO."""
    for one, other in itertools.combinations(shipped, 2):
        if one.spec.dataset == other.spec.dataset and one.spec.latent_dim == other.spec.latent_dim:
            yield "sse", one, other
            if {one.spec.family, other.spec.family} == {"vae", "conditional-vae"}:
                yield "elbo", one, other
        elif one.spec.dataset == other.spec.dataset and one.spec.family == other.spec.family == "vae":
            yield "elbo", one, other


def on_frontiers(shipped: Iterable[Checkpoint]) -> Iterator[tuple[Figure, Checkpoint, Checkpoint]]:
    """The model with the largest ELBO of each plane, and of each β of a plane, with the others there; each with the next β at its d."""
    by_fingerprint = {checkpoint.spec.fingerprint: checkpoint for checkpoint in shipped}
    for specs in planes().values():
        plane = [by_fingerprint[spec.fingerprint] for spec in specs if spec.fingerprint in by_fingerprint]
        groups = [plane, *([one for one in plane if one.spec.beta == beta] for beta in {one.spec.beta for one in plane})]
        for group in filter(None, groups):
            best = max(group, key=lambda one: one.metrics["elbo"])
            yield from (("elbo", best, one) for one in group if one is not best)
        by_beta = sorted(plane, key=lambda one: (one.spec.latent_dim, one.spec.beta))
        yield from (("elbo", one, other) for one, other in itertools.pairwise(by_beta) if one.spec.latent_dim == other.spec.latent_dim)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="*", default=["digits", "mnist", "mnist_5k", "faces_25", "frey_faces", "olivetti_faces"])
    parser.add_argument("--out", type=Path, default=paired.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    kept, measured = paired.read(asked.out), {}

    def of(figure: Figure, checkpoint: Checkpoint) -> np.ndarray:
        key = figure, checkpoint.spec.fingerprint
        if key not in measured:
            model = checkpoints.read_model(checkpoint)
            measured[key] = paired.figure_per_image(model, images_of(checkpoint.spec.dataset), figure)
        return measured[key]

    there = [c for c in Store().checkpoints() if c.is_shipped and c.spec.dataset in asked.datasets]
    recipes = [c for c in there if c.spec == default_spec(c.spec.family, c.spec.dataset, c.spec.latent_dim)]
    wanted = itertools.chain(pairs(recipes), on_frontiers(there))
    missing = [pair for pair in wanted if paired.known(kept, *pair) is None]
    new = {paired.name_of(figure, one, other): mean_of(of(figure, one) - of(figure, other)) for figure, one, other in missing}
    paired.add(asked.out, new)
    print(f"{len(new)} differences are new, {len(kept)} were kept")


if __name__ == "__main__":
    main()
