"""Write what the pages on exact rates show where images are absent: moments of the data sets, rates of shipped models on training images.

    python -m benchmarks.exact_rates [--stores FOLDER …]

Writes checkpoints/shipped/pixel_statistics.json and rates_on_train.json, for the data sets that are on this machine; keeps what they
hold of others. Models are the shipped ones of `frontier.json`, and those of `frontier_unshipped.json` that a FOLDER of checkpoints has
(`sweep` trains them). About a second for each model of MNIST.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from vae_core import data as datasets
from vae_core.explore.rates import pixel_statistics, rates_on_train
from vae_core.explore.rates.frontier import GRID
from vae_core.explore.rates.rates_on_train import water_level
from vae_core.store import Store, checkpoints
from vae_core.store.checkpoints import Checkpoint
from vae_core.training.devices import configure_numerics
from vae_core.training.grids import read_grids

DOWNLOADED = ("mnist", "fashion_mnist", "frey_faces", "olivetti_faces")


def models(folders: list[Path]) -> list[Checkpoint]:
    """What figures are kept of."""
    wanted = {spec.fingerprint for spec in rates_on_train.without_weights()}
    there = [one for folder in folders for one in Store(local=folder, shipped=folder).checkpoints() if one.spec.fingerprint in wanted]
    of_frontier = {spec.fingerprint for spec in read_grids(GRID) if water_level(spec) is not None}
    of_level = [one for one in Store().checkpoints() if one.is_shipped and one.spec.fingerprint in of_frontier]
    return list({one.spec.fingerprint: one for one in [*there, *of_level]}.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stores", type=Path, nargs="*", default=[], help="folders of checkpoints besides the shipped ones")
    configure_numerics()
    there, statistics, rates = models(parser.parse_args().stores), pixel_statistics.shipped(), rates_on_train.shipped()
    for name in DOWNLOADED:
        if not datasets.available(name):
            continue
        x = datasets.load(name).train.x
        statistics[name] = pixel_statistics.pixel_statistics(x)
        eigenvalues = np.array(statistics[name].eigenvalues)
        for one in there:
            spec = one.spec
            if spec.dataset == name:
                found = rates[spec.fingerprint] = rates_on_train.rates_on_train(checkpoints.read_model(one), x, eigenvalues)
                print(f"{name} {spec.network:6} d={spec.latent_dim:<4} τ={water_level(spec):<6g} {found}", flush=True)
    known = {one.spec.fingerprint for one in there} | {spec.fingerprint for spec in rates_on_train.without_weights()}
    pixel_statistics.write(statistics)
    rates_on_train.write({fingerprint: found for fingerprint, found in rates.items() if fingerprint in known})


if __name__ == "__main__":
    main()
