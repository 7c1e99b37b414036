"""The server's PIN gives rights to a session, wherever its visitor sits; a proxy on the server's computer gives nobody any."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.frame import pin
from pages.shared import links
from tests.harness import COMPARE, At, assert_sound, opened

TRAIN = "training/train"
CHOICES = {"dataset": "digits", "latent_dim": 2, "family": "vae", "train_seed": 8}


@pytest.fixture(autouse=True)
def a_pin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    monkeypatch.setenv("VAE_EXPLORER_PIN", "2718")
    monkeypatch.setattr(pin, "SECONDS_AFTER_A_WRONG_ONE", 0)


def may_start(app: AppTest) -> bool:
    assert_sound(app)
    return "Start" in [button.label for button in app.main.button]


def entered(app: AppTest, text: str) -> AppTest:
    return app.sidebar.text_input(key=pin.ENTERED).set_value(text).run()


HERE = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}


@pytest.mark.parametrize(
    "headers", [HERE, {"Host": "localhost:8501"}, {"Host": "[::1]:8501", "Origin": "http://[::1]:8501"}, {"Host": "localhost"}]
)
def test_nobody_is_asked_at_this_computer(headers: dict[str, str], at: type[At]) -> None:
    at.headers = headers
    app = opened(TRAIN, **CHOICES)
    assert may_start(app)
    assert pin.ENTERED not in [field.key for field in app.sidebar.text_input]


@pytest.mark.parametrize(
    "headers",
    [
        HERE | {"X-Forwarded-For": "203.0.113.7"},
        HERE | {"x-forwarded-proto": "https"},
        HERE | {"Forwarded": "for=203.0.113.7"},
        HERE | {"Via": "1.1 proxy"},
        HERE | {"CF-Connecting-IP": "203.0.113.7"},
        HERE | {"Origin": "https://explorer.example"},
        HERE | {"Host": "explorer.example"},
        HERE | {"Host": "localhost.explorer.example:8501"},
        HERE | {"Host": "[::1"},
        HERE | {"Origin": "null"},
        {},
    ],
    ids=str,
)
def test_whoever_comes_through_a_proxy_or_a_tunnel_on_this_computer_is_asked(headers: dict[str, str], at: type[At]) -> None:
    at.headers = headers
    assert at.address is None
    app = opened(TRAIN, **CHOICES)
    assert not may_start(app)
    assert any("Only someone with this server's PIN" in caption.value for caption in app.main.caption)


def test_the_pin_gives_rights_for_as_long_as_the_session_lasts(at: type[At]) -> None:
    at.address = "192.168.1.7"
    app = opened(TRAIN, **CHOICES)
    assert not may_start(app)
    app = entered(app, " 2718 ")
    assert may_start(app)
    app.switch_page(links.page(COMPARE)).run()
    app.switch_page(links.page(TRAIN)).run()
    assert may_start(app)
    assert not may_start(opened(TRAIN, **CHOICES)), "another session of the same visitor"


def test_a_wrong_pin_is_a_sentence_and_gives_nothing(at: type[At]) -> None:
    at.address = "192.168.1.7"
    app = entered(opened(TRAIN, **CHOICES), "3141")
    assert [error.value for error in app.sidebar.error] == ["This is not the server's PIN. Read it where the server was started."]
    assert "Start" not in [button.label for button in app.main.button]
    assert may_start(entered(app, "2718"))


def test_the_answer_to_a_wrong_pin_keeps_whoever_guesses_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(pin, "SECONDS_AFTER_A_WRONG_ONE", 1.0)
    assert pin.is_right("2718")
    assert pauses == []
    assert not pin.is_right("2719")
    assert not pin.is_right("")
    assert not pin.is_right("٢٧١٨")
    assert pauses == [1.0, 1.0, 1.0]


def test_an_open_server_asks_nobody(at: type[At], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    at.address = "192.168.1.7"
    monkeypatch.setenv("VAE_EXPLORER_OPEN", "1")
    assert may_start(opened(TRAIN, **CHOICES))
    pin.announce()
    assert "Every visitor can start" in capsys.readouterr().err


def test_a_server_without_a_pin_of_its_own_draws_one_of_eight_digits_and_prints_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pin.announce()
    assert "2718" not in capsys.readouterr().err
    monkeypatch.setenv("VAE_EXPLORER_PIN", "")
    pin.announce()
    said = capsys.readouterr().err
    (drawn,) = [word.strip(".") for word in said.split() if word.strip(".").isdigit()]
    assert len(drawn) == 8
    assert pin.is_right(drawn)
    assert not pin.is_right("")
