"""Settings of the platform that cost dearly if they are lost."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from tests.harness import ROOT

CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())


def test_no_full_collection_follows_a_run() -> None:
    """It would hold the interpreter for a tenth of a second after every change of every visitor."""
    assert CONFIG["runner"]["postScriptGC"] is False
    read = "from streamlit import config; config._main_script_path = 'explorer_app.py'; print(config.get_option('runner.postScriptGC'))"
    assert subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "False"


SEND_A_WORD = """
import asyncio, socket, uvicorn
from streamlit.web.server.starlette.starlette_server import _get_uvicorn_config_kwargs

async def main():
    listening = socket.create_server(("127.0.0.1", 0))  # of protocol 0, as the server's own, which asyncio does not take for TCP
    accepted = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda reader, writer: accepted.set_result(writer), sock=listening)
    with socket.create_connection(listening.getsockname()):
        writer = await accepted
        print(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()
    server.close()

with asyncio.Runner(loop_factory=uvicorn.Config(None, **_get_uvicorn_config_kwargs()).get_loop_factory()) as runner:
    runner.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not made for Windows")
def test_a_small_message_does_not_wait_for_the_answer_to_the_one_before() -> None:
    """An answer is dozens of them. With asyncio's own loop, a client whose system delays acknowledgements waits 40 ms for each answer."""
    out = subprocess.run([sys.executable, "-c", SEND_A_WORD], capture_output=True, text=True, check=True).stdout
    assert int(out) != 0


def test_no_file_is_watched() -> None:
    """After each run of each visitor Streamlit would look through every module for files that are new to it."""
    assert CONFIG["server"]["fileWatcherType"] == "none"


def test_the_server_is_private_and_quiet() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["maxUploadSize"] <= 30
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert "enableXsrfProtection" not in CONFIG["server"]  # on by default


def test_no_font_comes_over_the_network() -> None:
    assert "fontFaces" not in CONFIG["theme"]
    assert not any("http" in str(value) for value in CONFIG["theme"].values())
