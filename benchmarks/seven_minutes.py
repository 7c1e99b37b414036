"""How good a VAE of MNIST seven minutes on one core make: 784-500-500-50, dynamic binarisation, as in Burda et al. 2016 (86.76 nats).

The number of epochs is what fits into the time by a short calibration; every choice but that was made beforehand, and the test images are
looked at once, at the end. Takes a minute more for the importance-weighted bound.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.seven_minutes [--minutes 7] [--precision float32]
"""

from __future__ import annotations

import argparse
from itertools import islice

import torch

from benchmarks.machine import report, seconds_of
from vae_core import datasets
from vae_core.evaluation import evaluate
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.training.devices import settle_arithmetic

CPU = torch.device("cpu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=7.0)
    parser.add_argument("--precision", choices=("float32", "bf16"), default="float32")
    options = parser.parse_args()
    settle_arithmetic()
    images = datasets.load("mnist")

    def spec_of(n_epochs: int) -> VAESpec:
        sizes = {"hidden": (500, 500), "batch_size": 256, "learning_rate": 2e-3}
        return VAESpec(dataset="mnist", latent_dim=50, n_epochs=n_epochs, **sizes)

    trial = [event.seconds for event in islice(build(spec_of(1000)).fit(images, device=CPU, precision=options.precision), 3)]
    n_epochs = max(1, int(60 * options.minutes / min(trial)))
    model = build(spec_of(n_epochs))
    seconds = seconds_of(lambda: list(model.fit(images, device=CPU, precision=options.precision)))
    found = evaluate(model.eval().requires_grad_(False), images, "test", n_samples=500)
    report(
        negative_elbo=round(-found.elbo, 2),
        negative_log_px_bound=round(-found.log_px, 2),
        n_samples=found.n_samples,
        seconds=round(seconds),
        n_epochs=n_epochs,
        precision=options.precision,
        n_images=len(images.test),
        seed=model.spec.seed,
    )


if __name__ == "__main__":
    main()
