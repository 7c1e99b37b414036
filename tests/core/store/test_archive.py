"""Models as files: what is written comes back to the bit, and nothing else is let in."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.harness import tiny_spec
from vae_core.evaluation import NAMES, completed
from vae_core.models import FAMILIES
from vae_core.store import Store, archive
from vae_core.store.checkpoints import HISTORY, METRICS, SPEC, WEIGHTS, Checkpoint
from vae_core.store.figures import FIGURES, require_epochs, require_possible

Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def kept(tiny_store: Store) -> Checkpoint:
    return tiny_store.find(tiny_spec("vae"))


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def zipped(parts: Parts) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def changed(kept: Checkpoint, change: Callable[[Parts], None]) -> bytes:
    """The model's file after a change of its parts, which are named without their folder."""
    folder = kept.spec.fingerprint
    parts = {name.partition("/")[2]: content for name, content in parts_of(archive.exported(kept)).items()}
    change(parts)
    return zipped({name if name.startswith("!") else f"{folder}/{name}": content for name, content in parts.items()})


@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_comes_back_from_its_file_to_the_bit(family: str, tiny_store: Store, store: Store) -> None:
    spec = tiny_spec(family)
    before = tiny_store.find(spec)
    after = archive.imported(archive.exported(before), store)
    assert (after.spec, after.metrics, after.history, after.is_shipped) == (spec, before.metrics, before.history, False)
    one, other = tiny_store.load(spec).state_dict(), store.load(spec).state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert sorted(path.name for path in store.local.iterdir() if path.suffix != ".lock") == [spec.fingerprint]


@pytest.mark.parametrize("method", ["importance-weighted bound", "bound from a wider proposal"])
def test_a_model_whose_log_px_is_a_bound_comes_back_from_its_file(method: str, tiny_store: Store, store: Store) -> None:
    spec = tiny_spec("vae", 5)
    before = tiny_store.find(spec)
    assert before.metrics["log_px_rise"] is not None
    as_if = replace(before, metrics={**before.metrics, "log_px_method": method})
    changed_method = edit_json(METRICS, lambda metrics: metrics.update(log_px_method=method))
    assert archive.imported(changed(before, changed_method), store).metrics == as_if.metrics


def test_the_same_model_is_the_same_file(kept: Checkpoint) -> None:
    assert archive.exported(kept) == archive.exported(kept)


def test_the_file_holds_no_pickle(kept: Checkpoint) -> None:
    names = {name.rpartition("/")[2] for name in parts_of(archive.exported(kept))}
    assert names == {SPEC, WEIGHTS, HISTORY, METRICS}


def test_a_model_that_is_here_is_not_taken_in_again(kept: Checkpoint, store: Store) -> None:
    data = archive.exported(kept)
    archive.imported(data, store)
    with pytest.raises(ValueError, match="must hold a model that is not here yet"):
        archive.imported(data, store)


def test_a_model_from_before_a_figure_was_thought_of_comes_in_without_it(kept: Checkpoint, store: Store) -> None:
    without = edit_json(METRICS, lambda metrics: metrics.pop("log_px_standard_error"))
    assert archive.imported(changed(kept, without), store).metrics == {**kept.metrics, "log_px_standard_error": None}


def edit_json(name: str, change: Callable[[dict], object]) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        value = json.loads(parts[name])
        change(value)
        parts[name] = json.dumps(value).encode()

    return edit


def other_weights(parts: Parts) -> None:
    parts[WEIGHTS] = parts[WEIGHTS][:-1] + bytes([parts[WEIGHTS][-1] ^ 1])


def weights_of(change: Callable[[dict[str, torch.Tensor]], object]) -> Callable[[Parts], None]:
    """Other weights, with the right SHA-256 noted."""

    def edit(parts: Parts) -> None:
        from safetensors.torch import load, save

        tensors = load(parts[WEIGHTS])
        change(tensors)
        parts[WEIGHTS] = save(tensors)
        spec = json.loads(parts[SPEC])
        parts[SPEC] = json.dumps({**spec, "weights_sha256": hashlib.sha256(parts[WEIGHTS]).hexdigest()}).encode()

    return edit


def as_kind(kind: str) -> Callable[[Parts], None]:
    """The weights in another type of numbers."""
    return weights_of(lambda tensors: tensors.update({name: tensor.to(getattr(torch, kind)) for name, tensor in tensors.items()}))


REFUSED: dict[str, tuple[Callable[[Parts], object], str]] = {
    "other bytes of the weights": (other_weights, "SHA-256"),
    "another spec": (edit_json(SPEC, lambda s: s.update(beta=4.0)), "hold the model of its name"),
    "a field out of range": (edit_json(SPEC, lambda s: s.update(latent_dim=10**9)), "latent_dim must be between"),
    "an unknown field": (edit_json(SPEC, lambda s: s.update(colour="red")), "spec must hold only"),
    "a field of another type": (edit_json(SPEC, lambda s: s.update(hidden="wide")), "must"),
    "a family that is not one": (edit_json(SPEC, lambda s: s.update(family=["vae"])), "must"),
    "no SHA-256": (edit_json(SPEC, lambda s: s.pop("weights_sha256")), "note the weights' SHA-256"),
    "a spec that is no JSON": (lambda p: p.update({SPEC: b"{"}), "spec.json must be JSON"),
    "a spec that is a list": (lambda p: p.update({SPEC: b"[]"}), "must"),
    "nested brackets": (lambda p: p.update({METRICS: b"[" * 100_000}), "metrics.json must be JSON"),
    "metrics of another kind": (edit_json(METRICS, lambda m: m.update(sse="<b>0</b>")), "hold sse as a number of at least 0"),
    "a number too large": (edit_json(METRICS, lambda m: m.update(sse=10**400)), "hold sse as a number of at least 0"),
    "a number that JSON has not": (edit_json(METRICS, lambda m: m.update(sse=float("nan"))), "hold sse as a number of at least 0"),
    "less than no images": (edit_json(METRICS, lambda m: m.update(n_images=-5)), "hold n_images as a whole number of at least 1"),
    "half an image": (edit_json(METRICS, lambda m: m.update(n_images=99.5)), "hold n_images as a whole number"),
    "a truth for a number": (edit_json(METRICS, lambda m: m.update(n_images=True)), "hold n_images as a whole number"),
    "an error below zero": (edit_json(METRICS, lambda m: m.update(sse=-1.0)), "hold sse as a number of at least 0"),
    "a standard error below zero": (edit_json(METRICS, lambda m: m.update(elbo_standard_error=-1.0)), "hold elbo_standard_error as"),
    "a rate below zero": (edit_json(METRICS, lambda m: m.update(rate=-4.0, elbo=4.0 - m["distortion"])), "hold rate as a number of at"),
    "an ELBO that is no sum": (edit_json(METRICS, lambda m: m.update(elbo=m["elbo"] + 5)), "hold elbo = "),
    "a rate that is no sum": (edit_json(METRICS, lambda m: m["kl_per_dim"].__setitem__(0, 1e3)), "hold rate = 100"),
    "a log p(x) below its bound": (edit_json(METRICS, lambda m: m.update(log_px=m["elbo"] - 50)), "hold log_px above its elbo"),
    "a log p(x) without method": (edit_json(METRICS, lambda m: m.update(log_px_method=None)), "hold log_px_method beside log_px"),
    "a log p(x) by a strange method": (edit_json(METRICS, lambda m: m.update(log_px_method="guess")), "name the method of log_px"),
    "an exact log p(x) with an error": (
        edit_json(METRICS, lambda m: m.update(log_px_method="exact", log_px_error=0.1, log_px_n_samples=None)),
        "hold log_px_error only where log_px is by quadrature",
    ),
    "a bound without its samples": (edit_json(METRICS, lambda m: m.update(iwae_bound=m["elbo"], n_samples=None)), "hold n_samples beside"),
    "more active units than dimensions": (edit_json(METRICS, lambda m: m.update(active_units=99)), "hold at most 2 active_units"),
    "a scale of no size": (
        edit_json(METRICS, lambda m: m.update(scale=-0.1, scale_closed_form=0.1)),
        "hold scale as a number",
    ),
    "figures of the training images": (edit_json(METRICS, lambda m: m.update(split="train")), "hold figures of the test images"),
    "an epoch 0 of 0": (edit_json(HISTORY, lambda h: h[0].update(epoch=0, n_epochs=0)), "hold one event an epoch, from 1 to"),
    "epochs out of order": (edit_json(HISTORY, lambda h: h.reverse()), "hold one event an epoch, from 1 to"),
    "an epoch too few": (edit_json(HISTORY, lambda h: h.pop()), "hold one event an epoch, from 1 to"),
    "an epoch that ended before it began": (edit_json(HISTORY, lambda h: h[0].update(seconds=-1.0)), "hold one event an epoch"),
    "a squared error below zero in its history": (edit_json(HISTORY, lambda h: h[0]["test"].update(rate=-3.0)), "hold one event an epoch"),
    "numbers of 64 bits that 32 have not": (
        weights_of(lambda t: t.update(log_scale=torch.tensor(1e300, dtype=torch.float64))),
        "hold finite numbers of 32 bits",
    ),
    "finite weights that give no numbers": (
        weights_of(lambda t: t.update({name: torch.full_like(tensor, 1e30) for name, tensor in t.items() if tensor.ndim == 2})),
        "give finite codes, images and losses",
    ),
    "a spec without a latent dimension": (edit_json(SPEC, lambda s: s.pop("latent_dim")), "spec must hold dataset, latent_dim"),
    "a spec with 2.0 for 2": (edit_json(SPEC, lambda s: s.update(latent_dim=2.0)), "latent_dim must be a whole number"),
    "metrics without the ELBO": (edit_json(METRICS, lambda m: m.update(elbo=None)), "metrics.json must hold elbo, a number"),
    "metrics with a figure of their own": (edit_json(METRICS, lambda m: m.update(mood=1.0)), "hold the figures of an evaluation"),
    "a standard error too many": (
        edit_json(METRICS, lambda m: m["kl_per_dim_standard_error"].append(0.1)),
        "hold kl_per_dim_standard_error as a number for each",
    ),
    "metrics of another model": (edit_json(METRICS, lambda m: m.update(fingerprint="0" * 16)), "metrics.json must be those"),
    "a history of another kind": (edit_json(HISTORY, lambda h: h[0].update(epoch="one")), "history.json must hold"),
    "a history without its terms": (edit_json(HISTORY, lambda h: h[0]["test"].pop("rate")), "history.json must hold"),
    "more epochs than its spec has": (edit_json(HISTORY, lambda h: h.append(h[-1])), "history.json must hold"),
    "an empty history": (lambda p: p.update({HISTORY: b"[]"}), "history.json must hold"),
    "weights that are no safetensors": (lambda p: p.update({WEIGHTS: b"\x80\x04."}), "must be a safetensors file"),
    **{
        f"weights of the type {kind}": (as_kind(kind), "weights.safetensors must (hold numbers of the types|be a safetensors file)")
        for kind in ("float8_e4m3fn", "float8_e5m2", "float8_e8m0fnu", "complex64", "int64", "bool")
    },
    "a missing tensor": (weights_of(lambda t: t.pop("log_scale")), "fit the network"),
    "a tensor too many": (weights_of(lambda t: t.update(more=torch.zeros(1))), "fit the network"),
    "a tensor of another shape": (weights_of(lambda t: t.update(log_scale=torch.zeros(2))), "fit the network"),
    "a number that is none": (weights_of(lambda t: t.update(log_scale=torch.tensor(float("nan")))), "finite numbers"),
    "a missing file": (lambda p: p.pop(HISTORY), "hold one folder with"),
    "a file too many": (lambda p: p.update({"setup.py": b""}), "hold one folder with"),
    "a path that leaves its folder": (lambda p: p.update({"../../evil.py": b""}), "hold one folder with"),
    "an absolute path": (lambda p: p.update({"!/tmp/evil.py": b""}), "hold one folder with"),
}


def test_every_shipped_model_has_figures_and_a_history_that_are_possible() -> None:
    shipped = [checkpoint for checkpoint in Store().checkpoints() if checkpoint.is_shipped]
    assert len(shipped) >= 170
    for checkpoint in shipped:
        spec, has_density = checkpoint.spec, FAMILIES[checkpoint.spec.family].is_probabilistic
        require_possible(spec, completed(checkpoint.metrics), has_density=has_density, file=METRICS)
        require_epochs(checkpoint.history, spec.n_epochs, ("distortion", "rate") if has_density else ("sse",), HISTORY)


@pytest.mark.parametrize(
    ("errors", "is_possible"),
    [(None, True), ({}, True), ({"elbo": 0.5}, True), ({"elbo": -0.5}, False), ({"else": 0.5}, False), ([], False)],
)
def test_a_history_may_say_the_standard_errors_of_its_means(errors: object, is_possible: bool) -> None:
    terms = {"loss": 10.0, "distortion": 8.0, "rate": 2.0}
    event = {"epoch": 1, "n_epochs": 1, "seconds": 0.1, "train": terms, "test": terms}
    history = [event if errors is None else event | {"standard_errors": errors}]
    with nullcontext() if is_possible else pytest.raises(ValueError, match="one event an epoch"):
        require_epochs(history, 1, ("distortion", "rate"), HISTORY)


def test_a_figure_that_an_evaluation_gains_gets_its_line_in_the_table() -> None:
    others = {"spec", "fingerprint", "split", "log_px_method"}
    assert set(FIGURES) == set(NAMES) - others


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_is_refused_that_holds(what: str, kept: Checkpoint, store: Store) -> None:
    change, said = REFUSED[what]
    with pytest.raises(ValueError, match=said):
        archive.imported(changed(kept, change), store)
    assert not store.local.exists() or [p for p in store.local.iterdir() if p.suffix != ".lock"] == []


@pytest.mark.parametrize("data", [b"", b"no ZIP file", b"PK\x05\x06" + bytes(18)], ids=["nothing", "text", "an empty archive"])
def test_what_is_no_model_file_is_refused(data: bytes, store: Store) -> None:
    with pytest.raises(ValueError, match="model file must"):
        archive.imported(data, store)


def test_a_file_with_any_byte_changed_is_taken_in_or_refused_in_a_sentence(kept: Checkpoint, store: Store) -> None:
    whole = archive.exported(kept)
    for k in range(150):
        data = bytearray(whole)
        data[k * len(whole) // 150] ^= 0x5A
        with suppress(ValueError):  # and nothing else: most changes are noticed, those of a time are not
            archive.imported(bytes(data), store)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_packed_in_a_way_that_can_unpack_to_gigabytes_is_refused(method: int, kept: Checkpoint, store: Store) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in parts_of(archive.exported(kept)).items():
            packed.writestr(name, content)
    with pytest.raises(ValueError, match="must be packed by Deflate or stored"):
        archive.imported(out.getvalue(), store)


def test_a_file_whose_folder_climbs_is_refused(kept: Checkpoint, store: Store, tmp_path: Path) -> None:
    parts = {name.partition("/")[2]: content for name, content in parts_of(archive.exported(kept)).items()}
    with pytest.raises(ValueError, match="model file must"):
        archive.imported(zipped({f"../{name}": content for name, content in parts.items()}), store)
    assert not (tmp_path / SPEC).exists()


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(kept: Checkpoint, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(archive.LARGEST, HISTORY, 1000)
    with pytest.raises(ValueError, match=r"history.json must be at most"):
        archive.imported(changed(kept, lambda parts: parts.update({HISTORY: b" " * 1001})), store)


def test_a_network_that_would_fill_the_memory_is_never_made(kept: Checkpoint, store: Store) -> None:
    spec = replace(kept.spec, hidden=(8192,) * 8)  # 4 GB
    recorded = json.dumps({**spec.to_json(), "weights_sha256": "0" * 64}).encode()
    parts = {name.partition("/")[2]: content for name, content in parts_of(archive.exported(kept)).items()} | {SPEC: recorded}
    with pytest.raises(ValueError, match="fit the network"):
        archive.imported(zipped({f"{spec.fingerprint}/{name}": content for name, content in parts.items()}), store)
