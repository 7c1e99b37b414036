"""Grids of specs: many models described at once, and what of them is trained together."""

from __future__ import annotations

import itertools
import json
from collections.abc import Hashable, Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from vae_core.errors import require
from vae_core.models import default_spec, family
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.training.cost import multiply_adds
from vae_core.training.stacked import stack_key

PARTS = {"family", "fixed", "product"}
MOST_MULTIPLY_ADDS = 8_000_000
"""Steps of up to this size, forwards, are trained as a stack on a CPU: 1.5 times as fast or more (`benchmarks/stack_or_processes.py`)."""
FEWEST_MODELS = 4
"""Models of a stack that is one worker's share; two such stacks on two cores beat one of twice as many (same benchmark)."""


EXAMPLE = '{"family": "vae", "fixed": {"dataset": "digits", "latent_dim": 2}, "product": {"beta": [1, 4]}}'
"""What an error shows of a grid."""


def specs_of_grid(grid: dict[str, Any]) -> list[ModelSpec]:
    """Every spec of one grid, `{"family": …, "fixed": {field: value}, "product": {field: [values]}}`.

    Each starts from the recipe of its family, data set, latent dimension and network; the grid's other fields replace the recipe's.

    Raises:
        ValueError: if the grid lacks a data set or latent dimension, names a field that its family has not, or a spec refuses a value.
    """
    require(set(grid) <= PARTS, "grid", f"hold only {', '.join(sorted(PARTS))}", sorted(set(grid) - PARTS))
    fixed, product = grid.get("fixed", {}), grid.get("product", {})
    require(isinstance(fixed, dict) and isinstance(product, dict), "grid", "have objects for fixed and product", grid)
    for field, values in product.items():
        require(isinstance(values, list) and len(values) > 0, field, "have a list of values in product", values)
    name: Any = grid.get("family")  # `family` refuses what is none
    known = {f.name for f in fields(family(name).spec)}
    unknown = sorted((set(fixed) | set(product)) - known)
    require(not unknown, "grid", f"name fields of {grid['family']} ({', '.join(sorted(known))})", ", ".join(unknown))
    specs = []
    for values in itertools.product(*product.values()):
        chosen = {**fixed, **dict(zip(product, values, strict=True))}
        require({"dataset", "latent_dim"} <= set(chosen), "grid", "set dataset and latent_dim", sorted(chosen))
        recipe = default_spec(grid["family"], chosen.pop("dataset"), chosen.pop("latent_dim"), chosen.pop("network", None))
        specs.append(replace(recipe, **chosen))
    return specs


def read_grids(path: Path) -> list[ModelSpec]:
    """The distinct specs of a JSON file that holds a grid or a list of grids (`specs_of_grid`).

    Raises:
        ValueError: if the file cannot be read, holds no grid, or a spec refuses a value.
    """
    try:
        content = json.loads(path.read_text())
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise ValueError(f"grid file must be readable JSON, got {path} ({reason}): check its name") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"grid file must be readable JSON, got {path} ({error}): write it as {EXAMPLE}") from error
    grids = [content] if isinstance(content, dict) else content
    is_list = isinstance(grids, list) and all(isinstance(grid, dict) for grid in grids)
    require(is_list and len(grids) > 0, "grid file", "hold a grid or a list of grids", path.name)
    specs = [spec for grid in grids for spec in specs_of_grid(grid)]
    return list({spec.fingerprint: spec for spec in specs}.values())


def tasks(specs: Iterable[ModelSpec], n_workers: int, device: str = "cpu") -> list[list[ModelSpec]]:
    """What is trained together: stacks where one pass beats one model after the other, and every other model by itself.

    On the CPU that is decided by the cost of a step; elsewhere a step's launches cost more than its sums, and every stack wins.
    On the CPU, models that could be one stack are shared out among the workers, as long as a stack stays worth its while.
    """
    alike: dict[Hashable, list[ModelSpec]] = {}
    for spec in specs:
        key = stack_key(spec)
        is_worth_it = isinstance(spec, TrainedSpec) and (device != "cpu" or spec.batch_size * multiply_adds(spec) <= MOST_MULTIPLY_ADDS)
        alike.setdefault(key if key is not None and is_worth_it else spec.fingerprint, []).append(spec)
    return [part for models in alike.values() for part in _shares(models, n_workers if device == "cpu" else 1)]


def _shares(models: list[ModelSpec], n_workers: int) -> list[list[ModelSpec]]:
    """Parts of equal length, one a worker, or fewer."""
    n_parts = max(1, min(n_workers, len(models) // FEWEST_MODELS))
    return [models[first::n_parts] for first in range(n_parts)]
