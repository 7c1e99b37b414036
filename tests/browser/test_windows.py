"""The tests in a browser leave nothing behind that others stumble over."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.browser.windows import Visit
from tests.harness import ROOT

pytestmark = pytest.mark.browser

A_WINDOW = "tests/browser/test_windows.py::test_a_window_opens"
A_LOOP = "tests/pages/test_fetched_files.py::test_nothing_but_files_that_are_held_is_handed_out"


def test_a_window_opens(visit: Callable[..., Visit]) -> None:
    assert visit().page.goto("about:blank") is None


def test_a_test_after_one_in_a_browser_has_an_event_loop_of_its_own() -> None:
    pytest.importorskip("playwright", reason="install playwright to run it")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider", A_WINDOW, A_LOOP]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
