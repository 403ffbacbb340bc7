"""A kept result is the result of the same call, and of no other."""

import os
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from site_build import kept_results

from landscape_core import (
    Adam,
    Digits,
    GradientDescent,
    Landscape,
    Momentum,
    Nesterov,
    Network,
    Samples,
    WeightPlane,
    load_mnist,
)

NETWORK, DIGITS = Network.random(seed=3, sizes=(784, 4, 10)), load_mnist(3)


def plane(seed: int = 3, n: int = 3, unit: int = 5) -> WeightPlane:
    """Make a plane."""
    return WeightPlane(
        Network.random(seed, sizes=(784, 4, 10)), load_mnist(n), (1, unit, 2), (1, unit, 3)
    )


class Counted:
    """A function that counts its calls, keeps its results and returns a fresh array."""

    def __init__(self, folder: Path) -> None:
        self.calls = 0
        self.kept = kept_results._keeping(self.compute, folder)

    def compute(self, argument: Any, more: int = 1) -> np.ndarray:
        """Count."""
        self.calls += 1
        return np.arange(3.0) + self.calls


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    """Return a function with an empty folder."""
    return Counted(tmp_path)


@pytest.mark.parametrize(
    "argument",
    [
        None,
        2.5,
        "word",
        (1, 2),
        [(1.0, 2), {"a": 1}],
        np.eye(2),
        NETWORK,
        DIGITS,
        Samples([[1.0]], [2.0]),
        plane(),
        Adam(0.1),
        Landscape([0.0, 1.0], [0.0], [[1.0, 2.0]]),
    ],
    ids=lambda argument: type(argument).__name__,
)
def test_once(counted: Counted, argument: object) -> None:
    """A call is computed once, however its arguments are written."""
    first = counted.kept(argument)
    assert np.array_equal(counted.kept(argument=argument, more=1), first)
    assert counted.calls == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, "1"),
        (np.eye(2), np.eye(2)[:1]),
        (np.zeros(2), np.zeros(2, int)),
        (plane(), plane(seed=4)),
        (plane(), plane(n=4)),
        (plane(), plane(unit=6)),
        (Adam(0.1), Adam(0.2)),
        (Momentum(0.1), Nesterov(0.1)),
        (NETWORK, Network(NETWORK.weights, hidden="relu")),
        (DIGITS, Digits(DIGITS.images, DIGITS.labels[::-1])),
        (Samples([[1.0, 2.0]], [[3.0, 4.0]]), Samples([[1.0], [2.0]], [[3.0], [4.0]])),
    ],
    ids=lambda argument: type(argument).__name__,
)
def test_other_arguments(counted: Counted, one: object, other: object) -> None:
    """Another argument is another call."""
    counted.kept(one)
    counted.kept(other)
    assert counted.calls == 2


class Own(GradientDescent):
    """What a script defines itself, by a name that says nothing."""


@pytest.mark.parametrize("argument", [lambda: 1, Own(1.0), iter([1]), np.array([{}])])
def test_not_to_be_told_apart(counted: Counted, argument: object) -> None:
    """With a function or an object of the script's own every call is computed."""
    counted.kept(argument)
    counted.kept(argument)
    assert counted.calls == 2


def test_wrong_arguments(counted: Counted) -> None:
    """A call that does not fit raises the function's own error."""
    with pytest.raises(TypeError, match="compute"):
        counted.kept(1, nothing=2)


def test_own_memory(counted: Counted) -> None:
    """Who changes a result does not change what the next one gets."""
    counted.kept(1)[:] = 0
    assert np.array_equal(counted.kept(1), [1, 2, 3])


def test_same_object(tmp_path: Path) -> None:
    """What has just been computed and what was kept are alike to the last bit and flag."""

    def compute() -> tuple[np.ndarray, Landscape]:
        return np.arange(6.0).reshape(2, 3).T[::2], Landscape([0.0], [0.0], [[1.0]])

    kept = kept_results._keeping(compute, tmp_path)
    (first, landscape), (second, other) = kept(), kept()
    assert first.tobytes() == second.tobytes()
    assert first.strides == second.strides
    assert first.flags.writeable
    for array in (landscape.cost, other.cost):  # as a landscape's are
        assert not array.flags.writeable


def test_used(counted: Counted, tmp_path: Path) -> None:
    """Who asks for a result makes it young again."""
    counted.kept(1)
    (file,) = tmp_path.iterdir()
    os.utime(file, (0, 0))
    counted.kept(1)
    assert file.stat().st_mtime > 0


def test_warnings(tmp_path: Path) -> None:
    """A kept result shows the warnings of its computation, even if those were to be ignored."""

    def warn() -> None:
        for message in ("first", "second"):
            warnings.warn(message, RuntimeWarning, stacklevel=1)

    kept = kept_results._keeping(warn, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kept()
    for _ in range(2):
        with pytest.warns(RuntimeWarning) as caught:
            kept()
        assert [str(w.message) for w in caught] == ["first", "second"]
        assert {w.filename for w in caught} == {__file__}


def test_errors(tmp_path: Path) -> None:
    """An error is raised each time, and nothing is kept."""

    def fail() -> None:
        raise ArithmeticError

    kept = kept_results._keeping(fail, tmp_path)
    for _ in range(2):
        with pytest.raises(ArithmeticError):
            kept()
    assert not list(tmp_path.iterdir())


def test_threads(tmp_path: Path) -> None:
    """Threads that compute at the same time each show their own warnings."""

    def warn(number: int) -> int:
        time.sleep(0.02)
        warnings.warn(str(number), RuntimeWarning, stacklevel=1)
        time.sleep(0.02)
        return number

    kept = kept_results._keeping(warn, tmp_path)
    with pytest.warns(RuntimeWarning) as caught, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(kept, range(8))) == list(range(8))
    assert sorted(str(w.message) for w in caught) == [str(number) for number in range(8)]


def test_old_results(tmp_path: Path) -> None:
    """Results of another package go, and those that nobody has needed for long."""
    gallery = {"src_dir": str(tmp_path)}
    app = SimpleNamespace(config=SimpleNamespace(sphinx_gallery_conf=gallery))
    folder = tmp_path / "_build" / "kept_results"
    current = folder / kept_results.package_fingerprint()
    for file in (folder / "other" / "a", current / "used", current / "unused"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    long_ago = time.time() - 31 * 24 * 3600
    os.utime(current / "unused", (long_ago, long_ago))
    kept_results.forget_old_results(app)
    assert [path.name for path in folder.rglob("*")] == [current.name, "used"]
