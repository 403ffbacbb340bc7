"""What a hidden layer does with its weighted sums: each activation is three functions of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy.special import ndtr

from landscape_core._typing import Array

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Derivatives",
    "balance",
    "both_sides",
    "sigmoid",
    "sigmoid_bound",
    "softplus",
]


Derivatives = tuple[Array, Array, Callable[[], Array]]  # the second one is not always wanted


class Activation(Protocol):
    """A function φ that a layer applies to each of its weighted sums z."""

    def value(self, z: Array) -> Array:
        """Return φ(z)."""
        ...

    def derivatives(self, z: Array) -> Derivatives:
        """Return φ(z), φ′(z) and a function that returns φ″(z)."""
        ...

    def slope_bound(self, z: Array, radius: Array, height: Array) -> Array:
        """Bound |φ′| over complex numbers x + iy with |x − z| ≤ radius and |y| ≤ height.

        It is infinite where φ is not analytic on all of them.
        """
        ...


def sigmoid(z: Array) -> Array:
    """Return the logistic function 1 / (1 + exp(-z)) of an array, finite for every z.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    s = np.negative(z)  # the one array that is allocated: a second would cost more than all else
    with np.errstate(over="ignore"):  # exp(1000) is inf, and 1 / (1 + inf) is the 0 we want
        np.exp(s, out=s)
    np.add(s, 1.0, out=s)
    return np.divide(1.0, s, out=s)


def both_sides(z: Array) -> tuple[Array, Array]:
    """Return σ(z) and 1 − σ(z) = σ(−z), each right to its last digits."""
    rest = np.negative(z)
    with np.errstate(over="ignore", invalid="ignore"):
        np.exp(rest, out=rest)
        s = rest + 1
        np.divide(1.0, s, out=s)
        rest *= s
        np.fmin(rest, 1.0, out=rest)  # 1 where it was inf · 0
    return s, rest


def balance(z: Array, s: Array, rest: Array) -> Array:
    """Return σ(−z) − σ(z) = −tanh(z / 2) from both sides; around 0 their digits would not do."""
    return np.asarray(-np.tanh(z / 2) if abs(z).max(initial=0) < 0.1 else rest - s)


def softplus(z: Array) -> Array:
    """Return log(1 + exp(z)), finite and right to the last digits for every z.

    Examples
    --------
    >>> softplus(np.array([-1000.0, -50.0, 0.0, 1000.0]))
    array([0.00000000e+00, 1.92874985e-22, 6.93147181e-01, 1.00000000e+03])
    """
    small = np.log1p(np.exp(-abs(z)))
    return np.add(small, np.maximum(z, 0.0), out=small)


def _sigmoid_slope_bound(z: Array, radius: Array, height: Array) -> Array:
    # |σ′(x + iy)| = 1 / (2 (cosh x + cos y)), and the poles lie at y = ±π.
    nearest = np.clip(abs(z) - radius, 0, 700)
    below: Array = 2 * (np.cosh(nearest) + np.cos(np.minimum(height, np.pi)))
    result = np.full_like(below, np.inf)
    return np.divide(1.0, below, out=result, where=height < np.pi)


def sigmoid_bound(z: Array, radius: Array, height: Array) -> Array:
    """Bound |σ| over complex numbers, in the way of `Activation.slope_bound`."""
    # |1 + exp(−x − iy)| is at least 1 and exp(−x), or where cos y < 0 that times |sin y|.
    y = np.clip(height, np.pi / 2, np.pi)
    largest = np.exp(np.minimum(z + radius, 0.0))
    return np.divide(largest, np.sin(y), out=np.full_like(largest, np.inf), where=height < np.pi)


class Sigmoid:
    """σ(z) = 1 / (1 + exp(−z))."""

    value = staticmethod(sigmoid)
    slope_bound = staticmethod(_sigmoid_slope_bound)

    def derivatives(self, z: Array) -> Derivatives:
        """Return the value and two derivatives, none of them by a difference from 1."""
        s, rest = both_sides(z)
        slope = s * rest
        return s, slope, lambda: slope * balance(z, s, rest)


class Tanh:
    """The hyperbolic tangent."""

    def value(self, z: Array) -> Array:
        """Return tanh z."""
        return np.tanh(z)

    def derivatives(self, z: Array) -> Derivatives:
        """Return the value and two derivatives, none of them by a difference from 1."""
        t = np.tanh(z)
        s, rest = both_sides(2 * z)
        slope = 4 * s * rest
        return t, slope, lambda: -2 * t * slope

    def slope_bound(self, z: Array, radius: Array, height: Array) -> Array:
        """Bound |φ′|: tanh z = 2 σ(2z) − 1."""
        return 4 * _sigmoid_slope_bound(2 * z, 2 * radius, 2 * height)


class Relu:
    """max(z, 0); its kink has no second derivative, and counts as flat."""

    def value(self, z: Array) -> Array:
        """Return max(z, 0)."""
        return np.maximum(z, 0.0)

    def derivatives(self, z: Array) -> Derivatives:
        """Return the value and the derivatives of the linear pieces."""
        return np.maximum(z, 0.0), (z > 0).astype(np.float64), lambda: np.zeros_like(z)

    def slope_bound(self, z: Array, radius: Array, height: Array) -> Array:
        """Bound |φ′|, where no kink is near."""
        return np.where(abs(z) <= radius, np.inf, (z > 0) * 1.0) + 0 * height


class Softplus:
    """log(1 + exp(z))."""

    value = staticmethod(softplus)
    slope_bound = staticmethod(sigmoid_bound)

    def derivatives(self, z: Array) -> Derivatives:
        """Return the value and two derivatives."""
        s, rest = both_sides(z)
        return softplus(z), s, lambda: s * rest


class Gelu:
    """z Φ(z), with the distribution function Φ of the standard normal."""

    def value(self, z: Array) -> Array:
        """Return z Φ(z)."""
        return np.asarray(z * ndtr(z))

    def derivatives(self, z: Array) -> Derivatives:
        """Return the value and two derivatives."""
        below, density = ndtr(z), np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
        return z * below, below + z * density, lambda: density * (2 - z * z)

    def slope_bound(self, z: Array, radius: Array, height: Array) -> Array:
        """Bound |Φ(z) + z Φ′(z)|: Φ is at most 1 plus a path off the real axis."""
        nearest, farthest = np.maximum(abs(z) - radius, 0), abs(z) + radius
        density = np.exp((height**2 - nearest**2) / 2) / np.sqrt(2 * np.pi)
        return np.asarray(1 + (farthest + 2 * height) * density)


class Identity:
    """φ(z) = z: layers without an activation."""

    def value(self, z: Array) -> Array:
        """Return a copy of z."""
        return +z

    def derivatives(self, z: Array) -> Derivatives:
        """Return a copy of z, 1 and 0."""
        return +z, np.ones_like(z), lambda: np.zeros_like(z)

    def slope_bound(self, z: Array, radius: Array, height: Array) -> Array:
        """Return 1."""
        return np.ones_like(z + radius + height)


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Sigmoid(),
    "tanh": Tanh(),
    "relu": Relu(),
    "softplus": Softplus(),
    "gelu": Gelu(),
    "identity": Identity(),
}
