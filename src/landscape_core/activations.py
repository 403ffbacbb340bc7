"""What a hidden layer does with its weighted sums: each activation is three functions of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr

from landscape_core._typing import Array

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Derivatives",
    "Hidden",
    "balance",
    "both_sides",
    "sigmoid",
    "softplus",
]

LARGEST_EXPONENT = 708.0  # exp(708) is finite, and 1 / exp(708) still has all its digits

Hidden = Literal["sigmoid", "tanh", "relu", "softplus", "gelu", "identity"]
Derivatives = tuple[Array, Array, Callable[[], Array]]  # the second one is not always wanted


@dataclass(frozen=True)
class Activation:
    """A function φ that a layer applies to each of its weighted sums z.

    Parameters
    ----------
    value : callable
        From z to φ(z), a new array.
    derivatives : callable
        From z to φ(z), φ′(z) and a function that returns φ″(z).
    curved : bool
        Whether φ″ is not 0 everywhere.
    """

    value: Callable[[Array], Array]
    derivatives: Callable[[Array], Derivatives]
    curved: bool = True

    def __reduce__(self) -> tuple[Callable[[Hidden], Activation], tuple[Hidden]]:
        return _named, (next(name for name, other in ACTIVATIONS.items() if other is self),)


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
    np.minimum(rest, LARGEST_EXPONENT, out=rest)
    np.exp(rest, out=rest)
    s = rest + 1
    np.divide(1.0, s, out=s)
    rest *= s
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


def _sigmoid_derivatives(z: Array) -> Derivatives:
    s, rest = both_sides(z)
    slope = s * rest
    return s, slope, lambda: slope * balance(z, s, rest)


def _tanh_derivatives(z: Array) -> Derivatives:
    t, (s, rest) = np.tanh(z), both_sides(2 * z)
    slope = 4 * s * rest
    return t, slope, lambda: -2 * t * slope


def _softplus_derivatives(z: Array) -> Derivatives:
    s, rest = both_sides(z)
    return softplus(z), s, lambda: s * rest


def _gelu_derivatives(z: Array) -> Derivatives:
    below, density = ndtr(z), np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return z * below, below + z * density, lambda: density * (2 - z * z)


def _named(name: Hidden) -> Activation:
    return ACTIVATIONS[name]


ACTIVATIONS: dict[Hidden, Activation] = {
    "sigmoid": Activation(sigmoid, _sigmoid_derivatives),
    "tanh": Activation(np.tanh, _tanh_derivatives),
    "relu": Activation(  # its kink has no second derivative, and counts as flat
        lambda z: np.maximum(z, 0.0),
        lambda z: (np.maximum(z, 0.0), (z > 0).astype(np.float64), lambda: np.zeros_like(z)),
        curved=False,
    ),
    "softplus": Activation(softplus, _softplus_derivatives),
    "gelu": Activation(lambda z: z * ndtr(z), _gelu_derivatives),
    "identity": Activation(
        lambda z: +z, lambda z: (+z, np.ones_like(z), lambda: np.zeros_like(z)), curved=False
    ),
}
