"""Checks of what callers hand in; every error names the value, the allowed range and the remedy."""

from __future__ import annotations

import math
from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape_core._typing import Array


def whole(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return a whole number of a range as an int.

    Examples
    --------
    >>> whole("epochs", 1e4, least=0)
    10000
    >>> whole("epochs", 2.5, least=0)
    Traceback (most recent call last):
    ...
    ValueError: epochs is 2.5: give a whole number, 0 or more
    """
    number = _number(value)
    if not number.is_integer() or number < least or (most is not None and number > most):
        allowed = f"{least} or more" if most is None else f"from {least} to {most:,}"
        raise ValueError(f"{name} is {value!r}: give a whole number, {allowed}")
    return int(value)  # type: ignore[call-overload,no-any-return]  # exact beyond 2⁵³


def kept_epochs(epochs: int, every: object) -> NDArray[np.int64]:
    """Return which of so many epochs are kept: every so many, and the last in any case.

    Examples
    --------
    >>> kept_epochs(7, every=3)
    array([0, 3, 6, 7])
    """
    return np.append(np.arange(0, epochs, whole("every", every, 1)), epochs)


def number(name: str, value: object) -> float:
    """Return a finite number as a float."""
    result = _number(value)
    if not math.isfinite(result):
        raise ValueError(f"{name} is {value!r}: give a finite number")
    return result


def positive(name: str, value: object) -> float:
    """Return a finite number above 0 as a float."""
    number = _number(value)
    if not 0 < number < math.inf:
        raise ValueError(f"{name} is {value!r}: it must be a finite number above 0")
    return number


def fraction(name: str, value: object) -> float:
    """Return a number from 0 to below 1 as a float."""
    number = _number(value)
    if not 0 <= number < 1:
        raise ValueError(f"{name} is {value!r}: it must be at least 0 and below 1")
    return number


def real(name: str, values: ArrayLike) -> Array:
    """Return real numbers of any shape as float64, in a new array."""
    if np.ma.isMaskedArray(values):
        raise ValueError(f"{name} is a masked array: fill or leave out what is masked")
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} has rows of different lengths: give each the same") from error
    if array.size and array.dtype.kind not in "iuf":
        remedy = ", of a sparse matrix its .toarray()" if hasattr(values, "toarray") else ""
        raise ValueError(f"{name} holds {array.dtype} values: give real numbers{remedy}")
    if array.dtype.itemsize <= 8:  # as nearly always, and quicker
        return array.astype(np.float64)
    with np.errstate(over="ignore"):  # infinite where float64 does not reach
        return array.astype(np.float64)


def finite(name: str, values: ArrayLike) -> Array:
    """Return finite real numbers of any shape as float64, in a new array."""
    array = real(name, values)
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)].flat[0]
        raise ValueError(f"{name} holds {bad}: every number must be finite")
    return array


def axis(name: str, values: ArrayLike) -> Array:
    """Return positions along an axis as float64, in one dimension and at least one."""
    positions = finite(name, values)
    if positions.ndim != 1 or positions.size == 0:
        raise ValueError(
            f"{name} has shape {positions.shape}: give one dimension and at least one position"
        )
    return positions


def interval(name: str, values: ArrayLike) -> tuple[float, float]:
    """Return the lower and the upper end of an interval that is not empty."""
    try:
        ends = finite(name, values)
    except ValueError:
        ends = np.empty(0)
    low, high = ends.tolist() if ends.shape == (2,) else (math.nan, math.nan)
    if not 0 < high - low < math.inf:
        raise ValueError(
            f"{name} is {values!r}: give two finite numbers, the lower one first, at a finite "
            "distance from each other"
        )
    return low, high


def _number(value: object) -> float:
    """Return a real number as a float, NaN for anything else."""
    if isinstance(value, bool | np.bool | str | bytes) or not isinstance(value, SupportsFloat):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
