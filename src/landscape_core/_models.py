"""Networks from what other libraries have trained, as arrays: none of them is imported."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from landscape_core import _checks
from landscape_core._typing import Array
from landscape_core.activations import Hidden
from landscape_core.losses import Output

Layer = tuple[Array, Array | None]  # weights (units, inputs) and biases (units,)

SKLEARN_HIDDEN: dict[str, Hidden] = {
    "logistic": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "identity": "identity",
}
SKLEARN_OUTPUT: dict[str, Output] = {
    "softmax": "softmax",
    "logistic": "logistic",
    "identity": "linear",
}
#: Last parts of the names of parameters. Keras' kernels have a row for each input.
WEIGHTS, KERNELS, BIASES = ("weight",), ("kernel", "kernel:0"), ("bias", "bias:0")


def split(layers: Sequence[Any]) -> list[Layer]:
    """Read layers that are given as W or as (W, b)."""
    pairs: list[Layer] = []
    for i, layer in enumerate(layers):
        several = isinstance(layer, Sequence | np.ndarray) and np.iterable(layer)
        paired = several and len(layer) == 2 and np.ndim(layer[0]) == 2
        w, b = layer if paired else (layer, None)
        w = array(f"the weights of layer {i}", w)
        b = None if b is None else array(f"the biases of layer {i}", b)
        if w.ndim != 2:
            raise ValueError(
                f"the weights of layer {i} have shape {w.shape}: give W or (W, b), W of shape "
                "(units, inputs)"
            )
        if b is not None and b.shape != (len(w),):
            raise ValueError(
                f"layer {i} has {len(w)} rows of weights and biases of shape {b.shape}: give one "
                "row and one bias for each unit" + " (transpose W)" * (b.shape == w.shape[1:])
            )
        pairs.append((w, b))
    without = [i for i, (_, b) in enumerate(pairs) if b is None]
    if 0 < len(without) < len(pairs):
        raise ValueError(
            f"layer {without[0]} has no biases, but others have: give (W, b) for every layer, "
            "zeros where there are none"
        )
    for i in range(1, len(pairs)):
        if pairs[i][0].shape[1] != len(pairs[i - 1][0]):
            raise ValueError(f"{_misfit(i, [w.shape for w, _ in pairs])}")
    return pairs


def array(name: str, values: ArrayLike) -> Array:
    """Return parameters as float64, or say what to do with a tensor that is out of reach."""
    try:
        return _checks.real(name, values)
    except Exception as error:
        raise ValueError(
            f"{name} cannot be read as an array ({error}): give NumPy arrays, of a PyTorch tensor "
            "its .detach().cpu().numpy()"
        ) from error


def of_sklearn(model: Any) -> tuple[list[Layer], Hidden, Output]:
    """Return the layers, the hidden activation and the output of a fitted scikit-learn network."""
    if not hasattr(model, "coefs_"):
        raise ValueError(
            f"{type(model).__name__} has no weights: give an MLPClassifier or MLPRegressor that "
            "has been fitted"
        )
    if model.out_activation_ not in SKLEARN_OUTPUT:
        raise ValueError(
            f"the model's loss is {model.loss!r}: give a regressor with loss='squared_error'"
        )
    layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
    return layers, SKLEARN_HIDDEN[model.activation], SKLEARN_OUTPUT[model.out_activation_]


def of_state_dict(parameters: Mapping[str, Any]) -> list[Any]:
    """Return the layers of named parameters, in their order."""
    if not isinstance(parameters, Mapping):
        raise ValueError(
            f"the parameters are a {type(parameters).__name__}: give a mapping of names to arrays, "
            "such as model.state_dict()"
        )
    layers: dict[str, dict[str, Array]] = {}
    for name, values in parameters.items():
        place, _, kind = re.sub("[./]([^./]*)$", r"\n\1", f".{name}").rpartition("\n")
        content = array(name, values)
        role = "b" if kind in BIASES else "W" if kind in WEIGHTS + KERNELS else None
        if role is None or content.ndim != (1 if role == "b" else 2):
            raise ValueError(
                f"{name!r} of shape {content.shape} belongs to no fully connected layer, whose "
                "parameters are a weight (units, inputs) and a bias (units,): leave out what "
                "changes nothing, and for other layers bring a surface of your own"
            )
        layer = layers.setdefault(place, {})
        if role in layer:
            raise ValueError(f"{name!r} is a second {kind} of its layer: leave one of them out")
        layer[role] = content.T if kind in KERNELS else content
    alike: defaultdict[str, list[list[int]]] = defaultdict(list)  # numbers in names of one form
    for name in layers:
        alike[re.sub(r"\d+", "#", name)].append([int(n) for n in re.findall(r"\d+", name)])
    if any(numbers != sorted(numbers) for numbers in alike.values()):
        order = ", ".join(name[1:] for name in layers)
        raise ValueError(
            f"the layers come in the order {order}: give a dictionary in the order in which the "
            "inputs pass them"
        )
    for name, layer in layers.items():
        if "W" not in layer:
            raise ValueError(f"{name[1:]!r} has biases but no weights: give both")
    return [(x["W"], x["b"]) if "b" in x else x["W"] for x in layers.values()]


def _misfit(i: int, shapes: list[tuple[int, ...]]) -> str:
    message = (
        f"layer {i} takes {shapes[i][1]} inputs, but layer {i - 1} has {shapes[i - 1][0]} units"
    )
    remedies = [
        remedy
        for remedy, changed in (
            ("give their transposes, W.T, one row for each unit", [s[::-1] for s in shapes]),
            ("give the layers the other way round, the first one first", shapes[::-1]),
        )
        if all(after[1] == before[0] for before, after in pairwise(changed))
    ]
    remedy = " or ".join(remedies) or "give all layers, in the order in which the inputs pass them"
    return f"{message}: {remedy}"
