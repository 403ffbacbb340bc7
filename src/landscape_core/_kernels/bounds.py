"""Bounds over complex numbers, from which the length of a series is known before it is computed.

Each function takes z, radius and height, and bounds what it is named after over all x + iy with
|x − z| ≤ radius and |y| ≤ height. Where that is not analytic on all of them, it is infinite.
"""

from __future__ import annotations

import numpy as np

from landscape_core._typing import Array

#: The k of an activation k σ(k z) − (k − 1), which is tanh for 2.
SCALES = {"sigmoid": 1, "tanh": 2}


def sigmoid(z: Array, radius: Array, height: Array) -> Array:
    """Bound |σ|."""
    # |1 + exp(−x − iy)| is at least 1 and exp(−x), or where cos y < 0 that times |sin y|.
    y = np.clip(height, np.pi / 2, np.pi)
    largest = np.exp(np.minimum(z + radius, 0.0))
    return np.divide(largest, np.sin(y), out=np.full_like(largest, np.inf), where=height < np.pi)


def sigmoid_slope(z: Array, radius: Array, height: Array) -> Array:
    """Bound |σ′| = 1 / (2 (cosh x + cos y)), of which the poles lie at y = ±π."""
    nearest, _, y = _parts(z, radius, height)
    return np.divide(0.5, nearest + y, out=np.full_like(nearest, np.inf), where=height < np.pi)


def sigmoid_bend(z: Array, radius: Array, height: Array) -> Array:
    """Bound |σ″| = (cosh x − cos y)^½ / (2 (cosh x + cos y)^³ᐟ²), largest at cosh x = 2 cos y."""
    nearest, farthest, y = _parts(z, radius, height)
    x = np.clip(2 * y, nearest, farthest)
    bound = np.sqrt(np.maximum(x - y, 0) / (x + y)) / (x + y) / 2
    return np.where(height < np.pi, bound, np.inf)


def loss_slope(output: str, z: Array, radius: Array, height: Array, t: Array) -> Array:
    """Bound each |∂/∂z| of a loss."""
    if output == "linear":
        return 2 * (abs(z - t) + radius + height)
    if output == "softmax":
        return _softmax_slope(z, radius, height, t)
    x = (1 - 2 * t) * z
    error = sigmoid(x, radius, height)
    return error if output == "logistic" else 2 * error * sigmoid_slope(x, radius, height)


def _softmax_slope(z: Array, radius: Array, height: Array, t: Array) -> Array:
    """Bound |p − t|: all terms of the sum lie in one sector of less than a right angle."""
    top, sector = z.max(-1, keepdims=True), height.max(-1, keepdims=True)
    total = np.exp(z - top - radius).sum(-1, keepdims=True)
    p = (1 - t) * np.exp(z - top + radius) / total
    p = np.fmin(p + t * p.sum(-1, keepdims=True), 1)
    return np.where(sector < np.pi / 2, p / np.cos(np.minimum(sector, np.pi / 2)), np.inf)


def _parts(z: Array, radius: Array, height: Array) -> tuple[Array, Array, Array]:
    """Return the least and the largest cosh x, and the least cos y."""
    nearest, farthest = np.maximum(abs(z) - radius, 0), abs(z) + radius
    return _cosh(nearest), _cosh(farthest), np.cos(np.minimum(height, np.pi))


def _cosh(x: Array) -> Array:
    """Return cosh x, finite for every x: quicker by way of exp."""
    e = np.exp(np.minimum(x, 700))
    return np.asarray((e + 1 / e) / 2)
