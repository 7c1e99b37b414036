"""The VAE of Burda, Grosse & Salakhutdinov 2016 (Table 1, k = 1: 86.76 nats) by the paper's own protocol, Sec. 5.

784-200-200-50 of tanh, binarised anew at every visit, Glorot's weights, Adam with ε = 1e-4 in batches of 20 at 0.001·10^(−i/7) for 3^i
epochs, i = 0, …, 7: 3,280 epochs, 9.8 million steps. That is a night on one core, so that a call trains for so many minutes and the next
one goes on from there; the model is kept in the local checkpoints. The bound is of what there is when the call ends.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.burda_protocol [--minutes 60] [--n-samples 5000] [--device cpu]
"""

from __future__ import annotations

import argparse
import time
from contextlib import closing

from benchmarks.machine import report, say
from vae_core import data as datasets
from vae_core.evaluation import evaluate
from vae_core.models import LatentModel, build
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.training.devices import choose_device, configure_numerics
from vae_core.training.events import EpochDone

SPEC = VAESpec(
    dataset="mnist", latent_dim=50, hidden=(200, 200), activation="tanh", protocol="burda", n_epochs=3280, batch_size=20, learning_rate=1e-3
)
PUBLISHED = 86.76
SAY_EVERY_SECONDS = 60


def trained(store: Store, minutes: float, device: str) -> tuple[LatentModel, int]:
    """The model after so many minutes more, or when it is done; how many epochs it has seen."""
    start = said = time.monotonic()
    with closing(store.training(SPEC, device=choose_device(device))) as events:
        for event in events:
            now = time.monotonic()
            if isinstance(event, EpochDone) and now - said > SAY_EVERY_SECONDS:
                said = now
                losses = f"−ELBO {event.train['loss']:.2f} on training, {event.test['loss']:.2f} on test images"
                say(f"epoch {event.epoch} of {event.n_epochs}: {losses}, {event.seconds:.2f} s")
            if isinstance(event, EpochDone) and event.epoch < event.n_epochs and now - start > 60 * minutes:
                model = build(SPEC)
                weights = {name: tensor for name, tensor in event.snapshot().items() if name.startswith("model.")}
                model.load_state_dict({name.removeprefix("model."): tensor for name, tensor in weights.items()})
                return model.eval().requires_grad_(False), event.epoch
    return store.load(SPEC), SPEC.n_epochs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--n-samples", type=int, default=5000, help="k of the bound")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options = parser.parse_args()
    device = choose_device(options.device)
    configure_numerics(device=device)
    model, epoch = trained(Store(), options.minutes, options.device)
    found = evaluate(model.to(device), datasets.load("mnist"), "test", n_samples=options.n_samples)
    report(
        epoch=epoch,
        n_epochs=SPEC.n_epochs,
        negative_elbo=round(-found.elbo, 2),
        negative_log_px_bound=round(-found.iwae_bound, 2),
        standard_error=round(found.iwae_bound_standard_error, 3),
        published=PUBLISHED,
        n_samples=found.n_samples,
        active_units=found.active_units,
        n_images=found.n_images,
        seed=SPEC.seed,
    )


if __name__ == "__main__":
    main()
