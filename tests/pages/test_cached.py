"""How long something is kept: as long as the server runs, until a model comes or goes, with the model that it was computed from."""

from __future__ import annotations

import itertools
import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from pages.shared import cached
from tests.harness import CPU
from vae_core.models import default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty folder of local models, which the pages read."""
    (tmp_path / "local").mkdir()
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "local"))
    return Store()


def come(store: Store, latent_dim: int) -> None:
    """A model comes into the folder."""
    store.train(default_spec("pca", "digits", latent_dim), device=CPU)


counted = itertools.count()


@cached.keep(most=4)
def number(of: str, _beside: object = None) -> tuple[str, int]:
    return of, next(counted)


@cached.keep(most=4, of_models=True)
def number_of_models(of: str) -> tuple[str, int]:
    return of, next(counted)


@cached.keep(most=4, of=lambda _path: cached.written_at(_path))
def number_of_file(_path: Path) -> int:
    return next(counted)


@cached.of_model(most=4, of=lambda spec, path: cached.written_at(path))
def number_of_model(spec: ModelSpec, path: Path) -> int:
    return next(counted)


@cached.recall(most=4)
def number_recalled(of: str) -> tuple[str, int]:
    return of, next(counted)


def test_arguments_tell_results_apart_but_for_those_with_an_underscore() -> None:
    first = number("a", object())
    assert number("a", object()) == number(of="a") == first
    assert number("b") != first
    number.clear()
    assert number("a") != first


@pytest.mark.parametrize("ask", [number_of_file, partial(number_of_model, default_spec("pca", "digits", 7))])
def test_what_was_read_of_a_file_is_kept_until_it_is_written(ask, tmp_path: Path) -> None:
    path = tmp_path / "numbers.json"
    absent = ask(path)
    path.write_text("{}")
    os.utime(path, ns=(1, 1))
    first = ask(path)
    assert ask(path) == first != absent
    os.utime(path, ns=(2, 2))
    assert ask(path) not in (absent, first)


@pytest.mark.parametrize("ask", [number_of_models, number_recalled])
def test_what_depends_on_the_models_is_kept_until_one_comes(ask, local: Store) -> None:
    first = ask("a")
    assert ask("a") == first
    assert ask("b") != first
    come(local, 7)
    assert ask("a") != first


def test_what_does_not_depend_on_them_outlives_a_model(local: Store) -> None:
    first = number("c")
    come(local, 7)
    assert number("c") == first


def test_a_model_is_known_as_soon_as_it_is_there_and_until_it_goes(local: Store) -> None:
    specs = {d: default_spec("pca", "digits", d) for d in (6, 7)}
    assert cached.trained(specs) == {}
    come(local, 7)
    assert cached.trained(specs) == {7: specs[7]}
    assert cached.is_trained(specs[7])
    shutil.rmtree(local.find(specs[7]).folder)
    assert not cached.is_trained(specs[7])
