"""Work in blocks that stay in cache, on every core, with the same bits on any number of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Array = NDArray[np.float64]

# Half a mebibyte of float64: a block and its neighbour stay in a core's second-level cache.
BLOCK = 1 << 16


def slices(size: int, step: int) -> Iterator[slice]:
    """Cut range(size) into slices of at most `step`; the cut depends on nothing else."""
    step = max(1, step)
    return (slice(start, min(start + step, size)) for start in range(0, size, step))


def run(task: Callable[[slice], None], parts: Iterable[slice]) -> None:
    """Call task(part) for every part, on all cores; each part writes only its own results.

    The parts, and the order of additions inside one, never depend on the number of cores: that is
    what makes the results equal to the bit. For the same reason BLAS runs on one thread meanwhile.
    A task may itself call `run`: its parts then stay on the core it has.
    """
    parts = list(parts)
    if threading.current_thread().name.startswith(_THREADS):
        for part in parts:
            task(part)
        return
    with single_blas:
        if len(parts) == 1 or cores() == 1:
            for part in parts:
                task(part)
        else:
            for _ in _pool(os.getpid()).map(task, parts):
                pass


def cores() -> int:
    """How many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS or Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


_THREADS = "landscape-core"


@cache
def _pool(process: int) -> ThreadPoolExecutor:
    """One pool a process: threads do not survive a fork."""
    return ThreadPoolExecutor(cores(), thread_name_prefix=_THREADS)


class _SingleBlas(threading.local):
    """Holds BLAS to one thread while this thread is inside, once or nested."""

    depth = 0

    def __enter__(self) -> None:
        if not self.depth:
            self.limiter = _blas().limit(limits=1, user_api="blas").__enter__()
        self.depth += 1

    def __exit__(self, *error: object) -> None:
        self.depth -= 1
        if not self.depth:
            self.limiter.__exit__(*error)


single_blas = _SingleBlas()


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
