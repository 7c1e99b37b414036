"""Trained models as single files: written from a checkpoint, checked before they are taken in."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import torch
from safetensors.torch import load as tensors_from_bytes
from torch import Tensor

from vae_core.data.own_files import METHODS
from vae_core.errors import require
from vae_core.evaluation import NAMES, completed
from vae_core.models import FAMILIES, build, spec_from_json
from vae_core.plain import printable, shortened
from vae_core.specs import ModelSpec
from vae_core.store import Store, describe
from vae_core.store.checkpoints import HISTORY, METRICS, SPEC, WEIGHTS, Checkpoint, DamagedCheckpoint
from vae_core.store.figures import require_epochs, require_possible

MIB = 2**20
LONGEST_SENTENCE = 400
LARGEST = {SPEC: 64 * 1024, METRICS: MIB, HISTORY: 16 * MIB, WEIGHTS: 256 * MIB}
"""The files of a model, and how large each may be when unpacked, in bytes."""
LARGEST_FILE = 256 * MIB
NUMBERS = ("float16", "bfloat16", "float32", "float64")
"""Types of weights that are read: of others, such as float8, torch cannot say whether they are finite."""
TRIED_LEVELS = (0.0, 0.5, 1.0)
"""Of the even images that a model is asked about before it is taken in."""


def file_name(spec: ModelSpec) -> str:
    """What a model's file is called."""
    return f"{spec.family}-{spec.dataset}-d{spec.latent_dim}-{spec.fingerprint}.zip"


def exported(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as a ZIP file: its folder, named by its fingerprint, with spec, weights (safetensors), history and metrics."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in LARGEST:
            entry = zipfile.ZipInfo(f"{checkpoint.spec.fingerprint}/{name}")  # of a fixed date: the same model is the same file
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, (checkpoint.folder / name).read_bytes())
    return file.getvalue()


def imported(data: bytes, store: Store) -> Checkpoint:
    """Check a model's file, and keep the model among the local ones.

    Nothing of it is unpacked by a path that it names: its four files are read by name, up to a size, and written where the fingerprint
    of its own spec says. Nothing of it is ever executed.

    Raises:
        ValueError: if it is no such file, or not what it says it is, or the model is here already, or in training.
    """
    try:
        return _imported(data, store)
    except ValueError as error:  # in which a file's own words may stand, as long and as strange as it likes
        raise ValueError(shortened(printable(str(error)), LONGEST_SENTENCE)) from error


def _imported(data: bytes, store: Store) -> Checkpoint:
    folder, parts = _unpacked(data)
    spec = _spec_of(parts[SPEC])
    require(folder == spec.fingerprint, "model file", f"hold the model of its name, {spec.fingerprint}", folder)
    _check_weights(spec, parts[WEIGHTS])
    _check_numbers(spec, _json(parts, METRICS), _json(parts, HISTORY))
    require(spec not in store, "model file", "hold a model that is not here yet", describe(spec))
    try:
        return store.take(spec, parts)
    except DamagedCheckpoint as error:
        raise ValueError(f"model file must be intact: {error.damage}") from error


def _unpacked(data: bytes) -> tuple[str, dict[str, bytes]]:
    """The folder that a ZIP file names, and its four files by name; each is refused before it is unpacked beyond its size."""
    require(len(data) <= LARGEST_FILE, "model file", f"be at most {LARGEST_FILE // MIB} MiB", f"{len(data) / MIB:.0f} MiB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            names = [entry.filename for entry in entries]
            folder = names[0].partition("/")[0] if names else ""
            wanted = sorted(f"{folder}/{name}" for name in LARGEST)
            require(sorted(names) == wanted, "model file", f"hold one folder with {', '.join(sorted(LARGEST))}", sorted(names)[:8])
            return folder, {entry.filename.partition("/")[2]: _read(packed, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise ValueError(f"model file must be an intact ZIP file without a password: {error}") from error


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    name = entry.filename.partition("/")[2]
    require(entry.compress_type in METHODS, name, "be packed by Deflate or stored", f"method {entry.compress_type}")
    try:
        with packed.open(entry) as file:
            content = file.read(LARGEST[name] + 1)  # what its header says of its size is not believed
    except Exception as error:  # a password, a damaged stream: each library raises its own
        raise ValueError(f"model file must be an intact ZIP file without a password: {name}: {error}") from error
    require(len(content) <= LARGEST[name], name, f"be at most {LARGEST[name] / MIB:g} MiB", "more")
    return content


def _json(parts: dict[str, bytes], name: str) -> Any:
    try:
        return json.loads(parts[name])
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} must be JSON: {error}") from error


def _spec_of(content: bytes) -> ModelSpec:
    recorded = _json({SPEC: content}, SPEC)
    require(isinstance(recorded, dict) and isinstance(recorded.pop("weights_sha256", None), str), SPEC, "note the weights' SHA-256", "none")
    return spec_from_json(recorded)


def _check_weights(spec: ModelSpec, content: bytes) -> None:
    """Names and shapes must be those of the spec's network, compared before a network is made; numbers of a usual type, and finite."""
    try:
        tensors = tensors_from_bytes(content)
    except Exception as error:  # a type that this version lacks, a header that lies: each raises its own
        raise ValueError(f"{WEIGHTS} must be a safetensors file: {error}") from error
    with torch.device("meta"):
        wanted = {name: tuple(tensor.shape) for name, tensor in build(spec).state_dict().items()}
    kinds = sorted({str(tensor.dtype).removeprefix("torch.") for tensor in tensors.values()} - set(NUMBERS))
    require(not kinds, WEIGHTS, f"hold numbers of the types {', '.join(NUMBERS)}", ", ".join(kinds))
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    wrong = sorted(name for name in wanted.keys() | shapes.keys() if wanted.get(name) != shapes.get(name))
    require(not wrong, WEIGHTS, f"fit the network of {describe(spec)}", f"others: {', '.join(wrong[:4])}")
    cast = {name: tensor.float() for name, tensor in tensors.items()}  # as a checkpoint is read: 1e300 is a number of 64 bits only
    require(all(bool(torch.isfinite(tensor).all()) for tensor in cast.values()), WEIGHTS, "hold finite numbers of 32 bits", "others")
    require(_computes(spec, cast), WEIGHTS, "give finite codes, images and losses", "others")


@torch.no_grad()
def _computes(spec: ModelSpec, tensors: dict[str, Tensor]) -> bool:
    """Whether a model of these weights gives numbers, of a black, a grey and a white image, and of codes from N(0, I)."""
    model, generator = build(spec).eval(), torch.Generator().manual_seed(0)
    model.load_state_dict(tensors, strict=True)
    x = torch.tensor(TRIED_LEVELS).reshape(-1, *[1] * len(spec.identity.shape)).expand(-1, *spec.identity.shape)
    given = model.given(0)
    z = torch.randn(len(x), spec.latent_dim, generator=generator)
    parts = [*given.terms(given.observed(x, generator), generator).columns().values(), given.posterior(x).mean, given.likelihood(z).mean]
    return all(bool(torch.isfinite(part).all()) for part in parts)


def _check_numbers(spec: ModelSpec, metrics: Any, history: Any) -> None:
    """Metrics and history must be what training and evaluation write, so that every page can read them."""
    require(isinstance(metrics, dict) and set(metrics) <= set(NAMES), METRICS, "hold the figures of an evaluation", "others")
    metrics = completed(metrics)
    require(metrics["fingerprint"] == spec.fingerprint and metrics["spec"] == spec.to_json(), METRICS, "be those of its model", "another's")
    has_density = FAMILIES[spec.family].is_probabilistic
    require_possible(spec, metrics, has_density=has_density, file=METRICS)
    require_epochs(history, spec.n_epochs, ("distortion", "rate") if has_density else ("sse",), HISTORY)
