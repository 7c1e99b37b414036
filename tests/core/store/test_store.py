"""Spec to checkpoint: whole or not at all, checked when read, trained once."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.harness import CPU, ROOT, tiny_spec
from vae_core import data as datasets
from vae_core.adam import Adam
from vae_core.data import recipe_of
from vae_core.errors import sentence
from vae_core.evaluation import evaluate
from vae_core.models import FAMILIES, build, default_spec, unlabelled
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.store import SHIPPED, Remark, Store, checkpoints
from vae_core.store.checkpoints import DamagedCheckpoint
from vae_core.training.events import EpochDone, MemoryRanOut, TrainingDiverged
from vae_core.training.fit import fit
from vae_core.training.grids import read_grids


def train(store: Store, spec, **options) -> list:
    return list(store.training(spec, device=CPU, **options))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_local_model_loads_to_the_bit(family: str, store: Store) -> None:
    spec, images = tiny_spec(family), datasets.load("digits")
    fitted = build(spec)
    list(fit(fitted, images, device=CPU))
    train(store, spec)
    loaded = store.load(spec)
    for name, tensor in fitted.state_dict().items():
        assert torch.equal(tensor, loaded.state_dict()[name]), name
    x = model_input(images.test.x, CPU)
    assert torch.equal(fitted.eval().given(3).reconstruct(x), loaded.given(3).reconstruct(x))
    assert not loaded.training
    assert not any(p.requires_grad for p in loaded.parameters())


def test_loading_without_the_weights_would_be_noticed(store: Store) -> None:
    """The round trip above compares trained weights: fresh ones are far away."""
    spec = tiny_spec("vae")
    train(store, spec)
    fresh, loaded = build(spec).state_dict(), store.load(spec).state_dict()
    assert not torch.allclose(fresh["decoder.0.weight"], loaded["decoder.0.weight"], atol=1e-3)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_shipped_model_is_float16_and_its_metrics_are_those_of_the_rounded_weights(family: str, store: Store) -> None:
    spec = tiny_spec(family)
    train(store, spec, ship=True)
    found = store.find(spec)
    assert found.is_shipped
    weights = checkpoints.tensors_from_bytes((found.folder / "weights.safetensors").read_bytes())
    assert all(tensor.dtype == (torch.float16 if tensor.ndim > 1 else torch.float32) for tensor in weights.values())
    again = json.loads(json.dumps(evaluate(store.load(spec), datasets.load("digits"), "test").to_json()))
    assert again == found.metrics


def test_a_shipped_model_wins_over_a_local_one(store: Store) -> None:
    spec = tiny_spec("pca")
    train(store, spec)
    assert not store.find(spec).is_shipped
    train(store, spec, ship=True)
    assert store.find(spec).is_shipped
    assert len(store.checkpoints()) == 1


def test_what_is_cached_is_not_trained_again(store: Store) -> None:
    spec = tiny_spec("vae")
    assert len(train(store, spec)) == spec.n_epochs
    assert train(store, spec) == []


def test_train_trains_to_the_end_and_returns_the_model_and_training_only_begins_when_asked(store: Store) -> None:
    spec = tiny_spec("vae")
    store.training(spec, device=CPU)
    assert spec not in store
    trained = store.train(spec, device=CPU)
    assert [event["epoch"] for event in store.find(spec).history] == [1, 2, 3]
    weights = store.load(spec).state_dict()
    assert all(torch.equal(tensor, weights[name]) for name, tensor in trained.state_dict().items())
    assert not trained.training


def test_a_model_that_is_not_there_is_said_to_be_missing(store: Store) -> None:
    with pytest.raises(KeyError, match="store must hold vae of digits at latent_dim 2"):
        store.load(tiny_spec("vae"))
    assert store.find(tiny_spec("vae")) is None


def test_closing_cancels_and_the_next_training_goes_on(store: Store) -> None:
    spec = replace(tiny_spec("vae"), n_epochs=5)
    with closing(store.training(spec, device=CPU)) as events:
        assert [next(events).epoch, next(events).epoch] == [1, 2]
    assert spec not in store
    assert [event.epoch for event in train(store, spec)] == [3, 4, 5]
    assert not store.partial_folder(spec).exists()
    assert [event["epoch"] for event in store.find(spec).history] == [1, 2, 3, 4, 5]


def test_a_diverged_training_keeps_its_last_good_epoch(store: Store) -> None:
    spec = tiny_spec("vae")
    with closing(store.training(spec, device=CPU)) as events:
        next(events)
    tensors, history = checkpoints.read_partial(store.partial_folder(spec))
    tensors["model.decoder.0.weight"] *= 1e38  # what a step too large leaves behind
    checkpoints.write_partial(store.partial_folder(spec), spec, tensors, history)
    with pytest.raises(TrainingDiverged, match=r"got (nan|inf) in epoch 2 of 3: .*; epoch 1 is kept in .*partial"):
        train(store, spec)
    assert len(checkpoints.read_partial(store.partial_folder(spec))[1]) == 1
    assert spec not in store


DAMAGES = {
    "truncated": lambda folder: (folder / "weights.safetensors").write_bytes((folder / "weights.safetensors").read_bytes()[:-100]),
    "flipped": lambda folder: (folder / "weights.safetensors").write_bytes(flipped((folder / "weights.safetensors").read_bytes())),
    "empty": lambda folder: (folder / "weights.safetensors").write_bytes(b""),
    "no weights": lambda folder: (folder / "weights.safetensors").unlink(),
    "no metrics": lambda folder: (folder / "metrics.json").unlink(),
    "spec is no JSON": lambda folder: (folder / "spec.json").write_text("{"),
    "spec of another model": lambda folder: (folder / "spec.json").write_text(
        (folder / "spec.json").read_text().replace('"latent_dim": 2', '"latent_dim": 3')
    ),
    "unknown field": lambda folder: (folder / "spec.json").write_text((folder / "spec.json").read_text().replace('"beta"', '"alpha"')),
}


def flipped(data: bytes) -> bytes:
    return data[:-50] + bytes([data[-50] ^ 1]) + data[-49:]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models that holds the tiny VAE, to be copied."""
    store = Store(local=tmp_path_factory.mktemp("kept"), shipped=tmp_path_factory.mktemp("shipped"))
    train(store, tiny_spec("vae"))
    return store.local


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_checkpoint_is_set_aside_said_and_trained_again(damage: str, store: Store, kept: Path) -> None:
    spec = tiny_spec("vae")
    shutil.copytree(kept, store.local)
    folder = store.find(spec).folder
    DAMAGES[damage](folder)
    with pytest.raises(DamagedCheckpoint):
        store.load(spec)
    said, *epochs = train(store, spec)
    assert isinstance(said, Remark)
    assert "set aside" in said.sentence
    assert len(epochs) == spec.n_epochs
    assert store.load(spec)
    assert len(list(store.local.glob("*.damaged"))) == 1
    assert len(store.checkpoints()) == 1


def test_a_partial_file_that_was_cut_off_starts_the_training_anew(store: Store) -> None:
    spec = replace(tiny_spec("vae"), n_epochs=3)
    with closing(store.training(spec, device=CPU)) as events:
        next(events)
    path = store.partial_folder(spec) / "training.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    said, *epochs = train(store, spec)
    assert "cannot be read; it begins anew" in said.sentence
    assert [event.epoch for event in epochs] == [1, 2, 3]


TRAIN = """
import sys, torch
from dataclasses import replace
from pathlib import Path
from vae_core.store import Store
from vae_core.models import default_spec
from vae_core.training.devices import configure_numerics
configure_numerics()
root, n_epochs = Path(sys.argv[1]), int(sys.argv[2])
spec = replace(default_spec("vae", "digits", 2), n_epochs=n_epochs)
for event in Store(local=root / "local", shipped=root / "shipped").training(spec, device=torch.device("cpu")):
    print(type(event).__name__, getattr(event, "epoch", ""), flush=True)
print(sorted({"pandas", "sklearn", "torch._dynamo"} & set(sys.modules)))  # seconds of a processor, and nothing of theirs is used
"""


def start_training(root: Path, n_epochs: int) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", TRAIN, str(root), str(n_epochs)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("n_lines", [1, 40])
@pytest.mark.slow
def test_a_killed_training_leaves_no_half_checkpoint_and_resumes_to_the_same_bits(tmp_path: Path, n_lines: int) -> None:
    n_epochs = 60
    spec = replace(tiny_spec("vae"), n_epochs=n_epochs)
    with start_training(tmp_path, n_epochs) as process:
        for _ in range(n_lines):
            assert process.stdout.readline().startswith("EpochDone")
        process.kill()
    store = Store(local=tmp_path / "local", shipped=tmp_path / "shipped")
    assert spec not in store
    assert store.checkpoints() == []
    epochs = [event.epoch for event in train(store, spec)]
    assert epochs[-1] == n_epochs
    uninterrupted = build(spec)
    list(fit(uninterrupted, datasets.load("digits"), device=CPU))
    for name, tensor in uninterrupted.state_dict().items():
        assert torch.equal(tensor, store.load(spec).state_dict()[name]), name


def test_a_kill_between_writing_and_renaming_leaves_nothing_to_be_found(store: Store) -> None:
    spec = tiny_spec("vae")
    train(store, spec)
    folder = store.find(spec).folder
    folder.rename(folder.with_name(f"{folder.name}.{os.getpid()}.writing"))
    assert spec not in store
    assert store.checkpoints() == []


@pytest.mark.slow
def test_two_processes_that_ask_for_one_model_train_it_once(tmp_path: Path) -> None:
    with start_training(tmp_path, 30) as first:
        assert first.stdout.readline().startswith("EpochDone")
        with start_training(tmp_path, 30) as second:
            outputs = [process.stdout.read() for process in (first, second)]  # `communicate` forgets lines that came with the first
    assert [process.returncode for process in (first, second)] == [0, 0]
    assert outputs[0].count("EpochDone") == 29
    assert outputs[1].count("EpochDone") == 0
    assert [output.splitlines()[-1] for output in outputs] == ["[]", "[]"]


def test_a_waiting_training_says_so(store: Store) -> None:
    spec = tiny_spec("vae")
    with closing(store.training(spec, device=CPU)) as first:
        assert isinstance(next(first), EpochDone)
        with closing(store.training(spec, device=CPU)) as second:
            assert type(next(second)).__name__ == "Waiting"


def test_the_folder_of_local_models_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "elsewhere"))
    assert Store().local == tmp_path / "elsewhere"


def test_every_shipped_checkpoint_is_whole() -> None:
    shipped = Store()
    folders = [path for path in shipped.shipped.iterdir() if path.is_dir() and not path.suffix]
    found = [checkpoint for checkpoint in shipped.checkpoints() if checkpoint.is_shipped]
    assert len(folders) == len(found) > 0
    assert sum(path.stat().st_size for path in shipped.shipped.rglob("*") if path.is_file()) < 90e6
    for checkpoint in found:
        checkpoints.read_model(checkpoint)


SHIPPED_DIMS = {
    "digits": (2, 10),
    "faces_25": (2, 10),
    "frey_faces": (2, 10, 20),
    "mnist": (1, 2, 3, 5, 10, 20, 30),
    "mnist_5k": (2, 5, 10, 20),
    "olivetti_faces": (2, 10, 20),
}


@pytest.mark.parametrize("dataset", SHIPPED_DIMS)
def test_every_family_comes_with_the_program_at_every_dimension_that_the_sidebar_offers(dataset: str) -> None:
    assert set(recipe_of(dataset).usual_dims) <= set(SHIPPED_DIMS[dataset])
    recipes = [default_spec(family, dataset, d) for d in SHIPPED_DIMS[dataset] for family in unlabelled()]
    here = {checkpoint.spec for checkpoint in Store().checkpoints() if checkpoint.is_shipped}
    assert [f"{spec.family}, d = {spec.latent_dim}" for spec in recipes if spec not in here] == []


def test_of_what_pages_compare_nothing_comes_with_the_program_twice() -> None:
    """One model for each family, data set and latent dimension of these grids: the one that pages show."""
    named = [spec for name in ("first_minute", "reconstructions", "manifolds") for spec in read_grids(SHIPPED / f"{name}.json")]
    assert all(spec == default_spec(spec.family, spec.dataset, spec.latent_dim) for spec in named)


def test_specs_with_a_learned_scale_are_stored_with_it(store: Store) -> None:
    spec = VAESpec(dataset="digits", latent_dim=2, hidden=(8,), likelihood="gaussian", scale="learned", n_epochs=2)
    train(store, spec)
    metrics = store.find(spec).metrics
    assert metrics["scale"] == pytest.approx(float(store.load(spec).log_scale.exp()))
    assert metrics["scale_closed_form"] == pytest.approx((metrics["expected_sse"] / 64) ** 0.5)


# When the disk is full.


def full_for(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the disk be full when a file of that name is written, as a write is refused: without saying of which file."""
    write = Path.write_bytes

    def refusing(path: Path, data: bytes) -> int:
        if path.name == name:
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", refusing)


@pytest.mark.parametrize("name", checkpoints.FILES)
def test_a_disk_that_is_full_when_a_model_is_done_keeps_its_epochs_and_names_the_file(
    name: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tiny_spec("vae")
    full_for(monkeypatch, name)
    with pytest.raises(OSError, match="No space left") as error:
        train(store, spec)
    monkeypatch.undo()
    assert sentence(error.value).startswith(f"{store.local / spec.fingerprint / name} must find room on its disk")
    assert spec not in store
    assert [path.name for path in store.local.iterdir() if path.suffix not in (".lock", ".partial")] == []
    assert train(store, spec) == []  # nothing is left to train: the model is evaluated and kept
    assert [event["epoch"] for event in store.find(spec).history] == [1, 2, 3]


def test_a_disk_that_is_full_when_an_epoch_is_kept_names_the_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tiny_spec("vae")
    full_for(monkeypatch, "training.safetensors.writing")
    with pytest.raises(OSError, match="No space left") as error, closing(store.training(spec, device=CPU)) as events:
        next(events)
    assert sentence(error.value).startswith(f"{store.partial_folder(spec) / 'training.safetensors'} must find room on its disk")
    assert list(store.partial_folder(spec).glob("*.writing")) == []


def test_a_disk_that_is_full_when_a_model_is_evaluated_again_leaves_the_old_evaluation(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tiny_spec("vae")
    train(store, spec)
    before = store.find(spec)
    full_for(monkeypatch, "metrics.json.writing")
    with pytest.raises(OSError, match="No space left") as error:
        store.evaluate_again(spec)
    assert sentence(error.value).startswith(f"{before.folder / 'metrics.json'} must find room on its disk")
    assert store.find(spec).metrics == before.metrics
    assert {path.name for path in before.folder.iterdir()} == set(checkpoints.FILES)


# When memory runs out.

ACCELERATOR = torch.device("cpu:0")
"""Stands for a device that is not the CPU: to the store it is another one."""


def memory_for(monkeypatch: pytest.MonkeyPatch, holds) -> None:
    """Let torch fail as CUDA does when Adam allocates its moments, unless `holds(number of steps so far, its weights)`."""
    step, n_steps = Adam.step, itertools.count()

    def limited(adam, *args, **kwargs):
        if not holds(next(n_steps), [weight for group in adam.param_groups for weight in group["params"]]):
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return step(adam, *args, **kwargs)

    monkeypatch.setattr(Adam, "step", limited)


def test_a_training_that_a_device_has_no_memory_for_goes_on_on_the_cpu(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, steps_of_an_epoch = tiny_spec("vae"), 23
    memory_for(monkeypatch, lambda n, _: n != 2 * steps_of_an_epoch + 5)
    events = list(store.training(spec, device=ACCELERATOR))
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == [1, 2, 3]
    (said,) = (event.sentence for event in events if isinstance(event, Remark))
    assert said == "The memory of cpu:0 ran out after epoch 2; the training goes on on the CPU."
    monkeypatch.undo()
    alone = Store(local=store.local / "alone", shipped=store.shipped)
    train(alone, spec)
    mine, theirs = (one.load(spec).state_dict() for one in (store, alone))
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)


def test_too_little_memory_everywhere_is_one_sentence_and_the_epochs_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tiny_spec("vae")
    memory_for(monkeypatch, lambda n, _: n < 30)
    with pytest.raises(MemoryRanOut, match="memory must hold the training of vae of digits at latent_dim 2, got too little: try fewer"):
        train(store, spec)
    monkeypatch.undo()
    assert [event.epoch for event in train(store, spec)] == [2, 3]


def test_a_stack_that_memory_runs_out_for_goes_on_in_halves(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = [replace(tiny_spec("vae"), hidden=(16,), beta=float(beta)) for beta in range(1, 6)]
    memory_for(monkeypatch, lambda n, weights: n < 30 or len(weights[0]) <= 3)
    events = list(store.training_together(specs, device=CPU))
    remarks = [event.sentence for event in events if isinstance(event, Remark)]
    assert remarks == ["Memory ran out with 5 models in one pass; they go on in two halves."]
    assert [(event.epoch, len(event.models)) for event in events if not isinstance(event, Remark)] == [
        (1, 5),
        (2, 2),
        (3, 2),
        (2, 3),
        (3, 3),
    ]
    assert all(len(store.find(spec).history) == 3 for spec in specs)


def test_an_installation_without_the_shipped_models_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("vae_core.store.store.SHIPPED", tmp_path / "checkpoints" / "shipped")
    with pytest.warns(UserWarning, match=r"the shipped models must lie in .*: install the clone where it lies, with pip install -e \."):
        assert Store().find(tiny_spec("pca")) is None


TOO_LARGE = """
import resource, sys
from pathlib import Path
import torch
from vae_core.models.vae import VAESpec
from vae_core.store import Store
store, small = Store(local=Path(sys.argv[1])), VAESpec(dataset="digits", latent_dim=2, hidden=(8,), n_epochs=1)
store.train(small, device=torch.device("cpu"))
pages = int(Path("/proc/self/statm").read_text().split()[0])
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 400_000_000,) * 2)
store.train(VAESpec(dataset="digits", latent_dim=2, hidden=(8192, 8192)), device=torch.device("cpu"))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
@pytest.mark.slow
def test_a_model_larger_than_the_memory_of_the_cpu_is_one_sentence(tmp_path: Path) -> None:
    process = subprocess.run([sys.executable, "-c", TOO_LARGE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    last = process.stderr.strip().splitlines()[-1]
    assert last.startswith("vae_core.training.events.MemoryRanOut: memory must hold the training of vae of digits at latent_dim 2")
