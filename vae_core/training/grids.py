"""Grids of specs: many models described by one JSON file."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from vae_core.models import default_spec
from vae_core.specs import ModelSpec, require


def specs_of_grid(grid: dict[str, Any]) -> list[ModelSpec]:
    """Every spec of one grid, `{"family": …, "fixed": {field: value}, "product": {field: [values]}}`.

    Each starts from the recipe of its family, data set, latent dimension and network; the grid's other fields replace the recipe's.

    Raises:
        ValueError: if the grid lacks a data set or latent dimension, or a spec refuses a value.
    """
    fixed, product = grid.get("fixed", {}), grid.get("product", {})
    specs = []
    for values in itertools.product(*product.values()):
        fields = {**fixed, **dict(zip(product, values, strict=True))}
        require({"dataset", "latent_dim"} <= set(fields), "grid", "set dataset and latent_dim", sorted(fields))
        recipe = default_spec(grid.get("family"), fields.pop("dataset"), fields.pop("latent_dim"), fields.pop("network", None))
        specs.append(replace(recipe, **fields))
    return specs


def read_grids(path: Path) -> list[ModelSpec]:
    """The specs of a JSON file that holds a list of grids.

    Raises:
        ValueError: if the file cannot be read or is no list of grids.
    """
    try:
        grids = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ValueError(f"grid file must be readable JSON, got {path}: {error}") from error
    require(isinstance(grids, list) and all(isinstance(grid, dict) for grid in grids), "grid file", "hold a list of grids", path.name)
    return [spec for grid in grids for spec in specs_of_grid(grid)]
