"""Any value of any parameter of a page's link: where a control cannot hold it, it begins as it does without, and nothing else is lost."""

from __future__ import annotations

from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import links
from tests.harness import PAGES, SIDEBAR, link_of, opened

pytestmark = pytest.mark.usefixtures("checkpoints")

VALUES: dict[str, str | list[str]] = {
    "negative": "-1",
    "no number": "nan",
    "very long": "9" * 5000,
    "another page's": "two photos",
    "empty and repeated": ["", ""],
    "repeated": ["0", "1e999"],
}
HOME = {"dataset": "digits", "latent_dim": "10", "family": "vae"}


def sound(page: str, query: dict[str, str | list[str]]) -> AppTest:
    """A page that a link opens, without a traceback."""
    app = opened(page, **query)
    assert [exception.message for exception in app.exception] == [], (page, query)
    return app


@cache
def parameters(page: str) -> tuple[str, ...]:
    """What the link of a page names, and what it could name."""
    return (*SIDEBAR, *dict.fromkeys(opened(page, **HOME).session_state[links.DRAWN]))


def check(page: str, query: dict[str, str | list[str]]) -> None:
    """Open a page with these values of its parameters, and look whether each is as without, or what was asked for."""
    usual, link = link_of(opened(page)), link_of(sound(page, query))
    asked = {key: value[-1] if isinstance(value, list) else value for key, value in query.items()}
    assert not {key: value for key, value in link.items() if value not in (usual.get(key), asked.get(key)) and usual.get(key) is not None}


@pytest.mark.parametrize("page", PAGES)
def test_empty_and_infinite_values_are_as_none(page: str) -> None:
    for first, second in (("", "1e999"), ("1e999", "")):
        sound(page, {key: (first, second)[k % 2] for k, key in enumerate(parameters(page))})
