"""Commands on one model: train, film, evaluate, reconstruct; and the list of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

import tyro
from PIL import Image

from vae_core import data
from vae_core.cli.output import answer
from vae_core.cli.training import epochs, train_with_progress, trained_model
from vae_core.data.images import read_image_file
from vae_core.data.preparation import Preparation, made_like
from vae_core.errors import naming, require
from vae_core.evaluation import evaluate
from vae_core.explore.training import training_film
from vae_core.jobs.leftovers import remove_leftovers
from vae_core.specs import ModelSpec
from vae_core.store import Store, describe
from vae_core.training.devices import Precision, choose_device


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
    """Train a model, or find it trained. A training that was killed or cancelled goes on where it stopped."""

    def run(self) -> None:
        store = Store()
        remove_leftovers(store)
        train_with_progress(store, self.spec, choose_device(self.device), self.precision)
        trained = store.checkpoint(self.spec)
        answer(self.json, trained.to_json(), f"{describe(self.spec)}: {trained.folder}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Film(OfModel):
    """Train a model for snapshots of its training, which the page *Training film* shows; the trained model stays.

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
        require(len(files) > 0, "model", "be trained in epochs to be filmed", describe(self.spec))
        result = {"fingerprint": self.spec.fingerprint, "snapshots": [str(path) for path in files]}
        answer(self.json, result, f"{describe(self.spec)}: {len(files)} snapshots in {files[0].parent}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate(OfModel):
    """Evaluate a model on every image of a split; what is not trained yet is trained first.

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
        if self.no_train and self.spec not in store:
            raise ValueError(f"{describe(self.spec)} has not been trained yet: run the command without --no-train")
        model = (store.load(self.spec) if self.no_train else trained_model(store, self.spec, device, self.precision)).to(device)
        figures = evaluate(model, data.load(self.spec.dataset), self.split, n_samples=self.n_samples).to_json()
        answer(self.json, figures, _as_lines(figures))


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
        require(self.out.is_dir() or not self.out.exists(), "out", "be a folder, or a name that is free", f"{self.out}")
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
    """List every trained model.

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


def _as_lines(values: dict[str, Any]) -> str:
    rounded = {name: f"{value:.4f}" if isinstance(value, float) else value for name, value in values.items()}
    return "\n".join(f"{name:22} {value}" for name, value in rounded.items() if value is not None and name not in ("spec", "kl_per_dim"))


def _save_png(x: Any, path: Path) -> None:
    """Write (1 or 3, H, W) in [0, 1] as a PNG; what a decoder puts outside [0, 1] is clipped for the picture only."""
    channels = (x.clip(0, 1) * 255).round().astype("uint8")
    with naming(path):
        Image.fromarray(channels[0] if len(channels) == 1 else channels.transpose(1, 2, 0)).save(path)
