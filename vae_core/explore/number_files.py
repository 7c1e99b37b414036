"""JSON files of numbers that were computed once: rounded, replaced whole, and never by two at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from filelock import FileLock

from vae_core.models.classifier import Classifier
from vae_core.store import Store
from vae_core.store.checkpoints import Checkpoint, replace_file

DIGITS = 6


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """While a file is read, changed and written: other processes and threads that want the same wait."""
    folder = Store().local
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{path.name}.lock"):
        yield


def write(path: Path, text: str) -> None:
    """Put the text in place of what the file holds, in one step."""
    replace_file(path, text.encode())


def read_rows(path: Path) -> dict[str, Any]:
    """What a file holds, by name; nothing if there is no such file."""
    return json.loads(path.read_text()) if path.is_file() else {}


def add_rows(path: Path, rows: Mapping[str, Any], *, how: str = "") -> None:
    """Put JSON values into a file, a line each, in the order of their names, beside what it holds whose name ends on `how`."""
    with locked(path):
        kept = {name: row for name, row in read_rows(path).items() if name.endswith(how)}
        lines = (f" {json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in sorted({**kept, **rows}.items()))
        write(path, "{\n" + ",\n".join(lines) + "\n}\n")


def name_of(model: Checkpoint, classifier: Classifier | None, how: str) -> str:
    """By what numbers are kept that hang on a model and the classifier of its data set: its weights, who reads, how it is measured."""
    return f"{model.weights_sha256[:16]} {classifier.spec.fingerprint if classifier else '-'} {how}"


def measured_by(*modules: ModuleType) -> str:
    """Eight hexadecimal digits that stand for every number that modules declare: where one changes, what is kept is not found."""
    numbers = {(name, value) for of in modules for name, value in vars(of).items() if name.isupper() and isinstance(value, int | float)}
    return hashlib.sha256(json.dumps(sorted(numbers)).encode()).hexdigest()[:8]


def rounded(value: Any, digits: int = DIGITS) -> Any:
    """JSON values with so many digits of every float."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    if isinstance(value, dict):
        return {name: rounded(one, digits) for name, one in value.items()}
    return [rounded(one, digits) for one in value] if isinstance(value, list) else value
