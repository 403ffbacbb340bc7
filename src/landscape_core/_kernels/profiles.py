"""The profiles of ridge planes: a sample's cost as a function Fₙ of the one number xₙ.

All but the last two are functions of e = 1 / (1 + exp(x)): the size of an output's error where F is
a loss, a hidden unit's own output where F is a series.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from landscape_core._kernels.kernel import sigmoid_of_minus
from landscape_core._typing import Array
from landscape_core.activations import Activation, Derivatives, balance, both_sides, softplus

Some = slice | NDArray[np.intp]  # of the samples


class Profile(ABC):
    """Fₙ(x) with two derivatives, for x of shape (…, n) and some of the samples."""

    @abstractmethod
    def total(self, x: Array, n: slice) -> Array:
        """Return the sum of F over the samples, and may overwrite x."""

    @abstractmethod
    def derivatives(self, x: Array, n: Some) -> Derivatives:
        """Return F, dF/dx and a function that returns d²F/dx²."""


class OfSigmoid(Profile):
    """A profile that is a function of e = 1 / (1 + exp(x))."""

    def total(self, x: Array, n: slice) -> Array:
        sigmoid_of_minus(x)
        return self.of_sigmoid(x, n)

    @abstractmethod
    def of_sigmoid(self, e: Array, n: slice) -> Array:
        """Return the sum of F over the samples."""


class SquaredSigmoid(OfSigmoid):
    """F = e²: the squared error of a sigmoid output."""

    def of_sigmoid(self, e: Array, n: slice) -> Array:
        return np.asarray(np.vecdot(e, e))

    def derivatives(self, x: Array, n: Some) -> Derivatives:
        rest, e = both_sides(x)
        square = np.multiply(e, e, out=e)
        slope = square * rest
        slope *= -2
        return square, slope, lambda: slope * (1 - 3 * rest)


class Softplus(Profile):
    """F = log(1 + exp(−x)): the logistic loss, and that of one output of a softmax."""

    def total(self, x: Array, n: slice) -> Array:
        return np.asarray(softplus(-x).sum(-1))

    def derivatives(self, x: Array, n: Some) -> Derivatives:
        rest, e = both_sides(x)
        return softplus(-x), -e, lambda: e * rest


@dataclass(frozen=True, eq=False)
class Series(OfSigmoid):
    """F is a Chebyshev series in t = 2e − 1, for what lies below a hidden unit."""

    coefficients: Array  # (degree + 1, n)
    remainders: Array  # (3, n): bounds on what they lack of F, F′ and F″ by t
    nodes: int  # at how many points F′ was evaluated

    @cached_property
    def slopes(self) -> Array:
        """The coefficients of dF/dt, shape (degree, n)."""
        return np.asarray(chebyshev.chebder(self.coefficients, axis=0), np.float64)

    @cached_property
    def bends(self) -> Array:
        """The coefficients of d²F/dt², shape (degree − 1, n)."""
        return np.asarray(chebyshev.chebder(self.slopes, axis=0), np.float64)

    def of_sigmoid(self, e: Array, n: slice) -> Array:
        return np.asarray(_evaluate(self.coefficients[:, n], 2 * e - 1).sum(-1))

    def derivatives(self, x: Array, n: Some) -> Derivatives:
        rest, e = both_sides(x)
        t, dt = balance(x, rest, e), -2 * e * rest
        slope = _evaluate(self.slopes[:, n], t)

        def bend() -> Array:
            return _evaluate(self.bends[:, n], t) * dt * dt + slope * dt * t

        return _evaluate(self.coefficients[:, n], t), slope * dt, bend


class Square(Profile):
    """F = x²: the squared error of a linear output."""

    def total(self, x: Array, n: slice) -> Array:
        return np.asarray(np.vecdot(x, x))

    def derivatives(self, x: Array, n: Some) -> Derivatives:
        return x * x, 2 * x, lambda: np.full_like(x, 2)


@dataclass(frozen=True, eq=False)
class Parabola(Profile):
    """F = |r + w φ(−x)|²: a unit of the last hidden layer before linear outputs."""

    activation: Activation
    length: Array  # (): |w|²
    along: Array  # (n,): where on the line r + u w its point nearest to 0 lies, as −u
    apart: Array  # (n,): and its squared distance from 0

    def total(self, x: Array, n: slice) -> Array:
        u = self.activation.value(-x) + self.along[n]
        return np.asarray(self.length * np.vecdot(u, u) + self.apart[n].sum())

    def derivatives(self, x: Array, n: Some) -> Derivatives:
        u, slope, bend = self.activation.derivatives(-x)
        u = u + self.along[n]

        def second() -> Array:
            return np.asarray(2 * self.length * (slope * slope + u * bend()))

        value = np.asarray(self.length * u * u + self.apart[n])
        return value, np.asarray(-2 * self.length * u * slope), second


def _evaluate(series: Array, t: Array) -> Array:
    """Sum Chebyshev series (terms, n) at t (…, n)."""
    return np.asarray(chebyshev.chebval(t, series, tensor=False), np.float64)
