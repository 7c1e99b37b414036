"""Measure what the rule of *Where it lies* knows of the test images, of shipped models that the page opens with.

Usage: python -m benchmarks.known_tests [--out FILE.json] [family/dataset/latent_dim …]
What is in the file is not computed again; what another rule has measured is taken out of it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore.own import known_tests
from vae_core.explore.own.strangers import training_looks
from vae_core.models import default_spec
from vae_core.store import Store, checkpoints
from vae_core.store.classifiers import classifier_of
from vae_core.training.devices import configure_numerics

OPENED = ("vae/mnist/20", "vae/mnist_5k/20")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=OPENED)
    parser.add_argument("--out", type=Path, default=known_tests.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    for family, dataset, latent_dim in (model.split("/") for model in asked.models):
        checkpoint, judge = Store().checkpoint(default_spec(family, dataset, int(latent_dim))), classifier_of(dataset)
        name = known_tests.known_name(checkpoint, judge)
        if name not in known_tests.read(asked.out):
            model = checkpoints.read_model(checkpoint)
            images = datasets.load(dataset)
            train = training_looks(model, images.train.x, images.train.labels, judge)
            known_tests.add(asked.out, {name: known_tests.measured(model, *train, images.test.x, judge)})
            print(f"{family} of {dataset}, d = {latent_dim}: measured", flush=True)


if __name__ == "__main__":
    main()
