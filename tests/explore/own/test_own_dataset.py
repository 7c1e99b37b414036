"""A data set of one's own: from files to models, on the command line and in every family."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.harness import CPU, ROOT
from tests.own_folder import FILES, N, blobs, png, prepared, zipped
from vae_core import data as datasets
from vae_core import identities
from vae_core.cli.main import main
from vae_core.data import own
from vae_core.data.allowance import Allowance
from vae_core.data.classes import NO_FOLDER
from vae_core.data.images import fit_to
from vae_core.data.own_files import OwnFile, given, in_folder, in_zip
from vae_core.evaluation import evaluate
from vae_core.explore.latent_pad import decoder_payload
from vae_core.explore.training import training_film
from vae_core.identities import own_names
from vae_core.jobs import deletion, jobs
from vae_core.models import build, default_spec, spec_from_json, unlabelled
from vae_core.models.inputs import model_input
from vae_core.models.pca import spectrum
from vae_core.specs import TrainedSpec
from vae_core.store import Store
from vae_core.training.events import EpochDone
from vae_core.training.fit import fit


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty-four images in two folders."""
    for name, data in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "class"


def test_a_folder_becomes_a_data_set_whose_labels_are_its_folders(folder: Path) -> None:
    name, read = own.add(folder, title="My  class", size=16, colour=True)
    images = datasets.load(name)
    assert identities.is_own(name)
    assert name in datasets.names()
    assert datasets.info(name).title == "My class"
    assert datasets.available(name)
    assert read.classes == ("Ada", "Ben")
    assert read.refused == ()
    assert images.train.x.shape == (19, 3, 16, 16)
    assert images.test.x.shape == (5, 3, 16, 16)
    assert identities.identity(name).n_train == 19
    every = {x.tobytes(): label for part in (images.train, images.test) for x, label in zip(part.x, part.labels, strict=True)}
    assert len(every) == N
    for path, data in FILES.items():
        x = fit_to(np.asarray(Image.open(io.BytesIO(data))), (3, 16, 16))
        assert read.classes[every[x.tobytes()]] == path.split("/")[1]


def test_the_same_images_have_the_same_name_whatever_their_files_are_called_and_packed_in(folder: Path) -> None:
    archive = zipped({f"{name.split('/')[1]}/{len(FILES) - k}.png": data for k, (name, data) in enumerate(FILES.items())})
    names = {
        own.prepare(in_folder(folder), size=8, colour=True).name,
        own.prepare(in_zip(archive, "class.zip"), size=8, colour=True).name,
        prepared().name,
        prepared(dict(reversed(FILES.items()))).name,
    }
    assert len(names) == 1
    others = {prepared(colour=False).name, prepared(size=9).name, prepared(dict(list(FILES.items())[1:])).name}
    unlabelled = {name.replace("/", "-"): data for name, data in FILES.items()}
    assert len(names | others | {prepared(unlabelled).name}) == 5


def test_the_content_hash_stays_what_it_was() -> None:
    """Models are found by it: images that were added once must come back under the same name."""
    levels = np.random.default_rng(0).integers(0, 256, (8, 8, 8), dtype=np.uint8)
    assert prepared({f"{k}.png": png(x) for k, x in enumerate(levels)}, colour=False).name == "own-8f965025"


def test_images_without_folders_have_no_labels() -> None:
    name = own.keep(prepared({Path(path).name: data for path, data in FILES.items()}), "Flat")
    assert datasets.load(name).train.labels is None


def test_an_image_that_is_there_twice_counts_once_so_that_no_test_image_was_trained_on() -> None:
    read = prepared(FILES | {f"copy/{name}": data for name, data in FILES.items()})
    assert len(read.x) == read.n_duplicates == N
    images = datasets.load(own.keep(read, "Twice"))
    assert not {x.tobytes() for x in images.train.x} & {x.tobytes() for x in images.test.x}


def test_a_bad_file_is_named_and_the_others_go_on() -> None:
    bad = {"class/notes.txt": b"no picture", "class/Ada/cut.png": FILES["class/Ada/1.png"][:80], "__MACOSX/x.png": b"", ".DS_Store": b""}
    read = prepared({**FILES, **bad})
    assert len(read.x) == N
    assert len(read.refused) == 2
    assert "class/notes.txt must be an image" in read.refused[0]
    assert "got text" in read.refused[0]
    assert read.refused[1].startswith("class/Ada/cut.png must be")
    inside = own.prepare(given([("all.zip", zipped({**FILES, **bad}))]), size=8, colour=True)
    assert inside.name == read.name
    assert len(inside.refused) == 2


@pytest.mark.parametrize(
    ("files", "options", "sentence"),
    [
        (dict(list(FILES.items())[:5]), {}, "images must be at least 6 different ones, got 5: choose more"),
        ({"a.txt": b"text"}, {}, r"got 0 \(1 file refused, the first: a.txt must be an image"),
        (FILES, {"size": 4}, "size must be between 8 and 64, got 4"),
        (FILES, {"cut": "circles"}, "cut must be one of squares, patches, got 'circles'"),
        ({"a.zip": b"PK\x03\x04 and nothing"}, {}, "a.zip must be an intact ZIP file"),
    ],
)
def test_what_makes_no_data_set_is_refused_with_a_sentence(files: dict, options: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        prepared(files, **options)


def test_a_zip_file_unpacks_no_more_than_its_room_and_a_locked_entry_is_one_bad_file() -> None:
    listed = in_zip(zipped({**FILES, "z.png": b"\0" * 2_000_000}), "a.zip", Allowance(n_bytes=300_000))
    files = own.prepare(listed, size=8, colour=True)
    assert any("z.png must fit" in sentence for sentence in files.refused)
    data = bytearray(zipped(FILES))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1  # the flag of a password, in the directory
    assert "must be readable in its ZIP file" in own.prepare(in_zip(bytes(data), "a.zip"), size=8, colour=True).refused[0]


def test_paths_in_a_zip_file_lead_nowhere(cache: Path, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    name = own.keep(
        own.prepare(in_zip(zipped({**FILES, "../../evil.png": blobs(99), "/etc/x.png": blobs(98)}), "a.zip"), size=8, colour=True), "E"
    )
    assert datasets.load(name).train.x.shape[0] + datasets.load(name).test.x.shape[0] == N + 2
    assert {path for path in set(tmp_path.rglob("*")) - before if path.is_file()} == {
        cache / name / "images.npz",
        cache / name / "identity.json",
    }


def test_patches_of_photographs_tile_them(folder: Path) -> None:
    read = own.prepare(in_folder(folder), size=8, colour=True, cut="patches")
    every = {x.tobytes() for x in read.x}
    x = np.asarray(Image.open(folder / "Ben" / "0.png"))
    assert x[8:16, 24:32].transpose(2, 0, 1).tobytes() in every
    assert len(read.x) + read.n_duplicates == N * (40 // 8) * (30 // 8)


def test_a_damaged_file_of_a_data_set_is_refused_by_name(cache: Path) -> None:
    name = own.keep(prepared(), "Mine")
    path = cache / name / "images.npz"
    np.savez_compressed(path, x=np.zeros((N, 3, 8, 8), np.uint8))
    with pytest.raises(datasets.FileRefused, match="got others: delete the data set and make it again"):
        datasets.load(name)
    path.write_bytes(b"PK no more")
    with pytest.raises(datasets.FileRefused, match="got a damaged file"):
        datasets.load(name)


def test_adding_the_same_images_again_only_changes_the_title() -> None:
    first, second = own.keep(prepared(), "One"), own.keep(prepared(), "Two")
    assert first == second
    assert datasets.info(first).title == "Two"
    assert len(datasets.load(first).train) == 19
    with pytest.raises(ValueError, match="title must have 1 to 60 characters"):
        own.keep(prepared(), "  ")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="rights as POSIX has them")
def test_nobody_else_on_this_computer_reads_what_is_made_of_a_person_s_images(cache: Path, store: Store) -> None:
    name = own.keep(prepared(), "Mine")
    (cache / name).chmod(0o755)  # as an earlier version made it
    own.keep(prepared(), "Mine")
    spec = replace(default_spec("vae", name, 2), n_epochs=3)
    with closing(store.training(spec, device=CPU)) as events:
        for event in events:
            if isinstance(event, EpochDone):
                training_film.keep(spec, store, event)
                break
    began = {path for path in store.local.iterdir() if path.is_dir()}
    assert {path.suffix for path in began} == {".partial", ".film"}
    for event in store.training(spec, device=CPU):
        assert event
    pca = default_spec("pca", name, 2)
    store.train(pca, device=CPU)
    elsewhere = Store(store.local / "elsewhere", store.shipped)
    elsewhere.take(pca, {path.name: path.read_bytes() for path in (store.local / pca.fingerprint).iterdir()})
    folders = [cache / name, *began, *(root / pca.fingerprint for root in (store.local, elsewhere.local)), store.local / spec.fingerprint]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders if path.exists()} == {0o700}


@pytest.mark.parametrize(("family", "network"), [*((family, None) for family in unlabelled()), ("vae", "conv"), ("autoencoder", "conv")])
def test_colour_images_work_in_every_family(family: str, network: str | None, store: Store) -> None:
    name = own.keep(prepared(size=12), "Colour")
    spec = default_spec(family, name, 3, network)  # in two dimensions log p(x) is integrated, which takes seconds
    short = replace(spec, n_epochs=2) if isinstance(spec, TrainedSpec) else spec
    store.train(short, device=CPU)
    model, x = store.load(short), model_input(datasets.load(name).test.x, CPU)
    assert model.reconstruct(x).shape == (5, 3, 12, 12)
    assert model.sample(4, torch.Generator().manual_seed(0)).mean.shape == (4, 3, 12, 12)
    assert store.find(short).metrics["sse"] == pytest.approx(float(((x - model.reconstruct(x)) ** 2).sum()) / 5, rel=1e-4)
    assert spec_from_json(json.loads(json.dumps(short.to_json()))) == short


@pytest.mark.slow
def test_a_job_in_another_process_knows_the_spec_without_reading_the_images(cache: Path) -> None:
    spec = default_spec("pca", own.keep(prepared(), "Mine"), 2)
    (cache / spec.dataset / "images.npz").write_bytes(b"not looked at")
    line = "import json, sys; from vae_core.models import spec_from_json; print(spec_from_json(json.loads(sys.argv[1])).fingerprint)"
    said = subprocess.run([sys.executable, "-c", line, json.dumps(spec.to_json())], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == spec.fingerprint


def test_the_fingerprint_is_of_the_content_and_not_of_the_title() -> None:
    mine, theirs = default_spec("pca", own.keep(prepared(), "One"), 2), default_spec("pca", own.keep(prepared(size=9), "One"), 2)
    assert mine.fingerprint != theirs.fingerprint
    before = mine.fingerprint
    own.keep(prepared(), "Another title")
    assert mine.fingerprint == before


def test_a_spec_of_a_deleted_data_set_says_what_to_do_and_its_models_go_with_it(store: Store) -> None:
    spec = default_spec("pca", own.keep(prepared(), "Mine"), 2)
    values, fingerprint = spec.to_json(), spec.fingerprint
    store.train(spec, device=CPU)
    deletion.delete_dataset(spec.dataset, store)
    assert not (store.local / fingerprint).exists()
    assert spec.dataset not in datasets.names()
    for function in (datasets.load, datasets.available, datasets.info):
        with pytest.raises(ValueError, match=r"must be on this machine.*: make it again from the same images"):
            function(spec.dataset)
    with pytest.raises(ValueError, match="python -m vae_core datasets add FOLDER"):
        spec_from_json(values)
    with pytest.raises(ValueError, match="must be on this machine"):
        deletion.delete_dataset(spec.dataset, store)
    with pytest.raises(ValueError, match=r"dataset must be one of your own \(own-…\), got 'digits'"):
        deletion.delete_dataset("digits", store)
    assert store.checkpoints() == []


def test_models_come_back_with_the_same_images(store: Store) -> None:
    spec = default_spec("pca", own.keep(prepared(), "Mine"), 2)
    store.train(spec, device=CPU)
    own.delete(spec.dataset)
    assert store.checkpoints() == []
    own.keep(prepared(), "Mine again")
    assert [found.spec for found in store.checkpoints()] == [spec]


def test_the_spectrum_of_few_large_images_is_the_covariances(monkeypatch: pytest.MonkeyPatch) -> None:
    x = prepared(size=10).x  # 24 images of 300 numbers
    exact, rows = spectrum(x), x.reshape(N, -1) / 255
    assert exact.components.shape == (N - 1, 300)
    np.testing.assert_allclose(exact.components @ exact.components.T, np.eye(N - 1), atol=1e-10)
    reassembled = exact.components.T @ np.diag(exact.eigenvalues[: N - 1]) @ exact.components
    np.testing.assert_allclose(reassembled, np.cov(rows.T, bias=True), atol=1e-12)
    np.testing.assert_allclose(exact.eigenvalues, np.linalg.eigvalsh(np.cov(rows.T, bias=True))[::-1], atol=1e-12)
    assert (exact.components[np.arange(N - 1), np.abs(exact.components).argmax(1)] > 0).all()


def test_pca_of_own_images_leaves_the_discarded_variance(store: Store) -> None:
    name = own.keep(prepared(), "Mine")
    model, images = build(default_spec("pca", name, 5)), datasets.load(name)
    list(fit(model, images, device=CPU))
    assert evaluate(model, images, "train").sse == pytest.approx(spectrum(images.train.x).eigenvalues[5:].sum(), rel=1e-4)


def test_recipes_suit_images_of_any_shape_and_number() -> None:
    many = {f"{k}.png": blobs(k, (70, 70)) for k in range(6)}
    for size, network in ((8, "mlp"), (31, "mlp"), (32, "conv"), (64, "conv")):
        name = own.keep(own.prepare(given(many.items()), size=size, colour=True), "Six")
        for family in unlabelled():
            spec = default_spec(family, name, 2)
            assert spec.network in (network, "linear")
            assert build(spec).decode(torch.zeros(1, 2)).mean.shape == (1, 3, size, size)
            assert spec.is_closed_form or spec.n_epochs == 500
            assert len(decoder_payload(build(spec).requires_grad_(False)).data) <= 1_000_000
        for width in (8, 13, 64):
            assert build(replace(default_spec("vae", name, 2, "conv"), hidden=(width,))) is not None


def test_the_command_line_adds_trains_on_lists_and_removes_a_data_set(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "models"))
    (folder / "notes.txt").write_text("no picture")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        return code, *capsys.readouterr()

    code, out, err = run("datasets", "add", str(folder), "--size", "8", "--title", "My class", "--json")
    assert code == 0
    assert "notes.txt must be an image" in err
    name = json.loads(out)["datasets"][0]["name"]
    assert json.loads(out)["datasets"][0]["title"] == "My class"
    assert name in run("datasets")[1]
    assert run("train", "pca", "--dataset", name, "--latent-dim", "3")[0] == 0
    code, out, _ = run("evaluate", "pca", "--dataset", name, "--latent-dim", "3", "--no-train", "--json")
    assert json.loads(out)["n_images"] == 5
    assert run("datasets", "remove", name)[0] == 0
    code, _, err = run("train", "pca", "--dataset", name, "--latent-dim", "3")
    assert code == 2
    assert "make it again from the same images" in err
    assert run("datasets", "add", str(folder / "nowhere"))[0] == 2
    assert run("datasets", "add")[0] == 2


@pytest.mark.parametrize("name", ["digits", "moons", "own-00000000"])
def test_a_data_set_that_cannot_be_removed_keeps_its_models(name: str, cache: Path, store: Store) -> None:
    spec = replace(default_spec("autoencoder", "digits" if name.startswith("own") else name, 2), n_epochs=1)
    store.train(spec, device=CPU)
    with pytest.raises(ValueError, match="dataset must be"):
        deletion.delete_dataset(name, store)
    assert spec in store


def test_a_data_set_is_not_removed_under_a_training_and_takes_what_was_begun_with_it(cache: Path, store: Store) -> None:
    name = own.keep(prepared(), "Mine")
    spec = replace(default_spec("autoencoder", name, 2), n_epochs=50)
    with closing(store.training(spec, device=CPU)) as events:
        next(events)
    assert store.begun() == jobs.stopped(store) == [spec]
    with store.held(spec):  # as a command that trains it
        assert jobs.stopped(store) == []
        with pytest.raises(ValueError, match="model must be at rest"):
            deletion.delete_dataset(name, store)
    assert own_names() == (name,)
    begun = store.partial_folder(spec)
    deletion.delete_dataset(name, store)
    assert own_names() == ()
    assert not begun.exists()


@pytest.mark.parametrize("record", ['{"title": "x"', "{}", "[]", '{"title": "Mine"}'])
def test_a_record_that_is_damaged_hides_its_data_set_and_no_other(record: str, cache: Path, store: Store) -> None:
    name, other = own.keep(prepared(), "Mine"), own.keep(prepared(size=12), "Other")
    (cache / name / "identity.json").write_text(record)
    assert own_names() == (other,)
    with pytest.raises(ValueError, match="make it again from the same images"):
        datasets.load(name)
    deletion.delete_dataset(name, store)
    assert not (cache / name).exists()


def test_a_folder_whose_name_is_no_text_is_read(cache: Path, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/\xff"))
    folder.mkdir(parents=True)
    for k in range(6):
        (folder / f"{k}.png").write_bytes(blobs(k))
        (tmp_path / "in" / f"{k}.png").write_bytes(blobs(k + 10))
    name, read = own.add(tmp_path / "in", title="Odd", size=8, colour=True)
    assert read.classes == (NO_FOLDER, "\ufffd")
    assert own_names() == (name,)


def test_of_many_patches_those_of_the_smallest_hash_are_kept_whatever_comes_between(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [OwnFile(f"{k}.png", lambda k=k: blobs(k)) for k in range(12)]
    every = own.prepare(files, size=8, colour=True, cut="patches")
    monkeypatch.setattr(own, "MOST_PATCHES", 20)
    for order in (files, files[::-1]):
        few = own.prepare(order, size=8, colour=True, cut="patches")
        assert np.array_equal(few.x, every.x[:20])


def test_this_platforms_cache_is_the_folder_that_pooch_would_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    import pooch

    monkeypatch.delenv("VAE_EXPLORER_CACHE")
    assert identities.cache_folder() == Path(pooch.os_cache("vae-explorer"))
