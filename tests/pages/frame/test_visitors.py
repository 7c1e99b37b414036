"""Open files: each visitor costs some, a server raises its limit and says how many it has room for, and who has left holds none."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo

from pages.frame import streamlit_patches
from tests.browser.windows import served
from tests.harness import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of open files")
LOW = 256
"""What a shell of macOS begins with."""


class Session:
    """What the storage of sessions needs of one: the loop that its script may use, and the script while it runs."""

    def __init__(self, name: str) -> None:
        self.id, self._scriptrunner = name, None
        self._script_event_loop = asyncio.new_event_loop()


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemorySessionStorage]:
    monkeypatch.setattr(streamlit_patches, "SECONDS_TO_STOP", 0.01)
    streamlit_patches.apply()
    return MemorySessionStorage(ttl_seconds=0.05)


def test_who_has_left_holds_no_open_file(storage: MemorySessionStorage) -> None:
    async def leave() -> list[bool]:
        idle, busy = SessionInfo(None, Session("idle")), SessionInfo(None, Session("busy"))
        busy.session._scriptrunner = "still runs"
        for info in (idle, busy):
            storage.save(info)
        closed = [info.session._script_event_loop.is_closed() for info in (idle, busy)]
        busy.session._scriptrunner = None
        await asyncio.sleep(0.03)
        return [*closed, busy.session._script_event_loop.is_closed()]

    assert asyncio.run(leave()) == [True, False, True]


def test_who_comes_back_finds_the_session_as_it_was(storage: MemorySessionStorage) -> None:
    async def come_back() -> None:
        info = SessionInfo(None, Session("me"))
        storage.save(info)
        assert storage.get("me") is info
        assert not info.session._script_event_loop.is_closed()
        storage.delete("me")
        info.session._script_event_loop.close()

    asyncio.run(come_back())


def test_a_session_is_forgotten_though_nobody_else_leaves(storage: MemorySessionStorage) -> None:
    async def stay_away() -> Session | None:
        session = Session("me")
        storage.save(SessionInfo(None, session))
        gone = weakref.ref(session)
        del session
        assert gone() is not None
        await asyncio.sleep(1.2)
        return gone()

    assert asyncio.run(stay_away()) is None


AT_START = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, int(sys.argv[1])))
from pages.frame import server
server.allow_visitors()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(("hard", "soft", "said"), [(5_000, 5_000, "up to 5,000, room for about 49"), (LOW, LOW, "room for about 1")])
def test_the_limit_of_open_files_is_raised_and_the_room_for_visitors_said(hard: int, soft: int, said: str) -> None:
    command = [sys.executable, "-c", AT_START, str(hard)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) == soft
    assert said in done.stderr
    assert ("ulimit -n" in done.stderr) == (hard == LOW)


async def load(port: str) -> str:
    """Load the first page as a browser does, and leave; what came first."""
    import websockets

    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None, origin=f"http://127.0.0.1:{port}") as socket:
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        await socket.send(asked.SerializeToString())
        return str(ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), 60)).WhichOneof("type"))


@pytest.mark.slow
def test_a_server_of_256_open_files_survives_more_page_loads_than_it_has_files_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with limited(monkeypatch, LOW), served() as address:
        port = address.rpartition(":")[2]
        for _ in range(100):  # of three or four files each
            assert asyncio.run(load(port)) == "new_session"


@contextmanager
def limited(monkeypatch: pytest.MonkeyPatch, n: int) -> Iterator[None]:
    """Servers that are started meanwhile can have no more open files than these."""
    import resource

    start = subprocess.Popen
    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n))}
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **kwargs: start(*args, **limit | kwargs))
    yield
    monkeypatch.setattr(subprocess, "Popen", start)
