"""The contract, walked with what was added, in the copy of the program that `tests/core/test_additions.py` makes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.harness import CPU, assert_answers, numbers_of_nameless_models, opened, out_of_place
from vae_core import data
from vae_core.cli.main import main
from vae_core.data.preparation import made_like
from vae_core.drawing.theme import FAMILY_MARKS, mark
from vae_core.evaluation import evaluate
from vae_core.models import DEFAULT_FAMILY, FAMILIES, build, default_spec, spec_from_json
from vae_core.store import Store
from vae_core.training.fit import fit


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "local"))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_trains_on_the_data_set_that_was_added(family: str) -> None:
    spec, store, images = default_spec(family, "bars", 2), Store(), data.load("bars")
    assert spec_from_json(spec.to_json()) == spec
    assert len(list(fit(build(spec), images, device=CPU))) == spec.n_epochs
    store.train(spec, device=CPU)
    model = store.load(spec)
    assert evaluate(model, images).sse == pytest.approx(store.find(spec).metrics["sse"], rel=1e-5)
    assert model.given(0).reconstruct(images.test.x).shape == (100, 1, 8, 8)
    assert torch.isfinite(model.given(0).sample(3, torch.Generator().manual_seed(0)).mean).all()


def test_the_data_set_says_of_itself_what_pages_and_recipes_ask() -> None:
    assert data.offered()[-1] == "bars"
    assert data.class_names("bars") == ("upright", "level")
    assert default_spec("vae", "bars", 2).hidden == default_spec("autoencoder", "bars", 2).hidden == (16,)
    assert default_spec("vae", "bars", 2).likelihood == "bernoulli"
    assert made_like("bars", np.full((20, 20), 200, np.uint8)).shape == (1, 8, 8)


def test_the_family_has_a_mark_and_its_field_a_flag(capsys: pytest.CaptureFixture) -> None:
    assert mark("denoiser").short == "Denoiser"
    assert mark("denoiser").symbol not in {look.symbol for look in FAMILY_MARKS.values()}
    with pytest.raises(SystemExit):
        main(["train", "denoiser", "--help"])
    assert "--noise" in capsys.readouterr().out
    assert main(["train", "denoiser", "--dataset", "bars", "--noise", "-1"]) == 2
    assert "noise must be at least 0, got -1.0" in capsys.readouterr().err


def test_the_sidebar_offers_both_and_opens_as_before() -> None:
    app = opened("start/families", dataset="bars", latent_dim=2)
    assert "Bars" in app.sidebar.selectbox(key="dataset").options
    assert app.sidebar.selectbox(key="dataset").value == "bars"
    assert "Denoiser" in app.sidebar.selectbox(key="family").options
    assert app.sidebar.selectbox(key="family").value == DEFAULT_FAMILY
    assert [exception.message for exception in app.exception] == []


def test_the_field_of_the_family_has_a_widget() -> None:
    app = opened("training/train", dataset="bars", latent_dim=2, family="denoiser")
    assert [exception.message for exception in app.exception] == []
    assert app.text_input(key="train_noise").value == "0.1"
    assert "Must be at least 0" in app.text_input(key="train_noise").help


def test_the_page_answers_for_the_family_and_the_data_set() -> None:
    Store().train(default_spec("denoiser", "bars", 2), device=CPU)
    added = opened("start/brightness", dataset="bars", latent_dim=2, family="denoiser")
    assert_answers(added)
    assert numbers_of_nameless_models(added) == []
    assert out_of_place("start/brightness", added) == set()
    assert_answers(opened("autoencoders/compare", dataset="bars", latent_dim=2, family="denoiser"))
