"""The fingerprints that the program's models are found by: moving code never changes one."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.harness import ROOT
from vae_core.models import default_spec, spec_from_json
from vae_core.store import SHIPPED, Store

KNOWN = json.loads((ROOT / "tests/core/fingerprints.json").read_text())
"""`recipes`: family and data set → latent dimension (and network) → fingerprint. `shipped`: fingerprint → spec and SHA-256 of each file.
`numbers`: file → fingerprints of the models whose numbers alone are shipped."""


@pytest.mark.parametrize("of", KNOWN["recipes"])
def test_a_recipe_keeps_its_fingerprint(of: str) -> None:
    family, dataset = of.split()
    for choice, fingerprint in KNOWN["recipes"][of].items():
        latent_dim, *network = choice.split()
        assert default_spec(family, dataset, int(latent_dim), *network).fingerprint == fingerprint, choice


@pytest.mark.parametrize("fingerprint", KNOWN["shipped"])
def test_a_shipped_model_keeps_its_fingerprint_and_its_bytes(fingerprint: str) -> None:
    spec = spec_from_json(KNOWN["shipped"][fingerprint]["spec"])
    assert spec.fingerprint == fingerprint
    checkpoint = Store().find(spec)
    assert checkpoint is not None
    assert checkpoint.is_shipped
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in checkpoint.folder.iterdir()}
    assert files == KNOWN["shipped"][fingerprint]["files"]


@pytest.mark.parametrize("file", KNOWN["numbers"])
def test_shipped_numbers_stand_under_the_fingerprints_of_their_specs(file: str) -> None:
    models = json.loads((SHIPPED / file).read_text())["models"]
    assert set(KNOWN["numbers"][file]) <= set(models)
    assert all(spec_from_json(model["spec"]).fingerprint == fingerprint for fingerprint, model in models.items())
