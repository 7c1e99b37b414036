"""The command line's contract: one JSON object on stdout, sentences on stderr, 0, 2 or 130."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.harness import CPU, ROOT, hear_ctrl_c, tiny_spec
from vae_core import data as datasets
from vae_core.cli.main import main
from vae_core.models import FAMILIES
from vae_core.store import Store

TINY = ["--dataset", "digits", "--latent-dim", "2", "--n-epochs", "2"]
KEYS = (
    "spec fingerprint split n_images sse expected_sse rate distortion elbo active_units iwae_bound n_samples "
    "log_px log_px_method binarisation_seed"
)


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of local models of the test's own."""
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "local"))
    return tmp_path / "local"


def run(capsys: pytest.CaptureFixture, *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_evaluate_prints_one_json_object_with_its_keys(capsys) -> None:
    code, out, _ = run(capsys, "evaluate", "ppca", "--dataset", "digits", "--latent-dim", "5", "--json")
    found = json.loads(out)
    assert code == 0
    assert set(KEYS.split()) <= set(found)
    assert found["log_px_method"] == "exact"
    assert found["log_px"] == pytest.approx(found["elbo"], rel=1e-6)
    assert (found["split"], found["n_images"], found["binarisation_seed"]) == ("test", 359, None)


def test_a_family_without_a_density_has_nulls(capsys) -> None:
    found = json.loads(run(capsys, "evaluate", "autoencoder", *TINY, "--json")[1])
    assert all(found[name] is None for name in ("distortion", "rate", "elbo", "active_units", "iwae_bound", "log_px"))
    assert found["sse"] > 0


def test_a_model_that_binarises_says_its_seed_and_obeys_the_number_of_samples(capsys) -> None:
    found = json.loads(run(capsys, "evaluate", "vae", *TINY, "--n-samples", "3", "--json")[1])
    assert (found["binarisation_seed"], found["n_samples"]) == (0, 3)
    assert found["elbo"] <= found["log_px"]
    assert found["log_px_method"] == "quadrature"


def test_shipped_models_are_evaluated_again_in_place_and_what_changed_is_said(
    capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(local=tmp_path / "local", shipped=tmp_path / "shipped")
    monkeypatch.setattr("vae_core.cli.many_models.Store", lambda: store)
    for family in ("pca", "ppca"):
        store.train(tiny_spec(family), device=CPU, ship=True)
    right, folder = store.find(tiny_spec("ppca")).metrics, store.find(tiny_spec("ppca")).folder
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    older = {name: value for name, value in right.items() if name != "log_px_standard_error"}
    (folder / "metrics.json").write_text(json.dumps({**older, "elbo": 0.5}))
    code, out, err = run(capsys, "reevaluate", "--datasets", "digits", "--incomplete", "--json")
    assert code == 0
    assert json.loads(out)["changed"] == {
        folder.name: {"elbo": [0.5, right["elbo"]], "log_px_standard_error": [None, right["log_px_standard_error"]]}
    }
    assert f"elbo 0.5000 → {right['elbo']:.4f}; new: log_px_standard_error" in err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert json.loads(run(capsys, "reevaluate", "--json")[1])["changed"] == {
        store.find(tiny_spec(family)).spec.fingerprint: {} for family in ("pca", "ppca")
    }


def test_flags_may_stand_before_or_after_each_other(capsys) -> None:
    first = json.loads(run(capsys, "evaluate", "pca", "--json", "--latent-dim", "3", "--dataset", "digits")[1])
    second = json.loads(run(capsys, "evaluate", "pca", "--dataset", "digits", "--split", "test", "--latent-dim=3", "--json")[1])
    assert first == second


def test_the_recipe_follows_the_data_set_and_a_flag_replaces_it(capsys) -> None:
    found = json.loads(run(capsys, "train", "vae", *TINY, "--beta", "4", "--hidden", "16", "8", "--json")[1])
    assert found["spec"]["hidden"] == [16, 8]
    assert found["spec"]["beta"] == 4.0
    assert found["spec"]["batch_size"] == 64


@pytest.mark.slow
def test_a_likelihood_with_a_learned_scale_can_be_asked_for(capsys) -> None:
    flags = ["--likelihood", "laplace", "--scale", "learned", "--network", "linear"]
    found = json.loads(run(capsys, "train", "vae", *TINY, *flags, "--json")[1])
    assert (found["spec"]["scale"], found["spec"]["hidden"]) == ("learned", [])


def test_models_lists_what_is_cached(capsys) -> None:
    run(capsys, "train", "pca", "--dataset", "digits", "--latent-dim", "7")
    rows = json.loads(run(capsys, "models", "--json")[1])["models"]
    own = [row for row in rows if not row["shipped"]]
    assert [(row["family"], row["spec"]["latent_dim"]) for row in own] == [("pca", 7)]
    assert {"family", "spec", "fingerprint", "bytes", "metrics", "shipped"} <= set(own[0])
    code, out, _ = run(capsys, "models")
    assert code == 0
    assert own[0]["fingerprint"] in out


def test_datasets_says_what_is_here_and_how_large_the_rest_is(capsys) -> None:
    rows = {row["name"]: row for row in json.loads(run(capsys, "datasets", "--json")[1])["datasets"]}
    assert rows["digits"]["available"]
    assert set(rows) == set(datasets.NAMES)
    assert rows["fashion_mnist"]["download_bytes"] > 1e7
    assert run(capsys, "datasets", "fetch", "digits")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluate", "pca", "--dataset", "minst", "--latent-dim", "2"], "dataset must be one of mnist, digits"),
        (["evaluate", "pca", "--dataset", "digits", "--latent-dim", "65"], "latent_dim must be between 1 and 64 for digits, got 65"),
        (
            ["train", "vae", "--dataset", "digits", "--latent-dim", "2", "--n-epochs", "0"],
            "n_epochs must be between 1 and 1,000,000, got 0",
        ),
        (["evaluate", "vae", *TINY, "--n-samples", "0"], "n_samples must be at least 1, got 0"),
        (
            ["evaluate", "vae", *TINY, "--seed", "77", "--no-train"],
            "has not been trained yet: run the command without --no-train",
        ),
        (["train", "gan", "--dataset", "digits"], "gan"),
        (["train", "vae", "--dataset", "digits", "--latent-dim", "two"], "two"),
        (["train", "vae", "--dataset", "digits", "--latent-dim", "2", "--betta", "3"], "--betta"),
        (["train", "vae", *TINY, "--device", "tpu"], "tpu"),
        (["datasets", "fetch", "minst"], "name must be one of mnist, digits"),
        (["datasets", "fetch"], "Missing from python -m vae_core datasets fetch"),
        (["reconstruct", "pca", "--dataset", "digits", "--latent-dim", "2"], "images must name at least one picture file"),
        (["reconstruct", "pca", "--dataset", "digits", "--latent-dim", "2", "--images", "nowhere.png"], "nowhere.png"),
        (["ship", "nowhere.json"], "grid file must be readable JSON, got nowhere.json (no such file or directory): check its name"),
        (["reconstruct", "pca", "--dataset", "digits", "--latent-dim", "2", "--images", "/"], "got a folder of that name"),
        (
            ["reconstruct", "pca", "--dataset", "digits", "--latent-dim", "2", "--images", "me.png", "--out", __file__],
            "out must be a folder, or a name that is free",
        ),
    ],
)
def test_bad_input_ends_with_two_and_a_sentence(arguments: list[str], sentence: str, capsys) -> None:
    code = main(arguments)
    out, err = capsys.readouterr()
    assert code == 2
    assert sentence in err
    assert err.count("\n") == 1
    assert "Traceback" not in out + err


def test_help_exits_with_zero(capsys) -> None:
    with pytest.raises(SystemExit) as end:
        main(["evaluate", "vae", "--help"])
    assert end.value.code == 0
    assert "--latent-dim" in capsys.readouterr().out


@pytest.mark.parametrize("family", FAMILIES)
def test_help_says_what_every_field_means_and_what_it_must_be(family: str, capsys) -> None:
    with pytest.raises(SystemExit):
        main(["train", family, "--help"])
    words = re.sub(r"[│\s]+", " ", capsys.readouterr().out)
    for field in FAMILIES[family].spec.fields():
        assert f"--{field.name.replace('_', '-')} " in words
        assert field.meaning in words
        assert field.kind not in ("integer", "number") or "{spec" in field.rule or f"Must {field.rule}." in words


def test_reconstruct_writes_the_input_as_the_model_saw_it_and_its_reconstruction(tmp_path: Path, capsys) -> None:
    x = datasets.load("digits").test.x[0, 0]
    picture = tmp_path / "a digit.png"
    Image.fromarray(x).save(picture)
    arguments = ["--dataset", "digits", "--latent-dim", "64", "--images", str(picture), "--out", str(tmp_path / "out"), "--json"]
    found = json.loads(run(capsys, "reconstruct", "pca", *arguments)[1])
    row = found["images"][0]
    assert row["sse"] < 1e-9
    assert np.array_equal(np.asarray(Image.open(row["input"])), x)
    assert np.array_equal(np.asarray(Image.open(row["reconstruction"])), x)


def test_a_text_named_as_a_picture_is_refused(tmp_path: Path, capsys) -> None:
    fake = tmp_path / "notes.png"
    fake.write_text("not a picture")
    code, out, err = run(capsys, "reconstruct", "pca", "--dataset", "digits", "--latent-dim", "2", "--images", str(fake))
    assert (code, out) == (2, "")
    assert "notes.png" in err


def test_a_place_that_cannot_be_written_is_one_sentence(capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "file"))
    code, out, err = run(capsys, "train", "vae", *TINY)
    assert (code, out) == (2, "")
    assert f"{tmp_path / 'file'} must be a place that can be read and written, got file exists" in err
    assert err.count("\n") == 1


def test_a_damaged_model_is_set_aside_and_trained_again_where_that_is_allowed(capsys, own_store: Path) -> None:
    assert run(capsys, "train", "vae", *TINY)[0] == 0
    (weights,) = own_store.glob("*/weights.safetensors")
    weights.write_bytes(b"")
    code, _, err = run(capsys, "evaluate", "vae", *TINY, "--no-train")
    assert code == 2
    assert "to train the model again sets it aside" in err
    code, _, err = run(capsys, "evaluate", "vae", *TINY)
    assert code == 0
    assert "It was set aside as" in err


def test_a_model_whose_spec_is_lost_is_trained_again(capsys, own_store: Path) -> None:
    assert run(capsys, "train", "vae", *TINY)[0] == 0
    (spec,) = own_store.glob("*/spec.json")
    spec.unlink()
    assert run(capsys, "train", "vae", *TINY)[0] == 0
    assert spec.exists()
    assert len(list(own_store.glob("*.damaged"))) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.slow
def test_interrupting_a_training_exits_with_130_and_the_next_one_goes_on(tmp_path: Path) -> None:
    environment = {**os.environ, "VAE_EXPLORER_CHECKPOINTS": str(tmp_path / "local")}
    command = [sys.executable, "-m", "vae_core", "train", "vae", *TINY[:-1], "100000", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, preexec_fn=hear_ctrl_c, **pipes)
    while not list((tmp_path / "local").glob("*.partial/training.safetensors")):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert "Cancelled" in err
    assert "Traceback" not in err


def test_film_keeps_snapshots_of_a_training_and_no_model(capsys, own_store: Path) -> None:
    code, out, _ = run(capsys, "film", "vae", *TINY, "--json")
    found = json.loads(out)
    assert code == 0
    assert [Path(name).name for name in found["snapshots"]] == ["after-000001.npz", "after-000002.npz"]
    assert not (own_store / found["fingerprint"]).exists()
    code, out, err = run(capsys, "film", "pca", "--dataset", "digits", "--latent-dim", "2")
    assert (code, out) == (2, "")
    assert "model must be trained in epochs" in err
