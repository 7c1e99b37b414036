"""Models as files: what is written comes back to the bit, and nothing else is let in."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.harness import tiny_spec
from vae_core.models import FAMILIES
from vae_core.store import Store, archive
from vae_core.store.checkpoints import HISTORY, METRICS, SPEC, WEIGHTS, Checkpoint

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
    "metrics of another kind": (edit_json(METRICS, lambda m: m.update(sse="<b>0</b>")), "metrics.json must hold numbers"),
    "a number too large": (edit_json(METRICS, lambda m: m.update(sse=10**400)), "metrics.json must hold numbers"),
    "a spec without a latent dimension": (edit_json(SPEC, lambda s: s.pop("latent_dim")), "spec must hold dataset, latent_dim"),
    "a spec with 2.0 for 2": (edit_json(SPEC, lambda s: s.update(latent_dim=2.0)), "latent_dim must be a whole number"),
    "metrics without the ELBO": (edit_json(METRICS, lambda m: m.update(elbo=None)), "metrics.json must hold numbers"),
    "metrics with a figure of their own": (edit_json(METRICS, lambda m: m.update(mood=1.0)), "hold the figures of an evaluation"),
    "a standard error too many": (
        edit_json(METRICS, lambda m: m["kl_per_dim_standard_error"].append(0.1)),
        "metrics.json must hold numbers",
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
    spec = replace(kept.spec, hidden=(8192,) * 400)  # 107 GB
    recorded = json.dumps({**spec.to_json(), "weights_sha256": "0" * 64}).encode()
    parts = {name.partition("/")[2]: content for name, content in parts_of(archive.exported(kept)).items()} | {SPEC: recorded}
    with pytest.raises(ValueError, match="fit the network"):
        archive.imported(zipped({f"{spec.fingerprint}/{name}": content for name, content in parts.items()}), store)
