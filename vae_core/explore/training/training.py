"""What there is to choose in a training, how long it will take, and how it went, epoch by epoch."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import torch

from vae_core.data import Images, Split
from vae_core.jobs import jobs
from vae_core.models import build
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import Store
from vae_core.store.checkpoints import HISTORY
from vae_core.training.fit import fit

Kind = Literal["integer", "number", "word", "widths", "number or word"]
REFUSED: dict[Kind, Any] = {"integer": -1, "number": -1.0, "word": "?", "widths": (0,), "number or word": -1.0}
"""A value that every field of the kind refuses: its refusal states the rule."""
N_STEPS = 8
"""Training steps of the timed fraction of an epoch."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a spec, as its own class describes it.

    Attributes:
        name: as on the command line and in the code.
        kind: what is to be filled in.
        meaning: from the docstring of the class that has it.
        rule: what a value must be, from the class's own refusal.
        options: of a word.
    """

    name: str
    kind: Kind
    meaning: str
    rule: str
    options: tuple[str, ...] = ()


def spec_fields(spec: ModelSpec) -> list[Field]:
    """Every field of a spec's class, with meaning and range; ranges are those that hold beside the spec's other values."""
    hints = get_type_hints(type(spec))
    meanings = {name: text for base in reversed(type(spec).__mro__) for name, text in documented(base.__doc__ or "").items()}
    found = []
    for field in fields(spec):
        kind = kind_of(hints[field.name])
        options = get_args(hints[field.name]) if kind == "word" else ()
        found.append(Field(field.name, kind, meanings.get(field.name, ""), rule_of(spec, field.name, REFUSED[kind]), options))
    return found


def kind_of(hint: Any) -> Kind:
    """What is to be filled in for a field of this type."""
    if hint in (int, float):
        return "integer" if hint is int else "number"
    if hint is str or get_origin(hint) is Literal:
        return "word"
    return "widths" if any(get_origin(part) is tuple for part in get_args(hint)) else "number or word"


def rule_of(spec: ModelSpec, name: str, refused: Any) -> str:
    """What the field must be, in the spec's own words: it is offered a value that it refuses."""
    try:
        replace(spec, **{name: refused})
    except ValueError as error:
        said = re.fullmatch(rf"{name} must (.*), got .*", str(error), re.DOTALL)
        return said.group(1) if said else ""
    return ""


def documented(docstring: str) -> dict[str, str]:
    """Name → text of a docstring's section "Attributes"."""
    _, _, section = docstring.partition("Attributes:\n")
    entries = re.findall(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in entries}


def value_of(field: Field, text: str) -> Any:
    """The value that a person wrote.

    Raises:
        ValueError: if it is none of the field's kind; its range is the spec's to check.
    """
    said = text.strip()
    try:
        if field.kind == "widths":
            return tuple(int(part) for part in said.replace(",", " ").split()) or None
        if field.kind == "number or word":
            return said if said.isalpha() else float(said)
        return int(said) if field.kind == "integer" else float(said)
    except ValueError:
        raise ValueError(f"{field.name} must {field.rule}, got {text!r}") from None


def text_of(value: Any) -> str:
    """A field's value as a person writes it; the inverse of `value_of`."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Pace:
    """What a timed fraction of an epoch says: seconds an epoch takes, and the number of training images that were timed."""

    seconds_per_epoch: float
    n_images: int


def pace(spec: TrainedSpec, images: Images) -> Pace:
    """Train the first steps of an epoch twice on one thread, as a job does, and time the second time.

    Args:
        spec: what is to be trained.
        images: its data set.
    """
    n = min(len(images.train), N_STEPS * spec.batch_size)
    share = n / len(images.train)
    train, test = Split(images.train.x[:n], None), Split(images.test.x[: max(1, round(share * len(images.test)))], None)
    fraction, n_threads = replace(images, train=train, test=test), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with closing(fit(build(replace(spec, n_epochs=2)), fraction, device=torch.device("cpu"))) as events:
            *_, timed = islice(events, 2)
    finally:
        torch.set_num_threads(n_threads)
    return Pace(timed.seconds / share, n)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a training stands: every epoch that is known, `EpochDone.to_json` each, its job if there was one, and whether it is trained."""

    history: list[dict[str, Any]]
    job: jobs.JobStatus | None
    is_trained: bool

    @property
    def is_alive(self) -> bool:
        """Whether it trains, or waits for its turn."""
        return self.job is not None and self.job.is_alive

    @property
    def is_resumable(self) -> bool:
        """Whether there is an epoch to go on from."""
        return not self.is_trained and not self.is_alive and bool(self.history)

    @property
    def seconds_left(self) -> float | None:
        """By the median of the last ten epochs; None before the second."""
        last = sorted(epoch["seconds"] for epoch in self.history[-10:])
        event = self.history[-1] if len(self.history) > 1 else None
        return None if event is None else (event["n_epochs"] - event["epoch"]) * last[len(last) // 2]


def progress(spec: ModelSpec, store: Store) -> Progress:
    """How the training of a spec stands: of the finished model, or of its job and of what was kept when it last stopped."""
    job = jobs.find(spec, store)
    status = job.status() if job is not None else None
    is_alive = status is not None and status.is_alive
    checkpoint = store.find(spec)
    if checkpoint is not None and not is_alive:
        return Progress(checkpoint.history, status, True)
    kept = _kept(store.partial_folder(spec)) if checkpoint is None else []
    epochs = {epoch["epoch"]: epoch for epoch in [*kept, *(status.history if status is not None else [])]}
    return Progress([epochs[k] for k in sorted(epochs)], status, checkpoint is not None)


def _kept(partial: Path) -> list[dict[str, Any]]:
    """The epochs of an unfinished training; none where there is none, or its file cannot be read."""
    try:
        return json.loads((partial / HISTORY).read_text())
    except (OSError, ValueError):
        return []
