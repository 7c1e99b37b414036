"""Commands on many models: a grid trained on this machine or a cluster, and what comes with the program."""

from __future__ import annotations

import os
import sys
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import tyro
from tqdm import tqdm

from vae_core.cli.output import answer, say
from vae_core.jobs.executors import ProcessExecutor, dask_executor
from vae_core.jobs.sweep import Outcome, State, SweepFailed, sweep
from vae_core.specs import ModelSpec
from vae_core.store import Store, describe
from vae_core.training.devices import Precision, choose_device
from vae_core.training.grids import read_grids


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGrid:
    """What every command on many models takes.

    Attributes:
        grid: a JSON file that holds a grid or a list of grids.
        n_processes: models trained at a time, one thread each; by default one a core, and one on a GPU, where many take turns.
        device: where to train.
        precision: of the matrix products.
    """

    grid: tyro.conf.Positional[Path]
    n_processes: int | None = None
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    precision: Precision = "float32"

    def n_workers(self, device: str) -> int:
        """How many models are trained at a time on a device."""
        usual = (os.cpu_count() or 1) if device == "cpu" else 1
        return usual if self.n_processes is None else self.n_processes

    def train_all(
        self, specs: list[ModelSpec], executor: AbstractContextManager[Executor], *, device: str, **options: Any
    ) -> list[Outcome]:
        """Train what is missing, with a progress bar on a terminal and a line a model on stderr."""
        outcomes = []
        with executor as workers, closing(sweep(specs, Store(), workers, device=device, precision=self.precision, **options)) as coming:
            for outcome in tqdm(coming, total=len(specs), unit="model", disable=not sys.stderr.isatty()):
                outcomes.append(outcome)
                remark = f" ({outcome.sentence})" if outcome.sentence else ""
                say(f"{outcome.spec.fingerprint}  {describe(outcome.spec)}: {outcome.state}{remark}")
        return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship(OfGrid):
    """Train the models that come with the program, as float16, into checkpoints/shipped; those that are there stay."""

    def run(self) -> None:
        specs, device = read_grids(self.grid), str(choose_device(self.device))
        require_all(self.train_all(specs, ProcessExecutor(self.n_workers(device)), device=device, ship=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep(OfGrid):
    """Train every model of a grid that is not cached, on this machine's cores or on the workers of a Dask cluster.

    The models of a worker that is lost are trained by another. What was killed or cancelled goes on where it stopped. Start the
    scheduler and the workers of a cluster in the program's folder, with `python -m dask scheduler` and, one thread a worker,
    `python -m dask worker tcp://host:8786 --nworkers auto --nthreads 1`.

    Attributes:
        scheduler: address of a Dask scheduler, such as tcp://host:8786; each of its workers chooses the device, and finds data sets
            and its folder of models, as this command would on its machine.
        json: print one JSON object.
    """

    scheduler: str | None = None
    json: bool = False

    def run(self) -> None:
        specs = read_grids(self.grid)
        if self.scheduler is None:
            device = str(choose_device(self.device))
            n_workers = self.n_workers(device)
            outcomes = self.train_all(specs, ProcessExecutor(n_workers), device=device, n_workers=n_workers)
        else:
            outcomes = self.train_all(specs, dask_executor(self.scheduler), device=self.device, own_stores=True, n_workers=len(specs))
        by_state = {state: [outcome for outcome in outcomes if outcome.state == state] for state in get_args(State)}
        result = {
            "fingerprints": [spec.fingerprint for spec in specs],
            **{state.replace(" ", "_"): [outcome.spec.fingerprint for outcome in those] for state, those in by_state.items()},
            "failed": {outcome.spec.fingerprint: outcome.sentence for outcome in by_state["failed"]},
        }
        answer(self.json, result, ", ".join(f"{len(those)} {state}" for state, those in by_state.items()))
        require_all(outcomes)


def require_all(outcomes: list[Outcome]) -> None:
    """Raise SweepFailed if a model could not be trained."""
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    if failed:
        raise SweepFailed(f"{len(failed)} of {len(outcomes)} models failed; the same command tries them again.")
