"""What a server just started takes for its first request, page by page: a server each, one visitor by websocket, right after it answers.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.first_request [--n 3] [--only ADDRESS …] [--tree FOLDER …]
`--tree` names other checkouts, whose servers are started in turn with this one's. Prints a line a page, and a JSON object at the end:
processor seconds of the server, which a busy machine hardly lengthens, and seconds. Needs Linux for the processor's time.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from pathlib import Path

from benchmarks.explorer import ROOT, served
from benchmarks.machine import report, spread
from benchmarks.thirty_users import User, cpu_seconds

PAGE = re.compile(r'Page\("[^"]+", "([^"]+)", "[^"]+", "([^"]*)"')


def first_request(address: str, tree: Path) -> tuple[float, float]:
    """Processor seconds of the server, and seconds, from the visitor's connection to the end of the first answer."""
    with served(folder=tree) as server:
        user = User(server.port, address)
        start, cpu = time.perf_counter(), cpu_seconds(server.process.pid)
        asyncio.run(user.open())
        return cpu_seconds(server.process.pid) - cpu, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="addresses of pages")
    parser.add_argument("--tree", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    trees, found = [ROOT, *options.tree], {}
    for title, address in PAGE.findall((ROOT / "explorer_app.py").read_text()):
        if options.only and address not in options.only:
            continue
        taken = [[first_request(address, tree) for tree in trees] for _ in range(options.n)]
        for k, tree in enumerate(trees):
            cpu, seconds = ([one[k][what] for one in taken] for what in (0, 1))
            of = title if tree == ROOT else f"{title}, {tree.name}"
            found[of] = {"processor_s": spread(cpu, 2), "s": spread(seconds, 2)}
            print(f"{of}: {found[of]}", flush=True)
    report(pages=found)


if __name__ == "__main__":
    main()
