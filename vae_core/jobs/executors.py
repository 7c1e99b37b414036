"""Where many models are trained: processes of this machine, or the workers of a Dask cluster, both as `concurrent.futures` executors.

Both give a task whose worker was lost to another worker, and both let a running task ask whether it is still wanted.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process, resource_tracker
from typing import Any

from vae_core.errors import require

LOSSES_ALLOWED = 3
"""A task that was running on this many lost workers is tried once more, then given up (Dask's `allowed-failures`, and its default)."""

_stop: Any = None
"""In a process of `ProcessExecutor`: the number in shared memory that is above 0 once nobody waits any more."""
AT_ONCE, POLL_SECONDS = 2, 0.2
"""The bit of that number that ends a process in the midst of its task, which looks for it so often."""


class WorkerLost(RuntimeError):
    """The processes that a task was given to ended without an answer."""


class ProcessExecutor(Executor):
    """Processes of one task each; the loss of one loses its own task only, which is given to a new process.

    Leaving the `with` block drops what has not begun, tells the rest through `is_wanted`, and waits for it. No process outlives this one.

    Args:
        n_processes: tasks at a time.
    """

    def __init__(self, n_processes: int) -> None:
        require(n_processes >= 1, "n_processes", "be at least 1", n_processes)
        resource_tracker.ensure_running()  # started by a thread, it would let that thread have interrupts again
        self._context = get_context("spawn")
        self._stop = self._context.RawValue("b", 0)  # no lock: a process killed while it holds one would stop all others
        self._pools: dict[int, ProcessPoolExecutor] = {}  # by thread
        self._threads = ThreadPoolExecutor(n_processes, initializer=_block_interrupts)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As of `concurrent.futures.Executor`."""
        return self._threads.submit(self._in_a_process, fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As of `concurrent.futures.Executor`; `cancel_futures` ends running tasks too, as soon as they ask `is_wanted`."""
        self._stop.value |= int(cancel_futures)
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for pool in list(self._pools.values()):
            pool.shutdown(wait)

    def __exit__(self, *_: object) -> None:
        try:
            self.shutdown(cancel_futures=True)
        except KeyboardInterrupt:  # asked once more, by somebody who does not want to wait: what is lost was not written for a second
            self._stop.value |= AT_ONCE
            self.shutdown(cancel_futures=True)

    def _in_a_process(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        for _ in range(LOSSES_ALLOWED + 1):
            if self._stop.value:
                raise CancelledError
            pool = self._pools.get(threading.get_ident()) or ProcessPoolExecutor(1, self._context, _begin_worker, (self._stop,))
            self._pools[threading.get_ident()] = pool
            try:
                return pool.submit(fn, *args, **kwargs).result()
            except BrokenProcessPool:
                del self._pools[threading.get_ident()]
                pool.shutdown()
        raise WorkerLost(f"worker must live until its model is trained, got {LOSSES_ALLOWED + 1} that ended without a word")


@contextmanager
def dask_executor(scheduler: str) -> Iterator[Executor]:
    """The workers of a Dask cluster. Leaving the block cancels what is pending or running.

    Args:
        scheduler: its address, such as `tcp://host:8786`.

    Raises:
        ValueError: if Dask is not installed or no scheduler answers.
    """
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError as error:
        sentence = f'scheduler must be left out unless Dask is installed, got {scheduler!r}: pip install -e ".[cluster]"'
        raise ValueError(sentence) from error
    try:
        get_address_host_port(scheduler)  # of an address that is none, a half-made client would wait for ever when it is closed
        client = Client(scheduler, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error) or "no answer in time"
        raise ValueError(f"scheduler must be the address of one that answers, got {scheduler!r}: {said}") from error
    with client:
        executor = client.get_executor(pure=False)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)


def is_wanted() -> bool:
    """Whether anyone still waits for the task that this thread runs; True outside of both executors."""
    if _stop is not None:
        return not _stop.value
    if "distributed" not in sys.modules:
        return True
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:  # not on a worker
        return True
    task = worker.state.tasks.get(worker.get_current_task())
    return task is not None and task.state != "cancelled"


def _begin_worker(stop: Any) -> None:
    """Let the process be stopped, and let it not outlive the one that started it."""
    global _stop
    _stop = stop
    threading.Thread(target=_end_when_unwanted, daemon=True).start()


def _end_when_unwanted() -> None:
    parent = parent_process()
    while parent is not None and parent.is_alive() and not _stop.value & AT_ONCE:
        parent.join(POLL_SECONDS)
    os._exit(1)


def _block_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal. Processes started by this thread leave it to their parent, which tells them."""
    with suppress(AttributeError):  # Windows has no such masks
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
