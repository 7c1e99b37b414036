"""Keep what the page on the latent dimension shows of the shipped recipes: spectra and linear probes. What is in the file stays.

Usage: python -m benchmarks.latent_dim_numbers [--datasets mnist digits …] [--out FILE.json]
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import cache
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore.rates import latent_dim
from vae_core.models import default_spec
from vae_core.store import Store, checkpoints
from vae_core.training.devices import configure_numerics

PROBED = ("pca", "autoencoder", "vae")
images_of = cache(datasets.load)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="*", default=["digits", "mnist", "frey_faces", "olivetti_faces"])
    parser.add_argument("--out", type=Path, default=latent_dim.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    held = latent_dim.read(asked.out)
    for name in asked.datasets:
        if name not in held.spectra:
            latent_dim.add(asked.out, spectra={name: latent_dim.held_out_spectrum(images_of(name))})
    for found in Store().checkpoints():
        spec = found.spec
        is_recipe = spec.family in PROBED and spec == default_spec(spec.family, spec.dataset, spec.latent_dim)
        if not (found.is_shipped and is_recipe and spec.dataset in asked.datasets) or found.weights_sha256 in held.probes:
            continue
        if images_of(spec.dataset).train.labels is not None:
            start = time.perf_counter()
            probed = latent_dim.probe(checkpoints.read_model(found), images_of(spec.dataset))
            latent_dim.add(asked.out, probes={found.weights_sha256: probed})
            seconds = time.perf_counter() - start
            print(f"{spec.family} {spec.dataset} d={spec.latent_dim}: {probed.accuracy:.4f}, {seconds:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
