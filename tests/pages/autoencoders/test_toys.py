"""*Manifolds on data*: a toy is there at once and learns while one looks, is stopped and begun again, joined by visitors."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages.autoencoders.toys.cached import toy_runs
from tests.harness import SECONDS, At, charts, link_of, opened, wait_for

TOYS = "autoencoders/toys"


@pytest.fixture
def runs() -> Iterator[None]:
    """Nothing goes on afterwards."""
    yield
    for run in toy_runs()._runs.values():
        run.cancel()
    toy_runs.clear()


@pytest.fixture
def short_toy(runs: None) -> AppTest:
    return opened(TOYS, toy="moons", toy_epochs=10, toy_width=16)


@pytest.mark.slow
def test_a_toy_is_there_at_once_and_learns_while_one_looks(short_toy: AppTest) -> None:
    app = short_toy
    assert len(charts(app)) == 3
    assert any(button.label == "Stop" for button in app.main.button)
    for _ in range(SECONDS):
        if app.main.metric:
            break
        time.sleep(1)
        app.run()
    assert [exception.message for exception in app.exception] == []
    assert app.main.metric[0].label == "Test ELBO"
    assert app.slider(key="toy_epoch").value == 10
    last = charts(app)[1]
    app.slider(key="toy_epoch").set_value(1).run()
    assert charts(app)[1] != last
    assert link_of(app)["toy_epoch"] == "1"


def test_a_toy_can_be_stopped_and_begun_again(short_toy: AppTest) -> None:
    app = short_toy
    next(button for button in app.main.button if button.label == "Stop").click().run()
    for label in ("Train", "Stop"):
        wait_for(lambda label=label: any(button.label == label for button in app.run().main.button))
        assert [exception.message for exception in app.exception] == []
        next(button for button in app.main.button if button.label == label).click().run()


def test_a_visitor_joins_a_toy_but_starts_none(at: type[At]) -> None:
    at.address = "192.168.1.7"
    app = opened(TOYS, toy="ring", toy_epochs=10)
    assert [exception.message for exception in app.exception] == []
    assert not any(button.label in ("Stop", "Train") for button in app.main.button)
    assert any("at the computer that runs this program" in caption.value for caption in app.main.caption)
    assert len(charts(app)) == 3
