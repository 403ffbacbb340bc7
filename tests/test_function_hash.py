"""The hash of a function: the same in every process, another wherever results may differ."""

import functools
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from landscape_core import find_critical_points
from landscape_core._function_hash import function_hash


def made(text, **names):
    """Return the function f of a program, whose globals are the names."""
    exec(text, names)
    return names["f"]


def maker(value):
    """Return a function whose closure holds a value."""
    return lambda: value


PAIRS = {
    "the code": (made("def f(x): return x + 1"), made("def f(x): return x - 1")),
    "a number": (made("def f(x): return x + 1"), made("def f(x): return x + 2")),
    "a number's type": (made("def f(x): return x + 1"), made("def f(x): return x + 1.0")),
    "the sign of zero": (made("def f(): return 0.0"), made("def f(): return -0.0")),
    "an attribute": (made("def f(x): return x.real"), made("def f(x): return x.imag")),
    "two lambdas on one line": (lambda x: x + 1, lambda x: x * 1),
    "a default": (made("def f(x=1): return x"), made("def f(x=2): return x")),
    "a keyword's default": (made("def f(*, x=1): return x"), made("def f(*, x=2): return x")),
    "a function inside": (
        made("def f(x): return [y + 1 for y in x]"),
        made("def f(x): return [y + 2 for y in x]"),
    ),
    "an exception that is caught": (
        made("def f(x):\n try: return g(x)\n except KeyError: return 1"),
        made("def f(x):\n try: return g(x)\n except IndexError: return 1"),
    ),
    "a closure": (maker(1), maker(1000)),
    "a closure's array": (maker(np.arange(3)), maker(np.arange(3)[::-1])),
    "a closure's shape": (maker(np.zeros((2, 3))), maker(np.zeros((3, 2)))),
    "a closure's list": (maker([1, {"a": 2}]), maker([1, {"a": 3}])),
    "a closure's set": (maker({1, 2}), maker({1, 3})),
    "a partial's argument": (functools.partial(max, 1), functools.partial(max, 2)),
    "a partial's keyword": (functools.partial(max, key=len), functools.partial(max, key=abs)),
    "a global": (made("def f(): return k", k=1), made("def f(): return k", k=1000)),
    "a global function": (
        made("def g(): return 1\ndef f(): return g()"),
        made("def g(): return 2\ndef f(): return g()"),
    ),
    "a global of a global function": (
        made("def g(): return k\ndef f(): return g()", k=1),
        made("def g(): return k\ndef f(): return g()", k=2),
    ),
    "a global in a comprehension": (
        made("def f(x): return [[k for _ in y] for y in x]", k=1),
        made("def f(x): return [[k for _ in y] for y in x]", k=2),
    ),
    "a global in a class": (
        made("def f():\n class C: x = k\n return C.x", k=1),
        made("def f():\n class C: x = k\n return C.x", k=2),
    ),
    "a function from a library": (
        made("def f(x): return g(x)", g=math.sin),
        made("def f(x): return g(x)", g=math.cos),
    ),
    "an attribute of the function": (
        made("def f(): return f.k\nf.k = 1"),
        made("def f(): return f.k\nf.k = 2"),
    ),
    "a module": (
        made("def f(x): return m.sqrt(x)", m=math),
        made("def f(x): return m.sqrt(x)", m=np),
    ),
}


@pytest.mark.parametrize(("one", "other"), PAIRS.values(), ids=PAIRS.keys())
def test_tells_functions_apart(one, other):
    """Functions that differ in one thing alone have different hashes."""
    assert function_hash(one) == function_hash(one)
    assert function_hash(one) != function_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            made("def f(x): return x.cost"),
            made("\n\n# longer\ndef f(x):\n    return x.cost", cost={1: object()}),
        ),
        (made("def f(x): return g(x)", g=1, h=2), made("def f(x): return g(x)", g=1, h=3)),
        (maker(3), maker(3)),
        (made("def f(n): return n and f(n - 1)"), made("def f(n): return n and f(n - 1)")),
    ],
    ids=["place and comments", "a global it does not use", "an equal closure", "itself"],
)
def test_sees_no_difference_where_there_is_none(one, other):
    """What a function does not rest on does not count."""
    assert function_hash(one) == function_hash(other)


PROGRAM = """
import numpy as np
from scipy.special import expit
from landscape_core import find_critical_points
from landscape_core._function_hash import function_hash

WORDS = {"alpha", "beta", "gamma", "delta"}
TABLE = {"x": [1, 2.5, None], "y": np.arange(3), "f": expit, "n": np.float32(3)}

def even(n):
    return n == 0 or odd(n - 1)

def odd(n):
    return n != 0 and even(n - 1)

def reduce(plane, limit=...):
    import math
    points = find_critical_points(plane, (0, 1), (0, 1)) if limit in {"x", "y", "z"} else WORDS
    return {name: np.ptp(value) + even(math.floor(2)) for name, value in TABLE.items()}

print(function_hash(reduce))
"""


def test_is_the_same_in_every_process(tmp_path):
    """Neither the process nor its order of sets, nor whether it is a program or a text, counts."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    outputs = {
        subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            check=True,
            env=os.environ | path | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
        for arguments in (["-c", PROGRAM], [program])
    }
    assert len(outputs) == 1


class Stateful:
    """An object whose state cannot be seen."""

    def __call__(self):
        """Return nothing."""

    def method(self):
        """Return nothing."""


@pytest.mark.parametrize(
    "function",
    [
        Stateful(),
        Stateful().method,
        Stateful,
        maker(Stateful()),
        maker(np.array([Stateful()])),
        maker(np.ma.array([1, 2])),
        maker(np.random.default_rng(1)),
        maker(np.frompyfunc(lambda x: x + 1, 1, 1)),
        made("def f(): return d()", d=np.random.normal),
        made("def f(): return k", k=Stateful()),
        functools.partial(max, Stateful()),
        functools.cache(maker(1)),
        made("def f(): import tests_of_another_module"),
        made("def f(): return m.x", m=type(math)("made_by_hand")),
        functools.wraps(math.sin)(maker(Stateful())),
    ],
)
def test_refuses_what_it_cannot_tell_apart(function):
    """Objects with a state, and modules that may change, are refused with what can be done."""
    with pytest.raises(ValueError, match=r"use functions, numbers|import the functions"):
        function_hash(function)


def test_takes_libraries_by_their_names():
    """Functions, classes and modules of installed libraries are no obstacle."""
    for thing in (np, math, expit, np.ptp, math.sqrt, find_critical_points, Path, len):
        function_hash(made("def f(x): return g(x)", g=thing))
