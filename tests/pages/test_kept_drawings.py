"""What is kept of a page, as it went to the browser, is what the page would draw now, whichever control was changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.own.photograph import cached as photographs
from pages.shared import cached
from tests.pages.test_pages import At, at, charts, checkpoints, opened  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
KEEPERS = {
    "pages/latent/codes/page.py": "pages/latent/codes/page.py",
    "pages/latent/samples/page.py": "pages/latent/samples/page.py",
    "pages/autoencoders/compare/page.py": "pages/autoencoders/compare/page.py",
    "pages/start/overview/page.py": "pages/start/overview/page.py",
    "pages/rates/frontier/cached.py": "pages/rates/frontier/page.py",
    "pages/rates/rda/view.py": "pages/rates/rda/page.py",
    "pages/rates/discrete_world/view.py": "pages/rates/discrete_world/page.py",
    "pages/rates/doctor/controls.py": "pages/rates/doctor/page.py",
    "pages/training/film/controls.py": "pages/training/film/page.py",
    "pages/rates/frontier_training/view.py": "pages/rates/frontier_training/page.py",
    "pages/latent/grid/view.py": "pages/latent/grid/page.py",
    "pages/shared/latent_controls.py": "pages/latent/paths/page.py",
    "pages/rates/latent_dim/view.py": "pages/rates/latent_dim/page.py",
    "pages/rates/collapse/view.py": "pages/rates/collapse/page.py",
    "pages/latent/ring/view.py": "pages/latent/ring/page.py",
    "pages/own/photograph/view.py": "pages/own/photograph/page.py",
    "pages/latent/learn/view.py": "pages/latent/learn/page.py",
    "pages/autoencoders/toys/view.py": "pages/autoencoders/toys/page.py",
    "pages/training/training_run.py": "pages/training/train/page.py",
    "pages/rates/water_filling/view.py": "pages/rates/water_filling/page.py",
}
"""File that keeps drawings → page that shows them."""
WIDGETS = ("selectbox", "select_slider", "slider", "number_input", "radio", "toggle", "checkbox", "button_group")
SIDEBAR = ("latent_dim", "family", "dataset")
OTHER_DATA = "patches_8"


def test_every_file_that_keeps_drawings_is_tried_here() -> None:
    files = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "pages").rglob("*.py")}
    keeping = {name for name, text in files.items() if re.search(r"(cached?|photographs)\.(drawn|made|plotted|watched)\(", text)}
    assert keeping == set(KEEPERS)


def shown(app: AppTest) -> list[str]:
    """Charts, pictures and links of a page, in their order."""
    drawn = [json.dumps(chart) for chart in charts(app)]
    tables = [element.proto.body for element in app.get("html")]
    return drawn + tables + [str(element.proto) for element in app.get("page_link")]


def another(widget) -> object:
    """A value that a control could be given and does not have; None if there is none."""
    if widget.disabled:
        return None
    if widget.type in ("toggle", "checkbox"):
        return not widget.value
    if getattr(widget, "options", None):
        options = [option for option in widget.options if option != str(widget.value)]
        return OTHER_DATA if widget.key == "dataset" and OTHER_DATA in options else next(iter(options), None)
    if not isinstance(widget.value, int | float):
        return None
    step = widget.step or 1
    return widget.value + step if widget.value + step <= widget.max else widget.value - step


def controls(app: AppTest) -> list[tuple[str, str]]:
    """Kind and key of every control of the page, and after them of the sidebar, where others may bring other controls."""
    found = [(kind, widget.key) for kind in WIDGETS for widget in app.get(kind) if widget.key]
    return sorted(found, key=lambda control: SIDEBAR.index(control[1]) if control[1] in SIDEBAR else -1)


@pytest.mark.parametrize("page", KEEPERS.values())
def test_a_kept_drawing_is_that_of_every_control(page: str, at: type[At]) -> None:  # noqa: F811
    trains_when_opened = page == "pages/autoencoders/toys/page.py"  # for whoever sits at the computer
    at.address = "192.168.1.7" if trains_when_opened else None
    of_photographs = (photographs._made, photographs._picture)
    app, tried = opened(page, dataset="digits", latent_dim=2, family="vae"), []
    while fresh := [control for control in controls(app) if control not in tried]:
        kind, key = fresh[0]
        tried.append(fresh[0])
        widget = next(widget for widget in app.get(kind) if widget.key == key)
        value = another(widget)
        if value is None:
            continue
        widget.set_value(value).run()
        assert [exception.message for exception in app.exception] == [], key
        kept = shown(app)
        for kept_of_pages in (cached._drawn, cached._plotted, cached._watched, cached._made, *of_photographs):
            kept_of_pages.clear()
        assert shown(app.run()) == kept, key
    assert len(tried) >= 3
