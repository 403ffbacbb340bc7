"""Blocks: cut in the same places everywhere, and run on every core without side effects."""

import os
import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from landscape_core import _parallel
from landscape_core._parallel import run, slices


def blas_threads():
    """Return how many threads each BLAS library may use now."""
    return [
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    ]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be chosen here")
def test_cores_are_those_that_this_process_may_use():
    """A process that is held to one core does not count the others."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert _parallel.cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)
    assert _parallel.cores() == len(allowed)


def test_slices_cover_everything_once():
    """The slices follow one another without gap or overlap, none longer than the step."""
    for size, step in [(0, 3), (1, 3), (7, 3), (9, 3), (5, 0)]:
        cut = list(slices(size, step))
        assert [i for part in cut for i in range(part.start, part.stop)] == list(range(size))
        assert all(part.stop - part.start <= max(step, 1) for part in cut)


def test_run_calls_the_task_for_every_part():
    """Each part is handed over once, on any number of cores."""
    seen = np.zeros(1000, int)

    def count(part):
        seen[part] += 1

    run(count, slices(1000, 7))
    assert (seen == 1).all()


def test_a_task_may_run_tasks():
    """A task that calls run itself does not wait for its own thread."""
    seen = np.zeros((8, 8), int)

    def outer(row):
        def inner(column):
            seen[row, column] += 1

        run(inner, slices(8, 1))

    thread = threading.Thread(target=lambda: run(outer, slices(8, 1)), daemon=True)
    thread.start()
    thread.join(timeout=30)
    assert (seen == 1).all()


def test_a_failing_task_is_not_swallowed_and_blas_recovers():
    """The caller sees the error of a task, and BLAS has its own number of threads again."""
    before = blas_threads()

    def fail(part):
        if part.start == 5:
            raise ArithmeticError("part 5")

    with pytest.raises(ArithmeticError, match="part 5"):
        run(fail, slices(10, 1))
    assert blas_threads() == before


def test_after_an_error_no_other_part_is_begun():
    """An error ends the work; what another thread has begun is finished first."""
    begun = []

    def fail(part):
        begun.append(part)
        raise ArithmeticError(f"part {part}")

    with pytest.raises(ArithmeticError):
        run(fail, range(1000))
    assert 1 <= len(begun) <= _parallel.cores()


def test_blas_has_one_thread_inside_and_its_own_afterwards():
    """While tasks run, also nested ones and in any thread, BLAS keeps to one thread."""
    before, inside = blas_threads(), []

    def look(part):
        run(lambda inner: inside.append(blas_threads()), [slice(0, 1)])
        inside.append(blas_threads())

    for thread in [threading.Thread(target=run, args=(look, slices(3, 1))) for _ in range(2)]:
        thread.start()
        thread.join()
    run(look, [slice(0, 1)])
    assert inside == [[1] * len(before)] * 14
    assert blas_threads() == before


def test_a_thread_that_leaves_first_does_not_free_blas_for_others():
    """BLAS keeps to one thread until the last of several callers has left, whoever came first."""
    before, first_in, second_in = blas_threads(), threading.Event(), threading.Event()
    seen = []

    def first(part):
        first_in.set()
        second_in.wait(10)

    def second(part):
        second_in.set()
        early.join(10)
        seen.append(blas_threads())

    early = threading.Thread(target=run, args=(first, [0]))
    late = threading.Thread(target=run, args=(second, [0]))
    early.start()
    first_in.wait(10)
    late.start()
    late.join(10)
    assert seen == [[1] * len(before)]
    assert blas_threads() == before
