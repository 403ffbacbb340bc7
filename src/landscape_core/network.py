"""A fully connected network: a stack of weight matrices, each followed by an activation."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landscape_core import _checks
from landscape_core._parallel import run, slices
from landscape_core._typing import Array
from landscape_core.mnist import Digits

__all__ = [
    "Direction",
    "Network",
    "Weight",
    "check_direction",
    "check_weight",
    "flatten",
    "sigmoid",
    "unflatten",
]

Activation = Literal["sigmoid", "relu"]
Direction = tuple[Array, ...]  # one array a layer, shaped like that layer's weights

SIZES = (784, 50, 500, 10)
SAMPLES = 512  # images that pass the network together: their activations stay in cache


class Weight(NamedTuple):
    """Which weight: its layer, the unit that it enters and the input that it comes from."""

    layer: int
    unit: int
    input: int


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


def flatten(arrays: Iterable[Array]) -> Array:
    """Put the entries of all layers into one vector, layer after layer, row after row.

    Examples
    --------
    >>> flatten([np.eye(2), np.zeros((1, 2))])
    array([1., 0., 0., 1., 0., 0.])
    """
    return np.concatenate([array.ravel() for array in arrays])


def unflatten(vector: Array, like: Sequence[Array]) -> Direction:
    """Cut a vector into views with the shapes of the arrays `like`: the inverse of `flatten`.

    Examples
    --------
    >>> [part.shape for part in unflatten(np.arange(6.0), [np.eye(2), np.zeros((1, 2))])]
    [(2, 2), (1, 2)]
    """
    ends = np.cumsum([array.size for array in like])
    parts = np.split(vector, ends[:-1])
    return tuple(part.reshape(array.shape) for part, array in zip(parts, like, strict=True))


@dataclass(frozen=True, eq=False)
class Network:
    """A network without biases, with the logistic sigmoid after its last layer.

    Parameters
    ----------
    weights : sequence of ndarray, shapes (n₁, n₀), (n₂, n₁), …
        One matrix a layer. Row i holds the weights into unit i. They are kept as read-only float64.
    hidden : {"sigmoid", "relu"}
        The activation after every layer but the last.
    shortcuts : bool
        Whether every hidden layer but the first that has as many units as inputs adds its inputs
        to its activations: h + φ(W h), a residual layer.

    Raises
    ------
    ValueError
        If there is no matrix, one is not two-dimensional and finite, two do not fit together, or
        the activation is unknown.

    Examples
    --------
    >>> network = Network.random(seed=135)
    >>> [w.shape for w in network.weights]
    [(50, 784), (500, 50), (10, 500)]
    """

    weights: tuple[Array, ...]
    hidden: Activation = "sigmoid"
    shortcuts: bool = False
    seed: int | None = field(default=None, init=False)  # what `random` drew the weights from

    def __init__(
        self,
        weights: Iterable[NDArray[np.floating]],
        hidden: Activation = "sigmoid",
        shortcuts: bool = False,
    ) -> None:
        matrices = tuple(np.array(w, dtype=np.float64) for w in weights)
        if not matrices:
            raise ValueError("a network needs at least one weight matrix, 0 were given")
        for layer, w in enumerate(matrices):
            if w.ndim != 2 or 0 in w.shape or not np.isfinite(w).all():
                raise ValueError(
                    f"the weights of layer {layer} have shape {w.shape}: "
                    "give a two-dimensional, non-empty array of finite numbers"
                )
            if layer and w.shape[1] != len(matrices[layer - 1]):
                raise ValueError(
                    f"layer {layer} takes {w.shape[1]} inputs, but layer {layer - 1} has "
                    f"{len(matrices[layer - 1])} units: the two numbers must be equal"
                )
            w.flags.writeable = False
        if hidden not in ("sigmoid", "relu"):
            raise ValueError(f"hidden is {hidden!r}: choose 'sigmoid' or 'relu'")
        object.__setattr__(self, "weights", matrices)
        object.__setattr__(self, "hidden", hidden)
        object.__setattr__(self, "shortcuts", shortcuts)
        object.__setattr__(self, "seed", None)

    @classmethod
    def random(cls, seed: int = 135, sizes: Sequence[int] = SIZES) -> Network:
        """Draw every weight from a standard normal distribution.

        Parameters
        ----------
        seed : int
            Seed of NumPy's legacy generator, 0 to 2³² − 1. With the default sizes the weights are
            those of the article's network, to the bit.
        sizes : sequence of int
            Number of inputs, then of units in each layer.

        Raises
        ------
        ValueError
            If the seed is out of range or there are fewer than two sizes.

        Examples
        --------
        >>> Network.random(seed=135, sizes=(2, 1)).weights[0].round(3)
        array([[-1.265,  1.184]])
        """
        if not 0 <= seed < 2**32:
            raise ValueError(f"seed is {seed!r}: choose a whole number from 0 to {2**32 - 1}")
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"sizes are {tuple(sizes)}: give two or more, each at least 1")
        # The legacy generator on purpose: its stream is frozen, and the article used it.
        draw = np.random.RandomState(seed).standard_normal
        network = cls(draw((rows, columns)) for columns, rows in pairwise(sizes))
        object.__setattr__(network, "seed", int(seed))
        return network

    def predict(self, images: NDArray[np.floating]) -> Array:
        """Return the outputs for images of shape (n, inputs), as an array of shape (n, outputs).

        Examples
        --------
        >>> from landscape_core import load_mnist
        >>> Network.random(seed=135).predict(load_mnist(100).images).shape
        (100, 10)
        """
        return self.activations(images, len(self.weights))

    def activations(self, images: NDArray[np.floating], layer: int) -> Array:
        """Return what enters a layer, shape (n, inputs of that layer).

        Parameters
        ----------
        images : ndarray, shape (n, inputs)
            What enters layer 0.
        layer : int
            From 0 (the images themselves) to the number of layers (the outputs).
        """
        if images.ndim != 2 or images.shape[1] != self.weights[0].shape[1]:
            needed = f"(n, {self.weights[0].shape[1]})"
            raise ValueError(f"images have shape {images.shape}: the network takes {needed}")
        width = images.shape[1] if layer == 0 else len(self.weights[layer - 1])
        result = np.empty((len(images), width))

        def fill(part: slice) -> None:
            h = images[part].astype(np.float64)
            for i, w in enumerate(self.weights[:layer]):
                z = h @ w.T
                if self.hidden == "sigmoid" or i == len(self.weights) - 1:
                    activation = sigmoid(z)
                else:
                    activation = np.maximum(z, 0)
                h = activation + h if self.has_shortcut(i) else activation
            result[part] = h

        run(fill, slices(len(images), SAMPLES))
        return result

    def has_shortcut(self, layer: int) -> bool:
        """Tell whether a layer adds its inputs to its activations.

        Examples
        --------
        >>> layers = [np.ones((2, 2))] * 4
        >>> [Network(layers, shortcuts=True).has_shortcut(layer) for layer in range(4)]
        [False, True, True, False]
        """
        units, inputs = self.weights[layer].shape
        return self.shortcuts and 0 < layer < len(self.weights) - 1 and units == inputs

    def cost(self, digits: Digits) -> float:
        """Return the mean over the digits of the summed squared errors of the outputs.

        Examples
        --------
        >>> from landscape_core import load_mnist
        >>> round(Network.random(seed=135).cost(load_mnist(100)), 6)
        4.762821
        """
        return float(((self.predict(digits.images) - digits.targets) ** 2).sum(1).mean())


def check_weight(name: str, index: Sequence[int], network: Network) -> Weight:
    """Return the index (layer, unit, input) of a weight, or raise a ValueError if there is none."""
    try:
        layer, unit, source = map(operator.index, index)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} is {index!r}: give (layer, unit, input), three whole numbers"
        ) from None
    limits = {"layer": len(network.weights)}
    if 0 <= layer < limits["layer"]:
        limits["unit"], limits["input"] = network.weights[layer].shape
    for part, (what, limit) in zip((layer, unit, source), limits.items(), strict=False):
        if not 0 <= part < limit:
            raise ValueError(f"{name} is {index!r}: its {what} must be from 0 to {limit - 1}")
    return Weight(layer, unit, source)


def check_direction(name: str, arrays: Sequence[Array], network: Network) -> Direction:
    """Copy a direction of weight space, or raise a ValueError if it does not fit the network."""
    shapes = [w.shape for w in network.weights]
    direction = tuple(_checks.finite(name, d) for d in arrays)
    if [d.shape for d in direction] != shapes:
        raise ValueError(
            f"{name} has shapes {[d.shape for d in direction]}: the weights have {shapes}"
        )
    return direction
