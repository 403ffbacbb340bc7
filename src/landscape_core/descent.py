"""Descents: where an optimizer leads from given starts, or from all over a plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape_core import _checks
from landscape_core._kernels import Ridge
from landscape_core._kernels.profiles import Square
from landscape_core._parallel import checkpoint, run, slices
from landscape_core._progress import Progress
from landscape_core._typing import Array, GradientFunction
from landscape_core.optimizers import Optimizer
from landscape_core.planes import Plane
from landscape_core.surface import Surface

__all__ = ["Basins", "Descent", "descend", "find_basins"]

STARTS = 32  # that move together in one block, or more where an epoch of them is too little work
WORK = 20_000  # starts times samples: less is hardly more than the calls that it takes
ONCE = (None,)
REPORT = 16  # epochs from one report of progress to the next


@dataclass(frozen=True, eq=False, repr=False)
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

    def __repr__(self) -> str:
        low, high = self.cost[-1].min(), self.cost[-1].max()
        return (
            f"Descent({self.cost.shape[1]} starts, {self.epochs[-1]:,} epochs, "
            f"cost {low:.6g} to {high:.6g} at the end)"
        )


def descend(
    plane: Surface,
    starts: ArrayLike,
    optimizer: Optimizer,
    epochs: int,
    every: int = 1,
    batch: int | None = None,
    seed: int = 0,
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
        How often to go through the samples, 0 or more: so many updates without batches.
    every : int
        Keep the state after every so many epochs, and the last one in any case.
    batch : int, optional
        How many samples each update looks at, in an order drawn afresh for each epoch and the
        same for all starts; by default all.
    seed : int
        For the order of the samples, from 0 to 2³² − 1.

    Returns
    -------
    Descent
        With ``weights`` of shape (epochs + 1, n, 2) and ``cost`` (epochs + 1, n) for ``every=1``.

    Raises
    ------
    ValueError
        If a start is not a pair or not finite, a number is out of range, or batches are asked of a
        surface that keeps no number for each sample.
    FloatingPointError
        If a descent leaves the range of numbers: the learning rate is too large.

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
    begin = np.atleast_2d(_checks.real("starts", starts))
    if begin.ndim != 2 or begin.shape[1] != 2 or len(begin) == 0:
        raise ValueError(f"starts have shape {begin.shape}: give pairs (a, b), at least one")
    if not np.isfinite(begin).all():
        bad = begin[~np.isfinite(begin).all(1)][0]
        raise ValueError(f"the start {tuple(bad.tolist())} is not finite: both numbers must be")
    epochs = _checks.whole("epochs", epochs, 0)
    batch = None if batch is None else _checks.whole("batch", batch, 1)
    seed = _checks.whole("seed", seed, 0, 2**32 - 1)
    kept = _checks.kept_epochs(epochs, every)
    due = kept.tolist()
    weights = np.empty((len(kept), *begin.shape))

    @np.errstate(over="ignore", invalid="ignore")
    def walk(part: slice) -> None:
        w = begin[part].copy()
        batches = None if batch is None else _Batches(plane, batch, seed)
        gradient = batches.gradient if batches else _gradient_function(plane, len(w))
        step = optimizer.stepper(gradient)
        weights[0, part] = w
        row = 1
        for epoch in range(1, epochs + 1):
            for _ in batches or ONCE:
                w += step(w)
            if epoch == due[row]:
                weights[row, part] = w
                row += 1
            if epoch % REPORT == 0:
                bar.update(REPORT * len(w))
            checkpoint()

    with Progress(epochs * len(begin), "step") as bar:
        run(walk, slices(len(begin), _together(plane)), bar)
    if not np.isfinite(weights).all():
        row, start, _ = np.argwhere(~np.isfinite(weights))[0]
        raise FloatingPointError(
            f"the descent from {tuple(begin[start].tolist())} has left the range of numbers by "
            f"epoch {kept[row]}: take a smaller learning rate"
        )
    return Descent(kept, weights, plane.cost(weights[..., 0], weights[..., 1]))


@dataclass(frozen=True, eq=False, repr=False)
class Basins:
    """Where the descents from a grid of starts end.

    Parameters
    ----------
    a : ndarray, shape (n,)
        Positions of the starts along the plane's first axis.
    b : ndarray, shape (m,)
        Positions of the starts along the plane's second axis.
    ends : ndarray, shape (m, n, 2)
        ``ends[j, i]`` holds the coordinates at which the descent from ``(a[i], b[j])`` ends.
    cost : ndarray, shape (m, n)
        The cost at these ends.
    """

    a: Array
    b: Array
    ends: Array
    cost: Array

    def __repr__(self) -> str:
        rows, columns = self.cost.shape
        low, high = self.cost.min(), self.cost.max()
        return f"Basins({columns} × {rows} starts, cost {low:.6g} to {high:.6g} at their ends)"


def find_basins(
    plane: Surface, a_axis: ArrayLike, b_axis: ArrayLike, optimizer: Optimizer, epochs: int
) -> Basins:
    """Descend from every crossing of two axes.

    Parameters
    ----------
    plane : Surface
        A plane, or anything else with a cost and a gradient.
    a_axis, b_axis : array_like, shapes (n,) and (m,)
        Positions of the starts along the two axes of the plane.
    optimizer : Optimizer
        What turns gradients into steps.
    epochs : int
        How many updates each descent makes.

    Returns
    -------
    Basins
        The end of each descent; nothing in between is kept.

    Raises
    ------
    ValueError
        If an axis is not one-dimensional or not finite, or epochs are out of range.
    FloatingPointError
        If a descent leaves the range of numbers: the learning rate is too large.

    Examples
    --------
    >>> from landscape_core import GradientDescent, Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> basins = find_basins(plane, [-9, -11], [15], GradientDescent(5.0), epochs=2000)
    >>> basins.ends.round(1)
    array([[[  0.7,   5.7],
            [-11. ,   0.9]]])
    """
    a, b = _checks.axis("a_axis", a_axis), _checks.axis("b_axis", b_axis)
    epochs = _checks.whole("epochs", epochs, 0)
    starts = np.stack(np.meshgrid(a, b), axis=-1)
    descent = descend(plane, starts.reshape(-1, 2), optimizer, epochs, every=max(epochs, 1))
    ends = descent.weights[-1].reshape(starts.shape)
    return Basins(a, b, ends, descent.cost[-1].reshape(starts.shape[:2]))


def _together(surface: Surface) -> int:
    """Return how many starts move together; the answer does not depend on the number of cores."""
    return max(STARTS, WORK // len(surface.samples)) if isinstance(surface, Plane) else STARTS


class _Batches:
    """The batches of one epoch after the other, and the gradient over the one whose turn it is."""

    def __init__(self, surface: Surface, batch: int, seed: int) -> None:
        kernel = surface._kernel if isinstance(surface, Plane) else None
        if not isinstance(kernel, Ridge) or isinstance(kernel.profile, Square):
            raise ValueError(
                f"batch is {batch}, but {type(surface).__name__} does not keep a number for each "
                "sample: give batch=None, or take the plane of two weights into one output that is "
                "not linear, or into one sigmoid or tanh unit"
            )
        self.kernel = kernel
        self.batch = batch
        self.order = np.arange(kernel.count)
        self.generator = np.random.RandomState(seed)  # which other programs can have, too

    def __iter__(self) -> Iterator[None]:
        if self.batch < len(self.order):
            self.generator.shuffle(self.order)
        for begin in range(0, len(self.order), self.batch):
            self.turn = self.order[begin : begin + self.batch]
            yield

    def gradient(self, weights: Array) -> Array:
        return self.kernel.batch_gradient(weights, self.turn)


def _gradient_function(surface: Surface, points: int) -> GradientFunction:
    """Return the fastest function there is from weights (points, 2) to gradients (points, 2)."""
    if isinstance(surface, Plane):
        return surface._gradient_function(points)

    def gradient(weights: Array) -> Array:
        found = np.asarray(surface.gradient(weights[:, 0], weights[:, 1]))
        if found.shape != weights.shape:
            raise ValueError(
                f"the surface's gradient has shape {found.shape} at {points} points: it must have "
                f"{weights.shape}, a pair for each"
            )
        return found

    return gradient
