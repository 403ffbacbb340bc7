"""Work in blocks that stay in cache, on every core, with the same bits on any number of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

from threadpoolctl import LibController, OpenBLASController, ThreadpoolController

Part = TypeVar("Part")

# Half a mebibyte of float64: a block and its neighbour stay in a core's second-level cache.
BLOCK = 1 << 16


def slices(size: int, step: int) -> Iterator[slice]:
    """Cut range(size) into slices of at most `step`; the cut depends on nothing else."""
    step = max(1, step)
    return (slice(start, min(start + step, size)) for start in range(0, size, step))


def run(task: Callable[[Part], None], parts: Iterable[Part]) -> None:
    """Call task(part) for every part, on all cores; each part writes only its own results.

    The parts, and the order of additions inside one, never depend on the number of cores: that is
    what makes the results equal to the bit. For the same reason BLAS runs on one thread meanwhile.
    The calling thread works too, so that little work does not wait for another thread to wake up.
    A task may itself call `run`: its parts then stay on the core it has.
    """
    parts = list(parts)
    if _here.working:
        for part in parts:
            task(part)
        return
    left = iter(parts)

    def work() -> None:
        _here.working = True
        try:
            for part in left:
                task(part)
        finally:
            _here.working = False
            for _ in left:  # after an error no other part is begun
                pass

    with single_blas:
        helpers = [_pool(os.getpid()).submit(work) for _ in range(min(cores(), len(parts)) - 1)]
        try:
            work()
        finally:
            begun = [helper for helper in helpers if not helper.cancel()]
            wait(begun)  # all of them, also where one has failed
            for helper in begun:
                helper.result()


def cores() -> int:
    """How many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS or Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class _Here(threading.local):
    """Whether this thread is at work on a part."""

    working = False


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
                # The last thread to leave need not be the first that came.
                OpenBLASController.clear_controlling_thread(force=True)
                for library, threads in self.usual:
                    library.set_num_threads(threads)
                OpenBLASController.clear_controlling_thread()


single_blas = _SingleBlas()


@cache
def _blas() -> list[LibController]:
    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
