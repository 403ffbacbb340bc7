"""What a network's outputs are and what they cost: each loss comes with its two derivatives.

The cost of a sample is a function of the weighted sums z that enter the output units. Nowhere is a
difference of nearly equal numbers taken, so that even a cost of 1e-30 is right to its last digits:
with s = 1 − 2t a sigmoid's error |σ(z) − t| is σ(s z), since 1 − σ(z) = σ(−z).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import numpy as np

from landscape_core._typing import Array
from landscape_core.activations import both_sides, sigmoid, softplus

__all__ = ["LOSSES", "Loss", "Output"]

Output = Literal["squared", "logistic", "softmax", "linear"]
Product = Callable[[Array], Array]  # a vector (…, n, outputs) to the second derivatives times it


class Loss(Protocol):
    """The outputs of a network and their cost, for sums z (…, n, outputs) and targets alike."""

    separable: bool  # whether the cost is a sum of functions of one output each
    targets: str  # "any", "binary" (0 or 1) or "one-hot" (one 1 a row)

    def outputs(self, z: Array) -> Array:
        """Return what the network puts out."""

    def value(self, z: Array, t: Array) -> Array:
        """Return the cost of each sample, shape (…, n)."""

    def derivatives(self, z: Array, t: Array) -> tuple[Array, Array, Product]:
        """Return the cost, its gradient by z, and what multiplies by its second derivatives."""


class SquaredError:
    """(σ(z) − t)², summed over the outputs."""

    separable, targets = True, "binary"
    outputs = staticmethod(sigmoid)

    def value(self, z: Array, t: Array) -> Array:
        """Return Σ σ(s z)²."""
        e = sigmoid((1 - 2 * t) * z)
        return _dot(e, e)

    def derivatives(self, z: Array, t: Array) -> tuple[Array, Array, Product]:
        """Return the cost and its derivatives, from both sides of the sigmoid."""
        s = 1 - 2 * t
        e, rest = both_sides(s * z)
        slope = 2 * e * e * rest
        bend = slope * (2 * rest - e)
        return _dot(e, e), s * slope, lambda v: bend * v


class Logistic:
    """−log of the probability σ(z) or 1 − σ(z) of the target, summed over the outputs."""

    separable, targets = True, "binary"
    outputs = staticmethod(sigmoid)

    def value(self, z: Array, t: Array) -> Array:
        """Return Σ log(1 + exp(s z))."""
        return np.asarray(softplus((1 - 2 * t) * z).sum(-1))

    def derivatives(self, z: Array, t: Array) -> tuple[Array, Array, Product]:
        """Return the cost and its derivatives."""
        s = 1 - 2 * t
        e, rest = both_sides(s * z)
        bend = e * rest
        return softplus(s * z).sum(-1), s * e, lambda v: bend * v


class Linear:
    """(z − t)², summed over the outputs: a regression."""

    separable, targets = True, "any"

    def outputs(self, z: Array) -> Array:
        """Return z."""
        return z

    def value(self, z: Array, t: Array) -> Array:
        """Return Σ (z − t)²."""
        return _dot(z - t, z - t)

    def derivatives(self, z: Array, t: Array) -> tuple[Array, Array, Product]:
        """Return the cost and its derivatives."""
        return _dot(z - t, z - t), 2 * (z - t), lambda v: 2 * v


class Softmax:
    """−log of the target's probability, exp(z) over its sum: cross-entropy."""

    separable, targets = False, "one-hot"

    def outputs(self, z: Array) -> Array:
        """Return the probabilities, which add up to 1."""
        p = np.exp(z - z.max(-1, keepdims=True))
        return np.asarray(p / p.sum(-1, keepdims=True))

    def value(self, z: Array, t: Array) -> Array:
        """Return log Σ exp(z) − z of the target, from the largest z on."""
        top = z.max(-1, keepdims=True)
        others = np.exp(z - top)
        others *= 1 - t
        below = top[..., 0] - _dot(z, t)
        return np.asarray(below + np.log1p(others.sum(-1) + np.expm1(-below)))

    def derivatives(self, z: Array, t: Array) -> tuple[Array, Array, Product]:
        """Return the cost and its derivatives; p − 1 of the target is minus all other p."""
        p = self.outputs(z)
        gradient = (1 - t) * p
        gradient -= t * gradient.sum(-1, keepdims=True)

        # From the most probable output on, no difference is taken of nearly equal numbers.
        first = np.eye(z.shape[-1])[z.argmax(-1)]

        def product(v: Array) -> Array:
            v = v - _dot(v, first)[..., None]
            return p * (v - _dot(p, v)[..., None])

        return self.value(z, t), gradient, product

    def without(self, z: Array, t: Array) -> tuple[Array, Array]:
        """Put some outputs together: return what they cost alone, and log Σ exp(z), shapes (n,).

        Where none of them is the target they cost nothing.
        """
        top = z.max(-1, keepdims=True)
        together = top[:, 0] + np.log(np.exp(z - top).sum(-1))
        here = t.any(-1)
        cost = np.zeros(len(z))
        cost[here] = self.value(z[here], t[here])
        return cost, together


def _dot(x: Array, y: Array) -> Array:
    """Multiply and sum along the outputs; quicker than others where there are few."""
    return np.asarray(np.einsum("...k,...k->...", x, y))


LOSSES: dict[Output, Loss] = {
    "squared": SquaredError(),
    "logistic": Logistic(),
    "softmax": Softmax(),
    "linear": Linear(),
}
