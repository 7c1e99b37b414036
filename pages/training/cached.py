"""Caches of the pages on training: the snapshots that were taken on its way."""

from __future__ import annotations

from pages.shared import cached
from vae_core import data
from vae_core.explore.training import training_film
from vae_core.specs import ModelSpec
from vae_core.store import Store


def snapshots(spec: ModelSpec) -> tuple[tuple[str, int], ...]:
    """The files of a training's snapshots, and when each was written."""
    return tuple((path.name, path.stat().st_mtime_ns) for path in training_film.files(spec, Store()))


def _has_only_its_end(spec: ModelSpec) -> bool:
    return not snapshots(spec) and cached.is_trained(spec) and data.available(spec.dataset)


@cached.of_model(most=8, of=lambda spec: (snapshots(spec), _has_only_its_end(spec)))
def film(spec: ModelSpec) -> list[training_film.Snapshot]:
    """The snapshots of a training; of a model that was trained without any, how it ended; empty where nothing is known."""
    if _has_only_its_end(spec):
        return [training_film.snapshot(cached.model(spec), cached.dataset(spec.dataset), spec.n_epochs)]
    return training_film.load(spec, Store())
