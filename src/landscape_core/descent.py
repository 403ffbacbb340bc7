"""Descents: where an optimizer leads from given starts, and the cost along the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape_core import _checks
from landscape_core._parallel import run, slices
from landscape_core._typing import Array, GradientFunction
from landscape_core.optimizers import Optimizer
from landscape_core.planes import Plane
from landscape_core.surface import Surface

__all__ = ["Descent", "descend"]

STARTS = 32  # starts that move together in one block


@dataclass(frozen=True, eq=False)
class Descent:
    """The paths of one or more descents on a plane.

    Row e belongs to the state after ``epochs[e]`` updates; weights and cost are those of the very
    same points.

    Parameters
    ----------
    epochs : ndarray of int, shape (k,)
        How many updates had been made.
    weights : ndarray, shape (k, starts, 2)
        The coordinates (a, b).
    cost : ndarray, shape (k, starts)
        The plane's cost at these coordinates.
    """

    epochs: NDArray[np.int64]
    weights: Array
    cost: Array


def descend(
    plane: Surface, starts: ArrayLike, optimizer: Optimizer, epochs: int, every: int = 1
) -> Descent:
    """Walk down a plane from all starts at once.

    Parameters
    ----------
    plane : Surface
        A plane, or anything else with a cost and a gradient.
    starts : array_like, shape (n, 2) or (2,)
        The coordinates (a, b) at which to begin.
    optimizer : Optimizer
        What turns gradients into steps, for instance ``GradientDescent(5.0)``.
    epochs : int
        How many updates to make, 0 or more.
    every : int
        Keep the state after every so many updates, and the last one in any case.

    Returns
    -------
    Descent
        With ``weights`` of shape (epochs + 1, n, 2) and ``cost`` (epochs + 1, n) for ``every=1``.

    Raises
    ------
    ValueError
        If a start is not a pair or not finite, or epochs or every are out of range.

    Examples
    --------
    >>> from landscape_core import GradientDescent, Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> descent = descend(plane, [(-9, 15), (-10.1, 15)], GradientDescent(5.0), epochs=100)
    >>> descent.weights.shape, descent.cost.shape
    ((101, 2, 2), (101, 2))
    >>> bool((descent.cost[-1] < descent.cost[0]).all())
    True
    """
    begin = np.atleast_2d(np.array(starts, dtype=np.float64))
    if begin.ndim != 2 or begin.shape[1] != 2 or len(begin) == 0:
        raise ValueError(f"starts have shape {begin.shape}: give pairs (a, b), at least one")
    if not np.isfinite(begin).all():
        bad = begin[~np.isfinite(begin).all(1)][0]
        raise ValueError(f"the start {tuple(bad.tolist())} is not finite: both numbers must be")
    epochs = _checks.whole("epochs", epochs, 0)
    every = _checks.whole("every", every, 1)
    kept = np.append(np.arange(0, epochs, every), epochs)
    weights = np.empty((len(kept), *begin.shape))

    def walk(part: slice) -> None:
        w = begin[part].copy()
        step = optimizer.stepper(_gradient_function(plane, len(w)))
        weights[0, part] = w
        with np.errstate(over="ignore"):
            for row, count in enumerate(np.diff(kept), start=1):
                for _ in range(count):
                    w += step(w)
                weights[row, part] = w

    run(walk, slices(len(begin), STARTS))
    return Descent(kept, weights, plane.cost(weights[..., 0], weights[..., 1]))


def _gradient_function(surface: Surface, points: int) -> GradientFunction:
    """Return the fastest function there is from weights (points, 2) to gradients (points, 2)."""
    if isinstance(surface, Plane):
        return surface._gradient_function(points)
    return lambda weights: surface.gradient(weights[:, 0], weights[:, 1])
