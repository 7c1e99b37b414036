"""One checkpoint on disk: a folder named by the spec's fingerprint, written whole or not at all, verified when read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as bytes_from_tensors
from torch import Tensor, nn

from vae_core.errors import naming, require
from vae_core.evaluation import NAMES, completed
from vae_core.identities import folder_mode
from vae_core.models import LatentModel, build, spec_from_json
from vae_core.specs import ModelSpec, Spec

M = TypeVar("M", bound=nn.Module)

SPEC, WEIGHTS, HISTORY, METRICS = "spec.json", "weights.safetensors", "history.json", "metrics.json"
FILES = (SPEC, WEIGHTS, HISTORY, METRICS)


class DamagedCheckpoint(RuntimeError):
    """A checkpoint that is not what was saved."""

    @property
    def damage(self) -> str:
        """What is wrong, without a remedy."""
        return self.args[0]

    def __str__(self) -> str:
        return f"{self.damage}; to train the model again sets it aside (python -m vae_core train)"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is known of a trained model without opening its weights.

    Attributes:
        spec: its identity.
        folder: where it lies.
        is_shipped: whether it came with the program.
        metrics: its evaluation on the test images, as JSON (`evaluation.Evaluation`); None for what is newer than its file.
        history: one event a training epoch, as JSON (`training.events.EpochDone`).
        weights_sha256: of its weights file.
        size: of its files, in bytes.
    """

    spec: ModelSpec
    folder: Path
    is_shipped: bool
    metrics: dict[str, Any]
    history: list[dict[str, Any]]
    weights_sha256: str
    size: int

    def to_json(self) -> dict[str, Any]:
        """What `python -m vae_core models --json` prints of it."""
        return {
            "family": self.spec.family,
            "spec": self.spec.to_json(),
            "fingerprint": self.spec.fingerprint,
            "shipped": self.is_shipped,
            "bytes": self.size,
            "metrics": self.metrics,
        }


def exists(folder: Path) -> bool:
    """Whether a finished checkpoint lies there; it may still be damaged."""
    return (folder / SPEC).is_file()


def read(folder: Path, *, is_shipped: bool) -> Checkpoint:
    """Everything but the weights.

    Raises:
        DamagedCheckpoint: if a file is missing or unreadable, or belongs to another spec.
    """
    try:
        recorded = json.loads((folder / SPEC).read_text())
        digest = recorded.pop("weights_sha256")
        spec = spec_from_json(recorded)
        metrics, history = (json.loads((folder / name).read_text()) for name in (METRICS, HISTORY))
        require(isinstance(metrics, dict) and isinstance(history, list), METRICS, "be an object and history.json a list", "other JSON")
        size = sum(path.stat().st_size for path in folder.iterdir())
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedCheckpoint(f"checkpoint must be readable, got {folder}: {error}") from error
    if spec.fingerprint != folder.name:
        raise DamagedCheckpoint(f"checkpoint must hold the model of its name, got {spec.fingerprint} in {folder}")
    return Checkpoint(spec, folder, is_shipped, completed(metrics), history, digest, size)


def has_every_figure(folder: Path) -> bool:
    """Whether a checkpoint's evaluation has all figures that an evaluation has now."""
    return set(NAMES) <= set(json.loads((folder / METRICS).read_text()))


def replace_metrics(folder: Path, metrics: dict[str, Any]) -> None:
    """Another evaluation in place of a checkpoint's own, in one step; nothing else of it is touched."""
    replace_file(folder / METRICS, _as_text(metrics).encode())


def replace_file(path: Path, content: bytes) -> None:
    """Write aside, then rename: whoever reads the file sees the old or the new one. Nothing is left where that fails."""
    aside = path.with_name(f"{path.name}.writing")
    try:
        with naming(path):
            aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _as_text(metrics: dict[str, Any]) -> str:
    return json.dumps(metrics, indent=1) + "\n"


def read_model(checkpoint: Checkpoint) -> LatentModel:
    """The trained model, on the CPU, float32, in evaluation mode, without gradients.

    Raises:
        DamagedCheckpoint: if the weights are not those that were saved.
    """
    model = build(checkpoint.spec)
    read_weights(model, checkpoint.folder / WEIGHTS, checkpoint.weights_sha256)
    return frozen(model)


def read_weights(model: nn.Module, path: Path, sha256: str) -> None:
    """Set every weight of a model from a file.

    Raises:
        DamagedCheckpoint: if its content has another SHA-256, or does not fit the model.
    """
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedCheckpoint(f"weights must have the SHA-256 noted in {SPEC}, got other bytes in {path}")
        model.load_state_dict({name: tensor.float() for name, tensor in tensors_from_bytes(data).items()}, strict=True)
    except DamagedCheckpoint:
        raise
    except Exception as error:  # of a file that is none, or holds a type that this version lacks, the library raises nearly anything
        raise DamagedCheckpoint(f"weights must fit their network, got {path}: {error}") from error


def frozen(model: M) -> M:
    """The model on the CPU, in evaluation mode, without gradients."""
    return model.cpu().eval().requires_grad_(False)


def write(
    model: nn.Module,
    spec: Spec,
    folder: Path,
    *,
    metrics: dict[str, Any],
    history: list[dict[str, Any]],
    as_float16: bool,
) -> None:
    """Save aside, then rename; nothing is left where that fails. Matrices become float16 if asked, vectors and scalars stay float32.

    The history of what is rounded so is small too: six digits of each number.
    """
    weights = bytes_from_tensors(storable(model, as_float16=as_float16))
    recorded = {**spec.to_json(), "weights_sha256": hashlib.sha256(weights).hexdigest()}
    texts = {
        HISTORY: f"{json.dumps(_six_digits(history) if as_float16 else history)}\n",
        METRICS: _as_text(metrics),
        SPEC: f"{json.dumps(recorded, indent=1)}\n",
    }
    aside = folder.with_name(f"{folder.name}.{os.getpid()}.writing")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(folder_mode(spec.dataset), parents=True)
        for name, content in ({WEIGHTS: weights} | {name: text.encode() for name, text in texts.items()}).items():
            with naming(folder / name):
                (aside / name).write_bytes(content)
        if folder.exists():  # of a model whose spec was lost: it counts as none
            folder.rename(damaged_name(folder))
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _six_digits(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """JSON values with six significant digits of every float."""
    return json.loads(json.dumps(values), parse_float=lambda text: float(f"{float(text):.6g}"))


def damaged_name(folder: Path) -> Path:
    """Where a damaged checkpoint is set aside."""
    return folder.with_name(f"{folder.name}.{time.time_ns()}.damaged")


def storable(model: nn.Module, *, as_float16: bool) -> dict[str, Tensor]:
    """The model's tensors as they are stored."""
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    return {name: tensor.half() if as_float16 and tensor.ndim > 1 else tensor for name, tensor in tensors.items()}


def read_partial(folder: Path) -> tuple[dict[str, Tensor] | None, list[dict[str, Any]]]:
    """The last epoch that an unfinished training kept: tensors to resume from, and its history; (None, []) if there is none."""
    try:
        data = (folder / "training.safetensors").read_bytes()
        tensors, history = tensors_from_bytes(data), json.loads((folder / HISTORY).read_text())
        done = int(tensors["epoch"])
    except Exception:  # as above
        return None, []
    return (tensors, history[:done]) if len(history) >= done else (None, [])


def write_partial(folder: Path, spec: ModelSpec, tensors: dict[str, Tensor], history: list[dict[str, Any]]) -> None:
    """Keep an epoch. The history goes before the tensors and may be one epoch ahead; each file is replaced in one step."""
    folder.mkdir(folder_mode(spec.dataset), parents=True, exist_ok=True)
    files = {SPEC: spec.to_json(), HISTORY: history}
    written = {name: json.dumps(value).encode() for name, value in files.items()} | {"training.safetensors": bytes_from_tensors(tensors)}
    for name, data in written.items():
        replace_file(folder / name, data)
