"""Maps: how steep and how curved a plane is, and where descents from all over it end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from landscape_core._typing import Array
from landscape_core.descent import descend
from landscape_core.optimizers import Optimizer
from landscape_core.surface import Surface

__all__ = ["Basins", "curvature_map", "find_basins", "gradient_norm_map"]


def gradient_norm_map(plane: Surface, a_axis: ArrayLike, b_axis: ArrayLike) -> Array:
    """Compute the length of the gradient on the grid of two axes.

    Parameters
    ----------
    plane : Plane
        The surface, with its exact derivatives.
    a_axis, b_axis : array_like, shapes (n,) and (m,)
        Positions along the two axes of the plane.

    Returns
    -------
    ndarray, shape (m, n)
        Rows follow b, columns follow a.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> gradient_norm_map(plane, [-9.0, 0.47], [3.198]).round(5)
    array([[0.00185, 0.     ]])
    """
    lengths: Array = np.linalg.norm(plane.gradient(*np.meshgrid(a_axis, b_axis)), axis=-1)
    return lengths


def curvature_map(plane: Surface, a_axis: ArrayLike, b_axis: ArrayLike) -> Array:
    """Compute the two principal curvatures on the grid of two axes.

    They are the eigenvalues of the Hessian. Where the smaller one is negative, the surface bends
    downwards in some direction.

    Parameters
    ----------
    plane : Plane
        The surface, with its exact derivatives.
    a_axis, b_axis : array_like, shapes (n,) and (m,)
        Positions along the two axes of the plane.

    Returns
    -------
    ndarray, shape (m, n, 2)
        Rows follow b, columns follow a; the smaller curvature comes first.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> curvature_map(plane, [0.47], [3.198]).round(5)
    array([[[-0.00119,  0.00018]]])
    """
    hessian = plane.hessian(*np.meshgrid(a_axis, b_axis))
    return np.linalg.eigvalsh(hessian).astype(np.float64, copy=False)


@dataclass(frozen=True, eq=False)
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

    Examples
    --------
    >>> from landscape_core import GradientDescent, Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> basins = find_basins(plane, [-9, -11], [15], GradientDescent(5.0), epochs=2000)
    >>> basins.ends.round(1)
    array([[[  0.7,   5.7],
            [-11. ,   0.9]]])
    """
    a, b = (np.array(axis, dtype=np.float64) for axis in (a_axis, b_axis))
    starts = np.stack(np.meshgrid(a, b), axis=-1)
    descent = descend(plane, starts.reshape(-1, 2), optimizer, epochs, every=max(epochs, 1))
    ends = descent.weights[-1].reshape(starts.shape)
    return Basins(a, b, ends, descent.cost[-1].reshape(starts.shape[:2]))
