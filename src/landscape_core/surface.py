"""What descents, maps and searches walk on: anything with a cost and its exact derivatives."""

from __future__ import annotations

from typing import Protocol

from numpy.typing import ArrayLike

from landscape_core._typing import Array

__all__ = ["Surface"]


class Surface(Protocol):
    """A cost over two coordinates with its exact first and second derivatives.

    Every plane is one. A class of your own that has these three methods is one too, and can be
    handed to every function that takes a surface. The methods take `a` and `b` as arrays that
    broadcast against each other.
    """

    def cost(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return the cost at (a, b), with the broadcast shape of a and b."""
        ...

    def gradient(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return (∂J/∂a, ∂J/∂b), with one trailing axis of length 2."""
        ...

    def hessian(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return the second derivatives, with two trailing axes of length 2."""
        ...
