"""Thirty students, each with a page of the explorer, each of whom moves a slider once a second: how long they wait for their picture.

They speak the browser's own protocol (a websocket of protocol buffers) with a server of their own, first alone, then while a model of
MNIST trains beside it, as a job of the page *Train a model* does. At last all of them watch that training, which their pages ask for once
a second. Needs Linux for the server's CPU.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.thirty_users [--users 30] [--seconds 60] [--only WORD] [--alone]
Prints a line a page, and one JSON object: milliseconds from a slider's release to the end of the answer, and the server's share of a core.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.explorer import Server, served
from benchmarks.machine import report
from vae_core.jobs import jobs
from vae_core.models import default_spec
from vae_core.store import Store

SLIDERS = {
    "families": ("families", "Latent dimension d"),
    "compare": ("compare", "How many"),
    "compare, all of it": ("compare", "Latent dimension d"),
    "the frontier": ("frontier", "β"),
    "exact curve": ("exact-curve", "Water level τ = βσ²"),
    "grid": ("manifold-grid", "Images per side"),
    "the frontier, live": ("frontier-training", "Epoch"),
    "photograph": ("photograph", "Components kept, d"),
    "guessing": ("why-hard?evidence_part=Guess", "Number of draws K"),
    "KL": ("kl", "Draws of the estimate"),
    "posterior": ("which-posterior", "Test image, largest gap first"),
    "EM": ("em", "Gaussians, K"),
}
"""What is measured → address of the page, and label of the slider that is moved there. Those of the sidebar draw the frame, too."""
N_EPOCHS = 10_000
"""Of the model that trains meanwhile: more than there is time for."""
WATCHED = {
    "a training that all watch": ("train", f"dataset=mnist&latent_dim=20&family=vae&train_seed=1&train_n_epochs={N_EPOCHS}", None),
    "a toy's training that all watch": ("manifold-toys", "toy_epochs=60", "Train"),
}
"""What is watched → path of the page, what leads to the training there, and the button that starts it.

The first is the model that trains beside all pages.
"""
SECONDS_BETWEEN = 1.0


@dataclass(slots=True)
class User:
    """One browser tab: what it was shown and what it has chosen."""

    port: int
    page: str
    query: str = ""
    socket: Any = None
    script: str = ""
    sliders: dict[str, Any] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str | float] = field(default_factory=dict)
    polls: dict[str, float] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    exceptions: list[str] = field(default_factory=list)

    async def open(self) -> None:
        """Connect, and run the page for the first time."""
        address = f"127.0.0.1:{self.port}"
        options = {"subprotocols": ["streamlit"], "max_size": None, "compression": None, "origin": f"http://{address}"}
        self.socket = await websockets.connect(f"ws://{address}/_stcore/stream", **options)
        await self.run()

    async def run(self, fragment: str = "", pressed: str = "") -> float:
        """Run the page, or one fragment of it, with what was chosen; seconds until the script's end was received."""
        asked = BackMsg()
        rerun = asked.rerun_script
        rerun.page_name, rerun.page_script_hash, rerun.fragment_id, rerun.query_string = self.page, self.script, fragment, self.query
        rerun.cached_message_hashes.extend(self.shown)
        for name, value in self.chosen.items():
            state = rerun.widget_states.widgets.add(id=name)
            (state.string_array_value if isinstance(value, str) else state.double_array_value).data.append(value)
        if pressed:
            rerun.widget_states.widgets.add(id=self.buttons[pressed]).trigger_value = True
        start, has_begun = time.perf_counter(), False
        await self.socket.send(asked.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), 120))
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                has_begun = True
            elif kind == "navigation":
                self.script = answer.navigation.page_script_hash  # that of a new session is the frame's, which opens the first page
                self.polls.clear()  # the whole page is drawn: what looks again by itself is told anew
            elif kind == "script_finished" and has_begun:
                return time.perf_counter() - start
            elif kind == "auto_rerun":
                self.polls[answer.auto_rerun.fragment_id] = answer.auto_rerun.interval
            elif kind == "delta":
                self._see(answer)

    def _see(self, answer: ForwardMsg) -> None:
        if answer.metadata.cacheable:
            self.shown.add(answer.hash)
        element = answer.delta.new_element
        if element.WhichOneof("type") == "slider":
            self.sliders[element.slider.label] = element.slider
            self.fragments[element.slider.id] = answer.delta.fragment_id
        elif element.WhichOneof("type") == "button":
            self.buttons[element.button.label] = element.button.id
        elif element.WhichOneof("type") == "exception":
            self.exceptions.append(element.exception.message)

    async def watch(self) -> float:
        """Ask once more for what looks again by itself most often; seconds until the answer is there."""
        return await self.run(min(self.polls, key=self.polls.get))

    async def move(self, label: str, chance: random.Random) -> float:
        """Put a slider somewhere else; seconds until the answer is there."""
        slider = self.sliders[label]
        at = chance.randrange(round((slider.max - slider.min) / slider.step) + 1)
        self.chosen[slider.id] = slider.options[at] if slider.options else slider.min + slider.step * at
        return await self.run(self.fragments[slider.id])


async def one_user(user: User, label: str | None, seed: int, seconds: float, pressed: str | None = None) -> list[float]:
    """Move the slider, or watch, once a second, from a moment of one's own on; how long each answer took."""
    chance = random.Random(seed)
    await user.open()
    if pressed:
        await user.run(pressed=pressed)
    end, due, waits = time.perf_counter() + seconds, time.perf_counter() + chance.random(), []
    while time.perf_counter() < end and (label or user.polls):  # a training may end before
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        due = max(due + SECONDS_BETWEEN, time.perf_counter())
        waits.append(await (user.move(label, chance) if label else user.watch()))
    await user.socket.close()
    return waits


async def crowd(
    server: Server, page: str, label: str | None, n_users: int, seconds: float, query: str = "", pressed: str | None = None
) -> dict[str, Any]:
    """What they waited, after one visitor has warmed the page up, and pressed a button if there is one to press."""
    await one_user(User(server.port, page, query), label, 0, 2.0, pressed)
    users = [User(server.port, page, query) for _ in range(n_users)]
    start, cpu = time.perf_counter(), cpu_seconds(server.process.pid)
    waits = await asyncio.gather(*(one_user(user, label, seed, seconds) for seed, user in enumerate(users, 1)))
    share = (cpu_seconds(server.process.pid) - cpu) / (time.perf_counter() - start)
    ms = sorted(1000 * wait for own in waits for wait in own)
    percentiles = {f"p{q}_ms": round(ms[int(q / 100 * len(ms))], 1) for q in (50, 95, 99)}
    exceptions = [said for user in users for said in user.exceptions]
    return {**percentiles, "n_changes": len(ms), "server_cpu_percent": round(100 * share), "exceptions": exceptions[:3]}


@contextlib.contextmanager
def training(local: Path) -> Iterator[None]:
    """A VAE of MNIST trains beside the server; it is cancelled in the end."""
    job = jobs.start(replace(default_spec("vae", "mnist", 20), seed=1, n_epochs=N_EPOCHS), Store(local=local, shipped=local))
    while not job.status().event:
        if not job.status().is_alive:
            raise RuntimeError(job.status().sentence)
        time.sleep(0.2)
    try:
        yield
        if not job.status().is_alive:
            raise RuntimeError("training must last as long as what is measured beside it")
    finally:
        job.cancel()
        while job.status().is_alive:
            time.sleep(0.2)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", default="", help="what has this word in its name")
    parser.add_argument("--alone", action="store_true", help="only while nothing trains")
    options = parser.parse_args()
    sliders = {what: one for what, one in SLIDERS.items() if options.only in what}
    watched = {what: one for what, one in WATCHED.items() if options.only in what and not options.alone}
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, served({"VAE_EXPLORER_CHECKPOINTS": folder}) as server:
        for name, beside in (("alone", contextlib.nullcontext()), ("while a model trains", training(Path(folder)))):
            if options.alone and name != "alone":
                continue
            with beside:
                for what, (address, label) in sliders.items():
                    page, _, query = address.partition("?")
                    crowds = crowd(server, page, label, options.users, options.seconds, query)
                    one = found.setdefault(what, {})[name] = asyncio.run(crowds)
                    print(f"{what}, {name}: {one}", flush=True)
        with training(Path(folder)) if watched else contextlib.nullcontext():
            for what, (page, query, pressed) in watched.items():
                crowds = crowd(server, page, None, options.users, options.seconds, query, pressed)
                one = found.setdefault(what, {})["live"] = asyncio.run(crowds)
                print(f"{what}: {one}", flush=True)
    report(pages=found, n_users=options.users, seconds=options.seconds)


if __name__ == "__main__":
    main()
