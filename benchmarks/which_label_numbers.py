"""Keep what Bayes' rule with the shipped class-conditional VAEs says of every test image, for *With labels*.

Usage: python -m benchmarks.which_label_numbers [--out FILE.json]
What is in the file is not computed again; a model takes a minute.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore.beyond import which_label
from vae_core.models import FAMILIES
from vae_core.store import Store, checkpoints
from vae_core.store.classifiers import classifier_of
from vae_core.training.devices import configure_numerics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=which_label.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    for checkpoint in Store().checkpoints():
        name, classifier = checkpoint.weights_sha256[:16], classifier_of(checkpoint.spec.dataset)
        is_told = checkpoint.is_shipped and FAMILIES[checkpoint.spec.family].needs_labels
        if classifier is None or not is_told or name in which_label.read(asked.out):
            continue
        of = which_label.of_all(checkpoints.read_model(checkpoint), datasets.load(checkpoint.spec.dataset), classifier)
        which_label.add(asked.out, {name: of})
        print(f"{checkpoint.spec}: {of.right} read right, log p(x) {of.mean} nats")


if __name__ == "__main__":
    main()
