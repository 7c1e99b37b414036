"""Train the network of *Function space*, which comes along, and measure it on new shapes: two minutes of a processor.

Usage: python -m benchmarks.occupancy_network [--seed 0]
"""

from __future__ import annotations

import argparse

from vae_core.explore.beyond import occupancy, shapes
from vae_core.explore.number_files import add_rows
from vae_core.training.devices import configure_numerics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    *_, model = occupancy.training(asked.seed)
    occupancy.save(model)
    add_rows(occupancy.NEW_SHAPES, occupancy.on_new_shapes(model=model))
    network, pictures = occupancy.means_on_new_shapes()
    print(f"mean overlap with new shapes: {network}, of their pictures {pictures}")
    for n in (1.0, 2.0, 4.0, 8.0):
        told, exact = occupancy.shape(0.6, n, model), shapes.area(0.6, n)
        print(f"n = {n}: overlap {told.overlap:.4f}, of the picture {told.of_picture:.4f}; area {told.area:.4f}, exact {exact:.4f}")


if __name__ == "__main__":
    main()
