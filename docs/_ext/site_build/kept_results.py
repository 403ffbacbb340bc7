"""Keep the results of the package's costly calls, so that a figure is drawn again without them.

A script runs once in light colours and once in dark ones, and again when its prose has changed: its
numbers stay the same. While it runs, the package's costly functions look for the result of the same
call before they compute; the script does not know. A result is a whole file, named by a digest of
the call, in a folder named by the package's fingerprint.
"""

from __future__ import annotations

import functools
import inspect
import pickle
import shutil
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sphinx.application import Sphinx

import landscape_core
from landscape_core import Digits, Samples
from landscape_core._files import write_whole
from landscape_core.planes import Plane

from .fingerprint import package_fingerprint

COSTLY = (
    "curvature_map",
    "descend",
    "extreme_eigenpairs",
    "find_basins",
    "find_critical_points",
    "gradient_norm_map",
    "train",
)
UNUSED = 30 * 24 * 3600  # seconds after which a result that no script has asked for goes

# What warns is noted by a change to the whole process, so only one thread computes at a time.
_computing = threading.RLock()


def keep_results(gallery_conf: dict[str, Any], script: str | None = None) -> None:
    """Let the costly functions keep their results, in this process; sphinx-gallery calls this."""
    folder = _folder(gallery_conf) / package_fingerprint()
    folder.mkdir(parents=True, exist_ok=True)
    if hasattr(Plane.landscape, "__wrapped__"):
        return
    for name in COSTLY:
        function = getattr(landscape_core, name)
        kept = _keeping(function, folder)
        # Where it is defined, too: there pickle looks for it, when a survey sends it to a worker.
        for module in (landscape_core, sys.modules[function.__module__]):
            setattr(module, name, kept)
    setattr(Plane, "landscape", _keeping(Plane.landscape, folder))  # noqa: B010


def forget_old_results(app: Sphinx) -> None:
    """Remove the results of another package, and those that no script has needed for long."""
    for folder in _folder(app.config.sphinx_gallery_conf).glob("*"):
        if folder.name != package_fingerprint():
            shutil.rmtree(folder)
        else:
            for file in folder.iterdir():
                if file.stat().st_mtime < time.time() - UNUSED:
                    file.unlink()


def _folder(gallery_conf: dict[str, Any]) -> Path:
    return Path(gallery_conf["src_dir"], "_build", "kept_results")


def _keeping(function: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """Return a function that does the same, but computes each result once."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def keeping(*args: Any, **kwargs: Any) -> Any:
        try:
            call = signature.bind(*args, **kwargs)
            call.apply_defaults()
            place = folder / joblib.hash([function.__qualname__, _plain(call.arguments)])
        except TypeError:  # not to be told from another call: compute it, or raise its own error
            return function(*args, **kwargs)
        try:
            content = place.read_bytes()
            place.touch()
        except FileNotFoundError:
            content = _compute(function, call)
            write_whole(place, content)
        # What has just been computed is read back too: every run goes on from the same object.
        result, shown = pickle.loads(content)
        for warning in shown:
            warnings.warn_explicit(*warning)
        return result

    return keeping


def _compute(function: Callable[..., Any], call: inspect.BoundArguments) -> bytes:
    """Return a result, and the warnings on the way to it, as a file holds them."""
    with _computing, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*call.args, **call.kwargs)
    shown = [(str(w.message), w.category, w.filename, w.lineno) for w in caught]
    return pickle.dumps((result, shown), protocol=5)  # which remembers what is read-only


def _plain(value: Any) -> Any:
    """Return what tells an argument from every other, or raise a TypeError.

    An object of the package is what its attributes say. A function, or an object of a class that a
    script defines, may do anything.
    """
    if value is None or type(value) in (bool, int, float, str) or isinstance(value, np.generic):
        return value
    if type(value) is np.ndarray and value.dtype.kind in "biuf":
        return value
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(_plain, value)]
    if isinstance(value, dict):
        return ["dict", *((key, _plain(part)) for key, part in value.items())]
    if type(value) in (Samples, Digits):  # their checksum is computed once
        arrays = [(array.shape, str(array.dtype)) for array in (value.inputs, value.targets)]
        return [type(value).__name__, *arrays, value.checksum]
    if type(value).__module__.startswith("landscape_core."):
        parts = vars(value)
        if isinstance(value, Plane):  # its kernel follows from what it is made of
            parts = {name: part for name, part in parts.items() if not name.startswith("_")}
        return [type(value).__name__, _plain(parts)]
    raise TypeError(f"{value!r} may be anything")
