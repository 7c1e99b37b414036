"""Would a test notice? Injects the faults of `benchmarks.faults` one at a time, and runs the tests that are named beside each.

It works on a copy of the tree. A fault is killed if a test fails, or does not end in time; it survives if all pass. What no longer can be
imported is neither: such a fault is wrongly written. That the tests pass without a fault is what CI sees; `--sound` asks it here, first.

Usage: python -m benchmarks.mutants [--only WORD] [--seconds 120] [--sound]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import pytest

from benchmarks.faults import FAULTS, Fault
from benchmarks.machine import report, say, spread

ROOT = Path(__file__).resolve().parents[1]
COPIED = (
    "vae_core",
    "pages",
    "tests",
    "benchmarks",
    "docs",
    ".streamlit",
    "explorer_app.py",
    "pyproject.toml",
    "README.md",
    "requirements.txt",
)
OPTIONS = ("-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
SHARED = ("torch", "streamlit.testing.v1", "plotly.graph_objects", "scipy.stats", "sklearn.linear_model", "skimage.metrics")
"""Imported once, for every process that runs tests: they take longer than most of these."""
End = Literal["killed", "survived", "broken"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="faults whose file or reason holds this word")
    parser.add_argument("--seconds", type=float, default=120, help="a fault whose tests take longer is killed")
    parser.add_argument("--sound", action="store_true", help="run the tests without a fault before")
    chosen = parser.parse_args()
    faults = [fault for fault in FAULTS if chosen.only in fault.file + fault.why]
    for name in SHARED:
        import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        tree = copied_to(Path(folder))
        for tests in dict.fromkeys(fault.tests for fault in faults if chosen.sound):
            if end_of_tests(tree, tests, 10 * chosen.seconds) != "survived":
                sys.exit(f"the tests must pass without a fault, but one of {tests} failed")
        ends, seconds = [], []
        for k, fault in enumerate(faults, 1):
            start = time.perf_counter()
            ends.append(end_of(fault, tree, chosen.seconds))
            seconds.append(time.perf_counter() - start)
            say(f"{k} of {len(faults)}, {seconds[-1]:.1f} s, {ends[-1]}: {fault.file}: {fault.why}")
    report(
        n=len(faults),
        score=ends.count("killed") / len(faults),
        **{end: [f"{f.file}: {f.new}: {f.why}" for f, e in zip(faults, ends, strict=True) if e == end] for end in ("survived", "broken")},
        seconds=spread(seconds, 1),
    )


def copied_to(folder: Path) -> Path:
    """The program and its tests, with the shipped models by a link, for nothing is written to them."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    (folder / "checkpoints").mkdir()
    (folder / "checkpoints/shipped").symlink_to(ROOT / "checkpoints/shipped")
    return folder


def end_of(fault: Fault, tree: Path, seconds: float) -> End:
    """What becomes of a fault; the tree is afterwards what it was."""
    with injected(fault, tree):
        return end_of_tests(tree, fault.tests, seconds)


@contextmanager
def injected(fault: Fault, tree: Path) -> Iterator[None]:
    """A tree with a fault, and without it again; what was compiled of the file is thrown away, as it is told by second and size only."""
    path = tree / fault.file
    before = path.read_text(encoding="utf-8")
    compiled = Path(importlib.util.cache_from_source(str(path)))
    if before.count(fault.old) != 1:
        raise ValueError(f"old must stand exactly once in {fault.file}, got {before.count(fault.old)}: {fault.old!r}")
    try:
        path.write_text(before.replace(fault.old, fault.new), encoding="utf-8")
        compiled.unlink(missing_ok=True)
        yield
    finally:
        path.write_text(before, encoding="utf-8")
        compiled.unlink(missing_ok=True)


def end_of_tests(tree: Path, tests: str, seconds: float) -> End:
    """`survived` if tests, below `tests/`, pass in a tree, `killed` if one fails or they do not end, `broken` if they cannot be run."""
    running = get_context("fork").Process(target=_run, args=(tree, tests))
    running.start()
    running.join(seconds)
    if running.is_alive():
        running.kill()
        running.join()
        return "killed"
    return {0: "survived", 1: "killed"}.get(running.exitcode or 0, "broken")


def _run(tree: Path, tests: str) -> None:
    """Pytest in a process of its own, which imports the program and its tests from the tree, and all else from its parent's memory."""
    os.chdir(tree)
    os.environ |= {"PYTHONPATH": str(tree), "VAE_EXPLORER_SLOW_TESTS": "1"}  # the named tests, however long they take
    sys.path[:] = [str(tree), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    for name in [name for name in sys.modules if name.partition(".")[0] in COPIED]:
        del sys.modules[name]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        ended = pytest.main([*OPTIONS, *(f"tests/{test}" for test in tests.split())])
    os._exit(int(ended))


if __name__ == "__main__":
    main()
