"""What every benchmark says of its machine, and how it sums up its repeats."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch


def machine() -> dict[str, Any]:
    """Processor, cores, what else they were doing, torch with its number of threads, and the GPU if there is one."""
    return {
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        **({"gpu": torch.cuda.get_device_name()} if torch.cuda.is_available() else {}),
    }


def spread(values: list[float], digits: int = 3) -> dict[str, float]:
    """Median, lowest, highest and number."""
    median, lowest, highest = (round(f(values), digits) for f in (statistics.median, min, max))
    return {"median": median, "lowest": lowest, "highest": highest, "n": len(values)}


def seconds_of(work: Callable[[], Any]) -> float:
    """Wall-clock seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def say(text: str) -> None:
    """How far it has come, on stderr at once: a benchmark that is cut off has then told what it had measured."""
    print(text, file=sys.stderr, flush=True)


def report(**found: Any) -> None:
    """One JSON object on stdout."""
    print(json.dumps({**found, "machine": machine()}))


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    name, model = (next((line.split(":")[1].strip() for line in lines if line.startswith(key)), "") for key in ("model name", "model\t"))
    return f"{name} (model {model})" if name else platform.machine()
