"""Commands on many models: a grid trained on this machine or a cluster, and what comes with the program."""

from __future__ import annotations

import math
import os
import sys
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import tyro
from tqdm import tqdm

from vae_core.cli.output import answer, say
from vae_core.jobs.executors import ProcessExecutor, dask_executor
from vae_core.jobs.leftovers import remove_leftovers
from vae_core.jobs.sweep import Outcome, State, SweepFailed, sweep
from vae_core.specs import ModelSpec
from vae_core.store import Store, describe
from vae_core.store.checkpoints import Checkpoint, has_every_figure
from vae_core.training.devices import Precision, choose_device
from vae_core.training.grids import read_grids

SAME = 1e-5
"""Figures that differ by a smaller share are the same: what the order of sums on another machine does."""


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
        remove_leftovers(Store())
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
        n_workers = self.n_workers(device)
        require_all(self.train_all(specs, ProcessExecutor(n_workers), device=device, ship=True, n_workers=n_workers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reevaluate:
    """Evaluate the models that come with the program once more, in place, and say which figures changed. Their weights stay.

    Attributes:
        datasets: of which; by default of every one.
        incomplete: only those with a figure that is newer than their file.
        device: where to compute.
        json: print one JSON object.
    """

    datasets: tuple[str, ...] = ()
    incomplete: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    json: bool = False

    def run(self) -> None:
        store, device, changes = Store(), choose_device(self.device), {}
        for before in [checkpoint for checkpoint in store.checkpoints() if self.is_meant(checkpoint)]:
            after = store.evaluate_again(before.spec, device=device)
            changed = changed_figures(before.metrics, after.metrics)
            changes[before.spec.fingerprint] = changed
            say(f"{before.spec.fingerprint}  {describe(before.spec)}: {in_words(changed) or 'nothing changed'}")
        n_changed = sum(bool(changed) for changed in changes.values())
        answer(self.json, {"changed": changes}, f"{len(changes)} models evaluated, {n_changed} with other figures than before")

    def is_meant(self, checkpoint: Checkpoint) -> bool:
        """Whether it came with the program and is asked for."""
        is_of_these = not self.datasets or checkpoint.spec.dataset in self.datasets
        return checkpoint.is_shipped and is_of_these and not (self.incomplete and has_every_figure(checkpoint.folder))


def changed_figures(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Name → figure before and after, of those that are not the same but for rounding."""
    pairs = {name: [before.get(name), value] for name, value in after.items()}
    return {name: pair for name, pair in pairs.items() if not _are_same(*pair)}


def _are_same(before: Any, after: Any) -> bool:
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_are_same, before, after))
    if isinstance(before, float) and isinstance(after, float):
        return math.isclose(before, after, rel_tol=SAME, abs_tol=SAME)
    return before == after


def in_words(changed: dict[str, list[Any]]) -> str:
    """What changed, in a line: figures that are new by their names, the others before and after."""
    new = [name for name, (before, _) in changed.items() if before is None]
    others = [f"{name} {_short(pair[0])} → {_short(pair[1])}" for name, pair in changed.items() if name not in new]
    return "; ".join([*others, *([f"new: {', '.join(new)}"] if new else [])])


def _short(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "…" if isinstance(value, list) else str(value)


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
