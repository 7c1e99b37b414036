"""Train the two networks of *At a fork*, which come along: half a minute of a processor.

Usage: python -m benchmarks.fork_networks [--seed 0] [--out FILE.safetensors]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vae_core.explore.beyond import forecasts
from vae_core.training.devices import configure_numerics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=forecasts.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    *_, model = forecasts.training(asked.seed)
    forecasts.save(model, asked.out)
    for p in (0.1, 0.3, 0.5, 0.7, 0.9):
        told = forecasts.forecast(p, 1000, 0, model)
        split = f"left {told.left} of draws, {told.left_by_quadrature:.3f} by quadrature"
        print(f"p = {p}: {split}; {told.below} nats below the exact log p(x)")


if __name__ == "__main__":
    main()
