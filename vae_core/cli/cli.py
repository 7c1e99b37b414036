"""The command line: one contract for people and scripts.

`--json` prints exactly one JSON object on stdout; whatever else is said goes to stderr. Exit 0, or 2 for bad input (one sentence), or
130 if cancelled.
"""

from __future__ import annotations

import argparse
import functools
import json
import operator
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, make_dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal, get_args

import torch
import tyro
from PIL import Image
from tqdm import tqdm

from vae_core import data as datasets
from vae_core import errors
from vae_core.data import DatasetUnavailable
from vae_core.data.images import read_image_file
from vae_core.data.preparation import Preparation, made_like
from vae_core.errors import require
from vae_core.evaluation import evaluate
from vae_core.explore.training import training_film
from vae_core.jobs.deletion import delete_dataset
from vae_core.jobs.executors import ProcessExecutor, dask_executor
from vae_core.jobs.sweep import Outcome, State, SweepFailed, sweep
from vae_core.models import FAMILIES, LatentModel, default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Said, Store, Waiting, describe
from vae_core.store.checkpoints import DamagedCheckpoint
from vae_core.training.devices import Precision, choose_device, settle_arithmetic
from vae_core.training.events import EpochDone, MemoryRanOut, TrainingDiverged
from vae_core.training.grids import read_grids

Positional = tyro.conf.Positional


@dataclass(frozen=True, slots=True, kw_only=True)
class Datasets:
    """List the data sets, fetch a published one, or make and remove one of your own.

    Attributes:
        action: what to do.
        name: the data set to fetch or remove; the folder or ZIP file of images to add, whose folders are the labels.
        title: of the data set to add; by default the name of its folder or file.
        size: side of its images, in pixels.
        grey: keep grey levels instead of colours.
        cut: one square around the centre of each image, or all the patches that tile it.
        json: print one JSON object.
    """

    action: Positional[Literal["list", "fetch", "add", "remove"]] = "list"
    name: Positional[str | None] = None
    title: str | None = None
    size: int = 32
    grey: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    cut: datasets.own.Cut = "squares"
    json: bool = False

    def run(self) -> None:
        require(self.action == "list" or self.name is not None, "name", f"be given to {self.action}", self.name)
        names = datasets.names() if self.action == "list" else [self.name]
        if self.action == "fetch":
            require(self.name in datasets.names(), "name", f"be one of {', '.join(datasets.names())}", self.name)
            with tqdm(unit="B", unit_scale=True, desc=self.name, disable=not sys.stderr.isatty()) as bar:
                datasets.fetch(self.name, progress=lambda done, total: _set_bar(bar, done, total))
        elif self.action == "add":
            names = [self._add()]
        rows = [_dataset_row(name) for name in names]
        if self.action == "remove":
            delete_dataset(self.name, Store())
        lines = [
            f"{r['name']:15} {'here' if r['available'] else 'to fetch':9} {r['download_bytes'] / 1e6:6.1f} MB  {r['title']}" for r in rows
        ]
        answer(self.json, {"datasets": rows}, f"{self.name} is removed" if self.action == "remove" else "\n".join(lines))

    def _add(self) -> str:
        """Make a data set of one's own; files that are refused are named on stderr."""
        path = Path(self.name)
        name, prepared = datasets.own.add(path, title=self.title or path.resolve().stem, size=self.size, colour=not self.grey, cut=self.cut)
        for sentence in prepared.refused:
            say(sentence)
        if prepared.n_duplicates:
            say(f"{prepared.n_duplicates} images were left out because they are there already.")
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class OfModel:
    """What every command on one model takes.

    Attributes:
        spec: the model; the defaults are the shipped recipe of its family, data set, latent dimension and network.
        device: where to compute.
        precision: of the matrix products of training; float32 everywhere else.
        json: print one JSON object.
    """

    spec: ModelSpec
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    precision: Precision = "float32"
    json: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Train(OfModel):
    """Train a model unless it is cached. A training that was killed or cancelled goes on where it stopped."""

    def run(self) -> None:
        store = Store()
        train_with_progress(store, self.spec, choose_device(self.device), self.precision)
        found = store.find(self.spec)
        answer(self.json, found.to_json(), f"{describe(self.spec)}: {found.folder}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Film(OfModel):
    """Train a model for snapshots of its training, which the page *Training film* shows; the model that is cached stays.

    Snapshots that came with the program stay, too.

    Attributes:
        ship: put the snapshots among what comes with the program.
    """

    ship: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False

    def run(self) -> None:
        store = Store()
        kept = Store(local=store.shipped, shipped=store.shipped) if self.ship else store
        if self.ship or not training_film.is_shipped(self.spec, store):
            with TemporaryDirectory() as aside:
                trained_in = Store(local=Path(aside), shipped=Path(aside))
                for event in epochs(trained_in, self.spec, choose_device(self.device), self.precision):
                    training_film.keep(self.spec, kept, event)
        files = training_film.files(self.spec, kept)
        require(len(files) > 0, "model", "be of images and trained in epochs to be filmed", describe(self.spec))
        found = {"fingerprint": self.spec.fingerprint, "snapshots": [str(path) for path in files]}
        answer(self.json, found, f"{describe(self.spec)}: {len(files)} snapshots in {files[0].parent}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate(OfModel):
    """Evaluate a model on every image of a split; train it first if it is not cached.

    Attributes:
        split: which images.
        n_samples: samples an image for the importance-weighted bound.
        no_train: exit with 2 instead of training.
    """

    split: Literal["train", "test"] = "test"
    n_samples: int = 100
    no_train: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False

    def run(self) -> None:
        require(self.n_samples >= 1, "n_samples", "be at least 1", self.n_samples)
        store, device = Store(), choose_device(self.device)
        is_there = self.spec in store or not self.no_train
        require(is_there, "model", f"be cached to be evaluated with --no-train ({describe(self.spec)})", self.spec.fingerprint)
        model = (store.load(self.spec) if self.no_train else trained_model(store, self.spec, device, self.precision)).to(device)
        found = evaluate(model, datasets.load(self.spec.dataset), self.split, n_samples=self.n_samples).to_json()
        answer(self.json, found, _as_lines(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstruct(OfModel):
    """Write each image as the model saw it, and its reconstruction, as PNG files.

    Attributes:
        images: picture files.
        preparation: how each is made like the data set's images.
        out: folder for the PNG files; made if it is not there.
    """

    images: tuple[Path, ...] = ()
    preparation: Preparation = field(default_factory=Preparation)
    out: Path = Path("reconstructions")

    def run(self) -> None:
        require(len(self.images) > 0, "images", "name at least one picture file", "none")
        shape = self.spec.identity.shape
        require(len(shape) == 3, "dataset", "be one of images to reconstruct pictures", self.spec.dataset)
        how = self.preparation
        seen = [made_like(self.spec.dataset, read_image_file(path, behind=how.behind), how) for path in self.images]
        store, device = Store(), choose_device(self.device)
        model = trained_model(store, self.spec, device, self.precision)
        self.out.mkdir(parents=True, exist_ok=True)
        rows = []
        for number, (path, x) in enumerate(zip(self.images, seen, strict=True), start=1):
            x_hat = model.reconstruct(x[None])[0].numpy()
            files = {name: self.out / f"{number:03d}_{path.stem}_{name}.png" for name in ("input", "reconstruction")}
            _save_png(x / 255, files["input"])
            _save_png(x_hat, files["reconstruction"])
            rows.append({"image": str(path), **{n: str(f) for n, f in files.items()}, "sse": float(((x / 255 - x_hat) ** 2).sum())})
        lines = [f"{row['image']}: {row['reconstruction']}, SSE {row['sse']:.2f}" for row in rows]
        answer(self.json, {"spec": self.spec.to_json(), "fingerprint": self.spec.fingerprint, "images": rows}, "\n".join(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """List every cached model.

    Attributes:
        json: print one JSON object.
    """

    json: bool = False

    def run(self) -> None:
        rows = [checkpoint.to_json() for checkpoint in Store().checkpoints()]
        lines = [
            f"{row['fingerprint']}  {'shipped' if row['shipped'] else 'local  '}  {row['bytes'] / 1e6:6.2f} MB  "
            f"{row['spec']['dataset']:15} {row['family']:19} d={row['spec']['latent_dim']:<4} SSE {row['metrics']['sse']:.3f}"
            for row in rows
        ]
        answer(self.json, {"models": rows}, "\n".join(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGrid:
    """What every command on many models takes.

    Attributes:
        grid: a JSON file that holds a grid or a list of grids.
        n_processes: models trained at a time, one thread each; by default one a core, and one on a GPU, where many take turns.
        device: where to train.
        precision: of the matrix products.
    """

    grid: Positional[Path]
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
                said = f" ({outcome.sentence})" if outcome.sentence else ""
                say(f"{outcome.spec.fingerprint}  {describe(outcome.spec)}: {outcome.state}{said}")
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
        found = {
            "fingerprints": [spec.fingerprint for spec in specs],
            **{state.replace(" ", "_"): [outcome.spec.fingerprint for outcome in those] for state, those in by_state.items()},
            "failed": {outcome.spec.fingerprint: outcome.sentence for outcome in by_state["failed"]},
        }
        answer(self.json, found, ", ".join(f"{len(those)} {state}" for state, those in by_state.items()))
        require_all(outcomes)


def require_all(outcomes: list[Outcome]) -> None:
    """Raise SweepFailed if a model could not be trained."""
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    if failed:
        raise SweepFailed(f"{len(failed)} of {len(outcomes)} models failed; the same command tries them again.")


def trained_model(store: Store, spec: ModelSpec, device: torch.device, precision: Precision) -> LatentModel:
    """The model of a spec, trained first if it is not cached, or damaged."""
    for said in store.set_damaged_aside(spec):
        say(said.sentence)
    if spec not in store:
        train_with_progress(store, spec, device, precision)
    return store.load(spec)


def train_with_progress(store: Store, spec: ModelSpec, device: torch.device, precision: Precision = "float32") -> None:
    """Train a model, with a progress bar on a terminal."""
    for _ in epochs(store, spec, device, precision):
        pass


def epochs(store: Store, spec: ModelSpec, device: torch.device, precision: Precision) -> Iterator[EpochDone]:
    """Train a model, with a progress bar on a terminal; what is said on the way goes to stderr."""
    events, has_waited = store.training(spec, device=device, precision=precision), False
    with closing(events), tqdm(total=spec.n_epochs, unit="epoch", disable=not sys.stderr.isatty()) as bar:
        for event in events:
            if isinstance(event, Said):
                say(event.sentence)
            elif isinstance(event, Waiting) and not has_waited:
                has_waited = True
                say("Another process trains this model; its end is waited for.")
            elif isinstance(event, EpochDone):
                bar.update(event.epoch - bar.n)
                bar.set_postfix(train=f"{event.train['loss']:.2f}", test=f"{event.test['loss']:.2f}")
                yield event


def say(sentence: str) -> None:
    """One sentence on stderr."""
    tqdm.write(sentence, file=sys.stderr)


def answer(as_json: bool, value: dict[str, Any], text: str) -> None:
    """The result on stdout: one JSON object, or the text."""
    print(json.dumps(value) if as_json else text, flush=True)


def _as_lines(values: dict[str, Any]) -> str:
    rounded = {name: f"{value:.4f}" if isinstance(value, float) else value for name, value in values.items()}
    return "\n".join(f"{name:22} {value}" for name, value in rounded.items() if value is not None and name not in ("spec", "kl_per_dim"))


def _dataset_row(name: str) -> dict[str, Any]:
    about = datasets.info(name)
    return {
        "name": name,
        "title": about.title,
        "available": datasets.available(name),
        "download_bytes": datasets.download_size(name),
        "source": about.source,
        "licence": about.licence,
        "split": about.split,
    }


def _set_bar(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)


def _save_png(x: Any, path: Path) -> None:
    """Write (1 or 3, H, W) in [0, 1] as a PNG; what a decoder puts outside [0, 1] is clipped for the picture only."""
    channels = (x.clip(0, 1) * 255).round().astype("uint8")
    Image.fromarray(channels[0] if len(channels) == 1 else channels.transpose(1, 2, 0)).save(path)


def _command_type(args: Sequence[str]) -> Any:
    """The type of all commands; the specs' defaults are the recipes of the data set, latent dimension and network that are named."""
    recipe = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    recipe.add_argument("--dataset", default="mnist")
    recipe.add_argument("--latent-dim", "--latent_dim", type=int, default=2)
    recipe.add_argument("--network")
    try:
        named = recipe.parse_known_args(args)[0]
    except argparse.ArgumentError:
        named = recipe.parse_known_args([])[0]  # tyro will say what is wrong
    families = {name: tyro.conf.subcommand(name, prefix_name=False) for name in FAMILIES}
    for name in set(FAMILIES) & set(args):
        recipe_spec = default_spec(name, named.dataset, named.latent_dim, named.network)
        families[name] = tyro.conf.subcommand(name, default=recipe_spec, prefix_name=False)
    spec_type = _union(Annotated[FAMILIES[name].spec, chosen] for name, chosen in families.items())
    commands = {name: _with_spec(command, spec_type) for name, command in MODEL_COMMANDS.items()} | OTHER_COMMANDS
    return _union(Annotated[command, tyro.conf.subcommand(name, prefix_name=False)] for name, command in commands.items())


def _with_spec(command: type[OfModel], spec_type: Any) -> type:
    """The command with its spec narrowed to families that the parser can tell apart."""
    return make_dataclass(command.__name__, [("spec", spec_type)], bases=(command,), frozen=True, kw_only=True)


def _union(types: Iterable[Any]) -> Any:
    return functools.reduce(operator.or_, types)


MODEL_COMMANDS = {"train": Train, "film": Film, "evaluate": Evaluate, "reconstruct": Reconstruct}
EPOCHS_KEPT = "the epochs that were done are kept, and the same command goes on from there."
FILM_KEPT = "the snapshots that were taken are kept, and the same command begins the training anew."
OTHER_COMMANDS = {"datasets": Datasets, "models": Models, "ship": Ship, "sweep": Sweep}


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments, command = list(sys.argv[1:] if args is None else args), None
    options = (tyro.conf.CascadeSubcommandArgs, tyro.conf.OmitArgPrefixes, tyro.conf.OmitSubcommandPrefixes)
    try:
        command = tyro.cli(_command_type(arguments), prog="python -m vae_core", args=arguments, config=options)
        settle_arithmetic(device=choose_device(command.device) if isinstance(command, OfModel) else None)
        command.run()
    except (ValueError, DatasetUnavailable, DamagedCheckpoint, TrainingDiverged, MemoryRanOut, SweepFailed, OSError) as error:
        say(errors.sentence(error))
        return 2
    except KeyboardInterrupt:
        say(f"Cancelled; {FILM_KEPT if isinstance(command, Film) else EPOCHS_KEPT}")
        return 130
    return 0
