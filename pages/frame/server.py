"""What the server does once, when it starts, before its first visitor."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.frame import pin, streamlit_patches
from pages.shared import fetched_files
from pages.shared.addresses import below_base
from pages.shared.chart import chart
from pages.shared.lectures import lectures

OPEN_FILES = (65_536, 24_576, 10_240, 4_096)
"""What the limit of open files is raised to: the first that this machine allows. A macOS shell starts with 256."""
FILES_OF_A_VISITOR = 10
"""A connection for as long as the page is open, three for the event loop that Streamlit gives its session, six while it loads."""
FILES_KEPT_BACK = 64
"""For what the program opens by itself: models, data sets, processes that train."""
ON_EVERY_ANSWER = {"Content-Security-Policy": "frame-ancestors 'self'", "X-Content-Type-Options": "nosniff"}
"""No other site may show the explorer in a frame of its own, and no browser guesses what a file is."""


def routes() -> list[BaseRoute]:
    """What the server answers beside Streamlit's own addresses."""
    return [fetched_files.route(), chart.route()]


class Guard:
    """Adds to every answer what a browser is to heed; files to keep, which may show uploads, are not kept by the browser besides.

    Args:
        app: what answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        headers = ON_EVERY_ANSWER | ({"Cache-Control": "no-store"} if scope.get("path", "").startswith(below_base("/media/")) else {})

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def middleware() -> list[Middleware]:
    """What stands between the server and its visitors."""
    return [Middleware(Guard)]


def prepare() -> None:
    """Import and read once what every page needs, and the images that most open with; and take it out of the garbage collector's sight,
    where a full collection takes 0.1 s.

    A page computes on one thread: with as many as cores, each waits for the others whenever a model trains or two visitors ask.
    """
    from pages.shared import cached, controls, own_picture, page  # noqa: F401
    from vae_core.data import DatasetUnavailable
    from vae_core.jobs.leftovers import remove_leftovers
    from vae_core.store import Store
    from vae_core.training.devices import configure_numerics

    configure_numerics()
    remove_leftovers(Store())
    cached.by_fingerprint()
    with suppress(DatasetUnavailable):  # a page says what is the matter with it
        cached.dataset(controls.first_dataset())
    lectures.lectures()
    streamlit_patches.import_ahead()
    allow_visitors()
    pin.announce()
    gc.collect()
    gc.freeze()


def allow_visitors() -> None:
    """Raise the limit of open files as far as this machine lets it, and say on stderr how many visitors there is room for."""
    limit = _raised_limit()
    if limit is not None:
        room = max(1, (limit - FILES_KEPT_BACK - _open_files()) // FILES_OF_A_VISITOR)
        remedy = "" if limit >= OPEN_FILES[-1] else " To allow more, raise it (ulimit -n) before the start."
        print(f"Open files: up to {limit:,}, room for about {room:,} visitors at a time.{remedy}", file=sys.stderr, flush=True)


def _raised_limit() -> int | None:
    """The limit of open files once it is raised; None on Windows, which has no such limit."""
    try:
        import resource
    except ImportError:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in OPEN_FILES:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft == resource.RLIM_INFINITY or limit <= soft:
            break
        with suppress(ValueError, OSError):  # macOS: beyond what the kernel allows a process, though it says "unlimited"
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            soft = limit
            break
    return OPEN_FILES[0] if soft == resource.RLIM_INFINITY else soft


def _open_files() -> int:
    """How many files this process has open; 0 where that is not to be seen."""
    folder = Path("/dev/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0
