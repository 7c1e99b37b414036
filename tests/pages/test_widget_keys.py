"""A parameter of the address means one thing on all pages: what one page leaves in the session is no stranger to the next."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import links
from tests.harness import FIVE_FAMILIES, PAGES, SIDEBAR, controls, opened, other_value
from vae_core.jobs import process

pytestmark = pytest.mark.usefixtures("checkpoints")


def kinds(app: AppTest) -> dict[str, tuple[str, str]]:
    """Key → kind of widget and type of its value, of every control of the page; one list of numbers may hold 1 and 0.5."""
    widgets = {key: next(widget for widget in app.get(kind) if widget.key == key) for kind, key in controls(app) if key not in SIDEBAR}
    types = {key: type(widget.value).__name__ for key, widget in widgets.items() if widget.value is not None}  # a prediction yet to be made
    is_list = {key: widget.type in ("select_slider", "selectbox") and types.get(key) in ("int", "float") for key, widget in widgets.items()}
    return {key: (widgets[key].type, "number" if is_list[key] else kind) for key, kind in types.items()}


def move(app: AppTest) -> None:
    """Give every control of the page another value, all at once."""
    for kind, key in controls(app):
        widget = next(widget for widget in app.get(kind) if widget.key == key)
        if key not in SIDEBAR and (value := other_value(widget)) is not None:
            widget.set_value(value)
    app.run()


@pytest.mark.slow
def test_one_session_walks_through_all_pages_starts_nothing_and_a_key_is_one_kind_of_control(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(process, "start", lambda *what, **how: started.append(what))
    app = opened(FIVE_FAMILIES, dataset="digits", latent_dim=10, code_size="d of the sidebar")
    of_key: dict[str, dict[tuple[str, str], str]] = {}
    for page in [*PAGES, *PAGES]:
        app.switch_page(links.page(page)).run()
        for step in (lambda: None, lambda: move(app)):
            step()
            assert [exception.message for exception in app.exception] == [], page
            for key, kind in kinds(app).items():
                of_key.setdefault(key, {}).setdefault(kind, page)
    assert started == []
    assert not {key: pages for key, pages in of_key.items() if len(pages) > 1}
    assert len(of_key) > 60


def test_a_plane_of_codes_leaves_the_place_in_a_photograph_alone() -> None:
    app = opened("latent/codes", dataset="digits", latent_dim=10, code_size="d of the sidebar")
    app.selectbox(key="across").set_value("z7").run()
    for page in ("latent/paths", "own/photograph"):
        app.switch_page(links.page(page)).run()
        app.run()  # what the browser holds by now is sent back
        assert [exception.message for exception in app.exception] == []
    assert all(isinstance(slider.value, int) for slider in app.slider)
