"""Work in blocks that stay in cache, on every core, with the same bits on any number of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from threadpoolctl import LibController, OpenBLASController, ThreadpoolController

from landscape_core._progress import Progress

Part = TypeVar("Part")

# Half a mebibyte of float64: a block and its neighbour stay in a core's second-level cache.
BLOCK = 1 << 16


def slices(size: int, step: int) -> Iterator[slice]:
    """Cut range(size) into slices of at most `step`; the cut depends on nothing else."""
    step = max(1, step)
    return (slice(start, min(start + step, size)) for start in range(0, size, step))


def run(
    task: Callable[[Part], None], parts: Iterable[Part], progress: Progress | None = None
) -> None:
    """Call task(part) for every part, on all cores; each part writes only its own results.

    The parts, and the order of additions inside one, never depend on the number of cores: that is
    what makes the results equal to the bit. For the same reason BLAS runs on one thread meanwhile.
    The calling thread works too, so that little work does not wait for another thread to wake up.
    A task may itself call `run`: its parts then stay on the core it has.

    After an error, or Ctrl-C, no other part is begun, and all that are at work come to their end
    before this returns. A part that takes long calls `checkpoint` every now and then.

    Parameters
    ----------
    task : callable
        Works on one part.
    parts : iterable
        What to work on.
    progress : Progress, optional
        What the tasks report to by themselves; without it finished parts are counted.
    """
    parts = list(parts)
    if _here.job is not None:
        for part in parts:
            checkpoint()
            task(part)
        return
    if len(parts) == 1 and progress is None:  # nothing to share, and quicker so
        with single_blas:
            task(parts[0])
        return
    job, left = _Job(), iter(parts)
    with progress or Progress(len(parts), "part") as bar:

        def work() -> None:
            _here.job = job
            try:
                for part in left:
                    checkpoint()
                    task(part)
                    if progress is None:
                        bar.update()
            except _CalledOff:
                pass
            except BaseException:
                job.called_off = True
                raise
            finally:
                _here.job = None

        with single_blas:
            helpers: list[Future[None]] = []
            try:
                with suppress(RuntimeError):  # no helpers while the interpreter shuts down
                    for _ in range(min(cores(), len(parts)) - 1):
                        helpers.append(_pool(os.getpid()).submit(work))
                work()
                for helper in [helper for helper in helpers if not helper.cancel()]:
                    helper.result()
            finally:
                job.called_off = True
                wait([helper for helper in helpers if not helper.cancel()])


def checkpoint() -> None:
    """End the part that this thread is at work on, if the whole work has been called off."""
    if _here.job is not None and _here.job.called_off:
        raise _CalledOff


def cores() -> int:
    """How many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS or Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@dataclass
class _Job:
    """One call of `run`."""

    called_off: bool = False


class _CalledOff(BaseException):
    """Ends a part that nobody waits for any more; no task should mistake it for an error."""


class _Here(threading.local):
    """What this thread is at work on."""

    job: _Job | None = None


_here = _Here()


@cache
def _pool(process: int) -> ThreadPoolExecutor:
    """One pool a process: threads do not survive a fork."""
    return ThreadPoolExecutor(cores(), thread_name_prefix="landscape-core")


class _SingleBlas:
    """Holds BLAS to one thread while any thread of this process is inside."""

    def __init__(self) -> None:
        self.lock, self.inside = threading.Lock(), 0

    def __enter__(self) -> None:
        with self.lock:
            if not self.inside:
                self.usual = [(library, library.num_threads) for library in _blas()]
                for library, _ in self.usual:
                    library.set_num_threads(1)
            self.inside += 1

    def __exit__(self, *error: object) -> None:
        with self.lock:
            self.inside -= 1
            if not self.inside:
                self._restore()

    def after_fork(self) -> None:
        """Begin anew in a child, where none of the threads that were inside lives on."""
        if self.inside:
            self.inside = 0
            self._restore()
        self.lock.release()

    def _restore(self) -> None:
        # The last thread to leave need not be the first that came.
        OpenBLASController.clear_controlling_thread(force=True)
        for library, threads in self.usual:
            library.set_num_threads(threads)
        OpenBLASController.clear_controlling_thread()


single_blas = _SingleBlas()
if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    # Taken before, so that the child does not inherit it from a thread that it lacks.
    os.register_at_fork(
        before=single_blas.lock.acquire,
        after_in_parent=single_blas.lock.release,
        after_in_child=single_blas.after_fork,
    )


@cache
def _blas() -> list[LibController]:
    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
