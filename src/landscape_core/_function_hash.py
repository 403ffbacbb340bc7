"""Which function: a hash that differs wherever two functions may give different results."""

from __future__ import annotations

import dis
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from types import CodeType, EllipsisType, FunctionType, ModuleType, NoneType
from typing import Any

import numpy as np
from scipy import special

PLAIN = {NoneType, EllipsisType, bool, int, float, complex, str, bytes}
CODE = (
    "code", "exceptiontable", "flags", "consts", "names", "varnames", "freevars", "cellvars",
    "argcount", "posonlyargcount", "kwonlyargcount",
)  # fmt: skip
LOADS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}


def function_hash(function: Callable[..., Any]) -> str:
    """Return the SHA-256 of a function: of its code, defaults, closure, attributes and globals.

    Globals that are functions are followed in the same way. Installed libraries are taken for
    what they are called. What a function reads from files or draws at random is not seen.

    Raises
    ------
    ValueError
        If the function rests on something that cannot be told from another of its kind, such as
        an object with a state of its own.

    Examples
    --------
    >>> def power(exponent):
    ...     return lambda number: number**exponent
    >>> function_hash(power(2)) == function_hash(power(2))
    True
    >>> function_hash(power(2)) == function_hash(power(3))
    False
    """
    name = getattr(function, "__name__", repr(function))
    return hashlib.sha256(repr(_describe(function, name, [])).encode()).hexdigest()


def _describe(value: Any, name: str, functions: list[FunctionType]) -> Any:
    """Return a value in terms whose ``repr`` is the same in every process.

    Functions that were met on the way are referred to by their place: they may call each other.
    """
    kind = type(value)

    def describe(part: Any) -> Any:
        return _describe(part, name, functions)

    if kind in PLAIN:
        return kind.__name__, repr(value)
    if kind in (tuple, list):
        return kind.__name__, [describe(item) for item in value]
    if kind in (set, frozenset):
        return kind.__name__, sorted(repr(describe(item)) for item in value)
    if kind is dict:
        return "dict", [(describe(key), describe(item)) for key, item in value.items()]
    if (kind is np.ndarray or isinstance(value, np.generic)) and not value.dtype.hasobject:
        content = hashlib.sha256(value.tobytes()).hexdigest()
        return kind.__name__, repr(value.dtype), value.shape, content
    if kind is partial:
        return "partial", describe(value.func), describe(value.args), describe(value.keywords)
    if kind is CodeType:
        return "code", describe([getattr(value, f"co_{part}") for part in CODE])
    if kind is ModuleType and _is_installed(value.__name__):
        return "module", value.__name__
    if _is_from_library(value):
        return "library", value.__module__, value.__name__
    if isinstance(value, np.ufunc) and value in (
        getattr(library, value.__name__, None) for library in (np, special)
    ):
        return "ufunc", value.__name__
    if kind is FunctionType:
        return _describe_function(value, functions)
    raise ValueError(
        f"{name} rests on {value!r:.80}, a {kind.__name__}, which cannot be told from another: use "
        "functions, numbers, text, arrays and installed libraries alone"
    )


def _describe_function(function: FunctionType, functions: list[FunctionType]) -> Any:
    if function in functions:
        return "function", functions.index(function)
    functions.append(function)
    name, code = function.__name__, function.__code__
    for module in _names(code, {"IMPORT_NAME"}):
        if not _is_installed(module):
            raise ValueError(
                f"{name} imports {module}, which is not installed and may change: import the "
                "functions that it needs outside of it"
            )
    closure = tuple(cell.cell_contents for cell in function.__closure__ or ())
    own = code, function.__defaults__, function.__kwdefaults__, closure, function.__dict__
    described = [_describe(own, name, functions)]
    for load in sorted(function.__globals__.keys() & set(_names(code, LOADS))):
        used = _describe(function.__globals__[load], f"{load}, used by {name},", functions)
        described.append((load, used))
    return "function", described


def _names(code: CodeType, operations: set[str]) -> Iterator[str]:
    """Yield the names that a code and the codes within it load or import."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in operations:
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant, operations)


def _is_from_library(value: Any) -> bool:
    """Tell whether an installed library gives a function or class by its name."""
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", getattr(value, "__name__", None))
    if not isinstance(module, str) or not isinstance(name, str) or not _is_installed(module):
        return False
    with suppress(AttributeError):
        return attrgetter(name)(sys.modules.get(module)) is value
    return False


def _is_installed(module: str) -> bool:
    """Tell whether a module is Python's own, this package's or in a folder of libraries."""
    root = module.partition(".")[0]
    if root in sys.stdlib_module_names or root == "landscape_core":
        return True
    with suppress(ValueError):  # a program, or a module that was made by hand
        spec = find_spec(root)
        folders = Path(spec.origin).parts if spec and spec.origin else ()
        return "site-packages" in folders or "dist-packages" in folders
    return False
