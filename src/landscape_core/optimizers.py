"""Optimizers: how a point on a plane moves, given the gradient of the cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from landscape_core._blocks import Array

__all__ = ["GradientDescent", "Optimizer"]

Slope = Callable[[Array], Array]


class Optimizer(Protocol):
    """Anything that can turn a gradient function into a step function."""

    def stepper(self, slope: Slope) -> Slope:
        """Return a function from the weights (n, 2) to their next displacement (n, 2).

        Parameters
        ----------
        slope : callable
            Gives the gradient of the cost (n, 2) at weights (n, 2). Its result is overwritten by
            its next call.
        """
        ...


@dataclass(frozen=True)
class GradientDescent:
    """Plain gradient descent: w ← w − η ∇J(w).

    Parameters
    ----------
    learning_rate : float
        η, above 0. The article's 10 is 5 here, since its gradient lacks a factor of two.

    Examples
    --------
    >>> step = GradientDescent(learning_rate=0.1).stepper(lambda w: 2 * w)
    >>> step(3.0)
    -0.6000000000000001
    """

    learning_rate: float = 5.0

    def __post_init__(self) -> None:
        check_positive("learning_rate", self.learning_rate)

    def stepper(self, slope: Slope) -> Slope:
        """Return the function that gives −η ∇J."""
        return lambda weights: -self.learning_rate * slope(weights)


def check_positive(name: str, value: float) -> None:
    """Raise a ValueError unless the value is finite and above 0."""
    if not 0 < value < float("inf"):
        raise ValueError(f"{name} is {value!r}: it must be a finite number above 0")
