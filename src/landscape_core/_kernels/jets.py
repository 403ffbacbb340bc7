"""Jets: a quantity together with its first and second derivatives by a and b."""

from __future__ import annotations

import numpy as np

from landscape_core import network
from landscape_core._kernels.kernel import COUNT
from landscape_core._typing import Array

PARTS = ("", "a", "b", "aa", "ab", "bb")  # the value and its derivatives
Jet = dict[str, Array]  # a quantity's parts; a missing part is zero


def add(x: Jet, y: Jet) -> Jet:
    """Add two jets, of which each may lack parts that the other has."""
    return {part: x[part] + y[part] if part in x and part in y else (x | y)[part] for part in x | y}


def times(name: str, value: Array, h: Jet, order: int) -> Jet:
    """Multiply by the coordinate `name`: the product rule, for a factor that is linear in it."""
    product = {part: value * x for part, x in h.items()}
    if order:
        product = add(product, {name: np.broadcast_to(h[""], np.shape(product[""]))})
    if order == 2:
        other = "b" if name == "a" else "a"
        if name in h:
            product = add(product, {name + name: 2 * h[name]})
        if other in h:
            product = add(product, {"ab": h[other]})
    return product


def linear(h: Jet, w: Array) -> Jet:
    """Pass a layer's activations (…, n, inputs) through its weights (units, inputs)."""
    return {p: (x.reshape(-1, x.shape[-1]) @ w.T).reshape(*x.shape[:-1], -1) for p, x in h.items()}


def sigmoid(z: Jet, order: int) -> Jet:
    """Apply the logistic function: the chain rule up to the given order."""
    s = network.sigmoid(z[""])
    result = {"": s}
    if order:
        slope = s * (1 - s)
        result |= {part: slope * z[part] for part in PARTS[1 : COUNT[order]] if part in z}
    if order == 2:
        bend = slope * (1 - 2 * s)
        for part in PARTS[3:]:
            if part[0] in z and part[1] in z:
                result = add(result, {part: bend * z[part[0]] * z[part[1]]})
    return result


def square(e: Jet, order: int) -> Jet:
    """Square every entry."""
    result = {part: 2 * e[""] * x for part, x in e.items()}
    result[""] = e[""] * e[""]
    if order == 2:
        for part in PARTS[3:]:
            if part[0] in e and part[1] in e:
                result = add(result, {part: 2 * e[part[0]] * e[part[1]]})
    return result


def collect(total: Array, jet: Jet, axes: tuple[int, ...]) -> None:
    """Add each part, summed over axes, to its row of the total."""
    for part, x in jet.items():
        total[PARTS.index(part)] += x.sum(axes)


def relu(z: Jet, order: int) -> Jet:
    """Keep what is positive; a kink has no second derivative, and counts as flat."""
    active = z[""] > 0
    return {part: active * z[part] for part in PARTS[: COUNT[order]] if part in z}
