"""What benchmarks of the running explorer share: a server of its own, and the browser that looks at it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Server:
    """A running explorer."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def served(environment: Mapping[str, str] | None = None, *, folder: Path = ROOT, script: str = "explorer_app.py") -> Iterator[Server]:
    """A server of the explorer on a free port, with these variables besides its own; or of another folder's script."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.headless", "true"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **(environment or {})}, **quiet)
    found = Server(port, process)
    try:
        for _ in range(1500):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{found.url}/_stcore/health"):
                break
            time.sleep(0.2)
        yield found
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Headless Chromium: the one that VAE_EXPLORER_CHROMIUM names, or the machine's."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("VAE_EXPLORER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()
