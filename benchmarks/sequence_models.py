"""Train the models of *Sentences and tunes*, measure them beside the exact law of what they were trained on, and put them with the program.

Usage: python -m benchmarks.sequence_models [NAME …]
Without a name all are trained, one after another on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import numpy as np

from vae_core.explore.beyond import sentences, sequence_vae, sequences, tunes
from vae_core.explore.beyond.sequence_vae import BATCH, SequenceSpec
from vae_core.training.devices import configure_numerics

Source = tuple[SequenceSpec, Callable[[int, int], Iterator[np.ndarray]], Callable[[np.ndarray], np.ndarray]]


def sources() -> dict[str, Source]:
    """Name → the model, the batches that it is trained on, and their exact log p(x)."""
    laws = (sentences, tunes)
    return {law.key(name): (law.spec(name), law.batches, law.log_px) for law in laws for name in law.MODELS}


def main() -> None:
    configure_numerics(n_threads=1)
    for name in sys.argv[1:] or sources():
        spec, batches, log_px = sources()[name]
        for model, loss in sequence_vae.training(spec, batches(BATCH, spec.seed)):  # noqa: B007  the last ones are used
            pass
        rounded = sequence_vae.from_tensors(spec, sequence_vae.tensors(model))
        test = next(batches(sequences.N_TEST, sequences.TEST_SEED))
        cost = sequences.measured(rounded, test, log_px(test))
        sequences.ship({name: (rounded, cost)})
        print(
            f"{name}: loss {loss:.3f}, rate {cost.rate}, above the entropy {cost.excess}, {cost.iwae_excess}, rebuilt {cost.rebuilt}",
            flush=True,
        )


if __name__ == "__main__":
    main()
