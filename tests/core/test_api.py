"""The public face: what a notebook calls, lazily imported, with defaults that work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import vae_core as vc
from tests.harness import ROOT, tiny_spec
from vae_core.training.events import EpochDone


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models of the test's own."""
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "models"))
    return tmp_path


def test_a_name_that_is_not_there_is_none() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'modell'"):
        vc.modell  # noqa: B018


def test_the_import_brings_no_torch_every_name_is_there_and_the_lines_of_the_face_run_from_any_folder(local: Path) -> None:
    """As after `pip install -e .`: the program's folder is on the path, and the working directory another."""
    lines = """
import sys
import vae_core as vc
print(sorted({"torch", "numpy", "plotly"} & set(sys.modules)))
names = [getattr(vc, name) for name in vc.__all__]
digits = vc.load("digits")
print(digits)
vae = vc.model("vae", "digits", latent_dim=2)
q = vae.encode(digits.test.x[:8])
x_hat = vae.decode(q.mean).mean
print(tuple(x_hat.shape), vc.evaluate(vae, digits).elbo < 0)
"""
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(local)}
    answer = subprocess.run([sys.executable, "-c", lines], cwd=local, capture_output=True, text=True, env=environment)
    assert answer.stderr == ""
    assert answer.stdout.splitlines() == ["[]", "Images('digits', 1,438 + 359, 1×8×8)", "(8, 1, 8, 8) True"]


def test_a_model_that_is_not_there_is_trained_once_and_kept(local: Path) -> None:
    spec = tiny_spec("vae", 3)
    events = [event for event in vc.training(spec, device="cpu") if isinstance(event, EpochDone)]
    assert [event.epoch for event in events] == list(range(1, spec.n_epochs + 1))
    assert list(vc.training(spec, device="cpu")) == []
    model = vc.train(spec, device="cpu")
    assert model.spec == spec
    assert not any(weight.requires_grad for weight in model.parameters())


def test_fields_of_a_model_are_those_of_its_spec(local: Path) -> None:
    assert vc.model("vae", "digits", latent_dim=2, beta=4.0, n_epochs=1, device="cpu").spec.beta == 4.0
    with pytest.raises(ValueError, match="beta must be at least 0"):
        vc.model("vae", "digits", latent_dim=2, beta=-1.0)


def test_what_is_no_spec_no_list_of_models_and_no_image_is_refused_in_a_sentence(local: Path) -> None:
    model, x = vc.model("pca", "digits", latent_dim=2), vc.load("digits").test.x[:2]
    for ask in (vc.train, lambda spec: next(vc.training(spec))):
        with pytest.raises(ValueError, match="spec must be one such as VAESpec"):
            ask("vae")
    with pytest.raises(ValueError, match="models must be a list of models, got 'PCA'"):
        vc.compare(model, x)
    with pytest.raises(ValueError, match="x must hold at least one image"):
        vc.compare([model], x[:0])


def test_models_of_one_family_are_compared_side_by_side(local: Path) -> None:
    specs = [vc.VAESpec(dataset="digits", latent_dim=2, n_epochs=1, beta=beta) for beta in (1.0, 4.0)]
    x = vc.load("digits").test.x[:3]
    table = vc.compare([vc.train(spec, device="cpu") for spec in specs], x)
    assert len(table.rows) == 3
    assert table.heads[0].title == "Original"
    assert len({head.title for head in table.heads}) == 3
    assert table._repr_png_().startswith(b"\x89PNG")
    x_hat = vc.train(specs[1], device="cpu").reconstruct(x).numpy()
    sse = ((x / 255 - x_hat) ** 2).sum((1, 2, 3))
    assert [row[2].caption for row in table.rows] == [f"{value:.2f}" for value in sse]


def test_comparing_nothing_or_unequal_shapes_is_refused(tiny_store) -> None:
    with pytest.raises(ValueError, match="models must hold at least one"):
        vc.compare([], np.zeros((1, 1, 8, 8), np.uint8))


def test_what_is_shown_of_a_value_is_short() -> None:
    assert repr(vc.VAESpec(dataset="digits", latent_dim=2, beta=4)) == "VAESpec(dataset='digits', latent_dim=2, beta=4.0)"
    assert len(repr(vc.model("vae", "digits", latent_dim=2))) < 120
    digits = vc.load("digits")
    assert repr(digits.train) == "Split(1,438 of 1×8×8)"
