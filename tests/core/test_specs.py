"""The identity of models: what changes it, what is refused, and that it survives JSON."""

from __future__ import annotations

import itertools
import json
from dataclasses import fields, replace

import pytest

from vae_core import specs
from vae_core.models import FAMILIES, default_spec, spec_from_json, unlabelled
from vae_core.models.vae import VAESpec

OTHER_VALUES = {
    "dataset": "fashion_mnist",
    "latent_dim": 3,
    "network": "conv",
    "hidden": (64,),
    "activation": "silu",
    "protocol": "burda",
    "n_epochs": 7,
    "batch_size": 32,
    "learning_rate": 0.5,
    "seed": 9,
    "augmentation": "warp",
    "likelihood": "laplace",
    "scale": 0.25,
    "beta": 4.0,
    "corruption": "mask",
    "corruption_strength": 0.5,
}
"""Of every field of any spec another value than its default."""
BASE = {family.spec.kind: family.spec(dataset="mnist", latent_dim=2) for family in FAMILIES.values()}
BASE |= {name: replace(BASE[name], likelihood="gaussian") for name in ("vae", "conditional-vae")}  # the others have no scale
BASE["autoencoder"] = replace(BASE["autoencoder"], corruption="gaussian")  # without one there is no strength


@pytest.mark.parametrize(("family", "field"), [(name, f.name) for name, spec in BASE.items() for f in fields(spec)])
def test_every_field_changes_the_fingerprint(family: str, field: str) -> None:
    assert field in OTHER_VALUES, f"OTHER_VALUES must hold another value of the field {field} of {family}"
    base = BASE[family]
    other = "linear" if (family, field) == ("conditional-vae", "network") else OTHER_VALUES[field]
    changed = replace(base, **{field: other}, **({"hidden": None} if field == "network" else {}))
    assert changed.fingerprint != base.fingerprint


@pytest.mark.parametrize(
    ("family", "dataset"),
    [
        *itertools.product(unlabelled(), ["mnist", "digits", "frey_faces", "olivetti_faces"]),
        *itertools.product(FAMILIES.keys() - unlabelled().keys(), ["mnist", "digits", "olivetti_faces"]),
    ],
)
def test_a_spec_survives_json(family: str, dataset: str) -> None:
    spec = default_spec(family, dataset, 2)
    assert spec_from_json(json.loads(json.dumps(spec.to_json()))) == spec
    assert spec.to_json()["family"] == spec.family == family


def test_fingerprints_differ_between_families() -> None:
    specs_of_two = [default_spec(family, "mnist", 2) for family in FAMILIES]
    assert len({spec.fingerprint for spec in specs_of_two}) == len(FAMILIES)


def test_a_fingerprint_stays_what_it_was() -> None:
    """Shipped checkpoints are found by these; a changed default would orphan them."""
    assert default_spec("pca", "mnist", 30).fingerprint == "a2a8189e23f7f786"
    assert VAESpec(dataset="mnist", latent_dim=2, beta=4.0).fingerprint == VAESpec(dataset="mnist", latent_dim=2, beta=4).fingerprint


def test_the_content_of_the_data_is_part_of_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = default_spec("pca", "digits", 2)
    before = spec.fingerprint
    monkeypatch.setitem(specs.DATASETS, "digits", replace(spec.identity, content="other"))
    assert spec.fingerprint != before


def test_the_defaults_of_a_network_and_spelling_them_out_are_one_model() -> None:
    assert VAESpec(dataset="mnist", latent_dim=2, hidden=(400, 200)).fingerprint == VAESpec(dataset="mnist", latent_dim=2).fingerprint


def test_a_linear_autoencoder_is_an_autoencoder_of_a_linear_network() -> None:
    by_recipe = default_spec("autoencoder", "mnist", 2, network="linear")
    assert by_recipe == default_spec("linear-autoencoder", "mnist", 2)
    assert by_recipe.family == "linear-autoencoder"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"dataset": "minst"}, "dataset must be one of mnist, digits"),
        ({"latent_dim": 0}, "latent_dim must be between 1 and 784 for mnist, got 0"),
        ({"latent_dim": 2.0}, "latent_dim must be a whole number, got 2.0"),
        ({"latent_dim": True}, "latent_dim must be a whole number, got True"),
        ({"latent_dim": "2"}, "latent_dim must be a whole number, got '2'"),
        ({"hidden": [64.0]}, "hidden must be a whole number, got 64.0"),
        ({"hidden": (8193,)}, "hidden must hold"),
        ({"hidden": (64,) * 9}, "hidden must hold at most 8 widths"),
        ({"hidden": 64}, "hidden must be a list of widths, got 64"),
        ({"n_epochs": 2.5}, "n_epochs must be a whole number, got 2.5"),
        ({"batch_size": 64.0}, "batch_size must be a whole number, got 64.0"),
        ({"seed": 1.0}, "seed must be a whole number, got 1.0"),
        ({"learning_rate": "fast"}, "learning_rate must be a number, got 'fast'"),
        ({"beta": None}, "beta must be a number, got None"),
        ({"beta": 10**400}, "beta must be at least 0, got 1000"),
        ({"likelihood": "gaussian", "scale": True}, "scale must be a number above 0 or 'learned', got True"),
        ({"latent_dim": 785}, "latent_dim must be between 1 and 784 for mnist, got 785"),
        ({"network": "rnn"}, "network must be one of linear, mlp, conv, got 'rnn'"),
        ({"network": "linear", "hidden": (3,)}, "hidden must be empty for a linear network"),
        ({"hidden": ()}, "hidden must have a width for mlp"),
        ({"protocol": "adam"}, "protocol must be one of cosine, burda, got 'adam'"),
        ({"activation": "sigmoid"}, "activation must be one of relu, tanh, silu, got 'sigmoid'"),
        ({"network": "linear", "activation": "tanh"}, "activation must be left out for a linear network, which has none, got 'tanh'"),
        ({"n_epochs": 0}, "n_epochs must be between 1 and 1,000,000, got 0"),
        ({"n_epochs": 10**26}, "n_epochs must be between 1 and 1,000,000, got 1" + 26 * "0"),
        ({"batch_size": 10**26}, "batch_size must be between 1 and 1,000,000"),
        ({"batch_size": 0}, "batch_size must be between 1 and 1,000,000"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"seed": -1}, "seed must be between"),
        ({"likelihood": "poisson"}, "likelihood must be one of"),
        ({"likelihood": "bernoulli", "scale": 0.5}, "scale must be left out for bernoulli"),
        ({"likelihood": "gaussian", "scale": 0.0}, "scale must be a number above 0 or 'learned'"),
        ({"likelihood": "gaussian", "scale": "wide"}, "scale must be a number above 0 or 'learned', got 'wide'"),
        ({"beta": -1.0}, "beta must be at least 0"),
        ({"beta": float("nan")}, "beta must be at least 0"),
        ({"dataset": "ring", "likelihood": "bernoulli"}, "likelihood must be gaussian or laplace for points"),
        ({"dataset": "ring", "likelihood": "gaussian", "network": "conv"}, "network must be linear or mlp for points"),
    ],
)
def test_a_spec_that_makes_no_sense_is_refused_with_a_sentence(fields: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match="must") as refused:
        VAESpec(**{"dataset": "mnist", "latent_dim": 2, **fields})
    assert sentence in str(refused.value)


def test_a_number_of_another_type_does_not_lend_its_fingerprint_to_the_right_spec() -> None:
    """2.0 == 2, and the fingerprints that are kept are found by equality."""
    with pytest.raises(ValueError, match="whole number"):
        spec_from_json({"family": "pca", "dataset": "digits", "latent_dim": 7.0})
    spec = default_spec("pca", "digits", 7)
    assert spec_from_json({"family": "pca", "dataset": "digits", "latent_dim": 7}).fingerprint == spec.fingerprint


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["vae"], "spec must be a JSON object"),
        ({"family": ["vae"]}, "family must be one of"),
        ({"family": "vae", "latent_dim": 2}, "spec must hold dataset, latent_dim, got"),
        ({"family": "vae", "dataset": "mnist", "latent_dim": 2, "gamma": 1}, "spec must hold only"),
        ({"family": "vae", "dataset": ["mnist"], "latent_dim": 2}, "dataset must be a name"),
    ],
)
def test_json_that_is_no_spec_is_refused_with_a_sentence(values: object, sentence: str) -> None:
    with pytest.raises(ValueError, match="must") as refused:
        spec_from_json(values)
    assert sentence in str(refused.value)


def test_pca_takes_no_more_components_than_the_data_span() -> None:
    assert default_spec("pca", "olivetti_faces", 319).latent_dim == 319
    with pytest.raises(ValueError, match="between 1 and 319 for olivetti_faces, got 320"):
        default_spec("pca", "olivetti_faces", 320)
    with pytest.raises(ValueError, match="between 1 and 783"):
        default_spec("ppca", "mnist", 784)
