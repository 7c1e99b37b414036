"""The models of sequences that came with the program, and what each costs beside the exact entropy of what it was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from safetensors.torch import load, save

from vae_core.explore.beyond import sequence_vae
from vae_core.explore.beyond.sequence_vae import Scores, SequenceSpec, SequenceVAE
from vae_core.explore.means import Mean, Share, mean_of
from vae_core.explore.number_files import add_rows, read_rows, rounded
from vae_core.store import SHIPPED as FOLDER
from vae_core.store.checkpoints import replace_file

WEIGHTS, NUMBERS = FOLDER / "sequences.safetensors", FOLDER / "sequences.json"
"""Written by `benchmarks/sequence_models.py`."""
N_TEST, N_SAMPLES, TEST_SEED = 2000, 64, 1_000_003
"""Sequences that a model is measured on, drawn after its training from a seed of their own; draws of z for each."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model costs, in nats per sequence.

    Attributes:
        distortion: −E_q log p(x|z).
        rate: KL(q(z|x) ‖ p(z)).
        excess: −ELBO + log p(x) on the same sequences, whose p(x) is known: it is never negative on average.
        iwae_excess: the same of the importance-weighted bound, which leaves less.
        rebuilt: sequences that come back symbol by symbol from the mean of their code.
    """

    distortion: Mean
    rate: Mean
    excess: Mean
    iwae_excess: Mean
    rebuilt: Share


def cost(scores: Scores, log_px: np.ndarray, rebuilt: np.ndarray) -> Cost:
    """The cost of scored sequences.

    Args:
        scores: of N sequences.
        log_px: theirs, exact, (N,).
        rebuilt: which came back, (N,).
    """
    excess, iwae_excess = (mean_of(log_px - bound) for bound in (scores.elbo, scores.iwae))
    return Cost(mean_of(scores.distortion), mean_of(scores.rate), excess, iwae_excess, Share(int(rebuilt.sum()), len(rebuilt)))


def measured(model: SequenceVAE, sequences: np.ndarray, log_px: np.ndarray, n_samples: int = N_SAMPLES) -> Cost:
    """`cost` of a model on sequences, int (N, T), whose log p(x), (N,), is known."""
    rebuilt, _ = sequence_vae.written(model, sequence_vae.means(model, sequences))
    return cost(sequence_vae.scores(model, sequences, n_samples), log_px, (rebuilt == sequences).all(1))


def read_model(name: str, spec: SequenceSpec) -> SequenceVAE:
    """A shipped model.

    Raises:
        FileNotFoundError: if the file is not there.
    """
    return sequence_vae.from_tensors(
        spec, {key.partition("/")[2]: w for key, w in load(WEIGHTS.read_bytes()).items() if key.startswith(f"{name}/")}
    )


def read_cost(name: str) -> Cost:
    """What a shipped model costs."""
    row = read_rows(NUMBERS)[name]
    means = {key: Mean(*value) for key, value in row.items() if key != "rebuilt"}
    return Cost(**means, rebuilt=Share(*row["rebuilt"]))


def ship(models: Mapping[str, tuple[SequenceVAE, Cost]]) -> None:
    """Write models and their costs in place of those of the same names."""
    kept = load(WEIGHTS.read_bytes()) if WEIGHTS.is_file() else {}
    new = {f"{name}/{key}": weight for name, (model, _) in models.items() for key, weight in sequence_vae.tensors(model).items()}
    replace_file(WEIGHTS, save({**kept, **new}))
    add_rows(NUMBERS, {name: _row(cost) for name, (_, cost) in models.items()})


def _row(cost: Cost) -> dict[str, list[float | None]]:
    means = {key: getattr(cost, key) for key in ("distortion", "rate", "excess", "iwae_excess")}
    return {key: rounded([mean.value, mean.half_width, mean.n]) for key, mean in means.items()} | {
        "rebuilt": [cost.rebuilt.count, cost.rebuilt.n]
    }
