"""Terms of the field are explained where a page says what one sees (on every page: `harness.assert_answers`)."""

from __future__ import annotations

import pytest

from pages.shared import glossary

ASKED = ("nat", "rate", "distortion", "ELBO", "prior", "posterior", "aggregate posterior", "active unit")
ASKED += ("importance-weighted bound", "reverse water-filling")


@pytest.mark.parametrize("name", ASKED)
def test_a_term_is_found_in_a_sentence_with_its_definition(name: str) -> None:
    found = glossary.within(f"Here the {name} is 3.")
    term = next(term for term in found if term.lower().startswith(name.lower()))
    assert glossary.terms()[term] == found[term]
    assert len(found[term].split()) >= 5


def test_a_word_that_only_contains_a_term_is_none() -> None:
    assert glossary.within("The natural parameters of a generation.") == {}


def test_what_a_newcomer_may_have_to_ask_is_explained_where_a_text_does_not_say_it() -> None:
    terms = list(glossary.beside("A line through points."))
    assert [term.split()[0].lower() for term in terms] == [name.split()[0].lower() for name in ASKED]
    assert list(glossary.beside("The plate of a VAE.")) == ["Plate", *terms]
