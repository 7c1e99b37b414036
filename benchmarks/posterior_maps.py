"""Map the posteriors of test images under every shipped VAE recipe with two latent dimensions, and measure what the ELBO lacks there.

Usage: python -m benchmarks.posterior_maps [--datasets mnist digits …] [--folder FOLDER]
What is there of the same images is not computed again.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore.elbo import gaps, posterior_maps
from vae_core.models import default_spec
from vae_core.store import SHIPPED, Store, checkpoints
from vae_core.training.devices import configure_numerics

DATASETS = ["digits", "mnist_5k", "faces_25", "patches_8", "patches_16", "mnist", "frey_faces", "olivetti_faces"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="*", default=DATASETS)
    parser.add_argument("--folder", type=Path, default=SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    for checkpoint in Store().checkpoints():
        spec = checkpoint.spec
        is_asked = checkpoint.is_shipped and spec.dataset in asked.datasets and spec.latent_dim == 2
        if not is_asked or spec != default_spec("vae", spec.dataset, 2):
            continue
        path = asked.folder / posterior_maps.path_of(checkpoint.weights_sha256).name
        images, known, start = datasets.load(spec.dataset), posterior_maps.read(path), time.perf_counter()
        numbers = gaps.chosen_images(images)
        if known is not None and tuple(known) == numbers:
            continue
        maps = posterior_maps.posterior_maps(checkpoints.read_model(checkpoint), images, numbers)
        posterior_maps.write(path, maps)
        measured = gaps.of_maps(maps)
        parts = ", ".join(f"{part} {measured.mean(part)}" for part in ("amortization", "diagonal", "gaussian", "draw"))
        moved = f"moved by {measured.move.max():.1e} at most; {path.stat().st_size / 1e3:.0f} kB"
        print(
            f"{spec.dataset}: {parts} nats per image, n = {len(measured.images)}; {moved}; {time.perf_counter() - start:.0f} s", flush=True
        )


if __name__ == "__main__":
    main()
