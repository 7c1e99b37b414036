"""Terms of the field are explained where a page says what one sees (on every page: `harness.assert_answers`)."""

from __future__ import annotations

import pytest

from pages.shared import glossary

ASKED = (
    *("nat", "rate", "distortion", "ELBO", "prior", "posterior"),
    *("aggregate posterior", "active unit", "importance-weighted bound", "reverse water-filling"),
)
"""What every page explains to whoever asks what one sees there."""


@pytest.mark.parametrize("name", ASKED)
def test_a_term_is_found_in_a_sentence_with_its_definition(name: str) -> None:
    found = glossary.within(f"Here the {name} is 3.")
    term = next(term for term in found if term.lower().startswith(name.lower()))
    assert glossary.terms()[term] == found[term]
    assert len(found[term].split()) >= 5


def test_a_word_that_only_contains_a_term_is_none() -> None:
    assert glossary.within("The natural parameters of a generation.") == {}
