"""Gradient and curvature of the cost over all weights of a network, not over two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from landscape_core._parallel import run, single_blas, slices
from landscape_core._typing import Array
from landscape_core.activations import sigmoid
from landscape_core.mnist import Digits
from landscape_core.network import (
    Direction,
    Network,
    check_direction,
    check_samples,
    flatten,
    unflatten,
)

__all__ = ["Eigenpair", "extreme_eigenpairs", "gradient", "hessian_product"]

SAMPLES = 256  # digits that pass the network together: their activations stay in cache
PARTS = 16  # into how many parts the digits are cut, at most: one array of sums for each


@dataclass(frozen=True, eq=False)
class Eigenpair:
    """An eigenvalue of the Hessian with its eigenvector.

    Parameters
    ----------
    value : float
        The curvature λ of the cost along the direction.
    direction : tuple of ndarray
        The eigenvector v of length 1, shaped like the weights; its largest entry is positive.
    residual : float
        The length of H v − λ v. An eigenvalue of the Hessian lies this near to λ, or nearer.
    """

    value: float
    direction: Direction
    residual: float


def gradient(network: Network, digits: Digits) -> Direction:
    """Return the derivatives of the cost by every weight, shaped like the weights.

    Examples
    --------
    >>> from landscape_core import load_mnist
    >>> [part.shape for part in gradient(Network.random(135), load_mnist(100))]
    [(50, 784), (500, 50), (10, 500)]
    """
    return _backpropagate(network, digits, None)


def hessian_product(network: Network, digits: Digits, direction: Sequence[Array]) -> Direction:
    """Return the Hessian of the cost over all weights, times a direction.

    The product is exact and costs about two gradients: B. A. Pearlmutter, Fast Exact
    Multiplication by the Hessian, Neural Computation 6(1), 1994. The Hessian itself, one row for
    each of 69,200 weights, is never formed. For ReLU units it is that of the linear pieces.

    Parameters
    ----------
    network : Network
        Where the Hessian is taken.
    digits : Digits
        The samples over which the cost is a mean.
    direction : sequence of ndarray
        Shaped like the weights.

    Raises
    ------
    ValueError
        If the direction does not have the shapes of the weights or is not finite.

    Examples
    --------
    >>> from landscape_core import load_mnist
    >>> network = Network.random(135)
    >>> product = hessian_product(network, load_mnist(100), network.weights)
    >>> [part.shape for part in product]
    [(50, 784), (500, 50), (10, 500)]
    """
    return _backpropagate(network, digits, check_direction("direction", direction, network))


def extreme_eigenpairs(
    network: Network,
    digits: Digits,
    smallest: int = 1,
    largest: int = 1,
    tolerance: float = 1e-6,
    iterations: int = 100,
) -> list[Eigenpair]:
    """Find the most negative and the most positive curvatures of the cost over all weights.

    Lanczos iteration on `hessian_product`, from a start vector that is always the same.

    Parameters
    ----------
    network : Network
        Where the Hessian is taken.
    digits : Digits
        The samples over which the cost is a mean.
    smallest, largest : int
        How many eigenvalues from either end, 0 or more, together at least 1.
    tolerance : float
        Where to stop: when ‖H v − λ v‖ is below this share of the size of λ.
    iterations : int
        How many times the Lanczos iteration may be restarted.

    Returns
    -------
    list of Eigenpair
        First the smallest, then the largest, in ascending order.

    Raises
    ------
    ValueError
        If the counts are out of range.
    RuntimeError
        If the iteration has not converged.

    Examples
    --------
    >>> from landscape_core import load_mnist
    >>> low, high = extreme_eigenpairs(Network.random(1, sizes=(784, 3, 10)), load_mnist(50))
    >>> low.value < 0 < high.value
    True
    """
    size = sum(w.size for w in network.weights)
    if min(smallest, largest) < 0 or not 1 <= smallest + largest <= size // 2:
        raise ValueError(
            f"smallest={smallest} and largest={largest} eigenvalues are asked for: both must be "
            f"0 or more, and their sum from 1 to {size // 2} for a network of {size} weights"
        )

    def multiply(vector: Array) -> Array:
        return flatten(_backpropagate(network, digits, unflatten(vector, network.weights)))

    if smallest and largest:
        end, count = "BE", 2 * max(smallest, largest)  # as many from either end
    else:
        end, count = "LA" if largest else "SA", smallest + largest
    try:
        with single_blas:
            values, vectors = eigsh(
                LinearOperator((size, size), matvec=multiply, dtype=np.float64),
                k=count,
                which=end,
                v0=np.random.default_rng(0).standard_normal(size),
                tol=tolerance,
                maxiter=iterations,
            )
    except ArpackNoConvergence as error:
        raise RuntimeError(
            f"not converged: after {iterations} restarts {len(error.eigenvalues)} of {count} "
            f"eigenvalues were found within {tolerance:g}; allow more iterations or a larger "
            "tolerance"
        ) from None
    ascending = np.argsort(values)
    pairs = []
    for i in [*ascending[:smallest], *ascending[count - largest :]]:
        value, vector = float(values[i]), vectors[:, i]
        residual = float(np.linalg.norm(multiply(vector) - value * vector))
        vector *= np.sign(vector[abs(vector).argmax()])
        pairs.append(Eigenpair(value, unflatten(vector.copy(), network.weights), residual))
    return pairs


def _backpropagate(network: Network, digits: Digits, direction: Direction | None) -> Direction:
    """Return the gradient or, with a direction, the gradient's derivative along it."""
    check_samples(network, digits)
    signs = 1 - 2 * digits.targets
    parts = list(slices(len(digits), max(SAMPLES, -(-len(digits) // PARTS))))
    sums = np.zeros((len(parts), sum(w.size for w in network.weights)))

    def fill(part: slice) -> None:
        total = unflatten(sums[parts.index(part)], network.weights)
        images, s = digits.images[part], signs[part]
        for n in slices(len(images), SAMPLES):
            _add_samples(network, images[n].astype(np.float64), s[n], direction, total)

    run(fill, parts)
    return unflatten(sums.sum(0) / len(digits), network.weights)


def _add_samples(
    network: Network, images: Array, signs: Array, direction: Direction | None, total: Direction
) -> None:
    """Add what some digits contribute.

    Along their first axis, arrays hold the values and, given a direction, their derivatives along
    it. Outputs are treated as ±σ(s z), their errors, with s = 1 − 2t.
    """
    last = len(network.weights) - 1
    h = images[None]  # the derivative of the images is zero, and left out
    inputs, slopes, bends = [], [], []
    for layer, w in enumerate(network.weights):
        inputs.append(h)
        z = h @ w.T
        if direction is not None:
            moved = h[:1] @ direction[layer].T
            z = np.concatenate([z[:1], z[1:] + moved if layer else moved])
        if layer == last:
            break
        value, slope, bend = _activation(network, z[0])
        slopes.append(slope)
        bends.append(bend * z[1:])
        activations = np.concatenate([value[None], slope * z[1:]])
        h = activations + h if network.has_shortcut(layer) else activations
    e = sigmoid(signs * z[0])
    # First and second derivative of the cost by what enters the outputs.
    slope = 2 * signs * e * e * (1 - e)
    delta = np.concatenate([slope[None], 2 * e * e * (1 - e) * (2 - 3 * e) * z[1:]])
    passed = delta  # what a layer hands down; a shortcut hands it further, never the last layer's
    for layer in range(last, -1, -1):
        # δᵀ h or, by the product rule, (Rδ)ᵀ h + δᵀ (Rh).
        h = inputs[layer]
        total[layer][:] += np.tensordot(delta[::-1][: len(h)], h, ((0, 1), (0, 1)))
        if layer == 0:
            break
        below = delta @ network.weights[layer]
        if direction is not None:
            below[1] += delta[0] @ direction[layer]
        if network.has_shortcut(layer):
            below += passed
        passed = below
        delta = slopes[layer - 1] * passed
        delta[1:] += bends[layer - 1] * passed[0]


def _activation(network: Network, z: Array) -> tuple[Array, Array, Array]:
    """Return the hidden activation φ(z) with its first and second derivative."""
    if network.hidden == "relu":
        return np.maximum(z, 0), (z > 0).astype(np.float64), np.zeros_like(z)
    s = sigmoid(z)
    slope = s * (1 - s)
    return s, slope, slope * (1 - 2 * s)
