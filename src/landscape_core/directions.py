"""Directions of weight space: random ones, scaled to the network, and those of a path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape_core import _checks
from landscape_core._parallel import single_blas
from landscape_core._typing import Array
from landscape_core.network import (
    Direction,
    Network,
    check_direction,
    check_weight,
    flatten,
    unflatten,
)

__all__ = [
    "Projection",
    "filter_normalized",
    "principal_directions",
    "project",
    "random_direction",
    "weight_direction",
]


def random_direction(network: Network, seed: int) -> Direction:
    """Draw a direction whose entries are independent and standard normal, and 0 for biases.

    Parameters
    ----------
    network : Network
        Gives the shapes.
    seed : int
        Of ``np.random.default_rng``, 0 or more. Two such directions are nearly orthogonal, as there
        are so many weights.

    Raises
    ------
    ValueError
        If the seed is out of range.

    Examples
    --------
    >>> random_direction(Network.random(1, sizes=(2, 1)), seed=7)[0].round(3)
    array([[0.001, 0.299]])
    """
    draw = np.random.default_rng(_checks.whole("seed", seed, 0)).standard_normal
    direction = tuple(draw(w.shape) for w in network.weights)
    for d in direction:
        d[:, d.shape[1] - network.biases :] = 0
    return direction


def weight_direction(network: Network, weight: Sequence[int]) -> Direction:
    """Return the direction in which one weight alone changes: 1 there, 0 everywhere else.

    Parameters
    ----------
    network : Network
        Gives the shapes.
    weight : tuple of int
        The weight as (layer, unit, input), counted from 0.

    Raises
    ------
    ValueError
        If the network has no such weight.

    Examples
    --------
    >>> weight_direction(Network.random(1, sizes=(3, 2)), (0, 1, 2))
    (array([[0., 0., 0.],
           [0., 0., 1.]]),)
    """
    layer, unit, source = check_weight("weight", weight, network)
    direction = tuple(np.zeros(w.shape) for w in network.weights)
    direction[layer][unit, source] = 1
    return direction


def filter_normalized(direction: Sequence[Array], network: Network) -> Direction:
    """Scale a direction, unit by unit, to the length of the network's own weights.

    Each row, which holds the weights into one unit, gets the Euclidean length of the network's
    row: the filter normalisation of Li et al. A unit with large weights is then moved as much, in
    proportion, as one with small weights, and pictures of different networks can be compared.
    A layer of ReLU units that is scaled up while the next layer is scaled down, which changes
    nothing in the network, changes nothing in the picture either. (With a single unit that holds
    for the weights into it. Those out of it are parts of rows that other units share.) Biases stay
    where they are, as with Li et al.

    Parameters
    ----------
    direction : sequence of ndarray
        Shaped like the weights. A row of zeros stays one.
    network : Network
        Gives the lengths.

    Raises
    ------
    ValueError
        If the direction does not have the shapes of the weights or is not finite.

    References
    ----------
    H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein. Visualizing the Loss Landscape of Neural
    Nets. NeurIPS 2018. arXiv:1712.09913.

    Examples
    --------
    >>> network = Network([[[3.0, 4.0], [0.0, 0.5]]])
    >>> filter_normalized([np.array([[0.0, 1.0], [2.0, 0.0]])], network)
    (array([[0. , 5. ], [0.5, 0. ]]),)
    """
    scaled = []
    for d, w in zip(check_direction("direction", direction, network), network.weights, strict=True):
        inputs = w.shape[1] - network.biases
        d[:, inputs:] = 0
        (d, length, _), (_, wanted, exponent) = _measure(d, axis=1), _measure(w[:, :inputs], axis=1)
        length[length == 0] = 1
        scaled.append(np.ldexp(d * (wanted / length), exponent))
    return tuple(scaled)


def principal_directions(path: Sequence[Network], count: int = 2) -> list[Direction]:
    """Find the directions in which a path comes to its end: its principal components.

    As Li et al. do, the path is taken relative to its last network, where the plane that these
    directions span will have its centre; so it is not centred on its mean.

    Parameters
    ----------
    path : sequence of Network
        For instance ``Training.networks``.
    count : int
        How many directions, from 1 to one less than there are networks on the path.

    Returns
    -------
    list of tuple of ndarray
        Orthogonal directions of length 1, those that keep most of the path first. The path
        begins on the positive side of each.

    Raises
    ------
    ValueError
        If the networks are not of one shape, or the path does not spread so far.

    Examples
    --------
    >>> path = [Network([[[x, 2 * x]]]) for x in (3.0, 2.0, 1.0)]
    >>> principal_directions(path, count=1)[0][0].round(4)
    array([[0.4472, 0.8944]])
    """
    steps = _from_the_end(path)
    count = _checks.whole("count", count, 1)
    if count >= len(steps):
        raise ValueError(
            f"count is {count!r}: a path of {len(steps)} networks has from 1 to "
            f"{len(steps) - 1} principal directions"
        )
    with single_blas:  # the same bits on any number of cores
        _, lengths, rows = np.linalg.svd(steps, full_matrices=False)
        if lengths[count - 1] <= 1e-12 * lengths[0]:
            raise ValueError(f"count is {count}: the path spreads in fewer directions than that")
        rows = rows[:count] * np.where(rows[:count] @ steps[0] < 0, -1, 1)[:, None]
    return [unflatten(row, path[-1].weights) for row in rows]


@dataclass(frozen=True, eq=False, repr=False)
class Projection:
    """A path as seen in a plane.

    Parameters
    ----------
    coordinates : ndarray, shape (k, 2)
        Where (a, b) the plane comes nearest to each network of the path.
    share : float
        How much of the path the plane keeps: the sum of the squared distances from the path's
        end, seen in the plane, over that in the whole space. 1 for a path that lies in the plane.
    """

    coordinates: Array
    share: float

    def __repr__(self) -> str:
        return f"Projection({len(self.coordinates)} points, {self.share:.3%} of the path kept)"


def project(path: Sequence[Network], a: Sequence[Array], b: Sequence[Array]) -> Projection:
    """Project a path onto the plane through its end along two directions.

    Parameters
    ----------
    path : sequence of Network
        For instance ``Training.networks``.
    a, b : sequence of ndarray
        Two directions, of any length and at any angle but 0.

    Raises
    ------
    ValueError
        If the networks are not of one shape, a direction does not fit them, both are the same up
        to a factor, or one is so short that the coordinates along it are no numbers.

    Examples
    --------
    >>> path = [Network([[[x, 1.0, x]]]) for x in (3.0, 2.0, 1.0)]
    >>> seen = project(path, a=[np.array([[1.0, 0, 0]])], b=[np.array([[0, 1.0, 0]])])
    >>> seen.coordinates.round(12).tolist(), round(seen.share, 12)
    ([[2.0, 0.0], [1.0, 0.0], [0.0, 0.0]], 0.5)
    """
    steps = _from_the_end(path)
    pair = [check_direction(name, d, path[-1]) for name, d in (("a", a), ("b", b))]
    axes, lengths, exponents = _measure(np.stack([flatten(d) for d in pair], axis=1), axis=0)
    with single_blas:
        axes /= np.where(lengths, lengths, 1)  # however different the lengths, only angles count
        solution, _, rank, _ = np.linalg.lstsq(axes, steps.T)
    if rank < 2:
        raise ValueError(
            "a and b span no plane: choose two directions of which neither is zero "
            "or a multiple of the other"
        )
    seen = solution.T @ axes.T
    with np.errstate(over="ignore"):
        coordinates: Array = np.ldexp((solution / lengths.T).T, -exponents)
    if not np.isfinite(coordinates).all():
        raise ValueError("the coordinates along a or b leave the range of numbers: make it longer")
    whole = float((steps**2).sum())
    return Projection(coordinates, float((seen**2).sum()) / whole if whole else 1.0)


def _measure(arrays: Array, axis: int) -> tuple[Array, Array, NDArray[np.intc]]:
    """Scale arrays by powers of two to sizes around 1, so that their lengths can be computed.

    Returns
    -------
    scaled, lengths, exponents : ndarray
        The arrays, exactly, are ``scaled * 2.0**exponents``; the lengths are those of the scaled.
    """
    _, exponents = np.frexp(abs(arrays).max(axis=axis, keepdims=True))
    scaled = np.ldexp(arrays, -exponents)
    return scaled, np.linalg.norm(scaled, axis=axis, keepdims=True), exponents


def _from_the_end(path: Sequence[Network]) -> Array:
    """Return every network of a path less the last, shape (k, weights)."""
    shapes = {tuple(w.shape for w in network.weights) for network in path}
    if len(shapes) != 1:
        raise ValueError(
            f"the path has {len(path)} networks of {len(shapes)} shapes: give one or more, all "
            "of the same shape"
        )
    rows = np.stack([flatten(network.weights) for network in path])
    steps: Array = rows - rows[-1]
    return steps
