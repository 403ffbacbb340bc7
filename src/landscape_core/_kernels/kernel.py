"""What every kernel has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from landscape_core._typing import Array, GradientFunction

DERIVATIVES = ("", "a", "b", "aa", "ab", "bb")  # the value itself, and by what it is differentiated
N_DERIVATIVES = (1, 3, 6)  # how many of them there are up to order 0, 1 and 2


class Kernel(ABC):
    """What every kernel computes, for flat arrays that are known to be finite."""

    @abstractmethod
    def points(self, a: Array, b: Array, order: int) -> Array:
        """Return the cost and its derivatives at M points, shape (M, N_DERIVATIVES[order])."""

    @abstractmethod
    def grid(self, a: Array, b: Array) -> Array:
        """Return the cost at every crossing of two axes, shape (len(b), len(a))."""

    def gradient_function(self, points: int) -> GradientFunction:
        """Return a function from weights (points, 2) to gradients (points, 2)."""
        return lambda weights: self.points(weights[:, 0], weights[:, 1], 1)[:, 1:]


def sigmoid_of_minus(x: Array) -> None:
    """Replace x by 1 / (1 + exp(x)), in place; an overflow is right, and the caller ignores it."""
    np.exp(x, out=x)
    x += 1
    np.divide(1.0, x, out=x)
