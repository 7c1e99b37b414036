"""The fields of a spec: what each means, what it must, and what is written in it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from vae_core.fields import text_of
from vae_core.models import FAMILIES, default_spec


@pytest.mark.parametrize("family", FAMILIES)
def test_every_field_of_every_spec_has_a_meaning_and_a_rule(family: str) -> None:
    spec = default_spec(family, "digits", 2)
    assert [field.name for field in spec.fields()] == [field.name for field in fields(spec)]
    assert all(field.meaning and field.rule_for(spec) for field in spec.fields())


def test_a_rule_follows_the_spec_s_other_values() -> None:
    spec = default_spec("vae", "digits", 2)
    rules = {field.name: field.rule_for(spec) for field in spec.fields()}
    assert rules["latent_dim"] == "be between 1 and 64 for digits"
    assert rules["learning_rate"] == "be above 0 and at most 1"
    assert "bernoulli" in rules["scale"]
    gaussian = replace(spec, likelihood="gaussian")
    assert {field.name: field.rule_for(gaussian) for field in spec.fields()}["scale"] == "be a number above 0 or 'learned'"


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_written_in_a_field_is_read_back(family: str) -> None:
    spec = default_spec(family, "digits", 2)
    for field in spec.fields():
        value = getattr(spec, field.name)
        assert field.from_text(text_of(value), spec) == (None if value == () else value)
