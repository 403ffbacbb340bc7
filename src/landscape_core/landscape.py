"""A computed cost surface: two axes and the cost at every crossing."""

from __future__ import annotations

from dataclasses import dataclass

from landscape_core._blocks import Array

__all__ = ["Landscape"]


@dataclass(frozen=True, eq=False)
class Landscape:
    """The cost on a rectangular grid of a plane.

    Parameters
    ----------
    a : ndarray, shape (n,)
        Positions along the plane's first axis.
    b : ndarray, shape (m,)
        Positions along the plane's second axis.
    cost : ndarray, shape (m, n)
        ``cost[j, i]`` is the cost at ``(a[i], b[j])``: rows follow b, columns follow a.
    """

    a: Array
    b: Array
    cost: Array
