"""Private names of the platform: what they are used for works, and one that is gone is missed by its name."""

from __future__ import annotations

import ast
import subprocess
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from starlette.formparsers import MultiPartParser
from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager

from pages.frame import streamlit_patches
from tests.harness import COMPARE, ROOT, opened

PRIVATE = (
    "streamlit.runtime",
    "streamlit.web",
    "streamlit.navigation",
    "streamlit.commands",
    "streamlit.elements",
    "starlette.formparsers",
)


@pytest.mark.parametrize(
    ("owner", "name"),
    [(PagesManager, "uses_pages_directory"), (MultiPartParser, "spool_max_size"), (app_session, "_close_script_event_loop")],
)
def test_a_setting_that_the_platform_has_no_more_is_missed(owner: object, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(owner, name)
    with pytest.raises(AttributeError, match=name):
        streamlit_patches.apply()
    assert not hasattr(owner, name)


def test_entries_without_the_mark_of_the_one_that_may_run_are_missed() -> None:
    for needs_mark in (streamlit_patches.unmarked, streamlit_patches.let_run_again):
        with pytest.raises(AttributeError, match="_can_be_called"):
            needs_mark(SimpleNamespace())


def test_a_binding_that_is_called_otherwise_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = nullcontext(SimpleNamespace())
    run = SimpleNamespace(session_state=SimpleNamespace(query_params=lambda: parameters))
    monkeypatch.setattr(streamlit_patches, "get_script_run_ctx", lambda: run)
    with pytest.raises(AttributeError, match="_bindings_by_param"):
        streamlit_patches.unbind("latent_dim")


def test_only_the_copy_of_an_entry_is_marked() -> None:
    entry = SimpleNamespace(title="Compare", _can_be_called=False)
    copied = streamlit_patches.unmarked(entry)
    streamlit_patches.let_run_again(copied)
    assert copied == SimpleNamespace(title="Compare", _can_be_called=True)
    assert not entry._can_be_called


def test_without_the_mark_streamlit_lets_no_page_run_in_a_fragment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_patches, "let_run_again", lambda entry: setattr(entry, "_can_be_called", False))
    assert "cannot be called" in opened(COMPARE, dataset="digits", latent_dim=2).exception[0].message


def test_private_names_stand_in_one_file() -> None:
    knowing = set()
    for path in [*(ROOT / "pages").rglob("*.py"), ROOT / "explorer_app.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PRIVATE):
                knowing.add(path.relative_to(ROOT).as_posix())
    assert knowing == {"pages/frame/streamlit_patches.py"}


def test_the_older_way_of_finding_pages_is_off_before_the_first_visit() -> None:
    read = "import explorer_app; from streamlit.runtime.pages_manager import PagesManager; print(PagesManager.uses_pages_directory)"
    out = subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False"


READ_A_FORM = """
import asyncio, explorer_app
from starlette.requests import Request

body = b'--x\\r\\nContent-Disposition: form-data; name="file"; filename="a.png"\\r\\n\\r\\n' + bytes(5_000_000) + b"\\r\\n--x--\\r\\n"
scope = {"type": "http", "method": "PUT", "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}

async def receive():
    return {"type": "http.request", "body": body, "more_body": False}

async def read():
    file = (await Request(scope, receive).form())["file"].file
    print(file._rolled, len(file.read()))

asyncio.run(read())
"""


@pytest.mark.slow
def test_an_upload_is_never_written_to_a_temporary_file_on_its_way_in() -> None:
    out = subprocess.run([sys.executable, "-c", READ_A_FORM], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "5000000"]
