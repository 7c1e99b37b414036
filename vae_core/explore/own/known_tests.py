"""What the rule of *Where it lies* knows of the test images: of shipped models that the page opens with it is shipped, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vae_core.explore.number_files import add_rows, name_of, read_rows, rounded
from vae_core.explore.own.own_images import scores
from vae_core.explore.own.strangers import Evidence, Seen, evidence, looks, rule_name, tested
from vae_core.models import LatentModel
from vae_core.models.classifier import Classifier
from vae_core.store import SHIPPED as FOLDER
from vae_core.store.checkpoints import Checkpoint

SHIPPED = FOLDER / "known_tests.json"
"""Of shipped models; written by `benchmarks/known_tests.py`."""
DIGITS = 5


@dataclass(frozen=True, slots=True, eq=False)
class KnownTests:
    """Test images as a model's rule knows them.

    Attributes:
        scores: of every test image, (N,).
        evidence: of those that are `tested`.
    """

    scores: np.ndarray
    evidence: Evidence


def measured(model: LatentModel, train_codes: np.ndarray, train: Seen, test_x: np.ndarray, classifier: Classifier | None) -> KnownTests:
    """What the rule of a model knows of test images, uint8 (N, C, H, W), beside its `training_looks`."""
    some, of_all = tested(test_x), scores(model, test_x)
    return KnownTests(of_all, evidence(train_codes, train, looks(model, test_x[some], classifier), of_all[some]))


def known_name(model: Checkpoint, classifier: Classifier | None) -> str:
    """By what a model is kept: its weights, the classifier of its data set, and the rule as it is now."""
    return name_of(model, classifier, rule_name())


def read(path: Path = SHIPPED) -> dict[str, KnownTests]:
    """What a file holds, by `known_name`; nothing if there is no such file."""
    return {name: _of_row(**row) for name, row in read_rows(path).items()}


def add(path: Path, known: Mapping[str, KnownTests]) -> None:
    """Put models into a file, a line each, beside what it holds by this rule."""
    add_rows(path, {name: rounded(_row(one), DIGITS) for name, one in known.items()}, how=rule_name())


def _row(one: KnownTests) -> dict[str, list]:
    of = one.evidence
    parts = (of.distances, of.shapes, of.mixtures, of.energy)
    return {"scores": one.scores.tolist(), "evidence": [None if part is None else part.tolist() for part in parts]}


def _of_row(scores: list[float], evidence: list[list[float] | None]) -> KnownTests:
    of_all = np.array(scores, np.float32)
    distances, *others = (None if part is None else np.array(part, np.float32) for part in evidence)
    return KnownTests(of_all, Evidence(of_all[tested(of_all)], distances, *others))  # type: ignore[arg-type]  # distances are always there
