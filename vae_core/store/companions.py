"""Networks that lie beside the models and are none of them, for their code is not of real numbers or they have none.

Each is found by its spec, verified when read, and set aside when it is damaged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock
from torch import nn

from vae_core.specs import Spec
from vae_core.store import checkpoints
from vae_core.store.checkpoints import METRICS, SPEC, WEIGHTS, DamagedCheckpoint
from vae_core.store.store import Remark, Store
from vae_core.training.events import EpochDone

Part = dict[str, Any]
"""Of a JSON file."""


class DamagedCompanion(DamagedCheckpoint):
    """A network beside the models that is not what was saved."""

    def __init__(self, damage: str, kind: str) -> None:
        super().__init__(damage)
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.damage}; to train the {self.kind} again sets it aside (python -m vae_core {self.kind})"


def folder_of(spec: Spec, root: Path) -> Path:
    """Where it lies in a folder of models."""
    return root / f"{spec.fingerprint}.{spec.kind}"


def folder_in(store: Store, spec: Spec) -> Path | None:
    """Where it lies, shipped or local; None if it is not trained."""
    folders = (folder_of(spec, root) for root in (store.shipped, store.local))
    return next((folder for folder in folders if checkpoints.exists(folder)), None)


def read(model: nn.Module, folder: Path, kind: str) -> dict[str, Any]:
    """Give a network the weights in a folder, on the CPU and without gradients; the metrics beside them.

    Raises:
        DamagedCompanion: if its files are not what was saved.
    """
    try:
        recorded = json.loads((folder / SPEC).read_text())
        checkpoints.read_weights(model, folder / WEIGHTS, recorded["weights_sha256"])
        checkpoints.frozen(model)
        return json.loads((folder / METRICS).read_text())
    except DamagedCheckpoint as error:
        raise DamagedCompanion(error.damage, kind) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedCompanion(f"{kind} must be readable, got {folder}: {error}", kind) from error


def set_damaged_aside(model: nn.Module, spec: Spec, store: Store) -> Iterator[Remark]:
    """Move what is there and damaged out of the way, and say so.

    Args:
        model: a network of the spec, whose weights are lost.
        spec: its identity.
        store: whose folders are looked into.
    """
    for folder in (folder_of(spec, root) for root in (store.shipped, store.local)):
        try:
            if checkpoints.exists(folder):
                read(model, folder, spec.kind)
        except DamagedCompanion as error:
            aside = folder.rename(checkpoints.damaged_name(folder))
            yield Remark(f"{error.damage}. It was set aside as {aside.name}.")


def round_weights(model: nn.Module) -> None:
    """Round the weights as they are kept, to float16."""
    model.load_state_dict({name: tensor.float() for name, tensor in checkpoints.storable(model, as_float16=True).items()})


def kept(
    model: nn.Module, spec: Spec, store: Store, epochs: Iterator[EpochDone], figures: Callable[[list[Part]], Part], *, ship: bool
) -> Iterator[EpochDone]:
    """Train a network once, and keep it as float16; nothing where another process trained it while this one waited.

    Args:
        model: what is trained, of the spec.
        spec: its identity.
        store: whose folders it is kept in.
        epochs: its training, which begins with the first that is asked for.
        figures: of what each epoch said to the metrics that are kept beside it, once it is trained.
        ship: put it among what comes with the program.
    """
    folder, history = folder_of(spec, store.shipped if ship else store.local), []
    store.local.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder_of(spec, store.local)}.lock"):
        if checkpoints.exists(folder):
            return
        for event in epochs:
            history.append(event.to_json())
            yield event
        checkpoints.write(checkpoints.frozen(model), spec, folder, metrics=figures(history), history=history, as_float16=True)
