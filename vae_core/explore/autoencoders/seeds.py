"""How far trainings of one recipe are apart that differ in nothing but their seed: of all but one, numbers alone come with the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from vae_core.explore import number_files
from vae_core.explore.means import Mean, mean_of_few
from vae_core.explore.number_files import rounded
from vae_core.models import spec_from_json
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import SHIPPED as FOLDER

SHIPPED = FOLDER / "seeds.json"
"""Figures of the other seeds of shipped models, evaluated as those are; written by `benchmarks/seed_numbers.py`."""
FIGURES = ("sse", "elbo", "rate", "log_px", "log_px_method", "active_units")
"""What is kept of an evaluation (`evaluation.Evaluation`), means over every test image."""

BySeed = dict[int, Mapping[str, Any]]
"""Seed → figures."""


def recipe_of(spec: ModelSpec) -> str:
    """The fingerprint that trainings share which differ in their seed."""
    return spec.fingerprint if spec.is_closed_form else replace(cast(TrainedSpec, spec), seed=0).fingerprint


def read(path: Path = SHIPPED) -> dict[str, BySeed]:
    """What a file holds, by recipe; nothing if there is no such file."""
    by_recipe: dict[str, BySeed] = {}
    for model in _models(path).values():
        spec = spec_from_json(model["spec"])
        by_recipe.setdefault(recipe_of(spec), {})[cast(TrainedSpec, spec).seed] = model["metrics"]
    return by_recipe


def add(path: Path, spec: ModelSpec, metrics: Mapping[str, Any]) -> None:
    """Put the figures of one model into a file, beside what it holds."""
    with number_files.locked(path):
        own = {"spec": spec.to_json(), "metrics": rounded({name: metrics[name] for name in FIGURES})}
        models = dict(sorted({**_models(path), spec.fingerprint: own}.items()))
        rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(model)}" for name, model in models.items())
        number_files.write(path, f'{{"models": {{\n{rows}\n}}}}\n')


def of_every_seed(kept: Mapping[str, BySeed], spec: ModelSpec, metrics: Mapping[str, Any]) -> BySeed:
    """The figures of a model and of the other seeds of its recipe, by seed; of itself alone where no others are kept, or there are none."""
    own: BySeed = {getattr(spec, "seed", 0): metrics}
    return dict(sorted({**kept.get(recipe_of(spec), {}), **own}.items()))


def mean_over_seeds(by_seed: BySeed, figure: str) -> Mean | None:
    """The mean of a figure over trainings, with Student's interval; None for one training, or where the family has no such figure."""
    values = [metrics[figure] for metrics in by_seed.values()]
    return mean_of_few(np.array(values, np.float64)) if len(values) > 1 and None not in values else None


def _models(path: Path) -> dict[str, dict[str, Any]]:
    """Fingerprint → spec and figures, as JSON values."""
    return json.loads(path.read_text())["models"] if path.is_file() else {}
