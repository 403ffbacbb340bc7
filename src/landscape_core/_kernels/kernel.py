"""What every kernel has in common.

Everywhere an output's error p − t is written as ±σ(s z) with s = 1 − 2t, since 1 − σ(z) = σ(−z): no
difference of nearly equal numbers is ever taken, so that even a cost of 1e-30 is exact.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from landscape_core._typing import Array, GradientFunction
from landscape_core.mnist import Digits

COUNT = (1, 3, 6)  # the cost, its first and its second derivatives, up to order 0, 1 and 2


class Kernel(ABC):
    """What every kernel computes, for flat arrays that are known to be finite."""

    @abstractmethod
    def points(self, a: Array, b: Array, order: int) -> Array:
        """Return the parts of the cost at M points, shape (M, COUNT[order])."""

    @abstractmethod
    def grid(self, a: Array, b: Array) -> Array:
        """Return the cost at every crossing of two axes, shape (len(b), len(a))."""

    def gradient_function(self, points: int) -> GradientFunction:
        """Return a function from weights (points, 2) to gradients (points, 2)."""
        return lambda weights: self.points(weights[:, 0], weights[:, 1], 1)[:, 1:]


def signs(digits: Digits) -> Array:
    """Return s = 1 − 2t, shape (n, 10): −1 for the output that should be 1."""
    return 1 - 2 * digits.targets


def error(x: Array) -> None:
    """Replace x by 1 / (1 + exp(x)), in place; an overflow is right, and the caller ignores it."""
    np.exp(x, out=x)
    x += 1
    np.divide(1.0, x, out=x)
