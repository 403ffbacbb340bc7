"""Training: all weights of a network go down the cost, and the way is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from landscape_core import _checks
from landscape_core._checks import kept_epochs
from landscape_core._parallel import single_blas
from landscape_core._progress import progress
from landscape_core._typing import Array
from landscape_core.curvature import backpropagate
from landscape_core.network import Network, check_samples, flatten, unflatten
from landscape_core.optimizers import Optimizer
from landscape_core.samples import Samples

__all__ = ["Training", "he_network", "train"]


def he_network(
    seed: int, sizes: Sequence[int], samples: Samples, shortcuts: bool = False
) -> Network:
    """Draw a ReLU network whose outputs have a moderate size at first, however deep it is.

    Every weight is g √(2 / n) times standard normal, with n inputs to its layer, and g is the one
    number for which what enters the outputs has a root mean square of 1 over the samples. With
    g = 1 this is the rule of He et al., which suits layers without shortcuts.

    Parameters
    ----------
    seed : int
        For `Network.random`.
    sizes : sequence of int
        Number of inputs, then of units in each layer.
    samples : Samples
        What the network will learn.
    shortcuts : bool
        Whether hidden layers add their inputs to their activations, where both are as many.

    Raises
    ------
    ValueError
        If no g from exp(−4) to exp(2) will do.

    References
    ----------
    K. He, X. Zhang, S. Ren, J. Sun. Delving Deep into Rectifiers: Surpassing Human-Level
    Performance on ImageNet Classification. ICCV 2015. arXiv:1502.01852.

    Examples
    --------
    >>> from landscape_core import load_mnist
    >>> digits = load_mnist(100)
    >>> network = he_network(1, (784, 24, 24, 24, 10), digits, shortcuts=True)
    >>> z = network.activations(digits.images, 3) @ network.weights[3].T
    >>> round(float((z**2).mean()), 9)
    1.0
    """
    drawn = Network.random(seed, sizes).weights

    def scaled(log_g: float) -> Network:
        weights = [np.exp(log_g) * np.sqrt(2 / w.shape[1]) * w for w in drawn]
        return Network(weights, hidden="relu", shortcuts=shortcuts)

    def excess(log_g: float) -> float:
        network = scaled(log_g)
        h = network.activations(samples.inputs, len(drawn) - 1)
        return float(np.log(np.sqrt(((h @ network.weights[-1].T) ** 2).mean())))

    smallest, largest = -4.0, 2.0  # of log g
    with np.errstate(divide="ignore", over="ignore"):
        if not excess(smallest) < 0 < excess(largest):
            raise ValueError(
                "with no g from exp(-4) to exp(2) do the outputs get a root mean square of 1 over "
                "these samples: scale the inputs to sizes around 1, or take fewer layers"
            )
        return scaled(brentq(excess, smallest, largest))


@dataclass(frozen=True, eq=False, repr=False)
class Training:
    """The path of a network through the whole space of its weights.

    Parameters
    ----------
    epochs : ndarray of int, shape (k,)
        How many epochs had passed; the first is 0.
    networks : tuple of Network
        The network at each of them, the last of them trained.
    cost : ndarray, shape (k,)
        The cost of each over all the samples.
    """

    epochs: NDArray[np.int64]
    networks: tuple[Network, ...]
    cost: Array

    def __repr__(self) -> str:
        return (
            f"Training({len(self.networks)} networks over {self.epochs[-1]:,} epochs, "
            f"cost {self.cost[0]:.6g} to {self.cost[-1]:.6g})"
        )


def train(
    network: Network,
    samples: Samples,
    optimizer: Optimizer,
    epochs: int,
    batch: int | None = None,
    every: int = 1,
    seed: int = 0,
) -> Training:
    """Train all the weights of a network.

    Parameters
    ----------
    network : Network
        Where to start.
    samples : Samples
        What to learn.
    optimizer : Optimizer
        What turns gradients into steps, for instance ``Adam(0.01)``.
    epochs : int
        How often to go through the samples, 0 or more.
    batch : int, optional
        How many samples each step looks at, in an order drawn afresh for each epoch; by default
        all.
    every : int
        Keep the network after every so many epochs, and the last one in any case.
    seed : int
        For the order of the samples, 0 or more.

    Raises
    ------
    ValueError
        If epochs, batch, every or the seed are out of range.
    FloatingPointError
        If the weights or the cost stop being finite: the learning rate is too large.

    Examples
    --------
    >>> from landscape_core import Adam, load_mnist
    >>> start = Network.random(1, sizes=(784, 10))
    >>> training = train(start, load_mnist(100), Adam(0.1), epochs=20, every=10)
    >>> training.epochs
    array([ 0, 10, 20])
    >>> bool(training.cost[-1] < training.cost[0])
    True
    """
    check_samples(network, samples)
    epochs = _checks.whole("epochs", epochs, 0)
    kept = kept_epochs(epochs, every)
    batch = len(samples) if batch is None else _checks.whole("batch", batch, 1)
    inputs, targets = samples.inputs, samples.targets
    order = np.arange(len(samples))
    generator = np.random.default_rng(_checks.whole("seed", seed, 0))
    chosen: slice | NDArray[np.intp] = slice(None)  # the samples that the next step looks at

    def gradient_at(vector: Array) -> Array:
        weights = unflatten(vector, network.weights)
        return backpropagate(network, weights, inputs[chosen], targets[chosen])

    step = optimizer.stepper(gradient_at)
    vector = flatten(network.weights)
    networks = [network]
    # BLAS is held for the whole of it, not for every gradient.
    with single_blas, np.errstate(over="ignore", invalid="ignore"):
        for epoch in progress(range(1, epochs + 1), epochs, "epoch"):
            if batch < len(samples):
                generator.shuffle(order)
            for begin in range(0, len(samples), batch):
                if batch < len(samples):
                    chosen = order[begin : begin + batch]
                vector += step(vector)
                if not np.isfinite(vector).all():
                    raise FloatingPointError(
                        f"in epoch {epoch} the weights stop being finite: "
                        "take a smaller learning rate"
                    )
            if epoch in kept:
                networks.append(replace(network, weights=unflatten(vector, network.weights)))
        cost = np.array([network.cost(samples) for network in networks])
    if not np.isfinite(cost).all():
        epoch = kept[~np.isfinite(cost)][0]
        raise FloatingPointError(
            f"after epoch {epoch} the cost is not finite: take a smaller learning rate"
        )
    return Training(kept, tuple(networks), cost)
