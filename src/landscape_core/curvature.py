"""Gradient and curvature of the cost over all weights of a network, not over two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import ArpackError, ArpackNoConvergence, LinearOperator, eigsh

from landscape_core import _checks
from landscape_core._parallel import checkpoint, run, single_blas, slices
from landscape_core._progress import Progress
from landscape_core._typing import Array
from landscape_core.activations import ACTIVATIONS
from landscape_core.losses import LOSSES
from landscape_core.network import (
    Direction,
    Network,
    check_direction,
    check_samples,
    unflatten,
    weighted_sums,
)
from landscape_core.samples import Samples

__all__ = ["Eigenpair", "extreme_eigenpairs", "gradient", "hessian_product"]

BLOCK_SAMPLES = 256  # that pass the network together: their activations stay in cache
MAX_CHUNKS = 16  # into which the samples are cut, with an array of sums for each
DENSE = 256  # weights up to which the whole Hessian is formed


@dataclass(frozen=True, eq=False, repr=False)
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

    def __repr__(self) -> str:
        return f"Eigenpair(curvature {self.value:.6g}, residual {self.residual:.1e})"


def gradient(network: Network, samples: Samples) -> Direction:
    """Return the derivatives of the cost by every weight, shaped like the weights.

    Examples
    --------
    >>> from landscape_core import load_mnist
    >>> [part.shape for part in gradient(Network.random(135), load_mnist(100))]
    [(50, 784), (500, 50), (10, 500)]
    """
    check_samples(network, samples)
    flat = backpropagate(network, network.weights, samples.inputs, samples.targets)
    return unflatten(flat, network.weights)


def hessian_product(network: Network, samples: Samples, direction: Sequence[Array]) -> Direction:
    """Return the Hessian of the cost over all weights, times a direction.

    The product is exact and costs about two gradients: B. A. Pearlmutter, Fast Exact
    Multiplication by the Hessian, Neural Computation 6(1), 1994. The Hessian itself, one row for
    each of 69,200 weights, is never formed. For ReLU units it is that of the linear pieces.

    Parameters
    ----------
    network : Network
        Where the Hessian is taken.
    samples : Samples
        What the cost is a mean over.
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
    check_samples(network, samples)
    along = check_direction("direction", direction, network)
    flat = backpropagate(network, network.weights, samples.inputs, samples.targets, along)
    return unflatten(flat, network.weights)


def extreme_eigenpairs(
    network: Network,
    samples: Samples,
    smallest: int = 1,
    largest: int = 1,
    tolerance: float = 1e-6,
    iterations: int = 100,
) -> list[Eigenpair]:
    """Find the most negative and the most positive curvatures of the cost over all weights.

    Lanczos iteration on `hessian_product`, from a start vector that is always the same. It may
    return an eigenvalue that occurs several times, as equal units or pixels can make it, less
    often than it occurs. For networks of up to 256 weights the whole Hessian is formed instead,
    and nothing is missed.

    Parameters
    ----------
    network : Network
        Where the Hessian is taken.
    samples : Samples
        What the cost is a mean over.
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
        If a number is out of range.
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
    check_samples(network, samples)
    smallest = _checks.whole("smallest", smallest, 0)
    largest = _checks.whole("largest", largest, 0)
    tolerance = _checks.positive("tolerance", tolerance)
    iterations = _checks.whole("iterations", iterations, 1)
    if not 1 <= smallest + largest <= size // 2:
        raise ValueError(
            f"smallest={smallest} and largest={largest} eigenvalues are asked for: their sum "
            f"must be from 1 to {size // 2} for a network of {size} weights"
        )
    inputs, targets = samples.inputs, samples.targets
    with Progress(None, "product") as bar, single_blas:

        def multiply(vector: Array) -> Array:
            along = unflatten(vector.ravel(), network.weights)
            product = backpropagate(network, network.weights, inputs, targets, along)
            bar.update()
            return product

        if size <= DENSE:
            values, vectors = np.linalg.eigh(np.stack([multiply(unit) for unit in np.eye(size)]))
        else:
            values, vectors = _lanczos(multiply, size, smallest, largest, tolerance, iterations)
        pairs = []
        for i in [*range(smallest), *range(len(values) - largest, len(values))]:
            value, vector = float(values[i]), vectors[:, i]
            residual = float(np.linalg.norm(multiply(vector) - value * vector))
            vector = vector * np.sign(vector[abs(vector).argmax()])
            pairs.append(Eigenpair(value, unflatten(vector, network.weights), residual))
    return pairs


def _lanczos(
    multiply: Callable[[Array], Array],
    size: int,
    smallest: int,
    largest: int,
    tolerance: float,
    iterations: int,
) -> tuple[Array, Array]:
    """Return eigenvalues (k,) in ascending order, with eigenvectors (size, k)."""
    if smallest and largest:
        end, count = "BE", 2 * max(smallest, largest)  # as many from either end
    else:
        end, count = "LA" if largest else "SA", smallest + largest
    start = np.random.default_rng(0).standard_normal(size)
    try:
        values, vectors = eigsh(
            LinearOperator((size, size), matvec=multiply, dtype=np.float64),
            k=count,
            which=end,
            v0=start,
            tol=tolerance,
            maxiter=iterations,
        )
    except ArpackNoConvergence as error:
        raise RuntimeError(
            f"not converged: after {iterations} restarts {len(error.eigenvalues)} of {count} "
            f"eigenvalues were found within {tolerance:g}; allow more iterations or a larger "
            "tolerance"
        ) from None
    except ArpackError:
        if multiply(start).any():
            raise
        return np.zeros(count), np.eye(size, count)  # no curvature in any direction
    ascending = np.argsort(values)
    return values[ascending], vectors[:, ascending]


def backpropagate(
    network: Network,
    weights: Direction,
    inputs: NDArray[np.floating],
    targets: Array,
    direction: Direction | None = None,
) -> Array:
    """Return the gradient or, with a direction, its derivative along it, as one vector.

    Parameters
    ----------
    network : Network
        The architecture.
    weights : tuple of ndarray
        Where: one matrix a layer, shaped like the network's own.
    inputs : ndarray, shape (n, inputs)
        What enters layer 0.
    targets : ndarray, shape (n, outputs)
        What should come out.
    direction : tuple of ndarray, optional
        Shaped like the weights.

    Returns
    -------
    ndarray, shape (weights,)
        In the order of `flatten`.
    """
    chunks = list(slices(len(inputs), max(BLOCK_SAMPLES, -(-len(inputs) // MAX_CHUNKS))))
    sums = np.zeros((len(chunks), sum(w.size for w in weights)))

    @np.errstate(over="ignore", invalid="ignore")  # what is not finite shows in the result
    def fill(numbered: tuple[int, slice]) -> None:
        number, chunk = numbered
        total = unflatten(sums[number], weights)
        for start in range(chunk.start, chunk.stop, BLOCK_SAMPLES):
            n = slice(start, min(start + BLOCK_SAMPLES, chunk.stop))
            h = inputs[n].astype(np.float64, copy=False)
            if direction is None:
                _add_gradient(network, weights, h, targets[n], total)
            else:
                _add_product(network, weights, direction, h, targets[n], total)
            checkpoint()

    run(fill, enumerate(chunks))
    result: Array = sums.sum(0) / len(inputs)
    return result


def _add_gradient(
    network: Network, weights: Direction, h: Array, targets: Array, total: Direction
) -> None:
    """Add what some samples contribute to the gradient: backpropagation."""
    activation, last = ACTIVATIONS[network.hidden], len(weights) - 1
    inputs, slopes = [], []
    for layer, w in enumerate(weights):
        inputs.append(h)
        z = weighted_sums(h, w)
        if layer < last:
            value, slope, _ = activation.derivatives(z)
            slopes.append(slope)
            h = value + h if network.has_shortcut(layer) else value
    _, delta, _ = LOSSES[network.output].derivatives(z, targets)  # the derivatives by z
    passed = delta  # and by h after the layer
    for layer in range(last, -1, -1):
        _add_outer(total[layer], delta, inputs[layer])
        if layer:
            below = delta @ _without_biases(weights[layer], inputs[layer])
            passed = below + passed if network.has_shortcut(layer) else below
            delta = slopes[layer - 1] * passed


def _add_product(
    network: Network,
    weights: Direction,
    direction: Direction,
    h: Array,
    targets: Array,
    total: Direction,
) -> None:
    """Add what some samples contribute to the derivative of the gradient along a direction.

    A name that begins with r is the derivative of the quantity without it: Pearlmutter's R{·}.
    """
    activation, last = ACTIVATIONS[network.hidden], len(weights) - 1
    rh = np.zeros((len(h), 1))  # no weight moves the inputs: never added, and of any width
    inputs, slopes = [], []
    for layer, (w, d) in enumerate(zip(weights, direction, strict=True)):
        inputs.append((h, rh))
        z, rz = weighted_sums(h, w), weighted_sums(h, d)
        if layer:
            rz += rh @ _without_biases(w, h).T
        if layer < last:
            value, slope, bend = activation.derivatives(z)
            slopes.append((slope, bend() * rz))
            shortcut = network.has_shortcut(layer)
            h, rh = (value + h, slope * rz + rh) if shortcut else (value, slope * rz)
    _, delta, product = LOSSES[network.output].derivatives(z, targets)
    passed, rdelta = delta, product(rz)
    rpassed = rdelta
    for layer in range(last, -1, -1):
        h, rh = inputs[layer]
        _add_outer(total[layer], rdelta, h)
        if layer:
            w, d = (_without_biases(x[layer], h) for x in (weights, direction))
            total[layer][:, : h.shape[1]] += delta.T @ rh
            below, rbelow = delta @ w, rdelta @ w + delta @ d
            if network.has_shortcut(layer):
                below, rbelow = below + passed, rbelow + rpassed
            passed, rpassed = below, rbelow
            slope, bent = slopes[layer - 1]
            delta, rdelta = slope * passed, slope * rpassed + bent * passed


def _without_biases(w: Array, h: Array) -> Array:
    """Return the columns of a matrix that activations (n, inputs) are multiplied by."""
    return w[:, : h.shape[1]]


def _add_outer(total: Array, delta: Array, h: Array) -> None:
    """Add the derivatives by a layer's weights and, in a column more, by its biases."""
    total[:, : h.shape[1]] += delta.T @ h
    if total.shape[1] > h.shape[1]:
        total[:, h.shape[1] :] += delta.sum(0)[:, None]
