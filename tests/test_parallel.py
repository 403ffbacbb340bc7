"""Blocks: cut in the same places everywhere, and run on every core without side effects."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from functools import cache

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from landscape_core import (
    Adam,
    DirectionPlane,
    GradientDescent,
    Network,
    WeightPlane,
    _parallel,
    descend,
    extreme_eigenpairs,
    find_basins,
    find_critical_points,
    load_mnist,
    train,
)
from landscape_core._parallel import checkpoint, run, slices
from landscape_core.network import flatten

PATIENCE = 60  # seconds, with what would otherwise wait for ever


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
    thread.join(PATIENCE)
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
        second_in.wait(PATIENCE)

    def second(part):
        second_in.set()
        early.join(PATIENCE)
        seen.append(blas_threads())

    early = threading.Thread(target=run, args=(first, [0]))
    late = threading.Thread(target=run, args=(second, [0]))
    early.start()
    first_in.wait(PATIENCE)
    late.start()
    late.join(PATIENCE)
    assert seen == [[1] * len(before)]
    assert blas_threads() == before


def test_a_long_part_ends_at_its_checkpoint(monkeypatch):
    """A part that is at work when another fails is not waited for to its end."""
    monkeypatch.setattr(_parallel, "cores", lambda: 2)  # on one, part 1 would wait for part 0
    ended = []

    def work(part):
        if part == 1:
            raise ArithmeticError("part 1")
        for _ in range(100 * PATIENCE):
            time.sleep(0.01)
            checkpoint()
        ended.append(part)

    with pytest.raises(ArithmeticError, match="part 1"):
        run(work, [0, 1])
    assert not ended


SURFACE = """
import numpy as np
from landscape_core import Network, WeightPlane, load_mnist

plane = WeightPlane(Network.random(135), load_mnist(2000), (2, 5, 250), (2, 5, 251))
axis = np.linspace(-9, 9, 60)
expected = plane.landscape(axis, axis).cost

def look():
    np.testing.assert_array_equal(plane.landscape(axis, axis).cost, expected)
    print("the same", flush=True)
"""


@pytest.mark.parametrize(
    "ending",
    [
        "import atexit; atexit.register(look)",
        "import threading;"
        "threading.Thread(target=lambda: (threading.main_thread().join(), look())).start()",
    ],
    ids=["at exit", "in a thread"],
)
def test_surfaces_after_the_main_thread_has_ended(ending):
    """What is computed while the interpreter shuts down is right as well."""
    answer = subprocess.run(
        [sys.executable, "-c", SURFACE + ending],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert set(answer.stdout.splitlines()) == {"the same"}, answer.stderr
    assert not answer.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_children_of_a_busy_process(hundred):
    """A child that is born while other threads compute has locks, BLAS and results of its own."""
    plane = WeightPlane(Network.random(135), hundred, (2, 5, 250), (2, 5, 251))
    points, threads, busy = np.linspace(-3, 3, 7), blas_threads(), True
    expected = plane.cost(points, points)

    def work():
        while busy:
            plane.cost(points, points)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    answers = []
    for _ in range(20):
        child = os.fork()
        if child == 0:  # never to come back into pytest
            signal.alarm(PATIENCE)
            right = np.array_equal(plane.cost(points, points), expected)
            os._exit(0 if right and blas_threads() == threads else 1)
        answers.append(os.waitpid(child, 0)[1])
    busy = False
    for worker in workers:
        worker.join()
    assert answers == [0] * 20


LONGEST = 2.0  # seconds that every core works from the signal to the end of the call

digits = cache(load_mnist)  # read before a call is interrupted


def landscape(scale):
    """Compute a grid; `scale` is 1 for a fraction of a second, and more for many seconds."""
    network, axis = Network.random(135), np.linspace(-1, 1, 6 if scale == 1 else 1000)
    plane = DirectionPlane(network, digits(100), network.weights, Network.random(1).weights)
    return plane.landscape(axis, axis).cost


def descents(scale):
    """Let 64 balls roll."""
    plane = WeightPlane(Network.random(135), digits(1000), (2, 5, 250), (2, 5, 251))
    starts = np.random.default_rng(0).uniform(-15, 15, (64, 2))
    return descend(plane, starts, GradientDescent(5.0), 20 * scale, every=20 * scale).weights[-1]


def basins(scale):
    """Let a ball roll from every crossing of two axes."""
    plane = WeightPlane(Network.random(135), digits(5000), (2, 5, 250), (2, 5, 251))
    axis = np.linspace(-15, 15, 9)
    return find_basins(plane, axis, axis, GradientDescent(5.0), epochs=3 * scale).ends


def training(scale):
    """Train all weights."""
    start = Network.random(1, sizes=(784, 20, 10))
    network = train(start, digits(1000), Adam(0.01), 5 * scale, every=5 * scale).networks[-1]
    return flatten(network.weights)


def eigenpairs(scale):
    """Find the ends of the Hessian's spectrum, of a small network or of the article's."""
    sizes, n = ((784, 10), 200) if scale == 1 else ((784, 50, 500, 10), 10_000)
    pairs = extreme_eigenpairs(Network.random(1, sizes), digits(n), tolerance=1e-3)
    return flatten(pairs[0].direction)


def critical_points(scale):
    """Prove which critical points a window holds, or a thousand windows."""
    n, windows = (100, 1) if scale == 1 else (10_000, 1000)
    plane = WeightPlane(Network.random(135), digits(n), (2, 5, 250), (2, 5, 251))
    found = [find_critical_points(plane, (-9 - k, 9), (-9, 9)) for k in range(windows)]
    return np.array([(point.a, point.b) for points in found for point in points])


def compute_beside(thread, compute):
    """Start a thread and compute much; whoever waits for its signal does so already."""
    thread.start()
    compute(100_000)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
# Python forgets an exception that a signal raises while the garbage collector is at work.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "compute", [landscape, descents, basins, training, eigenpairs, critical_points]
)
def test_interrupted_at_random_moments(compute, kills, request):
    """Each call is back after two seconds of work at most, and the next gives the same bits."""
    # What runs in the background may have been started without an ear for it.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, usual))
    moments = random.Random(compute.__name__)
    expected, threads = compute(1), blas_threads()
    digits(10_000)
    for _ in range(kills):
        ended, sent, first = threading.Event(), [], moments.uniform(0.05, 1)

        def interrupt(ended=ended, sent=sent, moment=first):
            while not ended.wait(moment if not sent else 10 * LONGEST):
                sent.append(time.process_time())  # not slower beside the work of others
                os.kill(os.getpid(), signal.SIGINT)

        sender = threading.Thread(target=interrupt)
        with pytest.raises(KeyboardInterrupt):
            compute_beside(sender, compute)
        lasted = time.process_time() - sent[-1]
        ended.set()
        sender.join()
        assert lasted < LONGEST * _parallel.cores()
        assert len(sent) <= 2
        assert (_parallel.single_blas.inside, _parallel._here.job, blas_threads()) == (
            0,
            None,
            threads,
        )
        np.testing.assert_array_equal(compute(1), expected)
