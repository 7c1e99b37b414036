"""Measure what the ELBO lacks to log p(x), in its parts, of every shipped VAE recipe with two latent dimensions.

Usage: python -m benchmarks.posterior_gaps [--datasets mnist digits …] [--out FILE.json]
What is in the file of the same images is not computed again.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore.elbo import gaps
from vae_core.models import default_spec
from vae_core.store import Store, checkpoints
from vae_core.training.devices import configure_numerics

DATASETS = ["digits", "mnist_5k", "faces_25", "mnist", "frey_faces"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="*", default=DATASETS)
    parser.add_argument("--out", type=Path, default=gaps.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    for checkpoint in Store().checkpoints():
        spec = checkpoint.spec
        is_asked = checkpoint.is_shipped and spec.dataset in asked.datasets and spec.latent_dim == 2
        name = checkpoint.weights_sha256[:16]
        if not is_asked or spec != default_spec("vae", spec.dataset, 2):
            continue
        images, known, start = datasets.load(spec.dataset), gaps.read(asked.out).get(name), time.perf_counter()
        numbers = gaps.chosen_images(images)
        if known is not None and known.images.tolist() == list(numbers):
            continue
        measured = gaps.gaps(checkpoints.read_model(checkpoint), images, numbers)
        gaps.add(asked.out, {name: measured})
        parts = ", ".join(f"{part} {measured.mean(part)}" for part in ("amortization", "diagonal", "gaussian", "draw"))
        moved = f"moved by {measured.move.max():.1e} at most"
        print(f"{spec.dataset}: {parts} nats per image, n = {len(measured.images)}; {moved}; {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
