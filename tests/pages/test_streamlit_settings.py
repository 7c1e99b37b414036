"""Settings of the platform that cost dearly if they are lost."""

from __future__ import annotations

import os
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


def test_the_server_freezes_what_it_has_imported() -> None:
    """The server imports the entry point once; what is there by then is no longer the collector's business."""
    read = "import gc, sys; import explorer_app; print(gc.get_freeze_count(), 'torch' in sys.modules, 'plotly' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert int(out[0]) > 100_000
    assert out[1:] == ["True", "True"]


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


THREADS_OF_A_PAGE = """
import explorer_app, threading, torch
from threadpoolctl import threadpool_info

def page():
    print(torch.get_num_threads(), *(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"))

threading.Thread(target=page).start()
"""


def test_a_page_computes_on_one_thread() -> None:
    """With a model training beside it, two threads on two cores wait for each other, and a product of 2 ms takes 200."""
    several = {**os.environ, "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    command = [sys.executable, "-c", THREADS_OF_A_PAGE]
    threads = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=several).stdout.split()
    assert len(threads) >= 2
    assert set(threads) == {"1"}


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


def test_an_upload_is_never_written_to_a_temporary_file_on_its_way_in() -> None:
    out = subprocess.run([sys.executable, "-c", READ_A_FORM], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "5000000"]
