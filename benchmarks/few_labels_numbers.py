"""Count what logistic regression reads of few labels, from the pixels and from the codes of every shipped model of *Few labels*.

Usage: python -m benchmarks.few_labels_numbers [--datasets mnist digits …] [--out FILE.json]
What is in the file is not computed again.
"""

from __future__ import annotations

import argparse
import time
from functools import cache
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore.autoencoders import denoising, few_labels
from vae_core.models import default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store, checkpoints
from vae_core.training.devices import configure_numerics

DATASETS = ["digits", "mnist_5k", "faces_25", "mnist", "olivetti_faces"]
FAMILIES = ("pca", "autoencoder", "vae")
images_of = cache(datasets.load)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="*", default=DATASETS)
    parser.add_argument("--out", type=Path, default=few_labels.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    for name in asked.datasets:
        if few_labels.key_of_pixels(name) not in few_labels.read(asked.out):
            few_labels.add(asked.out, {few_labels.key_of_pixels(name): few_labels.of_pixels(images_of(name))})
    for checkpoint in Store().checkpoints():
        spec, key = checkpoint.spec, checkpoint.weights_sha256[:16]
        if not (checkpoint.is_shipped and spec.dataset in asked.datasets and is_compared(spec)) or key in few_labels.read(asked.out):
            continue
        start = time.perf_counter()
        few_labels.add(asked.out, {key: few_labels.of_codes(checkpoints.read_model(checkpoint), images_of(spec.dataset))})
        print(f"{spec.family} of {spec.dataset}, d = {spec.latent_dim}: {time.perf_counter() - start:.1f} s")


def is_compared(spec: ModelSpec) -> bool:
    """Whether *Few labels* shows it: a recipe, or the autoencoder that was trained with Gaussian noise."""
    is_recipe = spec.family in FAMILIES and spec == default_spec(spec.family, spec.dataset, spec.latent_dim)
    return is_recipe or (spec.dataset in denoising.LATENT_DIMS and spec == denoising.specs(spec.dataset)["gaussian"])


if __name__ == "__main__":
    main()
