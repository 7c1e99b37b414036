"""Any value of any parameter of a page's link: where a control cannot hold it, it begins as it does without, and nothing else is lost."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import links
from tests.harness import SIDEBAR, VIEWS, WIDGETS, controls, link_of, opened, other_value

pytestmark = pytest.mark.usefixtures("checkpoints")

HOME = {"dataset": "digits", "latent_dim": "10", "family": "vae"}
STRANGE: dict[str, str | list[str]] = {
    "empty": "",
    "infinite": "1e999",
    "no number": "nan",
    "negative": "-1",
    "very long": "9" * 5000,
    "of another page": "two photos",
    "repeated": ["0", "1e999"],
    "repeated and empty": ["", ""],
}
TEXTS = ("z", "chosen", "train_", "library_models")
"""Parameters, or how they begin, that hold any text or an empty list; the page says what is wrong with it."""

WAITS_FOR_A_FILE = ("own_way", "files_show")
"""The controls whose other values have a page wait for a picture or a file: until then there is no view, and no link."""


def sound(page: str, query: dict) -> AppTest:
    """A page that a link opens, without a traceback."""
    app = opened(page, **query)
    assert [exception.message for exception in app.exception] == [], (page, query)
    return app


def parameters(app: AppTest) -> list[str]:
    """Everything that the link of a view names, or could name."""
    return [*SIDEBAR, *dict.fromkeys(app.session_state[links.DRAWN])]


def assert_as_without(app: AppTest, usual: dict[str, str], asked: dict) -> None:
    """Each control of a view holds what was asked for, or what it does without; a view that says what is wrong with a text has no link."""
    if app.error:
        return
    last = {key: value[-1] if isinstance(value, list) else value for key, value in asked.items()}
    link = {key: value for key, value in link_of(app).items() if key in usual and not key.startswith(TEXTS)}
    assert not {key: value for key, value in link.items() if not any(is_same(value, other) for other in (usual[key], last.get(key)))}


def is_same(value: str, other: str | None) -> bool:
    """Whether a parameter of a link says what another says: as text, or as a number."""
    try:
        return value == other or float(value) == float(other or "nan")
    except ValueError:
        return False


@pytest.mark.parametrize("page", VIEWS)
def test_the_link_of_a_page_names_all_that_is_set_and_no_empty_or_infinite_value_ends_it(page: str) -> None:
    app = opened(page)
    bound = {
        widget.key for kind in (*WIDGETS, "text_input") for widget in app.get(kind) if widget.proto.query_param_key and widget.value != ""
    }
    assert bound <= set(link_of(app))
    query = {key: ("", "1e999")[k % 2] for k, key in enumerate(parameters(app))}
    assert_as_without(sound(page, query), link_of(app), query)


@pytest.mark.slow
@pytest.mark.parametrize("page", VIEWS)
def test_a_parameter_that_a_control_cannot_hold_is_as_none(page: str) -> None:
    app = opened(page)
    for value in [*STRANGE.values()][VIEWS.index(page) % 2 :: 2]:  # half of them; controls of every kind are on pages of both halves
        query = dict.fromkeys(parameters(app), value)
        assert_as_without(sound(page, query), link_of(app), query)


@pytest.mark.slow
@pytest.mark.parametrize("page", VIEWS)
def test_beside_what_it_cannot_hold_a_link_does_as_without_that(page: str) -> None:
    app = opened(page, **HOME)
    for kind, key in controls(app):
        widget = next(widget for widget in app.get(kind) if widget.key == key)
        if key not in (*SIDEBAR, *WAITS_FOR_A_FILE) and (value := other_value(widget)) is not None:
            widget.set_value(value)
    moved = link_of(app.run())
    strange = {key: ("", "1e999")[k % 2] for k, key in enumerate(sorted(set(moved) - set(SIDEBAR)))}
    for key in (key for key in strange if key.startswith(TEXTS)):
        sound(page, moved | {key: strange[key]})
    others = [key for key in strange if not key.startswith(TEXTS)]
    for keys in filter(None, (others[first::2] for first in range(2))):  # half of them at once: a page takes long to open
        app = sound(page, moved | {key: strange[key] for key in keys})
        if not app.error:
            assert link_of(app) == link_of(sound(page, {key: value for key, value in moved.items() if key not in keys})), keys
