"""What ten thousand uploads that nobody should make end in, and what the costliest of them cost: pictures, ZIP files, models' files.

Usage: python -m benchmarks.fuzz [--n 10000] [--first 0] [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.machine import report, say
from tests.uploads import treated, upload
from vae_core.models import default_spec
from vae_core.store import Store, archive

AT_ONCE = 250
"""Uploads of one process: one that takes the process with it, too, is then counted and named."""
SECONDS, MEGABYTES = 10, 1000
PATIENCE = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--part", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        part(*options.part)
        return
    starts = range(options.first, options.first + options.n, AT_ONCE)
    with ThreadPoolExecutor(options.workers) as pool:
        found = list(chain.from_iterable(pool.map(lambda start: process(start, min(AT_ONCE, options.first + options.n - start)), starts)))
    report(
        n=len(found),
        taken=sum(one["end"] == "taken" for one in found),
        refused=sum(one["end"] == "refused" for one in found),
        tracebacks=[one for one in found if one["end"] not in ("taken", "refused")],
        over_10_s=[one["seed"] for one in found if one["seconds"] > SECONDS],
        over_1_gb=[one["seed"] for one in found if one["megabytes"] > MEGABYTES],
        most_seconds=max(one["seconds"] for one in found),
        most_megabytes=max(one["megabytes"] for one in found),
    )


def process(start: int, n: int) -> list[dict[str, Any]]:
    """The uploads of so many seeds in a process of their own; the one that it did not survive ends in its exit code."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.fuzz", "--part", str(start), str(n)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        lines = running.stdout.read().splitlines() if running.stdout is not None else []
        code = running.wait(timeout=PATIENCE)
    found = [json.loads(line) for line in lines]
    if len(found) < n:
        found.append({"seed": start + len(found), "end": f"exit code {code}", "seconds": 0.0, "megabytes": 0})
        found += process(start + len(found), n - len(found)) if len(found) < n else []
    say(f"{start + n} seeds")
    return found


def part(start: int, n: int) -> None:
    """Treat so many uploads here; one line of JSON for each."""
    model = archive.exported(Store().find(default_spec("vae", "digits", 2)))
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(start, start + n):
            one = upload(seed, model)
            Path("/proc/self/clear_refs").write_text("5")  # forgets the largest memory so far
            before, began = megabytes(), time.process_time()
            try:
                end = treated(one, Store(Path(folder) / str(seed), Path(folder) / "none"))
            except BaseException:
                end = traceback.format_exc()
            seconds = time.process_time() - began
            print(json.dumps({"seed": seed, "end": end, "seconds": seconds, "megabytes": round(megabytes() - before)}), flush=True)


def megabytes() -> float:
    """The largest memory of this process since it was last forgotten."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1000


if __name__ == "__main__":
    main()
