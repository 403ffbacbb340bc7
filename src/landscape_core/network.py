"""A fully connected network: a stack of weight matrices, each followed by an activation."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape_core import _checks, _models
from landscape_core._parallel import run, slices
from landscape_core._typing import Array
from landscape_core.activations import ACTIVATIONS, Hidden
from landscape_core.losses import LOSSES, Output
from landscape_core.samples import Samples, checksum_of

__all__ = ["Network"]

Direction = tuple[Array, ...]  # one array a layer, shaped like that layer's weights

SIZES = (784, 50, 500, 10)
BLOCK_SAMPLES = 512  # samples that pass the network together: their activations stay in cache


class Weight(NamedTuple):
    """Which weight: its layer, the unit that it enters and the input that it comes from."""

    layer: int
    unit: int
    input: int


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


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A fully connected network together with the loss that it is judged by.

    Parameters
    ----------
    weights : sequence of ndarray, shapes (n₁, n₀), (n₂, n₁), …
        One matrix a layer. Row i holds the weights into unit i. They are kept as read-only float64.
    hidden : {"sigmoid", "tanh", "relu", "softplus", "gelu", "identity"}
        The activation after every layer but the last.
    shortcuts : bool
        Whether every hidden layer but the first that has as many units as inputs adds its inputs
        to its activations: h + φ(W h), a residual layer.
    output : {"squared", "logistic", "softmax", "linear"}
        What the outputs are and what a sample costs: squared errors of sigmoid outputs, the
        logistic loss of sigmoid outputs, cross-entropy of a softmax, or squared errors of the
        weighted sums themselves; each summed over the outputs.
    biases : bool
        Whether the last column of every matrix holds its layer's biases, so that unit u's bias is
        the weight (layer, u, number of inputs).

    Raises
    ------
    ValueError
        If there is no matrix, one is not two-dimensional and finite, two do not fit together, or
        the activation or the output is unknown.

    Examples
    --------
    >>> Network.random(seed=135)
    Network(784-50-500-10, hidden='sigmoid', output='squared', seed=135)
    """

    weights: tuple[Array, ...]
    hidden: Hidden = "sigmoid"
    shortcuts: bool = False
    output: Output = "squared"
    biases: bool = False
    seed: int | None = field(default=None, init=False)  # what `random` drew the weights from

    def __init__(
        self,
        weights: Iterable[NDArray[np.floating]],
        hidden: Hidden = "sigmoid",
        shortcuts: bool = False,
        output: Output = "squared",
        biases: bool = False,
    ) -> None:
        matrices = tuple(_checks.finite(f"weights[{layer}]", w) for layer, w in enumerate(weights))
        biases = bool(biases)
        if not matrices:
            raise ValueError("a network needs at least one weight matrix, 0 were given")
        for layer, w in enumerate(matrices):
            if w.ndim != 2 or 0 in w.shape:
                raise ValueError(
                    f"the weights of layer {layer} have shape {w.shape}: "
                    "give a two-dimensional, non-empty array"
                )
            if layer and w.shape[1] - biases != len(matrices[layer - 1]):
                raise ValueError(
                    f"layer {layer} takes {w.shape[1] - biases} inputs, but layer {layer - 1} has "
                    f"{len(matrices[layer - 1])} units: the two numbers must be equal"
                )
            w.flags.writeable = False
        for name, choice, choices in (("hidden", hidden, ACTIVATIONS), ("output", output, LOSSES)):
            if not isinstance(choice, str) or choice not in choices:
                raise ValueError(f"{name} is {choice!r}: choose {_either(choices)}")
        if output == "softmax" and len(matrices[-1]) == 1:
            raise ValueError("a softmax of one output is always 1: choose output='logistic'")
        values = (matrices, hidden, bool(shortcuts), output, biases, None)
        for name, value in zip(self.__dataclass_fields__, values, strict=True):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        said = f"hidden={self.hidden!r}, output={self.output!r}"
        said += ", shortcuts=True" * self.shortcuts + ", biases=True" * self.biases
        said += "" if self.seed is None else f", seed={self.seed}"
        return f"Network({'-'.join(map(str, self.sizes))}, {said})"

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for w in self.weights:  # a copy of an array can be written to
            w.flags.writeable = False

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of inputs, then of units in each layer."""
        return self.weights[0].shape[1] - self.biases, *map(len, self.weights)

    @property
    def checksum(self) -> str:
        """The SHA-256 of all that makes the outputs and the loss, to tell networks apart."""
        about = (self.sizes, self.hidden, self.shortcuts, self.output, self.biases)
        return checksum_of(*self.weights, about=repr(about))

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
        seed = _checks.whole("seed", seed, 0, 2**32 - 1)
        sizes = [_checks.whole("a size", size, 1) for size in sizes]
        if len(sizes) < 2:
            raise ValueError(f"sizes are {sizes}: give two or more, the number of inputs first")
        # The legacy generator on purpose: its stream is frozen, and the article used it.
        draw = np.random.RandomState(seed).standard_normal
        network = cls(draw((rows, columns)) for columns, rows in pairwise(sizes))
        object.__setattr__(network, "seed", seed)
        return network

    @classmethod
    def from_layers(
        cls,
        layers: Sequence[Any],
        hidden: Hidden = "sigmoid",
        output: Output = "squared",
        check: tuple[ArrayLike, ArrayLike] | None = None,
    ) -> Network:
        """Make a network of layers that are given as (W, b), or as W where there are no biases.

        Parameters
        ----------
        layers : sequence of (W, b) or W
            The weights of each layer, shape (units, inputs), and its biases, shape (units,).
        hidden, output : str
            As for `Network`.
        check : tuple of (inputs, outputs), optional
            Some inputs, shape (n, inputs), and what the model that the layers come from makes of
            them, to be sure that nothing has been confused: a square matrix fits both ways round.
            Outputs may also be the sums that enter a softmax or a sigmoid (logits).

        Raises
        ------
        ValueError
            If the layers do not fit together, only some have biases, or the network does not
            reproduce the outputs within 1e-4 of the largest.

        Examples
        --------
        >>> network = Network.from_layers([([[1.0, 2.0]], [0.5])], output="linear")
        >>> network.predict(np.array([[10.0, 1.0]])), network.weights
        (array([[12.5]]), (array([[1. , 2. , 0.5]]),))
        """
        pairs = _models.split(layers)
        network = cls._of_pairs(pairs, hidden, output)
        if check is not None and not network._reproduces(check):
            turned = [(w.T if w.shape[0] == w.shape[1] else w, b) for w, b in pairs]
            remedy = "check the activation, the output and the order of the layers"
            if cls._of_pairs(turned, hidden, output)._reproduces(check):
                remedy = "transpose the square matrices, one row for each unit"
            raise ValueError(f"the network does not reproduce the given outputs: {remedy}")
        return network

    @classmethod
    def from_sklearn(cls, model: Any) -> Network:
        """Make a network of a fitted `MLPClassifier` or `MLPRegressor` of scikit-learn.

        `predict` then equals the model's `predict_proba` or `predict`, and a classifier's cost its
        log-loss; a regressor's is the sum of the squared errors. The penalty on the size of the
        weights (alpha) is no part of it. Two classes are one output: `Samples(X, y == classes[1])`
        gives its targets, `Samples.labelled(X, y)` those of more.

        Raises
        ------
        ValueError
            If the model is no such network, not fitted, or has another loss.
        """
        layers, hidden, output = _models.of_sklearn(model)
        return cls.from_layers(layers, hidden, output)

    @classmethod
    def from_state_dict(
        cls,
        mapping: Mapping[str, Any],
        hidden: Hidden,
        output: Output,
        check: tuple[ArrayLike, ArrayLike] | None = None,
    ) -> Network:
        """Make a network of named parameters: PyTorch's, an NPZ file's, Keras' or safetensors'.

        Parameters
        ----------
        mapping : mapping of str to array
            Names that end in "weight" (units, inputs) or "kernel" (inputs, units), and "bias", in
            the order in which the inputs pass the layers.
        hidden, output, check
            As for `from_layers`.

        Raises
        ------
        ValueError
            If a parameter belongs to another kind of layer, or the layers are out of order or do
            not fit together.

        Examples
        --------
        >>> parameters = {"0.weight": np.ones((3, 2)), "0.bias": np.zeros(3),
        ...               "2.weight": np.ones((2, 3)), "2.bias": np.ones(2)}
        >>> Network.from_state_dict(parameters, hidden="relu", output="softmax")
        Network(2-3-2, hidden='relu', output='softmax', biases=True)
        """
        return cls.from_layers(_models.of_state_dict(mapping), hidden, output, check)

    @classmethod
    def _of_pairs(cls, pairs: Sequence[_models.Layer], hidden: Hidden, output: Output) -> Network:
        biases = bool(pairs) and pairs[0][1] is not None
        weights = [w if b is None else np.column_stack([w, b]) for w, b in pairs]
        return cls(weights, hidden, output=output, biases=biases)

    def _reproduces(self, check: tuple[ArrayLike, ArrayLike]) -> bool:
        if len(check) != 2:
            raise ValueError(f"check has {len(check)} parts: give two, (inputs, outputs)")
        x, y = map(_models.array, ("inputs", "outputs"), check)
        if x.ndim != 2 or y.ndim not in (1, 2) or not 0 < len(x) == len(y):
            raise ValueError(
                f"check has inputs of shape {x.shape} and outputs of shape {y.shape}: give one row "
                "of each for one sample or more"
            )
        y = _checks.finite("the outputs to check", y.reshape(len(x), -1))
        near = 1e-4 * abs(y).max(initial=0.0)
        found = (self.predict(x), self.sums(x))
        return any(z.shape == y.shape and abs(z - y).max() <= near for z in found)

    def predict(self, inputs: NDArray[np.floating]) -> Array:
        """Return the outputs for inputs of shape (n, inputs), as an array of shape (n, outputs).

        Raises
        ------
        ValueError
            If the inputs have another shape or are no real numbers.

        Examples
        --------
        >>> from landscape_core import load_mnist
        >>> Network.random(seed=135).predict(load_mnist(100).images).shape
        (100, 10)
        """
        return self.activations(inputs, len(self.weights))

    def activations(self, inputs: NDArray[np.floating], layer: int) -> Array:
        """Return what enters a layer, shape (n, inputs of that layer).

        Parameters
        ----------
        inputs : ndarray, shape (n, inputs)
            What enters layer 0.
        layer : int
            From 0 (the inputs themselves) to the number of layers (the outputs). With biases, all
            but the outputs end in a column of ones.

        Raises
        ------
        ValueError
            If there is no such layer, or the inputs have another shape or are no real numbers.

        Examples
        --------
        >>> Network.random(1, sizes=(3, 2, 1)).activations(np.zeros((1, 3)), layer=1)
        array([[0.5, 0.5]])
        """
        if _checks.whole("layer", layer, 0, len(self.weights)) < len(self.weights):
            return self._pass(inputs, layer)
        return LOSSES[self.output].outputs(self.sums(inputs))

    def sums(self, inputs: NDArray[np.floating]) -> Array:
        """Return the weighted sums that enter the output units, shape (n, outputs).

        Inputs and errors are those of `predict`.

        Examples
        --------
        >>> Network([[[1.0, 2.0]]]).sums(np.array([[10.0, 1.0]]))
        array([[12.]])
        """
        return self._pass(inputs, len(self.weights))

    def _pass(self, inputs: NDArray[np.floating], layer: int) -> Array:
        """Return what enters a layer, or after the last one its weighted sums."""
        if type(inputs) is not np.ndarray or inputs.dtype.kind != "f":
            inputs = _checks.real("inputs", inputs)
        if inputs.ndim != 2 or inputs.shape[1] != self.sizes[0]:
            raise ValueError(
                f"inputs have shape {inputs.shape}: the network takes (n, {self.sizes[0]})"
            )
        activation, last = ACTIVATIONS[self.hidden], len(self.weights) - 1
        ones = self.biases and layer <= last
        result = np.empty((len(inputs), self.sizes[layer] + ones))

        def fill(part: slice) -> None:
            h = inputs[part].astype(np.float64)
            for i, w in enumerate(self.weights[:layer]):
                z = weighted_sums(h, w)
                if i == last:
                    h = z
                    break
                h = activation.value(z) + h if self.has_shortcut(i) else activation.value(z)
            result[part, : h.shape[1]] = h
            result[part, h.shape[1] :] = 1

        run(fill, slices(len(inputs), BLOCK_SAMPLES))
        return result

    def has_shortcut(self, layer: int) -> bool:
        """Tell whether a layer, counted from 0, adds its inputs to its activations.

        Examples
        --------
        >>> layers = [np.ones((2, 2))] * 4
        >>> [Network(layers, shortcuts=True).has_shortcut(layer) for layer in range(4)]
        [False, True, True, False]
        """
        units, inputs = self.weights[layer].shape
        inner = 0 < layer < len(self.weights) - 1
        return self.shortcuts and inner and units == inputs - self.biases

    def cost(self, samples: Samples) -> float:
        """Return the mean over the samples of what each costs by the network's loss.

        Raises
        ------
        ValueError
            If the samples do not fit the network's inputs, outputs and loss.

        Examples
        --------
        >>> from landscape_core import load_mnist
        >>> round(Network.random(seed=135).cost(load_mnist(100)), 6)
        4.762821
        """
        check_samples(self, samples)
        z = self.sums(samples.inputs)
        return float(LOSSES[self.output].value(z, samples.targets).mean())


def weighted_sums(h: Array, w: Array) -> Array:
    """Return h Wᵀ for activations (…, n, units), plus the biases where W has a column more."""
    units = h.shape[-1]
    if w.shape[1] == units:
        return h @ w.T
    z: Array = h @ w[:, :units].T
    z += w[:, units]
    return z


def check_samples(network: Network, samples: Samples) -> None:
    """Raise a ValueError if the samples are none for this network's inputs, outputs and loss."""
    if not isinstance(network, Network) or not isinstance(samples, Samples):
        raise ValueError(
            f"the network is a {type(network).__name__} and the samples are a "
            f"{type(samples).__name__}: give a Network and Samples(inputs, targets)"
        )
    inputs, outputs = network.sizes[0], network.sizes[-1]
    for what, array, end, needs in (
        ("inputs", samples.inputs, "inputs", inputs),
        ("targets", samples.targets, "outputs", outputs),
    ):
        if array.shape[1] != needs:
            raise ValueError(
                f"the number of {what} is {array.shape[1]} in the samples, of {end} {needs} in the "
                "network: the two must be equal"
            )
    needed = LOSSES[network.output].targets
    if needed != "any" and samples.kind not in ("one-hot", needed):
        allowed = "0 or 1" if needed == "binary" else "a single 1 among 0s in each row"
        raise ValueError(
            f"the loss {network.output!r} takes targets that are {allowed}, and these are not: "
            "choose another output, 'linear' for any targets"
        )


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


def _either(names: Iterable[str]) -> str:
    *first, last = map(repr, names)
    return f"{', '.join(first)} or {last}"
