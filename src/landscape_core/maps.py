"""Maps: how steep, how curved and how rough a plane is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from landscape_core import _checks
from landscape_core._typing import Array
from landscape_core.surface import Surface

__all__ = ["curvature_map", "gradient_norm_map", "roughness"]


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
    grid = np.meshgrid(_checks.axis("a_axis", a_axis), _checks.axis("b_axis", b_axis))
    lengths: Array = np.linalg.norm(plane.gradient(*grid), axis=-1)
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
    grid = np.meshgrid(_checks.axis("a_axis", a_axis), _checks.axis("b_axis", b_axis))
    return np.linalg.eigvalsh(plane.hessian(*grid)).astype(np.float64, copy=False)


def roughness(plane: Surface, a_axis: ArrayLike, b_axis: ArrayLike) -> float:
    """Compute how strongly a plane bends: the root mean square of its principal curvatures.

    Parameters
    ----------
    plane : Plane
        The surface, with its exact derivatives.
    a_axis, b_axis : array_like, shapes (n,) and (m,)
        Positions along the two axes of the plane; the mean is over their grid.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> round(roughness(plane, [0.47], [3.198]), 5)
    0.00085
    """
    curvatures = curvature_map(plane, a_axis, b_axis).ravel()
    return math.hypot(*curvatures) / math.sqrt(len(curvatures))  # squares would underflow
