"""The lectures: every step has its question, its view and an answer that is computed."""

from __future__ import annotations

import importlib.util
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlparse

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.lectures.lectures import Step, lectures
from pages.start.lectures.answers import answer_of
from pages.start.lectures.cached import PREVIEWS, preview
from tests.harness import LECTURES, PAGES, ROOT, assert_sound, link_of, opened, press
from tests.harness import answer_of as answer_of_page

ALL = {(name, number): step for name, lecture in lectures().items() for number, step in enumerate(lecture.steps, start=1)}
"""Lecture and number → step."""
ONCE = {f"{step.page}, {step.answer}, {dict(step.state)}": place for place, step in ALL.items()}
"""One place of each step that several lectures share."""


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_images: None) -> None:
    """The offline sets and the shipped models alone."""
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "local"))


def test_every_lecture_has_at_least_a_dozen_steps_with_three_predictions_each() -> None:
    assert {name: len(lecture.steps) >= 12 for name, lecture in lectures().items()} == dict.fromkeys(lectures(), True)
    assert {len(step.options) for step in ALL.values()} == {3}
    assert all(list(step.cuts) == sorted(step.cuts) and len(step.cuts) == 2 for step in ALL.values())
    assert all({"dataset", "latent_dim", "family"} <= set(step.state) for step in ALL.values())


@pytest.mark.parametrize("place", ONCE.values(), ids=lambda place: f"{place[0]}-{place[1]}")
def test_every_answer_is_computed(place: tuple[str, int]) -> None:
    answer = answer_of(ALL[place])
    assert answer.right in range(3)
    assert re.search(r"\d", answer.told)
    assert not re.search(r"[{}]|\bnan\b|-\d", answer.told), answer.told


def test_a_step_on_a_film_opens_the_training_that_its_answer_is_of() -> None:
    step = next(step for step in ALL.values() if step.page == "training/film")
    app = opened(step.page, **step.state)
    epoch, end = re.search(r"epoch (\d+) of \d+. The final rate is ([\d.]+ ± [\d.]+) nats", answer_of(step).told).groups()
    assert f"passes half of its final {end} nats at epoch {epoch}" in answer_of_page(app)


def test_the_right_option_changes_with_what_is_computed() -> None:
    below, above = (next(step for step in ALL.values() if step.state.get("world_beta") == beta) for beta in ("0.5", "2"))
    assert below.options == above.options
    assert below.options[answer_of(below).right] == "The one-to-one code"
    assert above.options[answer_of(above).right] == "The constant one"


def view_of(app: AppTest) -> tuple[str, dict[str, str]]:
    """The page and the parameters of the view that a step links to."""
    href, *_ = re.findall(r'href="([^"]+)"', "".join(element.proto.body for element in app.main.get("html")))
    address = urlparse(unescape(href))
    folder = next(folder for folder, path in PAGES.items() if path == address.path.strip("/"))
    return folder, dict(parse_qsl(address.query))


def is_same(one: str, other: object) -> bool:
    """Whether a parameter of a link is a value, as numbers where both are."""
    try:
        return float(one) == float(str(other))
    except ValueError:
        return one == str(other)


def assert_restored(place: tuple[str, int]) -> None:
    """The link of a step opens its view with its state, below a bar that leads back."""
    lecture, number = place
    step: Step = ALL[place]
    folder, query = view_of(opened(LECTURES, lecture=lecture, step=number))
    app = opened(folder, **query)
    assert_sound(app)
    link = link_of(app)
    assert folder == step.page
    assert {key: link.get(key) for key, value in step.state.items() if not is_same(link.get(key, ""), value)} == {}
    assert f"step {number} of {len(lectures()[lecture].steps)}" in app.main.markdown[0].value


@pytest.mark.parametrize("place", [("ttic", 9), ("illinois", 3), ("toronto", 1)], ids=str)
def test_the_link_of_a_step_restores_its_view(place: tuple[str, int]) -> None:
    assert_restored(place)


@pytest.mark.slow
@pytest.mark.parametrize("place", ONCE.values(), ids=lambda place: f"{place[0]}-{place[1]}")
def test_the_link_of_every_step_restores_its_view(place: tuple[str, int]) -> None:
    assert_restored(place)


def test_a_lecture_goes_on_and_back_and_another_begins_at_its_first_step() -> None:
    app = opened(LECTURES, lecture="toronto", step=5)
    step = ALL["toronto", 5]
    assert step.question in app.main.markdown[0].value
    app.main.radio[0].set_value(step.options[answer_of(step).right]).run()
    assert any(element.value == "Your prediction was right." for element in app.main.markdown)
    press(app, "Next")
    assert ALL["toronto", 6].question in app.main.markdown[0].value
    assert app.main.radio[0].value is None
    press(press(app, "Back"), "Back")
    assert ALL["toronto", 4].question in app.main.markdown[0].value
    app.main.selectbox[0].set_value("ttic").run()
    assert ALL["ttic", 1].question in app.main.markdown[0].value
    assert_sound(app)


def test_the_bar_above_a_view_leads_to_the_question_and_to_the_next_one() -> None:
    at = next(number for (name, number), step in ALL.items() if (name, step.page) == ("ttic", "rates/discrete_world"))
    for button, number in (("Question", at), ("Next step", at + 1)):
        app = opened("rates/discrete_world", lecture="ttic", step=at)
        press(app, button)
        assert_sound(app)
        assert ALL["ttic", number].question in app.main.markdown[0].value


@pytest.mark.parametrize(
    "strange", [{"lecture": "nowhere", "step": 2}, {"lecture": "ttic", "step": "99"}, {"lecture": "ttic", "step": "x"}]
)
def test_a_step_that_does_not_exist_is_none(strange: dict[str, object]) -> None:
    assert_sound(opened(LECTURES, **strange))
    assert not any("step" in element.value for element in opened("latent/line", **strange).main.markdown)


def test_the_text_for_lecturers_is_made_from_the_lectures() -> None:
    spec = importlib.util.spec_from_file_location("make_teaching", ROOT / "docs" / "make_teaching.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.FILE.read_text(encoding="utf-8") == module.text()


def test_every_step_shows_how_its_view_looks() -> None:
    steps = {step.name for step in ALL.values()}
    assert {path.stem for path in PREVIEWS.iterdir()} == steps
    assert sum(path.stat().st_size for path in PREVIEWS.iterdir()) < 1_000_000
    shown = "".join(element.proto.body for element in opened(LECTURES).main.get("html"))
    first = ALL[next(iter(lectures())), 1]
    assert preview(first.name).address in shown
