"""The command line: one contract for people and scripts.

`--json` prints exactly one JSON object on stdout; whatever else is said goes to stderr. Exit 0, or 2 for bad input (one sentence), or
130 if cancelled.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from vae_core.cli.one_model import Film, OfModel
from vae_core.cli.output import say
from vae_core.cli.parsing import command_of
from vae_core.data import DatasetUnavailable
from vae_core.errors import sentence
from vae_core.jobs.sweep import SweepFailed
from vae_core.store.checkpoints import DamagedCheckpoint
from vae_core.training.devices import choose_device, configure_numerics
from vae_core.training.events import MemoryRanOut, TrainingDiverged

EPOCHS_KEPT = "the epochs that were done are kept, and the same command goes on from there."
FILM_KEPT = "the snapshots that were taken are kept, and the same command begins the training anew."
REFUSALS = (ValueError, DatasetUnavailable, DamagedCheckpoint, TrainingDiverged, MemoryRanOut, SweepFailed, OSError)


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    command = None
    try:
        command = command_of(list(sys.argv[1:] if args is None else args))
        configure_numerics(device=choose_device(command.device) if isinstance(command, OfModel) else None)
        command.run()
    except REFUSALS as error:
        say(sentence(error))
        return 2
    except KeyboardInterrupt:
        say(f"Cancelled; {FILM_KEPT if isinstance(command, Film) else EPOCHS_KEPT}")
        return 130
    return 0
